"""The calculation of an award: from the region's document alone, and kept whole."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.errors import Refused
from cultivation.api import User, recorded, values_at
from subsidies.enums import Stacking
from subsidies.models import (
    Award,
    Calculation,
    OtherReceipt,
    RegionalAward,
    SchemeVersion,
)
from subsidies.permissions import AwardAction, require
from subsidies.rules.eligibility import Switch
from subsidies.rules.matching import FIRST_RULE_SET, RULE_SET, CoveredElsewhere, Matching, NothingToMatch
from subsidies.rules.provenance import derive, fingerprint
from subsidies.selectors.claims import receipt_input, standing_receipts, unconfirmed_past_award
from subsidies.selectors.regional_awards import latest_correction, matched_row
from subsidies.selectors.schemes import version_in_force

from .eligibility import explain, judge
from .events import lock_award, lock_firms, record_award_event, require_open, require_reason
from .standing import require_certificate, require_not_excluded


@recorded("calculate award")
def calculate_award(*, award: Award, actor: User, reason: str = "") -> Award:
    """Work out the amount from what the region's document grants.

    Where a later document changes that amount, a ``reason`` says that it replaces the earlier one and is not a
    payment beside it; without one the calculation stops.
    Raises ``Refused``: awaiting_basis (edge case 27), awaiting_policy (30), not_eligible (29), no_version,
    excluded, application_missing, outside_window, receipt_unconfirmed, covered_elsewhere, amount_changed,
    certificate_revoked, nothing_to_match.
    """
    # What the firm received elsewhere is recorded under the same lock.
    lock_firms([award.firm_id])
    award = lock_award(award)
    require(actor, AwardAction.CALCULATE)
    require_reason(AwardAction.CALCULATE, reason)
    require_open(award, award.calculate)
    prepared = prepare_calculation(award, reason)
    inputs, matching = prepared.inputs, prepared.matching
    calculation = Calculation.objects.create(
        award=award,
        rule_set=RULE_SET,
        version=prepared.version,
        inputs=inputs,
        steps=list(matching.steps),
        amount=matching.amount,
        sha256=fingerprint(rule_set=RULE_SET, inputs=inputs, steps=matching.steps, amount=matching.amount),
        calculated_by=actor,
    )
    before = award.state
    award.calculate(by=actor, calculation=calculation, regional_award=prepared.row)
    award.save()
    record_award_event(
        award=award, action=AwardAction.CALCULATE, actor=actor, from_state=before, reason=reason
    )
    return award


@dataclass(frozen=True, slots=True)
class Prepared:
    """A calculation that is not recorded yet: the terms, the region's row, the inputs and what they come to."""

    version: SchemeVersion
    row: RegionalAward
    inputs: dict[str, Any]
    matching: Matching


def prepare_calculation(award: Award, reason: str = "") -> Prepared:
    """What a calculation would come to now; changes nothing. Raises as :func:`calculate_award`."""
    require_certificate(award)
    version = _version(award)
    require_not_excluded(award, version)
    _require_past_award_confirmed(award, version)
    _require_in_window(award, version)
    row = _basis(award, reason)
    inputs = gather_inputs(award, version, row, reason) | _received(award, version)
    try:
        matching = derive(inputs)
    except CoveredElsewhere as covered:
        raise Refused(
            "covered_elsewhere",
            _("The firm has received at least as much elsewhere for the same matter; it is not paid twice."),
        ) from covered
    except NothingToMatch as nothing:
        raise Refused(
            "nothing_to_match", _("The region's amount leaves nothing to match; zero is never paid.")
        ) from nothing
    return Prepared(version, row, inputs, matching)


def _version(award: Award) -> SchemeVersion:
    version = version_in_force(award.scheme, award.accreditation.document_date)
    if version is None:
        raise Refused("no_version", _("No published version of the scheme governs this accreditation."))
    found = judge(award, version)
    if found.decision is Switch.UNDECIDED:
        raise Refused("awaiting_policy", explain(found, award.accreditation.kind))
    if found.decision is Switch.NO:
        raise Refused("not_eligible", explain(found, award.accreditation.kind), earlier=found.earlier)
    return version


def _require_in_window(award: Award, version: SchemeVersion) -> None:
    opens, closes = version.window_opens_on, version.window_closes_on
    if opens is None or closes is None:
        return
    window = {"opens": opens.isoformat(), "closes": closes.isoformat()}
    if award.applied_on is None:
        raise Refused(
            "application_missing",
            _("The scheme wants an application from %(opens)s to %(closes)s; none is recorded.") % window,
        )
    if not opens <= award.applied_on <= closes:
        raise Refused(
            "outside_window",
            _("The application of %(date)s is outside the window from %(opens)s to %(closes)s.")
            % {"date": award.applied_on.isoformat(), **window},
        )


def _require_past_award_confirmed(award: Award, version: SchemeVersion) -> None:
    if (past := unconfirmed_past_award(award, version)) is not None:
        raise _unconfirmed(past)


def _received(award: Award, version: SchemeVersion) -> dict[str, Any]:
    """Receipts from elsewhere as inputs, where the scheme looks at them (从高不重复)."""
    if version.stacking == Stacking.NONE:
        return {}
    receipts = standing_receipts(award)
    if not receipts:
        return {}
    if unconfirmed := [receipt for receipt in receipts if receipt.confirmed_at is None]:
        raise _unconfirmed(unconfirmed[0])
    if version.stacking == Stacking.UNDECIDED:
        raise Refused(
            "awaiting_policy",
            _("The firm has received money elsewhere for this; the scheme has not decided what follows."),
        )
    return {"received": [receipt_input(receipt) for receipt in receipts]}


def _unconfirmed(receipt: OtherReceipt) -> Refused:
    return Refused(
        "receipt_unconfirmed",
        _("Money from %(payer)s (%(number)s) waits until a second person has confirmed it.")
        % {"payer": receipt.payer, "number": receipt.document_number},
    )


def _basis(award: Award, reason: str) -> RegionalAward:
    row = matched_row(award)
    if row is None:
        raise Refused(
            "awaiting_basis",
            _("No document of the region grants this firm an amount yet; the award waits for it."),
        )
    later = latest_correction(row)
    if later is None:
        return row
    if not reason.strip():
        raise Refused(
            "amount_changed",
            _("%(first)s grants %(before)s yuan, %(second)s %(after)s yuan: say why the later one counts.")
            % {
                "first": row.document.policy.document_number,
                "before": f"{row.amount:.2f}",
                "second": later.document.policy.document_number,
                "after": f"{later.amount:.2f}",
            },
        )
    return later


def gather_inputs(
    award: Award,
    version: SchemeVersion,
    row: RegionalAward,
    reason: str,
    *,
    rule_set: str = RULE_SET,
    at: dt.datetime | None = None,
) -> dict[str, Any]:
    """What the amount rests on, receipts apart, with the documents it was read from; JSON, no float.

    ``at``: as the certificate was on record then, before later corrections.
    """
    certificate, document = values_at(award.accreditation, at or now()), row.document
    issued_on = document.policy.issued_on
    return {
        "award": award.number,
        "certificate": {
            "number": certificate["certificate_number"],
            "kind": certificate["kind"],
            "issued_on": certificate["issued_on"],
            "document_number": certificate["document_number"],
            "document_date": certificate["document_date"],
        },
        "regional_award": {
            "issuer": document.policy.issuer,
            "document_number": document.policy.document_number,
            "document_date": issued_on.isoformat() if issued_on else "",
            "file_sha256": document.sha256,
            "row": row.row,
            "attempt": row.attempt,
            "firm_name": row.firm_name,
            "credit_code": row.credit_code,
            "amount": f"{row.amount:.2f}",
        },
        "scheme": {
            "key": award.scheme.key,
            "version": version.number,
            "basis_number": version.basis.document_number,
            "ratio_numerator": version.ratio_numerator,
            "ratio_denominator": version.ratio_denominator,
            "cap": None if version.cap is None else f"{version.cap:.2f}",
            **({} if rule_set == FIRST_RULE_SET else {"rounding": version.rounding}),
        },
        "reason": reason,
    }
