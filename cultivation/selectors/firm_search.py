"""Firms as people ask for them: by name, earlier name, pinyin initials, credit code or certificate."""

from dataclasses import dataclass

from django.db.models import Q

from config.common.text import compact, fold, normalise
from cultivation.initials import typed_initials
from cultivation.models import Acceptance, Accreditation, CultivationCase, Firm, FirmName, User
from cultivation.permissions import visible_firms

MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class FirmFound:
    """A firm with what it was found by, where that is not the present name, and its latest case."""

    firm: Firm
    earlier_name: str
    certificate: str
    case: CultivationCase | None


def matching_firms(text: str) -> Q:
    """The condition on a firm. Initials are found from anywhere in the name, codes and certificates from their start."""
    text = normalise(text)
    code = compact(text).upper()
    by_name = Q(name__icontains=text)
    if letters := typed_initials(text):
        by_name |= Q(initials__contains=letters)
    found = Q(name__icontains=text) | Q(pk__in=FirmName.objects.filter(by_name).values("firm_id"))
    if code.isascii():
        certificates = Accreditation.objects.filter(certificate_number__startswith=code)
        found |= Q(credit_code__startswith=code) | Q(pk__in=certificates.values("firm_id"))
    return found


def matching_cases(text: str) -> Q:
    """The condition on a case: its firm matches, or the text is its acceptance number."""
    return Q(firm_id__in=Firm.objects.filter(matching_firms(text)).values("pk")) | case_numbered(text)


def search_firms(user: User, text: str) -> tuple[list[FirmFound], bool]:
    """The first firms the person may see that match, and whether there are more (six queries at any size)."""
    cases = CultivationCase.objects.filter(case_numbered(text)).values("firm_id")
    firms = list(
        visible_firms(user)
        .filter(matching_firms(text) | Q(pk__in=cases))
        .select_related("division")
        .prefetch_related("names", "division__names")
        .order_by("credit_code")[: MOST_FOUND + 1]
    )
    shown = firms[:MOST_FOUND]
    latest = {case.firm_id: case for case in CultivationCase.objects.filter(firm__in=shown).order_by("pk")}
    code = compact(text).upper()
    certificates = dict(
        Accreditation.objects.filter(firm__in=shown, certificate_number__startswith=code)
        .order_by("issued_on")
        .values_list("firm_id", "certificate_number")
    )
    found = [
        FirmFound(firm, _earlier_name(firm, text), certificates.get(firm.pk, ""), latest.get(firm.pk))
        for firm in shown
    ]
    return found, len(firms) > MOST_FOUND


def case_numbered(text: str) -> Q:
    """The number of a case, such as PY2019-00012, or of one of its submissions, such as SL2019-00012."""
    typed = compact(text).upper()
    year, dash, number = typed.removeprefix("PY").removeprefix("SL").partition("-")
    if not (dash and year.isdecimal() and number.isdecimal() and len(text) <= 20):
        return Q(pk__in=[])
    if typed.startswith("SL"):
        accepted = Acceptance.objects.filter(year=int(year), sequence=int(number))
        return Q(pk__in=accepted.values("case_id"))
    return Q(pk=int(number), opened_on__year=int(year))


def _earlier_name(firm: Firm, text: str) -> str:
    """The name that was found and is not the present one."""
    wanted, letters = fold(text), typed_initials(text)

    def fits(name: str, short: str) -> bool:
        return wanted in fold(name) or (bool(letters) and letters in short)

    names = [(row.name, row.initials) for row in firm.names.all()]
    if any(fits(name, short) for name, short in names if name == firm.name) or wanted in fold(firm.name):
        return ""
    return next((name for name, short in names if fits(name, short)), "")
