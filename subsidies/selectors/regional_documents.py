"""The region's documents as pages show them: what each grants, what became of its rows, and what is left to do."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _

from config.common.money import ZERO
from config.common.paging import Page, page_by_key, page_by_number
from subsidies.enums import AwardState, Reconciliation
from subsidies.models import Award, RegionalAward, RegionalAwardDocument
from subsidies.rules.reconciliation import OPEN_OUTCOMES


@dataclass(frozen=True, slots=True)
class OutcomeSum:
    """Rows of a document with one outcome, and what the region grants in them; yuan."""

    outcome: Reconciliation
    label: str
    rows: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A document with its rows by outcome; one with a changed amount corrects what earlier documents granted."""

    document: RegionalAwardDocument
    outcomes: tuple[OutcomeSum, ...]

    @property
    def rows(self) -> int:
        return sum(found.rows for found in self.outcomes)

    @property
    def total(self) -> Decimal:
        return sum((found.amount for found in self.outcomes), ZERO)

    @property
    def open_rows(self) -> int:
        return sum(found.rows for found in self.outcomes if found.outcome.value in OPEN_OUTCOMES)

    @property
    def is_correction(self) -> bool:
        return any(found.outcome == Reconciliation.AMOUNT_CHANGED for found in self.outcomes)

    @property
    def kind(self) -> str:
        return _("Correction") if self.is_correction else _("Original")


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row as the pages show it: its finding, the city's award for the certificate, and what has to be done."""

    row: RegionalAward
    outcome: str
    award: Award | None
    to_do: str


def documents() -> QuerySet[RegionalAwardDocument]:
    return RegionalAwardDocument.objects.select_related("policy", "source_file", "imported_by")


def page_of_documents(*, after: str = "", size: int = 50) -> Page[RegionalAwardDocument]:
    return page_by_key(documents(), "imported_at", after=after, size=size)


def summaries(found: Sequence[RegionalAwardDocument]) -> list[DocumentSummary]:
    """The documents with the sums of the findings that count; one query."""
    sums: dict[int, dict[str, tuple[int, Decimal]]] = defaultdict(dict)
    rows = standing_rows().filter(document__in=found).order_by().values_list("document_id", "outcome")
    for document, outcome, count, amount in rows.annotate(count=Count("pk"), amount=Sum("amount")):
        sums[document][outcome] = (count, amount)
    return [DocumentSummary(document, _sums(sums[document.pk])) for document in found]


def sums_of(rows: Iterable[RegionalAward]) -> tuple[OutcomeSum, ...]:
    """The same over rows at hand, such as those of a preview."""
    counts, amounts = Counter[str](), defaultdict[str, Decimal](lambda: ZERO)
    for row in rows:
        counts[row.outcome] += 1
        amounts[row.outcome] += row.amount
    return _sums({outcome: (count, amounts[outcome]) for outcome, count in counts.items()})


def standing_rows() -> QuerySet[RegionalAward]:
    """The finding that counts for each row: that of its last attempt."""
    later = RegionalAward.objects.filter(
        document=OuterRef("document"), credit_code=OuterRef("credit_code"), attempt__gt=OuterRef("attempt")
    )
    return RegionalAward.objects.filter(~Exists(later))


def rows_of(document: RegionalAwardDocument, outcome: str = "") -> QuerySet[RegionalAward]:
    """The rows of a document in its order, those of one outcome where it is named."""
    rows = standing_rows().filter(document=document).select_related("firm", "accreditation")
    return (rows.filter(outcome=outcome) if outcome else rows).order_by("row", "pk")


def page_of_rows(rows: QuerySet[RegionalAward], *, after: str = "", size: int = 100) -> Page[RegionalAward]:
    """A page by the number of the row."""
    return page_by_number(rows, "row", after=after, size=size)


def row_lines(rows: Sequence[RegionalAward]) -> list[RowLine]:
    """Rows with the awards of their certificates, the first scheme's first; one query."""
    awards: dict[int, Award] = {}
    keys = {row.accreditation_id for row in rows if row.accreditation_id is not None}
    for award in _awards(keys):
        awards[award.accreditation_id] = award
    return [_line(row, awards.get(row.accreditation_id or 0)) for row in rows]


def _awards(accreditation_ids: Iterable[int]) -> QuerySet[Award]:
    awards = Award.objects.filter(accreditation_id__in=accreditation_ids)
    return awards.select_related("regional_award").order_by("-pk")


def _line(row: RegionalAward, award: Award | None) -> RowLine:
    outcome = Reconciliation(row.outcome)
    return RowLine(row, str(outcome.label), award, to_do(outcome, row.amount, award))


def to_do(outcome: Reconciliation, amount: Decimal, award: Award | None) -> str:
    """What a person has to do about a row, in words; ``amount`` is what the region grants, in yuan."""
    match outcome:
        case Reconciliation.MATCHED:
            if award is None:
                return _("Nothing here; propose the awards, and the city's award is opened.")
            if award.state == AwardState.AWAITING_BASIS:
                return _("The award has its basis now: calculate it.")
            return _("Nothing; the award rests on this row.")
        case Reconciliation.UNKNOWN_FIRM:
            return _("Record the firm (roster or certificate list), then judge the rows again; ours at all?")
        case Reconciliation.NAME_DIFFERS:
            return _(
                "Compare with the registry: record the firm's other name and judge again, or ask the region to correct."
            )
        case Reconciliation.NO_ACCREDITATION:
            return _("Import the region's certificate list, then judge the rows again.")
        case Reconciliation.REVOKED:
            return _("Ask the region: the certificate is revoked. No award rests on this row.")
        case Reconciliation.ALREADY_MATCHED:
            return _("Nothing; the same grant stands in an earlier document and is not matched twice.")
        case Reconciliation.AMOUNT_CHANGED:
            return _about_change(amount, award)


def _about_change(amount: Decimal, award: Award | None) -> str:
    if award is None or award.amount is None:
        return _("Nothing yet; the award is calculated from this amount, with a reason.")
    if award.state in (AwardState.RECOVERING, AwardState.RECOVERED):
        return _("The difference is being asked back, or has come back: see the award.")
    if award.regional_award is not None and award.regional_award.amount == amount:
        return _("Nothing; the award has been calculated from this amount.")
    if award.state == AwardState.PAID:
        return _("Paid by the earlier amount: open a recovery where the grant was cut.")
    if award.state == AwardState.LISTED:
        return _(
            "On a payment list by the earlier amount: cancel the list and send the award back, or wait for the bank."
        )
    return _("Send the award back and calculate it again, with a reason.")


def _sums(found: dict[str, tuple[int, Decimal]]) -> tuple[OutcomeSum, ...]:
    return tuple(
        OutcomeSum(outcome, str(outcome.label), *found[outcome.value])
        for outcome in Reconciliation
        if outcome.value in found
    )
