"""Made-up firms into the database: in batches, each one transaction, every table written in bulk."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max
from django.utils import timezone

from cultivation.enums import AccreditationKind, CaseKind, CaseState, DeterminationOutcome, DisclosureKind
from cultivation.models import (
    Accreditation,
    CaseEvent,
    CultivationCase,
    Determination,
    DisclosurePeriod,
    Division,
    ExpenseYear,
    Firm,
    FirmDivision,
    FirmName,
    IndustryField,
    User,
)
from cultivation.rules.certificates import expires_on

from .lives import CODE_PREFIX, Life

_BATCH = 2_000
_NUMBERED: tuple[type[models.Model], ...] = (Firm, CultivationCase, Determination, Accreditation)
_PLACE = "演示规模"
_DOCUMENT = "演示规模〔{year}〕1号"
# Certificate numbers from here on, apart from other made-up certificates of the year.
_FIRST_SERIAL = 300_000


def next_number() -> int:
    """The number of the next made-up firm: those of earlier runs stay."""
    return Firm.objects.filter(credit_code__startswith=CODE_PREFIX).count()


def write_lives(lives: Iterable[Life], actor: User) -> dict[str, int]:
    """Write them all; gives the number of rows by table."""
    writer = _Writer(actor)
    stream = iter(lives)
    while batch := list(islice(stream, _BATCH)):
        with transaction.atomic():
            writer.write(batch)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(_NUMBERED)):
            cursor.execute(statement)
    return {
        "firms": writer.written[Firm],
        "cases": writer.written[CultivationCase],
        "events": writer.written[CaseEvent],
        "certificates": writer.written[Accreditation],
        "expense_years": writer.written[ExpenseYear],
    }


def _instant(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), tzinfo=timezone.get_default_timezone())


class _Writer:
    """Keys are given out here, because determination, certificate and case of a firm name each other."""

    def __init__(self, actor: User) -> None:
        self.actor = actor
        self.written: Counter[type[models.Model]] = Counter()
        self._last: dict[type[models.Model], int] = {
            model: model._default_manager.aggregate(last=Max("pk"))["last"] or 0 for model in _NUMBERED
        }
        self._divisions = list(Division.objects.filter(parent__isnull=False).values_list("pk", flat=True))
        self._fields = list(IndustryField.objects.values_list("pk", flat=True))
        opened = DisclosurePeriod.objects.filter(place=_PLACE, kind=DisclosureKind.ACCREDITATION)
        self._periods: dict[dt.date, int] = dict(opened.values_list("published_on", "pk"))
        self._serials = self._used_serials()

    @staticmethod
    def _used_serials() -> Counter[str]:
        prefixes = (f"GR{year}45" for year in range(2010, 2030))
        serials: Counter[str] = Counter()
        for prefix in prefixes:
            last = Accreditation.objects.filter(
                certificate_number__startswith=prefix, certificate_number__gte=f"{prefix}{_FIRST_SERIAL}"
            ).aggregate(last=Max("certificate_number"))["last"]
            serials[prefix] = int(last.removeprefix(prefix)) if last else _FIRST_SERIAL
        return serials

    def _key(self, model: type[models.Model]) -> int:
        self._last[model] += 1
        return self._last[model]

    def _create(self, rows: Sequence[models.Model]) -> None:
        if rows:
            model = type(rows[0])
            model._default_manager.bulk_create(rows)
            self.written[model] += len(rows)

    def write(self, batch: Sequence[Life]) -> None:
        firms = {life.number: self._firm(life) for life in batch}
        self._create(list(firms.values()))
        self._create([row for life in batch for row in self._names(life, firms[life.number])])
        self._create([row for life in batch for row in self._places(life, firms[life.number])])
        self._open_periods(batch)
        certificates: list[Accreditation] = []
        determinations: list[Determination] = []
        cases: list[CultivationCase] = []
        events: list[CaseEvent] = []
        for life in batch:
            firm = firms[life.number]
            if life.old_certificate_on:
                certificates.append(self._certificate(life, firm, life.old_certificate_on, None))
            if life.state is None:
                continue
            case_key = self._key(CultivationCase)
            certificate = None
            if life.state == CaseState.ACCREDITED:
                decided = self._determination(life, firm, case_key)
                certificate = self._certificate(life, firm, life.steps[-1].on, decided)
                determinations.append(decided)
                certificates.append(certificate)
            cases.append(self._case(life, firm, case_key, certificate))
            events.extend(self._events(life, case_key))
        # Foreign keys are checked at the end of the transaction.
        for rows in (determinations, certificates, cases, events):
            self._create(rows)
        self._create([row for life in batch for row in self._years(life, firms[life.number])])

    def _firm(self, life: Life) -> Firm:
        return Firm(
            pk=self._key(Firm),
            credit_code=life.credit_code,
            name=life.name,
            division_id=self._divisions[life.division],
            industry_field_id=self._fields[life.field] if self._fields else None,
            registered_on=life.registered_on,
            is_demo=True,
        )

    def _names(self, life: Life, firm: Firm) -> Iterator[FirmName]:
        yield FirmName(firm=firm, name=life.name, valid_from=life.registered_on, recorded_by=self.actor)

    def _places(self, life: Life, firm: Firm) -> Iterator[FirmDivision]:
        yield FirmDivision(
            firm=firm,
            division_id=firm.division_id,
            valid_from=life.registered_on,
            recorded_by=self.actor,
        )

    def _open_periods(self, batch: Sequence[Life]) -> None:
        """Disclosure periods for the days on which cases of the batch were disclosed."""
        days = {day for life in batch if (day := life.day_of(CaseState.DISCLOSED))} - self._periods.keys()
        periods = [
            DisclosurePeriod(
                kind=DisclosureKind.ACCREDITATION,
                published_on=day,
                last_day=day + dt.timedelta(days=14),
                working_days=10,
                place=_PLACE,
                opened_by=self.actor,
            )
            for day in sorted(days)
        ]
        for period in DisclosurePeriod.objects.bulk_create(periods):
            self._periods[period.published_on] = period.pk

    def _determination(self, life: Life, firm: Firm, case_key: int) -> Determination:
        day = life.steps[-1].on
        return Determination(
            pk=self._key(Determination),
            firm=firm,
            case_id=case_key,
            outcome=DeterminationOutcome.ACCREDITED,
            document_number=_DOCUMENT.format(year=day.year),
            document_date=day,
            recorded_by=self.actor,
            recorded_at=_instant(day),
        )

    def _certificate(
        self, life: Life, firm: Firm, day: dt.date, determination: Determination | None
    ) -> Accreditation:
        prefix = f"GR{day.year}45"
        self._serials[prefix] += 1
        renews = determination is not None and life.kind == CaseKind.RENEWAL
        return Accreditation(
            pk=self._key(Accreditation),
            firm=firm,
            kind=AccreditationKind.RENEWAL if renews else AccreditationKind.FIRST,
            certificate_number=f"{prefix}{self._serials[prefix]}",
            name_on_certificate=life.name,
            issued_on=day,
            last_day=expires_on(day) - dt.timedelta(days=1),
            determination=determination,
            is_opening=determination is None,
            document_number=_DOCUMENT.format(year=day.year),
            document_date=day,
            recorded_by=self.actor,
            recorded_at=_instant(day),
        )

    def _case(self, life: Life, firm: Firm, key: int, certificate: Accreditation | None) -> CultivationCase:
        disclosed_on = life.day_of(CaseState.DISCLOSED)
        return CultivationCase(
            pk=key,
            firm=firm,
            kind=life.kind,
            state=life.steps[-1].state,
            state_since=_instant(life.steps[-1].on),
            clock_from=life.steps[-1].on,
            clock_held_from=life.steps[-2].on if life.steps[-1].state == CaseState.RETURNED else None,
            state_by=self.actor,
            opened_on=life.steps[0].on,
            opened_by=self.actor,
            returned_from=life.returned_from,
            pooled_on=life.day_of(CaseState.POOLED),
            filed_on=life.day_of(CaseState.FILED),
            disclosure_id=self._periods[disclosed_on] if disclosed_on else None,
            accreditation=certificate,
        )

    def _events(self, life: Life, case_key: int) -> Iterator[CaseEvent]:
        for number, step in enumerate(life.steps, start=1):
            yield CaseEvent(
                case_id=case_key,
                number=number,
                at=_instant(step.on),
                actor=self.actor,
                action=step.action,
                from_state=step.came_from,
                to_state=step.state,
                reason=step.reason,
            )

    def _years(self, life: Life, firm: Firm) -> Iterator[ExpenseYear]:
        for year in life.years:
            yield ExpenseYear(
                firm=firm,
                year=year.year,
                sales=year.sales,
                total_income=year.sales,
                high_tech_income=year.high_tech_income,
                net_assets_end=year.net_assets_end,
                personnel=year.personnel,
                direct_input=year.direct_input,
                recorded_by=self.actor,
            )
