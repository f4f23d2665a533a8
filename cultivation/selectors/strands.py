"""What happened to the subjects of the pages where two people may meet: who, when, what, as :mod:`config.common.overtaking` holds it."""

from collections.abc import Sequence

from django.db.models import Count
from django.utils.translation import gettext as _

from config.common.overtaking import News, Strand, happened
from cultivation.enums import LedgerDecision, LedgerFindingCode
from cultivation.models import (
    Accreditation,
    AccreditationCorrection,
    Achievement,
    AnnualReport,
    Attendance,
    BankAccount,
    Determination,
    DeterminationCorrection,
    Firm,
    IpUse,
    MaterialChange,
    RdLedger,
    RdLedgerFinding,
    SignIn,
    StockRecord,
    TierRecord,
    TrainingSession,
)

from .corrections import changed_values
from .field_history import edits

Strands = Sequence[Strand]


def firm_strands(firm: Firm) -> Strands:
    """Edits of its fields, and reported changes."""

    def said(change: MaterialChange) -> str:
        return f"{change.get_kind_display()} {change.document}"

    changes = MaterialChange.objects.filter(firm=firm)
    return [edits(firm), happened(changes, said, at="recorded_at", by="recorded_by")]


def certificate_strands(certificate: Accreditation) -> Strands:
    """Its yearly reports, the corrections proposed and decided, and its revocation."""
    reports = AnnualReport.objects.filter(accreditation=certificate)
    corrections = AccreditationCorrection.objects.filter(accreditation=certificate)
    # The region's decision has a day, and the register nothing finer.
    revoked = Accreditation.objects.filter(pk=certificate.pk, revoked_on__isnull=False)
    return [
        happened(reports, _report, at="recorded_at", by="recorded_by"),
        happened(corrections, _proposed, at="proposed_at", by="proposed_by"),
        happened(corrections, _decided, at="decided_at", by="decided_by"),
        happened(
            revoked,
            lambda row: _("Revocation %(document)s") % {"document": row.revocation_document},
            at="revoked_on",
            by="revoked_by",
        ),
    ]


def _report(report: AnnualReport) -> str:
    day = report.reported_on.isoformat() if report.reported_on else _("none")
    return _("Report on %(year)s: %(day)s") % {"year": report.year, "day": day}


def _proposed(correction: AccreditationCorrection) -> str:
    changes = _("; ").join(f"{row.label}: {row.before} → {row.after}" for row in changed_values(correction))
    return _("Correction proposed: %(changes)s") % {"changes": changes}


def _decided(correction: AccreditationCorrection | DeterminationCorrection) -> str:
    return f"{_('Correction')}: {correction.get_state_display()} {correction.decision_reason}".strip()


def determination_strands(determination: Determination) -> Strands:
    """What was proposed about it and decided."""
    rows = DeterminationCorrection.objects.filter(determination=determination)
    return [
        happened(
            rows,
            lambda row: _("Correction proposed: %(changes)s") % {"changes": row.reason},
            at="proposed_at",
            by="proposed_by",
        ),
        happened(rows, _decided, at="decided_at", by="decided_by"),
    ]


def account_strands(firm: Firm) -> Strands:
    """Accounts proposed and decided; of a number the last four digits."""
    rows = BankAccount.objects.filter(firm=firm)
    return [
        happened(
            rows,
            lambda row: _("Account proposed: %(account)s") % {"account": row},
            at="proposed_at",
            by="proposed_by",
        ),
        happened(
            rows,
            lambda row: f"{row}: {row.get_state_display()} {row.reason}".strip(),
            at="decided_at",
            by="decided_by",
        ),
    ]


def ledger_strands(firm: Firm) -> Strands:
    """Ledgers handed in, and the decisions of the standing one."""
    ledgers = RdLedger.objects.filter(firm=firm).select_related("attachment")
    return [
        happened(
            ledgers,
            lambda row: _("Ledger taken over: %(file)s") % {"file": row.attachment.original_name},
            at="imported_at",
            by="imported_by",
        ),
        _decisions(firm),
    ]


def _decisions(firm: Firm) -> Strand:
    """Those made together are one; a line may be decided anew, so that the instant marks them and not their number."""
    rows = (
        RdLedgerFinding.objects.filter(ledger__firm=firm, ledger__replaced_at__isnull=True)
        .exclude(decision="")
        .values_list(
            "decided_at", "code", "decision", "reason", "decided_by__display_name", "decided_by__username"
        )
        .annotate(lines=Count("pk"))
        .order_by("decided_at", "code")
    )
    return [
        News(
            mark=int(at.timestamp() * 1_000_000),
            at=at,
            actor=name or username,
            what=f"{LedgerFindingCode(code).label}: {LedgerDecision(decision).label} × {lines} {reason}",
        )
        for at, code, decision, reason, name, username, lines in rows
        if at is not None
    ]


def property_strands(firm: Firm) -> Strands:
    """The uses on record."""
    uses = IpUse.objects.filter(firm=firm)
    return [
        happened(
            uses, lambda use: f"{use.number} {use.filed_on.isoformat()}", at="recorded_at", by="recorded_by"
        )
    ]


def tier_strands(firm: Firm) -> Strands:
    """The documents on record."""
    rows = TierRecord.objects.filter(firm=firm)
    return [
        happened(
            rows,
            lambda row: f"{row.get_tier_display()}: {row.get_outcome_display()} {row.document_number}",
            at="recorded_at",
            by="recorded_by",
        )
    ]


def attendance_strands(session: TrainingSession) -> Strands:
    """Who was put on the list of a session and struck out, and what became of those who signed in."""
    rows = Attendance.objects.filter(session=session).select_related("firm")
    sign_ins = SignIn.objects.filter(session=session)
    return [
        happened(rows, lambda row: f"{row.attendee} · {row.firm.name}", at="recorded_at", by="recorded_by"),
        happened(
            rows,
            lambda row: f"{_('Struck out')}: {row.attendee}, {row.struck_reason}",
            at="struck_at",
            by="struck_by",
        ),
        happened(
            sign_ins,
            lambda row: f"{row.attendee}: {row.get_state_display()}",
            at="decided_at",
            by="decided_by",
        ),
    ]


def stock_strands() -> Strands:
    """Every version of every day, as drawn up and as locked."""
    rows = StockRecord.objects.all()

    def said(record: StockRecord) -> str:
        return _("%(day)s, version %(number)s: %(firms)s firms") % {
            "day": record.day.isoformat(),
            "number": record.number,
            "firms": record.total,
        }

    return [
        happened(rows, said, at="drawn_up_at", by="drawn_up_by"),
        happened(
            rows, lambda row: f"{said(row)} ({row.get_stage_display()})", at="locked_at", by="locked_by"
        ),
    ]


def achievement_strands(entry: Achievement) -> Strands:
    """What corrects or strikes it."""
    rows = Achievement.objects.filter(corrects=entry)

    def said(row: Achievement) -> str:
        return f"{_('Struck') if row.is_struck else row.title} {row.achieved_on.isoformat()}: {row.reason}"

    return [happened(rows, said, at="recorded_at", by="recorded_by")]
