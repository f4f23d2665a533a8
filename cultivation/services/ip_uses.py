"""The ledger of intellectual property: written when a case is filed, and by document for filings before this system."""

import datetime as dt
from collections.abc import Iterable

from django.db import connection
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.enums import Role
from cultivation.models import CaseFacts, CultivationCase, Firm, IpUse, User
from cultivation.permissions import require_role
from cultivation.rules.intellectual_property import class_of
from cultivation.rules.property_numbers import registration_number
from cultivation.selectors.facts import gather_facts
from cultivation.selectors.ip_uses import class_used, counted_items

from .refusals import recorded

_LONGEST_NUMBER = 60
_LONGEST_DOCUMENT = 120


def hold_numbers(*, numbers: Iterable[str]) -> None:
    """Let one transaction at a time look at and use each of these numbers, until it ends.

    On PostgreSQL an advisory lock a number, taken in one order; SQLite lets one writer in at a time anyway. A
    constraint cannot do this: whether a number may be used again depends on what became of earlier filings.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for number in sorted(set(numbers)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"property {number}"])


def hold_declared_property(*, case: CultivationCase) -> None:
    """:func:`hold_numbers` for every numbered item the case declares; before its filing is judged."""
    declared = CaseFacts.objects.filter(case=case).values_list("declared", flat=True).first() or {}
    items = declared.get("ip") or []
    hold_numbers(
        numbers=[number for item in items if (number := registration_number(item.get("number") or ""))]
    )


def record_uses_of_filing(*, case: CultivationCase, filed_on: dt.date, actor: User) -> list[IpUse]:
    """Enter what the filing makes use of: every numbered item that counts in it, once.

    What is excluded (a trademark, a licence, an item used before or held by another firm) is not used.
    """
    uses = [
        IpUse(
            number=number,
            ip_class=ip_class,
            kind=item.kind or "",
            firm_id=case.firm_id,
            case=case,
            filed_on=filed_on,
            recorded_by=actor,
        )
        for number, item in counted_items(gather_facts(case, filed_on).get("ip") or [])
        if (ip_class := class_used(item)) is not None
    ]
    # Declined and filed again on one day: that day's use is on record already.
    return IpUse.objects.bulk_create(uses, ignore_conflicts=True)


@recorded("record_earlier_ip_use")
def record_earlier_ip_use(
    *, firm: Firm, number: str, kind: str, filed_on: dt.date, document: str, actor: User
) -> IpUse:
    """Enter a use in a filing before this system, which a document proves. Its class follows from its kind.

    Refused: ``number_missing``, ``number_too_long``, ``kind_unknown`` (trademarks never count), ``future_date``,
    ``document_missing``, ``document_too_long``, ``use_known``.
    """
    require_role(actor, Role.CASEWORKER)
    number, document = registration_number(number), document.strip()
    ip_class = class_of(kind)
    if not number:
        raise Refused("number_missing", _("Give the registration number."))
    if len(number) > _LONGEST_NUMBER:
        raise Refused(
            "number_too_long", _("The number is longer than %(most)s characters.") % {"most": _LONGEST_NUMBER}
        )
    if ip_class is None:
        raise Refused("kind_unknown", _("This kind of property does not count in an accreditation."))
    if filed_on > today():
        raise Refused("future_date", _("The date lies in the future."))
    if not document:
        raise Refused("document_missing", _("Name the document that proves it."))
    if len(document) > _LONGEST_DOCUMENT:
        raise Refused(
            "document_too_long",
            _("The document is longer than %(most)s characters.") % {"most": _LONGEST_DOCUMENT},
        )
    hold_numbers(numbers=[number])
    if IpUse.objects.filter(number=number, firm=firm, filed_on=filed_on).exists():
        raise Refused(
            "use_known",
            _("The use of %(number)s in the filing of %(date)s is on record already.")
            % {"number": number, "date": filed_on.isoformat()},
        )
    return IpUse.objects.create(
        number=number,
        ip_class=ip_class,
        kind=kind,
        firm=firm,
        filed_on=filed_on,
        document=document,
        recorded_by=actor,
    )
