"""The calculation of an award: from the region's document alone, kept whole, and checked by doing it again."""

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.errors import Refused
from cultivation.api import Firm, User, recorded, values_at
from subsidies.enums import Stacking
from subsidies.models import (
    Award,
    Calculation,
    OtherReceipt,
    RegionalAward,
    RegionalAwardDocument,
    SchemeVersion,
)
from subsidies.permissions import AwardAction, require
from subsidies.rules.eligibility import Switch
from subsidies.rules.matching import FIRST_RULE_SET, RULE_SET, CoveredElsewhere, NothingToMatch
from subsidies.rules.provenance import derive, fingerprint
from subsidies.selectors.balances import Problem
from subsidies.selectors.claims import standing_receipts, unconfirmed_past_award
from subsidies.selectors.regional_awards import latest_correction, matched_row
from subsidies.selectors.schemes import version_in_force

from .eligibility import explain, judge
from .events import lock_award, record_award_event, require_open, require_reason
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
    # The firm before its award: what it received elsewhere is recorded under the same lock.
    Firm.objects.select_for_update(no_key=True).get(pk=award.firm_id)
    award = lock_award(award)
    require(actor, AwardAction.CALCULATE)
    require_reason(AwardAction.CALCULATE, reason)
    require_open(award, award.calculate)
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
    calculation = Calculation.objects.create(
        award=award,
        rule_set=RULE_SET,
        version=version,
        inputs=inputs,
        steps=list(matching.steps),
        amount=matching.amount,
        sha256=fingerprint(rule_set=RULE_SET, inputs=inputs, steps=matching.steps, amount=matching.amount),
        calculated_by=actor,
    )
    before = award.state
    award.calculate(by=actor, calculation=calculation, regional_award=row)
    award.save()
    record_award_event(
        award=award, action=AwardAction.CALCULATE, actor=actor, from_state=before, reason=reason
    )
    return award


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
    return {
        "received": [
            {
                "payer": receipt.payer,
                "amount": f"{receipt.amount:.2f}",
                "document_number": receipt.document_number,
                "document_date": receipt.document_date.isoformat(),
            }
            for receipt in receipts
        ]
    }


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


def recompute_and_compare(calculation: Calculation) -> list[Problem]:
    """Do a calculation again: from its inputs, and its inputs from the records they were read from."""
    subject, stored = calculation.award.number, calculation.inputs
    problems = []
    expected = fingerprint(
        rule_set=calculation.rule_set, inputs=stored, steps=calculation.steps, amount=calculation.amount
    )
    if expected != calculation.sha256:
        problems.append(
            Problem("calculation_hash_differs", subject, _("The calculation is not the one that was hashed."))
        )
    matching = derive(stored)
    if matching.amount != calculation.amount or list(matching.steps) != calculation.steps:
        problems.append(
            Problem(
                "calculation_differs", subject, _("The inputs do not give the recorded amount and steps.")
            )
        )
    if not _is_on_record(calculation):
        problems.append(
            Problem("inputs_differ", subject, _("The records no longer say what the calculation was given."))
        )
    return problems


def _is_on_record(calculation: Calculation) -> bool:
    """Whether the records still say what the calculation was given. Receipts and overrides may end; they are kept."""
    stored = calculation.inputs
    row = _row_of(stored["regional_award"])
    if row is None:
        return False
    fixed = {key: value for key, value in stored.items() if key not in ("received", "override")}
    again = gather_inputs(
        calculation.award,
        calculation.version,
        row,
        stored["reason"],
        rule_set=calculation.rule_set,
        at=calculation.calculated_at,
    )
    return fixed == again and all(
        OtherReceipt.objects.filter(
            accreditation_id=calculation.award.accreditation_id,
            payer=receipt["payer"],
            document_number=receipt["document_number"],
            amount=Decimal(receipt["amount"]),
            confirmed_at__isnull=False,
        ).exists()
        for receipt in stored.get("received", ())
    )


def _row_of(regional: dict[str, Any]) -> RegionalAward | None:
    return (
        RegionalAward.objects.select_related("document__policy")
        .filter(
            document__policy__issuer=regional["issuer"],
            document__policy__document_number=regional["document_number"],
            row=regional["row"],
            attempt=regional["attempt"],
        )
        .first()
    )


def check_calculations() -> tuple[int, list[Problem]]:
    """Every calculation done again, and every source file held against its hash: how many, and what is wrong."""
    count, problems = 0, []
    calculations = Calculation.objects.select_related(
        "award__accreditation", "award__scheme", "version__basis"
    )
    for calculation in calculations.order_by("pk").iterator(chunk_size=500):
        count += 1
        problems += recompute_and_compare(calculation)
    for document in RegionalAwardDocument.objects.select_related("source_file", "policy").order_by("pk"):
        if _file_hash(document) != document.sha256:
            problems.append(
                Problem(
                    "source_file_differs",
                    document.policy.document_number,
                    _("The stored file of the region's document is not the one that was imported."),
                )
            )
    return count, problems


def _file_hash(document: RegionalAwardDocument) -> str:
    try:
        with document.source_file.file.open("rb") as stored:
            return hashlib.file_digest(stored, "sha256").hexdigest()
    except OSError:
        return ""
