"""Material changes of an accredited firm, to be reported within three months (国科发火〔2016〕32号 第十七条)."""

import datetime as dt

from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.enums import ChangeKind, Role
from cultivation.models import Firm, MaterialChange, User
from cultivation.permissions import require_role
from cultivation.rules.after_accreditation import change_deadline

from .particulars import not_after_today, required_document
from .refusals import recorded


@recorded("record_material_change")
def record_material_change(
    *,
    firm: Firm,
    kind: ChangeKind,
    happened_on: dt.date,
    reported_on: dt.date,
    document: str,
    actor: User,
    remark: str = "",
) -> MaterialChange:
    """A split, merger, restructuring or change of business, by the firm's report.

    Whether the firm still meets the conditions is for the region to look at again; this only keeps what was reported
    and when. Refused: ``rename_apart`` (see :func:`~.firms.rename_firm`), ``change_recorded``, ``document_missing``,
    ``future_date``, ``reported_before_change``.
    """
    require_role(actor, Role.CASEWORKER)
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    if kind == ChangeKind.RENAME:
        raise Refused("rename_apart", _("A new name is recorded with the name itself."))
    if MaterialChange.objects.filter(firm=firm, kind=kind, happened_on=happened_on).exists():
        raise Refused("change_recorded", _("This change is recorded already."))
    return keep_change(
        firm=firm,
        kind=kind,
        happened_on=happened_on,
        reported_on=reported_on,
        document=required_document(document),
        actor=actor,
        remark=remark,
    )


def keep_change(
    *,
    firm: Firm,
    kind: ChangeKind,
    happened_on: dt.date,
    reported_on: dt.date,
    document: str,
    actor: User,
    remark: str = "",
) -> MaterialChange:
    """The row of a change of a locked firm, with the day by which it was to be reported."""
    not_after_today(reported_on)
    if reported_on < happened_on:
        raise Refused("reported_before_change", _("A change is reported after it has happened."))
    return MaterialChange.objects.create(
        firm=firm,
        kind=kind,
        happened_on=happened_on,
        due_on=change_deadline(happened_on),
        reported_on=reported_on,
        document=document,
        remark=remark.strip(),
        recorded_by=actor,
    )
