"""What a list of awards is narrowed by."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from cultivation.api import FirmName, User
from subsidies.models import Award

from .award_waiting import waiting_for


@dataclass(frozen=True, slots=True)
class AwardFilter:
    """Nothing set: every award.

    ``year`` is that of the certificate, which an award counts for; ``fiscal_year`` that of the funding line it was
    approved on; ``division`` a county's key; ``line`` a funding line's. ``text`` finds numbers of awards and
    certificates, credit codes, present and earlier names of firms. ``waiting`` leaves what waits for the reader.
    """

    state: str = ""
    scheme: str = ""
    year: int | None = None
    fiscal_year: int | None = None
    division: str = ""
    line: int | None = None
    disclosure: int | None = None
    text: str = ""
    waiting: bool = False


def narrowed(awards: QuerySet[Award], wanted: AwardFilter, user: User | AnonymousUser) -> QuerySet[Award]:
    conditions = {
        "state": wanted.state,
        "scheme__key": wanted.scheme,
        "accreditation__issued_on__year": wanted.year,
        "funding_line__fiscal_year": wanted.fiscal_year,
        "firm__division__key": wanted.division,
        "funding_line": wanted.line,
        "disclosure": wanted.disclosure,
    }
    awards = awards.filter(**{name: value for name, value in conditions.items() if value})
    if text := wanted.text.strip():
        awards = awards.filter(_matches(text))
    if wanted.waiting:
        awards = awards.filter(waiting_for(user))
    return awards


def _matches(text: str) -> Q:
    named = FirmName.objects.filter(name__icontains=text).values("firm_id")
    code = text.upper()
    found = (
        Q(firm__credit_code__startswith=code)
        | Q(firm__name__icontains=text)
        | Q(firm_id__in=named)
        | Q(accreditation__certificate_number=code)
    )
    number = code.removeprefix("JL-")
    if number.isdecimal() and number.isascii() and len(number) < 12:
        found |= Q(pk=int(number))
    return found
