"""Putting a day's stock on record: one person draws up a version, another locks it (edge case 44)."""

import datetime as dt

from django.utils.translation import gettext as _

from config.common.clock import now, today
from config.common.errors import Refused
from cultivation.enums import Role, StockStage
from cultivation.models import Division, StockLine, StockRecord, User
from cultivation.permissions import require_role, require_second_person
from cultivation.selectors.stock import CountedFirm, counted_firms
from cultivation.selectors.stock_records import digest, latest_record, quarter_ends, standing_record

from .refusals import recorded

_BATCH = 500


@recorded("draw_up_stock")
def draw_up_stock(*, day: dt.date, actor: User, reason: str = "", document: str = "") -> StockRecord:
    """A preliminary version of the stock at the end of a quarter.

    Once a final one stands, a further version says why and by which document. Refused: ``no_quarter_end``,
    ``day_to_come``, ``reason_missing``, ``document_missing``, ``nothing_changes``.
    """
    require_role(actor, Role.CASEWORKER)
    if not quarter_ends(day, day):
        raise Refused("no_quarter_end", _("The stock is put on record at the end of a quarter."))
    if day > today():
        raise Refused("day_to_come", _("%(date)s is not over yet.") % {"date": day.isoformat()})
    _one_at_a_time()
    firms = counted_firms(day)
    latest, standing = latest_record(day), standing_record(day)
    if latest is not None and latest.sha256 == digest(firms):
        raise Refused("nothing_changes", _("Version %(number)s says the same.") % {"number": latest.number})
    if standing is not None and standing.stage == StockStage.FINAL:
        if not reason.strip():
            raise Refused("reason_missing", _("A final version stands: say why there has to be another."))
        if not document.strip():
            raise Refused("document_missing", _("Name the document behind this."))
    return _write(
        StockRecord(
            day=day,
            number=latest.number + 1 if latest else 1,
            stage=StockStage.PRELIMINARY,
            reason=reason.strip(),
            document=document.strip(),
            drawn_up_by=actor,
        ),
        firms,
    )


@recorded("lock_stock")
def lock_stock(*, record: StockRecord, actor: User) -> StockRecord:
    """The final version of a preliminary one, by a second person, if the day still counts the same.

    Refused: ``stock_locked``, ``version_overtaken``, ``day_not_over``, ``changed_meanwhile``.
    """
    require_role(actor, Role.REVIEWER, Role.CASEWORKER)
    _one_at_a_time()
    if record.stage == StockStage.FINAL:
        raise Refused("stock_locked", _("This version is locked already."))
    if latest_record(record.day) != record:
        raise Refused("version_overtaken", _("There is a newer version of this day."))
    if record.day >= today():
        raise Refused("day_not_over", _("%(date)s is not over yet.") % {"date": record.day.isoformat()})
    require_second_person(actor, record.drawn_up_by_id, record.drawn_up_at)
    firms = counted_firms(record.day)
    if digest(firms) != record.sha256:
        raise Refused(
            "changed_meanwhile",
            _("Entries about this day have been made since; draw up a version with them first."),
        )
    return _write(
        StockRecord(
            day=record.day,
            number=record.number + 1,
            stage=StockStage.FINAL,
            reason=record.reason,
            document=record.document,
            drawn_up_by_id=record.drawn_up_by_id,
            drawn_up_at=record.drawn_up_at,
            locked_by=actor,
            locked_at=now(),
        ),
        firms,
    )


def _one_at_a_time() -> None:
    """Versions of a day are numbered without a gap: whoever draws one up waits for the other."""
    Division.objects.select_for_update().get(parent__isnull=True)


def _write(record: StockRecord, firms: list[CountedFirm]) -> StockRecord:
    record.total, record.sha256 = len(firms), digest(firms)
    record.save(force_insert=True)
    StockLine.objects.bulk_create(
        (
            StockLine(
                record=record,
                firm_id=firm.firm_id,
                division_id=firm.division_id,
                industry_field_id=firm.field_id,
                kind=firm.kind,
                accreditation_id=firm.accreditation_id,
            )
            for firm in firms
        ),
        batch_size=_BATCH,
    )
    return record
