"""What lies on the desks at the end of June 2019: a correction under way, messages, a training ahead, refused acts."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from config.common import clock
from config.common.errors import Refused
from cultivation.enums import CheckKind, MessageKind, Role
from cultivation.models import User
from cultivation.services import case_flow, checks, corrections, filing, training
from cultivation.services.case_documents import add_case_document
from cultivation.services.messages import write_message

from .dossiers import files
from .firms import Part

if TYPE_CHECKING:
    from .story import Stage

_RETURNED, _ANSWERED, _TRIED = dt.date(2019, 6, 20), dt.date(2019, 6, 24), dt.date(2019, 6, 26)


def play_desk(stage: "Stage", users: Mapping[str, User]) -> None:
    _correct(stage, users)
    _write(stage, users)
    _plan(stage)
    with clock.fixed(_TRIED):
        for attempt in _attempts(stage):
            refused(attempt)


def refused(attempt: Callable[[], object]) -> None:
    """Play what the services refuse; it stays on the auditor's page. ``AssertionError`` where it is let through."""
    try:
        attempt()
    except Refused:
        return
    raise AssertionError("the demonstration expects this act to be refused")


def _correct(stage: "Stage", users: Mapping[str, User]) -> None:
    """Returned from the review, with days left; the firm has handed in another ledger and not submitted again."""
    (demo,) = stage.playing(Part.RETURNED_REVIEW)
    with clock.fixed(_RETURNED):
        case = corrections.return_case(
            case=stage.only_case(demo),
            actor=stage.people.reviewer,
            reason="研发费用辅助账与审计报告不一致，请核对2018年度直接投入",
        )
    *_others, (kind, _name, content) = files(demo)
    with clock.fixed(_ANSWERED):
        add_case_document(
            case=case,
            kind=kind,
            content=content + b"%",  # a corrected file has other bytes
            original_name=f"{demo.username}-rd-ledger-corrected.pdf",
            actor=users[demo.username],
        )


def _write(stage: "Stage", users: Mapping[str, User]) -> None:
    """One message each way that nobody has read yet, and a note that stays in the bureau."""
    (demo,) = stage.playing(Part.RETURNED_REVIEW)
    case, office = stage.only_case(demo), stage.people.caseworker
    for day, kind, text, actor in (
        (_RETURNED, MessageKind.TO_FIRM, "如对账有困难，可带辅助账到局里当面核对。", office),
        (
            _ANSWERED,
            MessageKind.FROM_FIRM,
            "已与会计师事务所核对，其余材料本周内补齐。",
            users[demo.username],
        ),
        (_ANSWERED, MessageKind.NOTE, "2018年领料单待现场查看。", office),
    ):
        with clock.fixed(day):
            write_message(case=case, kind=kind, text=text, actor=actor)


def _plan(stage: "Stage") -> None:
    with clock.fixed(_TRIED):
        training.create_session(
            title="高新技术企业认定与研发费用归集培训（第3期，演示）",
            held_on=dt.date(2019, 7, 10),
            begins_at=dt.time(9),
            minutes=240,
            seats=60,
            place="演示培训中心",
            actor=stage.people.caseworker,
        )


def _attempts(stage: "Stage") -> Iterator[Callable[[], object]]:
    """Steps too early, a county that is not the firm's, a check that nothing stands behind."""
    office = stage.people.caseworker2
    draft, submitted, reviewed = (
        stage.only_case(stage.playing(part)[0]) for part in (Part.DRAFT, Part.SUBMITTED, Part.REVIEW_OPEN)
    )
    counties = User.objects.filter(groups__name=Role.COUNTY).order_by("pk")
    stranger = counties.exclude(division=submitted.firm.division)[0]
    yield lambda: case_flow.enrol_case(case=draft, actor=office)
    yield lambda: case_flow.recommend_case(case=submitted, actor=stranger)
    yield lambda: filing.file_case(case=reviewed, actor=office)
    yield lambda: checks.record_check(case=reviewed, kind=CheckKind.EXPENSES, actor=office)
