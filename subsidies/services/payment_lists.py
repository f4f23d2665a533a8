"""Payment lists: one person drafts, a second checks, a third releases; what is released never changes."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.api import Role, User, recorded, require_role, require_second_person
from subsidies.enums import AwardState, ListAction, ListState
from subsidies.exports import content_sha256
from subsidies.models import GENERAL, Award, BankFormat, FundingLine, ListCounter, PaymentLine, PaymentList
from subsidies.selectors.payment_lists import content_of, lines_of
from subsidies.selectors.preflight import Outcome, line_changes, preflight

from .awards import put_award_on_list, take_award_off_list
from .bank_formats import format_for_list, require_in_force
from .events import lock_awards, lock_firms
from .exports import store_files
from .list_events import record_list_event


@recorded("draft payment list")
def draft_payment_list(
    *,
    awards: Sequence[Award],
    funding_line: FundingLine,
    purpose: str,
    actor: User,
    bank_format: str = GENERAL,
) -> PaymentList:
    """Put approved awards of one funding line on a new numbered list; all of them or none.

    The lines are numbered in the order of ``awards`` and freeze payee, account and amount as of now; the list
    freezes the version of the format ``bank_format`` (its key) that is in force.
    Raises ``Refused``: list_empty, purpose_missing, unknown_bank_format, preflight_failed (details ``lines``, every
    award's outcome).
    """
    require_role(actor, Role.FINANCE)
    if not awards:
        raise Refused("list_empty", _("Choose at least one award."))
    if not purpose.strip():
        raise Refused("purpose_missing", _("Say what the payments are for."))
    version = format_for_list(bank_format)
    lock_awards(list(awards))
    outcomes = preflight(awards=awards, funding_line=funding_line)
    _require_all_ok(outcomes)
    payment_list = _numbered_list(
        funding_line=funding_line, purpose=purpose.strip(), bank_format=version, actor=actor
    )
    PaymentLine.objects.bulk_create(
        _line(payment_list, number, outcome) for number, outcome in enumerate(outcomes, start=1)
    )
    for outcome in outcomes:
        put_award_on_list(award=outcome.award, actor=actor, reason=payment_list.number)
    record_list_event(payment_list=payment_list, action=ListAction.DRAFT, actor=actor, from_state="")
    return payment_list


@recorded("check payment list")
def check_payment_list(*, payment_list: PaymentList, actor: User) -> PaymentList:
    """A second finance officer agrees with the draft. Raises ``NotAllowed`` (second_person), ``Refused`` (wrong_state)."""
    require_role(actor, Role.FINANCE)
    payment_list = lock_list(payment_list)
    require_second_person(actor, payment_list.drafted_by_id, payment_list.drafted_at)
    before = payment_list.state
    payment_list.check_off(by=actor)
    payment_list.save()
    record_list_event(payment_list=payment_list, action=ListAction.CHECK, actor=actor, from_state=before)
    return payment_list


@recorded("release payment list")
def release_payment_list(*, payment_list: PaymentList, actor: User) -> PaymentList:
    """A third finance officer, with no part in any award on it, lets the list go; its files are stored.

    Releasing again by the same person gives the released list and changes nothing.
    Raises ``NotAllowed`` (second_person) and ``Refused``: wrong_state, preflight_failed (something changed since
    the draft: account, name, certificate, amount), bank_format_superseded, unfit_for_bank.
    """
    require_role(actor, Role.FINANCE)
    payment_list = lock_list(payment_list)
    if (
        payment_list.state in (ListState.RELEASED, ListState.SETTLED)
        and payment_list.released_by_id == actor.pk
    ):
        return payment_list
    require_second_person(actor, payment_list.drafted_by_id, payment_list.drafted_at)
    require_second_person(actor, payment_list.checked_by_id, payment_list.checked_at)
    lines = list(lines_of(payment_list))
    # No name and no account changes from here on: each change locks its firm.
    lock_firms(line.award.firm_id for line in lines)
    awards = lock_awards([line.award for line in lines])
    for award in awards:
        part = _("Whoever calculated or approved an award does not release its payment.")
        require_second_person(actor, award.calculated_by_id, award.calculated_at, part)
        require_second_person(actor, award.approved_by_id, award.approved_at, part)
    if payment_list.state == ListState.CHECKED:
        _require_unchanged(payment_list, lines)
        require_in_force(payment_list.bank_format)
    before = payment_list.state
    content = content_of(payment_list, released_by=actor)
    payment_list.release(by=actor, content_sha256=content_sha256(content))
    payment_list.save()
    PaymentLine.objects.filter(payment_list=payment_list).update(released_by=actor)
    hashes = store_files(payment_list=payment_list, content=content)
    record_list_event(
        payment_list=payment_list,
        action=ListAction.RELEASE,
        actor=actor,
        from_state=before,
        # The hashes stand in the sealed event too, so that file and row cannot be changed together unseen.
        reason=" ".join(f"{name}:{sha256}" for name, sha256 in hashes.items()),
    )
    return payment_list


@recorded("cancel payment list")
def cancel_payment_list(*, payment_list: PaymentList, actor: User, reason: str) -> PaymentList:
    """Before release: the list ends and its awards are approved and payable again. A reason is needed."""
    require_role(actor, Role.FINANCE)
    if not reason.strip():
        raise Refused("reason_missing", _("Give a reason for this step."))
    payment_list = lock_list(payment_list)
    before = payment_list.state
    payment_list.cancel(by=actor, reason=reason.strip())
    payment_list.save()
    lines = list(lines_of(payment_list))
    lock_awards([line.award for line in lines])
    PaymentLine.objects.filter(payment_list=payment_list).update(is_active=False)
    for line in lines:
        take_award_off_list(award=line.award, actor=actor, reason=f"{payment_list.number}: {reason.strip()}")
    record_list_event(
        payment_list=payment_list,
        action=ListAction.CANCEL,
        actor=actor,
        from_state=before,
        reason=reason.strip(),
    )
    return payment_list


def lock_list(payment_list: PaymentList) -> PaymentList:
    """The list as it is now, locked until the transaction ends; taken before its awards."""
    return (
        PaymentList.objects.select_for_update(of=("self",))
        .select_related("funding_line", "bank_format", "drafted_by", "checked_by", "released_by")
        .get(pk=payment_list.pk)
    )


def _numbered_list(
    *, funding_line: FundingLine, purpose: str, bank_format: BankFormat, actor: User
) -> PaymentList:
    """The next number of the year, without gap or repeat: the counter stays locked until the end."""
    year = today().year
    ListCounter.objects.get_or_create(year=year)
    counter = ListCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return PaymentList.objects.create(
        year=year,
        sequence=counter.last,
        number=f"ZF{year}-{counter.last:03d}",
        funding_line=funding_line,
        purpose=purpose,
        bank_format=bank_format,
        drafted_by=actor,
    )


def _line(payment_list: PaymentList, number: int, outcome: Outcome) -> PaymentLine:
    account, firm = outcome.account, outcome.award.firm
    if account is None:  # the preflight has stopped it before
        raise ValueError("a payment line needs an account")
    return PaymentLine(
        payment_list=payment_list,
        number=number,
        award=outcome.award,
        payee_name=outcome.payee_name,
        credit_code=firm.credit_code,
        bank_name=account.bank_name,
        clearing_code=account.clearing_code,
        account_number=account.number,
        account=account,
        amount=outcome.award.amount,
        purpose=payment_list.purpose,
        subjects=payment_list.funding_line.subjects,
        award_year=outcome.award_year,
        calculated_by_id=outcome.award.calculated_by_id,
        approved_by_id=outcome.award.approved_by_id,
    )


def _require_all_ok(outcomes: Sequence[Outcome]) -> None:
    stopped = [outcome for outcome in outcomes if not outcome.ok]
    if stopped:
        raise Refused(
            "preflight_failed",
            _("%(count)s of %(all)s awards cannot be paid; nothing was put on a list.")
            % {"count": len(stopped), "all": len(outcomes)},
            lines=[outcome.as_json() for outcome in outcomes],
        )


def _require_unchanged(payment_list: PaymentList, lines: Sequence[PaymentLine]) -> None:
    """The draft's checks once more: nothing may have changed behind the list."""
    outcomes = preflight(
        awards=[line.award for line in lines],
        funding_line=payment_list.funding_line,
        state=AwardState.LISTED,
    )
    stopped = []
    for line, outcome in zip(lines, outcomes, strict=True):
        problems = [*outcome.problems, *line_changes(line, outcome)]
        if problems:
            stopped.append(
                {**outcome.as_json(), "line": line.number, "problems": [item.as_json() for item in problems]}
            )
    if stopped:
        raise Refused(
            "preflight_failed",
            _("%(count)s lines of the list %(number)s are stopped; nothing was released.")
            % {"count": len(stopped), "number": payment_list.number},
            lines=stopped,
        )
