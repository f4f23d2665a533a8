"""What a scheme version says, term by term in words, and in which terms two versions differ."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subsidies.enums import ExclusionKind
from subsidies.models import SchemeVersion

LABELS: dict[str, Any] = {
    "basis": gettext_lazy("Basis document"),
    "source": gettext_lazy("Where the basis was read"),
    "ratio": gettext_lazy("City's share to the region's"),
    "first_eligible": gettext_lazy("First accreditations qualify"),
    "renewal_eligible": gettext_lazy("Renewals qualify"),
    "inbound_eligible": gettext_lazy("Firms that moved in qualify"),
    "once_per": gettext_lazy("Paid once for"),
    "cap": gettext_lazy("Cap an award (yuan)"),
    "rounding": gettext_lazy("Rounding"),
    "window": gettext_lazy("Applications"),
    "exclusions": gettext_lazy("What excludes a firm"),
    "stacking": gettext_lazy("Money from elsewhere for the same matter"),
    "fund": gettext_lazy("Fund"),
    "disclosure": gettext_lazy("Disclosed before approval"),
    "recovery": gettext_lazy("Recovered money"),
    "validity": gettext_lazy("Validity"),
}
EXPLANATIONS: dict[str, Any] = {
    "basis": gettext_lazy("The document that promises the money; notices cite it."),
    "ratio": gettext_lazy("The award is the region's amount times this ratio; the plan says 1:1."),
    "first_eligible": gettext_lazy("Whether a first accreditation is awarded."),
    "renewal_eligible": gettext_lazy("The plan says newly accredited only; undecided holds such awards up."),
    "inbound_eligible": gettext_lazy("The plan leaves open whether firms that move in share in it."),
    "once_per": gettext_lazy("What 一次性 means; undecided holds up the second award of a firm."),
    "cap": gettext_lazy("The most one award may be; empty: the documents name none."),
    "rounding": gettext_lazy("To what the amount is rounded, once, before the cap."),
    "window": gettext_lazy(
        "First and last day on which a firm may apply; empty: no application is asked for."
    ),
    "exclusions": gettext_lazy("Findings recorded under these kinds stop calculation, approval and payment."),
    "stacking": gettext_lazy("从高不重复 or not; it looks at the confirmed receipts from elsewhere."),
    "fund": gettext_lazy("Approval takes lines of this fund only; empty: of any fund."),
    "disclosure": gettext_lazy("Without disclosure only where a document says so; name it as the source."),
    "recovery": gettext_lazy(
        "Whether money that comes back is available again on the line it was paid from."
    ),
    "validity": gettext_lazy(
        "It judges certificates whose document is dated in this span; the last day is not part of it."
    ),
}


@dataclass(frozen=True, slots=True)
class Term:
    key: str
    label: str
    text: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Change:
    """A term that two versions say differently; ``before`` is empty where there was no version."""

    label: str
    before: str
    after: str


def terms_in_words(version: SchemeVersion) -> list[Term]:
    """Every term of a version, in the order of the form; its basis is to be selected with it."""
    texts = _texts(version)
    return [Term(key, str(LABELS[key]), texts[key], str(EXPLANATIONS.get(key, ""))) for key in LABELS]


def changes(before: SchemeVersion | None, after: SchemeVersion) -> list[Change]:
    """What ``after`` says otherwise than ``before``; everything where there was nothing."""
    old = {term.key: term.text for term in terms_in_words(before)} if before else {}
    return [
        Change(term.label, old.get(term.key, ""), term.text)
        for term in terms_in_words(after)
        if old.get(term.key) != term.text
    ]


def _texts(version: SchemeVersion) -> dict[str, str]:
    shown: Any = version
    kinds = [str(ExclusionKind(kind).label) for kind in version.exclusions]
    return {
        "basis": _basis(version),
        "source": version.basis.source,
        "ratio": f"{version.ratio_numerator}:{version.ratio_denominator}",
        "first_eligible": shown.get_first_eligible_display(),
        "renewal_eligible": shown.get_renewal_eligible_display(),
        "inbound_eligible": shown.get_inbound_eligible_display(),
        "once_per": shown.get_once_per_display(),
        "cap": f"{version.cap:,.2f}" if version.cap is not None else _("None"),
        "rounding": shown.get_rounding_display(),
        "window": _span(version.window_opens_on, version.window_closes_on) or _("Not asked for"),
        "exclusions": "、".join(kinds) or _("Nothing"),
        "stacking": shown.get_stacking_display(),
        "fund": version.fund or _("Any fund"),
        "disclosure": _disclosure(version),
        "recovery": _("Returns to the funding line")
        if version.recovery_returns_to_line
        else _("Does not return to the funding line"),
        "validity": _validity(version),
    }


def _basis(version: SchemeVersion) -> str:
    basis = version.basis
    told = [basis.citation, basis.issuer, basis.issued_on.isoformat() if basis.issued_on else ""]
    if not basis.is_formal:
        told.append(_("not formally issued"))
    return " · ".join(part for part in (*told, str(basis.get_mark_display())) if part)


def _disclosure(version: SchemeVersion) -> str:
    answer = _("Yes") if version.disclosure_required else _("No")
    return f"{answer} · {version.disclosure_source}" if version.disclosure_source else answer


def _validity(version: SchemeVersion) -> str:
    names = {"first": version.valid_from.isoformat()}
    if version.valid_to is None:
        return _("From %(first)s, without end") % names
    return _("From %(first)s until before %(end)s") % {**names, "end": version.valid_to.isoformat()}


def _span(first: Any, last: Any) -> str:
    if first is None or last is None:
        return ""
    return _("From %(first)s to %(last)s") % {"first": first.isoformat(), "last": last.isoformat()}
