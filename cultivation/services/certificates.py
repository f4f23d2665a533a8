"""Certificates: their term by the parameters in force, and what their numbers look like."""

import datetime as dt
import re

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from config.common.text import compact, normalise
from cultivation.enums import AccreditationKind, ParameterKey
from cultivation.models import Accreditation, Determination, Firm, User
from cultivation.rules.certificates import LeapDay, expires_on
from cultivation.selectors.parameters import parameter

# GR, the year, the area and a serial number; GF for renewals before 2016. Only a hint: the digits of the area are
# not Guangxi's on a certificate that came with a firm (edge case 21), and older forms exist.
_USUAL_FORM = re.compile(r"G[RF]\d{12}")


class Term:
    """The term of certificates under the parameters of today, asked once for many certificates."""

    def __init__(self) -> None:
        on = today()
        self.years = parameter(ParameterKey.TERM_YEARS, on)
        self.end_counts = bool(parameter(ParameterKey.EXPIRY_DAY_COUNTS, on))
        early = parameter(ParameterKey.LEAP_DAY_ENDS_EARLY, on)
        self.leap_day = LeapDay.FEBRUARY_28 if early else LeapDay.MARCH_1

    def last_day(self, issued_on: dt.date) -> dt.date:
        """The last day on which a certificate counts (国科发火〔2016〕32号 第九条; edge cases 18 and 47)."""
        end = expires_on(issued_on, years=self.years, leap_day=self.leap_day)
        return end if self.end_counts else end - dt.timedelta(days=1)


def normal_number(number: str) -> str:
    return compact(number).upper()


def has_usual_form(number: str) -> bool:
    return _USUAL_FORM.fullmatch(number) is not None


def make_certificate(
    *,
    firm: Firm,
    kind: AccreditationKind,
    number: str,
    issued_on: dt.date,
    name: str,
    document_number: str,
    document_date: dt.date,
    actor: User,
    term: Term,
    determination: Determination | None = None,
) -> Accreditation:
    """An unsaved certificate; without a determination it is opening data."""
    return Accreditation(
        firm=firm,
        kind=kind,
        certificate_number=normal_number(number),
        name_on_certificate=normalise(name) or firm.name_on(issued_on),
        issued_on=issued_on,
        last_day=term.last_day(issued_on),
        determination=determination,
        is_opening=determination is None,
        document_number=document_number,
        document_date=document_date,
        recorded_by=actor,
    )


def required_document(number: str, date: dt.date) -> str:
    """The trimmed number of a document of today or before. Refused: ``document_missing``, ``document_in_future``."""
    number = number.strip()
    if not number:
        raise Refused("document_missing", _("Name the document of the decision."))
    if date > today():
        raise Refused("document_in_future", _("The date of the document lies in the future."))
    return number


def require_free_number(number: str) -> str:
    """The normalised number of a certificate nobody holds. Refused: ``certificate_missing``, ``certificate_taken``."""
    number = normal_number(number)
    if not number:
        raise Refused("certificate_missing", _("A certificate has a number."))
    standing = Accreditation.objects.rightly_recorded().select_related("firm")
    holder = standing.filter(certificate_number=number).first()
    if holder is not None:
        raise Refused(
            "certificate_taken",
            _("Certificate %(number)s is recorded already, for %(name)s.")
            % {"number": number, "name": holder.firm.name},
        )
    return number
