"""City awards before this system as a workbook: opening data by document, never matched or paid again (edge case 49)."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from config.common.text import compact
from config.common.workbooks import (
    Book,
    Column,
    Headings,
    Kind,
    Row,
    Table,
    TableReport,
    add_form,
    read_any_table,
)
from cultivation.api import Accreditation, Role, User, recorded, require_role
from documents.api import confirm_attachment, store_attachment
from subsidies.enums import AwardState, ReceiptKind
from subsidies.models import Award, OtherReceipt, Scheme
from subsidies.models.awards import WAITING_AWARD_STATES

from .claim_rows import (
    CREDIT_CODE,
    DOCUMENT_DATE,
    DOCUMENT_NUMBER,
    NAME,
    batches,
    locked_firms,
    not_ahead,
    sound_rows,
)
from .claims import in_the_way, pays_for

PAST_AWARD_IMPORTERS = (Role.CASEWORKER,)
_Key = tuple[int, str, str]


def past_award_columns() -> tuple[Column, ...]:
    """Code, certificate, payer, amount and document are needed; the day of the payment may be named."""
    return (
        NAME,
        CREDIT_CODE,
        Column("certificate", "证书编号", synonyms=("高新技术企业证书编号",), max_length=20),
        Column("payer", "拨付单位", synonyms=("支付单位", "付款单位"), max_length=120),
        Column(
            "amount",
            "奖补金额",
            Kind.MONEY,
            synonyms=("奖励金额", "补助金额", "拨付金额", "金额"),
            minimum=Decimal("0.01"),
        ),
        Column(
            "paid_on",
            "拨付日期",
            Kind.DATE,
            synonyms=("支付日期", "到账日期"),
            required=False,
            check=not_ahead,
        ),
        DOCUMENT_NUMBER,
        DOCUMENT_DATE,
    )


def write_past_award_template() -> bytes:
    """An empty list to fill in, with the unit of the amounts said."""
    with Book() as book:
        add_form(book, "系统启用前的奖补", past_award_columns(), {"amount": "奖补金额（元）"})
    return book.content


@recorded("import past awards")
def import_past_awards(
    *,
    content: bytes,
    original_name: str,
    scheme: Scheme,
    actor: User,
    dry_run: bool = False,
    headings: Headings | None = None,
) -> TableReport:
    """Take over earlier awards of a scheme, all rows or none; the same list again changes nothing.

    They count once a second person has confirmed them. The file is kept with them. Raises ``RowsRefused``.
    """
    require_role(actor, *PAST_AWARD_IMPORTERS)
    table = read_any_table(content, past_award_columns(), headings=headings)
    report = TableReport.of(table)
    found = _judge(table, report, scheme, actor)
    table.refuse_errors()
    if found and not dry_run:
        attachment = store_attachment(content=content, original_name=original_name, uploaded_by=actor)
        source = confirm_attachment(attachment=attachment, actor=actor)
        for receipt in found:
            receipt.source_file = source
        OtherReceipt.objects.bulk_create(found, batch_size=500)
    return report


def _judge(table: Table, report: TableReport, scheme: Scheme, actor: User) -> list[OtherReceipt]:
    rows = sound_rows(table)
    locked_firms(table, rows)
    first_rows: dict[_Key, int] = {}
    found: list[OtherReceipt] = []
    for batch in batches(sound_rows(table)):
        known = _Known(batch, scheme)
        for row in batch:
            certificate = _certificate(table, row, known)
            if certificate is None or _is_repeated(table, row, certificate, first_rows):
                continue
            before = known.receipts.get(_key(row, certificate))
            award = next(
                (
                    award
                    for award in known.awards[certificate.firm_id]
                    if pays_for(award=award, accreditation=certificate)
                ),
                None,
            )
            if before is not None and _says_the_same(before, row, scheme):
                report.unchanged += 1
            elif before is not None:
                _refuse_differing(table, row, before)
            elif award is not None:
                message = in_the_way(award=award)
                table.errors.append(table.error(row, "certificate", "already_awarded", message))
            else:
                found.append(_receipt(row, certificate, scheme, actor))
                report.created += 1
    return found


class _Known:
    """Certificates, receipts and awards of some rows; a fixed number of queries."""

    def __init__(self, rows: Sequence[Row], scheme: Scheme) -> None:
        numbers = {_number(row) for row in rows}
        standing = Accreditation.objects.rightly_recorded().select_related("firm")
        found = standing.filter(certificate_number__in=numbers)
        self.certificates = {row.certificate_number: row for row in found}
        receipts = OtherReceipt.objects.filter(
            accreditation__in=[row.pk for row in found], withdrawn_at__isnull=True
        )
        self.receipts: dict[_Key, OtherReceipt] = {
            (row.accreditation_id, row.payer, row.document_number): row for row in receipts
        }
        self.awards: dict[int, list[Award]] = defaultdict(list)
        firms = {certificate.firm_id for certificate in self.certificates.values()}
        awards = Award.objects.filter(scheme=scheme, firm_id__in=firms).exclude(
            state__in=(*WAITING_AWARD_STATES, AwardState.REVOKED)
        )
        for award in awards.select_related("version").order_by("pk"):
            self.awards[award.firm_id].append(award)


def _number(row: Row) -> str:
    return compact(row.get("certificate")).upper()


def _key(row: Row, certificate: Accreditation) -> _Key:
    return certificate.pk, row.get("payer"), row.get("document_number")


def _certificate(table: Table, row: Row, known: _Known) -> Accreditation | None:
    certificate = known.certificates.get(_number(row))
    if certificate is None:
        message = _("No certificate with this number is recorded here; import the certificates first.")
        table.errors.append(table.error(row, "certificate", "unknown_certificate", message))
        return None
    if certificate.firm.credit_code != row.get("credit_code"):
        message = _("Certificate %(number)s is recorded for another firm, %(name)s.") % {
            "number": certificate.certificate_number,
            "name": certificate.firm.name,
        }
        table.errors.append(table.error(row, "certificate", "certificate_taken", message))
        return None
    return certificate


def _is_repeated(table: Table, row: Row, certificate: Accreditation, first_rows: dict[_Key, int]) -> bool:
    first = first_rows.setdefault(_key(row, certificate), row.number)
    if first == row.number:
        return False
    message = _("The same award stands in row %(row)s already.") % {"row": first}
    table.errors.append(table.error(row, "certificate", "duplicate_row", message))
    return True


def _says_the_same(before: OtherReceipt, row: Row, scheme: Scheme) -> bool:
    return (before.kind, before.scheme_id, before.amount, before.document_date, before.paid_on) == (
        ReceiptKind.PAST_AWARD,
        scheme.pk,
        row.get("amount"),
        row.get("document_date"),
        row.get("paid_on"),
    )


def _refuse_differing(table: Table, row: Row, before: OtherReceipt) -> None:
    message = _(
        "This payer and document are recorded for the certificate already: %(kind)s, %(amount)s yuan, document of "
        "%(date)s; a wrong entry is withdrawn first."
    ) % {
        "kind": before.get_kind_display(),
        "amount": f"{before.amount:.2f}",
        "date": before.document_date.isoformat(),
    }
    table.errors.append(table.error(row, "amount", "receipt_differs", message))


def _receipt(row: Row, certificate: Accreditation, scheme: Scheme, actor: User) -> OtherReceipt:
    return OtherReceipt(
        firm_id=certificate.firm_id,
        accreditation=certificate,
        kind=ReceiptKind.PAST_AWARD,
        scheme=scheme,
        payer=row.get("payer"),
        amount=row.get("amount"),
        paid_on=row.get("paid_on"),
        document_number=row.get("document_number"),
        document_date=row.get("document_date"),
        recorded_by=actor,
    )
