"""The page of an award in words: reasons of events with their codes spelled out, and the names of inputs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cultivation.api import AccreditationKind, Division, User
from documents.api import DeliveryKind
from subsidies.enums import AwardState, ObjectionOutcome, Rounding
from subsidies.models import AwardEvent
from subsidies.permissions import AwardAction
from subsidies.rules.revocation import Consequence
from subsidies.selectors.award_pages import AwardPage
from subsidies.services.recomputing import Difference, flat


@dataclass(frozen=True, slots=True)
class EventLine:
    """One entry of the timeline; ``state`` only where it changed."""

    number: int
    at: datetime
    label: str
    actor: str
    state: str
    reason: str


def timeline(events: Iterable[AwardEvent]) -> list[EventLine]:
    """The newest first."""
    lines = [
        EventLine(
            number=event.number,
            at=event.at,
            label=_label(AwardAction, event.action),
            actor=str(event.actor),
            state=_label(AwardState, event.to_state) if event.to_state != event.from_state else "",
            reason=_reason(event),
        )
        for event in events
    ]
    return lines[::-1]


@dataclass(frozen=True, slots=True)
class Step:
    """A step the award stands on: who took it and when."""

    label: str
    by: User
    at: datetime


_LISTED = (AwardState.LISTED, AwardState.PAID, AwardState.RECOVERING, AwardState.RECOVERED)


def steps_taken(page: AwardPage) -> list[Step]:
    """The steps behind the present state, in the order of an award's way; what was undone is in the timeline alone."""
    award, last = page.award, {event.action: event for event in page.events}
    found = [
        _of_event(gettext("Proposed"), last.get(AwardAction.PROPOSE)),
        _of_record(gettext("Calculated"), award.calculated_by, award.calculated_at),
        _of_record(gettext("Reviewed"), award.reviewed_by, award.reviewed_at),
        _of_event(gettext("Disclosed"), last.get(AwardAction.DISCLOSE) if award.disclosure_id else None),
        _of_record(gettext("Approved"), award.approved_by, award.approved_at),
        _of_event(
            gettext("Put on a payment list"),
            last.get(AwardAction.PUT_ON_LIST) if award.state in _LISTED else None,
        ),
        _of_event(gettext("Paid"), last.get(AwardAction.PAY) if award.paid_on else None),
    ]
    return [step for step in found if step is not None]


def _of_event(label: str, event: AwardEvent | None) -> Step | None:
    return None if event is None else Step(label, event.actor, event.at)


def _of_record(label: str, by: User | None, at: datetime | None) -> Step | None:
    return None if by is None or at is None else Step(label, by, at)


def _reason(event: AwardEvent) -> str:
    if event.action == AwardAction.ANSWER_OBJECTION:
        return _label(ObjectionOutcome, event.reason)
    if event.action == AwardAction.DELIVER_NOTICE:
        kind, _space, day = event.reason.partition(" ")
        return f"{_label(DeliveryKind, kind)} {day}"
    if event.action in (AwardAction.OVERRIDE, AwardAction.CONFIRM_OVERRIDE):
        return gettext("%(amount)s yuan") % {"amount": event.reason}
    return event.reason


_PARTS: Mapping[str, Promise] = {
    "certificate": _("Certificate"),
    "regional_award": _("Region's award"),
    "scheme": _("Scheme"),
    "received": _("Received elsewhere"),
    "override": _("Amount set by hand"),
}
_INPUTS: Mapping[str, Promise] = {
    "award": _("Award"),
    "reason": _("Reason"),
    "certificate.number": _("Number"),
    "certificate.kind": _("Kind"),
    "certificate.issued_on": _("Issued on"),
    "certificate.document_number": _("Document number"),
    "certificate.document_date": _("Date of the document"),
    "regional_award.issuer": _("Issuer"),
    "regional_award.document_number": _("Document number"),
    "regional_award.document_date": _("Date of the document"),
    "regional_award.file_sha256": _("SHA-256 of the source file"),
    "regional_award.row": _("Row"),
    "regional_award.attempt": _("Attempt at the row"),
    "regional_award.firm_name": _("Firm"),
    "regional_award.credit_code": _("Credit code"),
    "regional_award.amount": _("Amount (yuan)"),
    "scheme.key": _("Key"),
    "scheme.version": _("Version"),
    "scheme.basis_number": _("Basis"),
    "scheme.ratio_numerator": _("City's share"),
    "scheme.ratio_denominator": _("Region's share"),
    "scheme.cap": _("Cap (yuan)"),
    "scheme.rounding": _("Rounding"),
    "received.payer": _("Paid by"),
    "received.amount": _("Amount (yuan)"),
    "received.document_number": _("Document number"),
    "received.document_date": _("Date of the document"),
    "override.replaces_sha256": _("Hash of the replaced calculation"),
    "override.amount": _("Amount (yuan)"),
    "override.cap": _("Cap (yuan)"),
    "override.reason": _("Reason"),
    "override.document_number": _("Document number"),
    "override.proposed_by": _("Proposed by"),
    "override.confirmed_by": _("Confirmed by"),
}
_CODES: Mapping[str, Any] = {"certificate.kind": AccreditationKind, "scheme.rounding": Rounding}


@dataclass(frozen=True, slots=True)
class InputLine:
    """An input for reading; ``is_hash`` where the value is one."""

    part: str
    label: str
    value: str
    is_hash: bool


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    label: str
    stored: str
    recorded: str


def input_lines(inputs: Mapping[str, Any]) -> list[InputLine]:
    return [
        InputLine(*_name(path), _value(path, value), path.endswith("sha256")) for path, value in flat(inputs)
    ]


def difference_lines(differences: Iterable[Difference]) -> list[DifferenceLine]:
    missing = gettext("not there")
    return [
        DifferenceLine(
            " · ".join(filter(None, _name(found.path))),
            missing if found.stored is None else _value(found.path, found.stored),
            missing if found.recorded is None else _value(found.path, found.recorded),
        )
        for found in differences
    ]


def _name(path: str) -> tuple[str, str]:
    """Part and name of an input: of ``received.2.payer`` the second receipt's payer."""
    part, _dot, rest = path.partition(".")
    number, _dot, field = rest.rpartition(".")
    title = str(_PARTS.get(part, "")) + (f" {number}" if number else "")
    return title, str(_INPUTS.get(f"{part}.{field}" if field else part, path))


def _value(path: str, value: str) -> str:
    return _label(_CODES[path], value) if path in _CODES else value or "—"


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def consequence_label(consequence: Consequence) -> str:
    """What is to be done about an award that a revocation reaches."""
    match consequence:
        case Consequence.FREEZE:
            return gettext("to be frozen")
        case Consequence.RECOVER:
            return gettext("to be asked back")
        case Consequence.WAIT_FOR_LIST:
            return gettext("on a payment list: cancel the list, or wait for the bank")
    return gettext("nothing to do")


def division_names(divisions: Iterable[tuple[Division, str]]) -> Mapping[int | None, str]:
    """The names of counties by key; nothing for a firm outside of them."""
    return defaultdict(str, {county.pk: name for county, name in divisions})
