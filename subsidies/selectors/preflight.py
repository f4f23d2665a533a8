"""Before anything happens: what would become of each award on a payment list, and why one would be stopped."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.common.clock import today
from cultivation.api import AccountState, BankAccount, confirmed_accounts, last_corrections, mask_account
from subsidies.enums import AwardState, Reconciliation
from subsidies.models import Award, Exclusion, FundingLine, OtherReceipt, PaymentLine, RegionalAward

from .claims import describe_exclusion, describe_receipts, exclusions_in_force, receipts_differ, receipts_of
from .revocations import revocations_reaching


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason to stop a line, or something to know about it."""

    code: str
    message: str

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a list would make of one award: the payee as of now, what stops it, what is worth knowing."""

    award: Award
    payee_name: str
    award_year: int
    account: BankAccount | None
    problems: tuple[Finding, ...]
    warnings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, object]:
        return {
            "award": self.award.number,
            "payee": self.payee_name,
            "year": self.award_year,
            "amount": f"{self.award.amount:.2f}" if self.award.amount is not None else None,
            "account": mask_account(self.account.number) if self.account else None,
            "ok": self.ok,
            "problems": [finding.as_json() for finding in self.problems],
            "warnings": [finding.as_json() for finding in self.warnings],
        }


def award_year(award: Award) -> int:
    """The year an award counts for: that of the certificate; a list pays a firm once a year (edge case 32)."""
    return award.accreditation.issued_on.year


def preflight(
    *,
    awards: Iterable[Award],
    funding_line: FundingLine | None = None,
    state: AwardState = AwardState.APPROVED,
) -> list[Outcome]:
    """One outcome an award, in the order of the awards, in a fixed number of queries. Changes nothing.

    ``state`` is where the awards are expected: approved before a list is drafted, listed when it is released.
    """
    found = _loaded(awards)
    firms = {award.firm_id for award in found}
    confirmed = confirmed_accounts(firms)
    waiting = set(
        BankAccount.objects.filter(firm_id__in=firms, state=AccountState.PROPOSED).values_list(
            "firm_id", flat=True
        )
    )
    corrected = set(
        RegionalAward.objects.filter(
            corrects__in=[award.regional_award_id for award in found],
            outcome=Reconciliation.AMOUNT_CHANGED,
        ).values_list("corrects_id", flat=True)
    )
    revoked = {award.pk for award in found if award.accreditation.revoked_on is not None}
    revoked |= revocations_reaching(found).keys()
    rewritten = last_corrections({award.accreditation_id for award in found})
    receipts = receipts_of({award.accreditation_id for award in found})
    excluded: dict[int, list[Exclusion]] = defaultdict(list)
    for exclusion in exclusions_in_force(firms, today()):
        excluded[exclusion.firm_id].append(exclusion)
    payees = Counter((award.firm.credit_code, award_year(award)) for award in found)
    return [
        Outcome(
            award=award,
            payee_name=award.firm.name,
            award_year=award_year(award),
            account=confirmed.get(award.firm_id),
            problems=(
                *_award_problems(award, funding_line, state),
                *_certificate_problems(award, award.pk in revoked, rewritten.get(award.accreditation_id)),
                *_basis_problems(is_corrected=award.regional_award_id in corrected),
                *_receipt_problems(award, receipts[award.accreditation_id]),
                *_exclusions(award, excluded[award.firm_id]),
                *_account_problems(confirmed.get(award.firm_id), waits=award.firm_id in waiting),
                *_duplicates(payees[award.firm.credit_code, award_year(award)]),
            ),
            warnings=tuple(_warnings(award, confirmed.get(award.firm_id))),
        )
        for award in found
    ]


def line_changes(line: PaymentLine, outcome: Outcome) -> list[Finding]:
    """What has changed since the line was written: a list is not released with it (edge cases 22 and 36)."""
    changes = []
    if outcome.account is not None and outcome.account.pk != line.account_id:
        changes.append(
            Finding("account_changed", _("The firm's account was changed after the list was drafted."))
        )
    if outcome.payee_name != line.payee_name:
        changes.append(Finding("payee_renamed", _("The firm was renamed after the list was drafted.")))
    if outcome.award.amount != line.amount:
        changes.append(Finding("amount_differs", _("The award's amount is not the one on the line.")))
    return changes


def _loaded(awards: Iterable[Award]) -> list[Award]:
    """The awards with what the checks need, as they are now, in the order given."""
    keys = [award.pk for award in awards]
    found = Award.objects.select_related(
        "firm", "accreditation", "funding_line", "version", "calculation"
    ).in_bulk(keys)
    return [found[key] for key in keys]


def _award_problems(award: Award, funding_line: FundingLine | None, state: AwardState) -> Iterable[Finding]:
    if award.state != state:
        yield Finding(
            "not_approved" if state == AwardState.APPROVED else "not_listed",
            _("The award is in the state “%(state)s”.") % {"state": award.get_state_display()},
        )
    if award.amount is None or award.amount <= 0:
        yield Finding("amount_not_positive", _("Zero or less is never paid."))
    if funding_line is not None and award.funding_line_id != funding_line.pk:
        yield Finding("other_funding_line", _("The award was approved on another funding line."))


def _certificate_problems(award: Award, is_revoked: bool, rewritten: dt.datetime | None) -> Iterable[Finding]:
    """The certificate, or one of the firm that reaches the award, was revoked; it was corrected since (edge case 50)."""
    if is_revoked:
        yield Finding("certificate_revoked", _("The certificate has been revoked."))
    calculation = award.calculation
    if rewritten is not None and calculation is not None and rewritten > calculation.calculated_at:
        yield Finding(
            "certificate_corrected",
            _("The certificate was corrected after the calculation; it is to be calculated afresh."),
        )


def _basis_problems(*, is_corrected: bool) -> Iterable[Finding]:
    if is_corrected:
        yield Finding("basis_changed", _("A later document of the region changed the amount."))


def _receipt_problems(award: Award, standing: Iterable[OtherReceipt]) -> Iterable[Finding]:
    if receipts_differ(award, standing):
        yield Finding("receipts_changed", describe_receipts())


def _exclusions(award: Award, standing: Iterable[Exclusion]) -> Iterable[Finding]:
    named = award.version.exclusions if award.version is not None else []
    for exclusion in standing:
        if exclusion.kind in named:
            yield Finding("excluded", describe_exclusion(exclusion))


def _account_problems(account: BankAccount | None, *, waits: bool) -> Iterable[Finding]:
    if waits:
        yield Finding(
            "account_unconfirmed",
            _("A change of the account waits until a second person confirms or rejects it."),
        )
    elif account is None:
        yield Finding("account_missing", _("The firm has no confirmed account."))


def _duplicates(count: int) -> Sequence[Finding]:
    if count < 2:
        return ()
    return (Finding("duplicate_payee", _("The list would pay this firm twice for the same year.")),)


def _warnings(award: Award, account: BankAccount | None) -> Iterable[Finding]:
    if award.firm.name != award.accreditation.name_on_certificate:
        yield Finding(
            "firm_renamed",
            _("The certificate names %(old)s; the payment goes to the present name.")
            % {"old": award.accreditation.name_on_certificate},
        )
    if account is not None and account.holder != award.firm.name:
        yield Finding(
            "holder_differs", _("The account is held in the name %(name)s.") % {"name": account.holder}
        )
    decided = account.decided_at if account is not None else None
    if decided is not None and award.approved_at is not None and decided > award.approved_at:
        yield Finding(
            "account_changed_since_approval",
            _("The account was confirmed by a second person after the award was approved."),
        )
    if award.notice_id is None:
        yield Finding("notice_missing", _("No grant notice has been issued yet."))
