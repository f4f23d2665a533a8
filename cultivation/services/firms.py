"""Firms: registered once by credit code; renamed and moved by document, never overwritten."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from config.common import credit_codes
from config.common.clock import today
from config.common.errors import Refused
from config.common.text import fold, normalise
from cultivation.enums import ChangeKind, Role
from cultivation.models import (
    Contact,
    Division,
    Firm,
    FirmDivision,
    FirmName,
    IndustryField,
    User,
    Zone,
)
from cultivation.permissions import require_firm_work, require_role

from .changes import keep_change
from .particulars import not_after_today, required_document, required_name
from .refusals import recorded


@recorded("register_firm")
def register_firm(
    *,
    credit_code: str,
    name: str,
    division: Division | None,
    registered_on: dt.date,
    actor: User,
    industry_field: IndustryField | None = None,
    zone: Zone | None = None,
    address: str = "",
    registered_capital: Decimal | None = None,
    employees: int | None = None,
    document: str = "",
) -> Firm:
    """A new firm with its first name and place, both from the day of registration; no division: outside Baise.

    A county caseworker registers for the own division only. ``registered_capital`` is in yuan.
    Refused: ``credit_code``, ``firm_exists``, ``name_missing``, ``future_date``.
    """
    require_role(actor, Role.CASEWORKER, Role.COUNTY)
    code = credit_codes.normalise(credit_code)
    if not credit_codes.is_valid(code):
        raise Refused("credit_code", _("%(code)s is not a unified social credit code.") % {"code": code})
    known = Firm.objects.filter(credit_code=code).first()
    if known is not None:
        raise Refused(
            "firm_exists", _("%(code)s is recorded already: %(name)s.") % {"code": code, "name": known.name}
        )
    firm = Firm(
        credit_code=code,
        name=required_name(name),
        division=division,
        registered_on=not_after_today(registered_on),
        industry_field=industry_field,
        zone=zone,
        address=normalise(address),
        registered_capital=registered_capital,
        employees=employees,
        is_demo=credit_codes.is_made_up(code),
    )
    require_firm_work(actor, firm, Role.CASEWORKER, Role.COUNTY)
    firm.save()
    beginning = {"valid_from": registered_on, "document": document, "recorded_by": actor}
    FirmName.objects.create(firm=firm, name=firm.name, **beginning)
    FirmDivision.objects.create(firm=firm, division=division, **beginning)
    return firm


@recorded("rename_firm")
def rename_firm(
    *,
    firm: Firm,
    name: str,
    valid_from: dt.date,
    document: str,
    actor: User,
    reported_on: dt.date | None = None,
) -> Firm:
    """A new name from a day on; the old one stays on what was issued before, and can be searched (edge case 22).

    Certificates keep number and term; the firm reports the change within three months (国科发火〔2016〕32号 第十七条).
    ``reported_on`` is the day of that report, today unless told. Refused: ``name_missing``, ``same_name``,
    ``document_missing``, ``future_date``, ``name_before_last``, ``reported_before_change``.
    """
    require_role(actor, Role.CASEWORKER)
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    name = required_name(name)
    if fold(name) == fold(firm.name):
        raise Refused("same_name", _("The firm has this name already."))
    document = required_document(document)
    not_after_today(valid_from)
    last = FirmName.objects.filter(firm=firm).order_by("valid_from").last()
    if last is None:
        FirmName.objects.create(firm=firm, name=firm.name, valid_from=firm.registered_on, recorded_by=actor)
    _require_after(valid_from, last.valid_from if last else firm.registered_on, "name_before_last")
    FirmName.objects.create(firm=firm, name=name, valid_from=valid_from, document=document, recorded_by=actor)
    firm.name = name
    firm.save(update_fields=["name"])
    keep_change(
        firm=firm,
        kind=ChangeKind.RENAME,
        happened_on=valid_from,
        reported_on=reported_on or today(),
        document=document,
        actor=actor,
    )
    return firm


@recorded("move_firm")
def move_firm(
    *, firm: Firm, division: Division | None, moved_on: dt.date, document: str, actor: User
) -> Firm:
    """To another county, or out of Baise (``None``); the certificate stays as it is (edge case 21).

    A firm that comes from outside is an inbound relocation: see ``relocation``.
    Refused: ``same_division``, ``document_missing``, ``future_date``, ``move_before_last``, ``city_is_no_county``.
    """
    require_role(actor, Role.CASEWORKER)
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    document = required_document(document)
    return place_firm(firm=firm, division=division, moved_on=moved_on, document=document, actor=actor)


def place_firm(
    *, firm: Firm, division: Division | None, moved_on: dt.date, document: str, actor: User
) -> Firm:
    """The next place of a locked firm; for the services that move one."""
    if (division.pk if division else None) == firm.division_id:
        raise Refused("same_division", _("The firm is there already."))
    if division is not None and division.parent_id is None:
        raise Refused("city_is_no_county", _("A firm belongs to a county-level division, not to the city."))
    not_after_today(moved_on)
    last = FirmDivision.objects.filter(firm=firm).order_by("valid_from").last()
    if last is None:
        FirmDivision.objects.create(
            firm=firm, division=firm.division, valid_from=firm.registered_on, recorded_by=actor
        )
    _require_after(moved_on, last.valid_from if last else firm.registered_on, "move_before_last")
    FirmDivision.objects.create(
        firm=firm, division=division, valid_from=moved_on, document=document, recorded_by=actor
    )
    firm.division = division
    firm.save(update_fields=["division"])
    return firm


@recorded("set_contact")
def set_contact(*, firm: Firm, name: str, actor: User, phone: str = "", email: str = "") -> Contact:
    """The firm's first contact, new or changed. Refused: ``contact_missing`` without name or any way to reach it."""
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    require_firm_work(actor, firm, Role.FIRM, Role.COUNTY, Role.CASEWORKER)
    if not name.strip() or not (phone.strip() or email.strip()):
        raise Refused("contact_missing", _("A contact has a name and a phone number or an e-mail address."))
    contact, _created = Contact.objects.update_or_create(
        firm=firm,
        is_primary=True,
        defaults={"name": normalise(name), "phone": normalise(phone), "email": email.strip()},
    )
    return contact


def _require_after(date: dt.date, last: dt.date, code: str) -> None:
    if date <= last:
        raise Refused(
            code,
            _("%(date)s is not after %(last)s, the day of the present entry.")
            % {"date": date.isoformat(), "last": last.isoformat()},
        )
