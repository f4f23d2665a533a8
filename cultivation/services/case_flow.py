"""The way of a case from its opening to ``ready``, and its early ends. The only callers of these transitions."""

from django.utils.translation import gettext as _

from config.common.clock import now, today
from config.common.errors import Refused
from cultivation.enums import OPEN_CASE_STATES, CaseAction, CaseKind, Role
from cultivation.models import Accreditation, CultivationCase, Firm, User
from cultivation.permissions import require_for_firm

from .acceptances import accept_submission
from .events import record_case_event
from .refusals import recorded
from .steps import begin, finish, note_on_case, refuse_blocked, refuse_state


@recorded(CaseAction.OPEN)
def open_case(*, firm: Firm, actor: User, kind: CaseKind = CaseKind.FIRST) -> CultivationCase:
    """A new draft for a firm of Baise that has no open case.

    A renewal needs a certificate to renew; a first accreditation none that is valid today.
    Refused: ``firm_outside``, ``case_open``, ``certificate_missing``, ``certificate_valid``.
    """
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    require_for_firm(actor, CaseAction.OPEN, firm)
    if firm.division_id is None:
        raise Refused("firm_outside", _("The firm is outside Baise; it has no case here."))
    standing = CultivationCase.objects.filter(firm=firm, state__in=OPEN_CASE_STATES).first()
    if standing is not None:
        raise Refused(
            "case_open",
            _("The firm already has an open case: %(number)s.") % {"number": standing.number},
            case=standing.number,
        )
    _require_kind_fits(firm, kind)
    case = CultivationCase.objects.create(
        firm=firm, kind=kind, state_since=now(), state_by=actor, opened_on=today(), opened_by=actor
    )
    record_case_event(case=case, action=CaseAction.OPEN, actor=actor, from_state="")
    return case


def _require_kind_fits(firm: Firm, kind: CaseKind) -> None:
    certificates = Accreditation.objects.filter(firm=firm)
    if kind is CaseKind.RENEWAL:
        if not certificates.filter(revoked_on__isnull=True).exists():
            raise Refused("certificate_missing", _("The firm has no certificate that could be renewed."))
        return
    valid = certificates.filter(
        revoked_on__isnull=True, issued_on__lte=today(), last_day__gte=today()
    ).first()
    if valid is not None:
        raise Refused(
            "certificate_valid",
            _("The firm holds certificate %(number)s until %(date)s; open a renewal instead.")
            % {"number": valid.certificate_number, "date": valid.last_day.isoformat()},
        )


@recorded(CaseAction.SUBMIT)
def submit_case(*, case: CultivationCase, actor: User, reason: str = "") -> CultivationCase:
    """Hand the draft in, under an acceptance number of its own. Refused: ``contact_missing``."""
    case = begin(case=case, action=CaseAction.SUBMIT, actor=actor, reason=reason)
    from_state = case.state
    case.submit(by=actor)
    refuse_blocked(case, CaseAction.SUBMIT)
    finish(case=case, action=CaseAction.SUBMIT, actor=actor, from_state=from_state, reason=reason)
    accept_submission(case=case)
    return case


@recorded(CaseAction.RECOMMEND)
def recommend_case(*, case: CultivationCase, actor: User, reason: str = "") -> CultivationCase:
    """The county of the firm's division stands behind the application."""
    case = begin(case=case, action=CaseAction.RECOMMEND, actor=actor, reason=reason)
    from_state = case.state
    case.recommend(by=actor)
    return finish(case=case, action=CaseAction.RECOMMEND, actor=actor, from_state=from_state, reason=reason)


@recorded(CaseAction.ENROL)
def enrol_case(*, case: CultivationCase, actor: User, reason: str = "") -> CultivationCase:
    """Into the reserve pool (入库); from here the two years of cultivation run."""
    case = begin(case=case, action=CaseAction.ENROL, actor=actor, reason=reason)
    from_state = case.state
    case.enrol(by=actor, on=today())
    return finish(case=case, action=CaseAction.ENROL, actor=actor, from_state=from_state, reason=reason)


@recorded(CaseAction.START_TRAINING)
def start_training(*, case: CultivationCase, actor: User, reason: str = "") -> CultivationCase:
    case = begin(case=case, action=CaseAction.START_TRAINING, actor=actor, reason=reason)
    from_state = case.state
    case.start_training(by=actor)
    return finish(
        case=case, action=CaseAction.START_TRAINING, actor=actor, from_state=from_state, reason=reason
    )


@recorded(CaseAction.START_EXPENSE_REVIEW)
def start_expense_review(*, case: CultivationCase, actor: User, reason: str = "") -> CultivationCase:
    """On to the R&D expenses, once the training check is passed. Refused: ``check_missing``."""
    case = begin(case=case, action=CaseAction.START_EXPENSE_REVIEW, actor=actor, reason=reason)
    from_state = case.state
    case.start_expense_review(by=actor)
    refuse_blocked(case, CaseAction.START_EXPENSE_REVIEW)
    return finish(
        case=case, action=CaseAction.START_EXPENSE_REVIEW, actor=actor, from_state=from_state, reason=reason
    )


@recorded(CaseAction.CLEAR)
def clear_case(*, case: CultivationCase, actor: User, reason: str = "") -> CultivationCase:
    """Ready to file: all three checks passed, on figures that have not changed since.

    Refused: ``check_missing``, ``facts_changed``, ``assessment_outdated``.
    """
    case = begin(case=case, action=CaseAction.CLEAR, actor=actor, reason=reason)
    from_state = case.state
    case.clear_for_filing(by=actor)
    refuse_blocked(case, CaseAction.CLEAR)
    return finish(case=case, action=CaseAction.CLEAR, actor=actor, from_state=from_state, reason=reason)


@recorded(CaseAction.WITHDRAW)
def withdraw_case(*, case: CultivationCase, actor: User, reason: str) -> CultivationCase:
    """The firm takes its application back; the case is closed."""
    case = begin(case=case, action=CaseAction.WITHDRAW, actor=actor, reason=reason)
    from_state = case.state
    case.withdraw(by=actor)
    return finish(case=case, action=CaseAction.WITHDRAW, actor=actor, from_state=from_state, reason=reason)


@recorded(CaseAction.REMOVE)
def remove_case(*, case: CultivationCase, actor: User, reason: str) -> CultivationCase:
    """Out of the pool (出库); the case is closed."""
    case = begin(case=case, action=CaseAction.REMOVE, actor=actor, reason=reason)
    from_state = case.state
    case.remove(by=actor)
    return finish(case=case, action=CaseAction.REMOVE, actor=actor, from_state=from_state, reason=reason)


@recorded(CaseAction.ASSIGN)
def assign_handler(*, case: CultivationCase, handler: User, actor: User) -> CultivationCase:
    """Name the city caseworker in charge. Refused: ``not_a_caseworker``, ``wrong_state`` (closed)."""
    case = begin(case=case, action=CaseAction.ASSIGN, actor=actor)
    if not case.is_open:
        refuse_state(case)
    if not handler.has_role(Role.CASEWORKER):
        raise Refused("not_a_caseworker", _("A case is handled by a city caseworker."))
    case.handler = handler
    case.save(update_fields=["handler"])
    note_on_case(case=case, action=CaseAction.ASSIGN, actor=actor, reason=str(handler))
    return case
