"""What a case page says to whom: labels for codes, masks for what is private, and no inside talk for firms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from config.common.clock import today
from cultivation.enums import (
    AttachmentKind,
    CaseAction,
    CaseState,
    CheckKind,
    LedgerDecision,
    LedgerFindingCode,
    Role,
    Verdict,
)
from cultivation.masking import mask_account, mask_phone
from cultivation.models import Assessment, CaseEvent, ExpenseYear, Firm, SelfCheck, User
from cultivation.permissions import CITY_WIDE_ROLES, may_see_private
from cultivation.rules.findings import Code
from cultivation.selectors.cases import CaseDetail
from cultivation.selectors.firms import confirmed_account
from cultivation.selectors.targets import name_of

from .finding_words import limit_text, measured_text

# The nine findings in the words of 国科发火〔2016〕32号 第十一条.
FINDING_LABELS: dict[str, str] = {
    Code.REGISTERED_365_DAYS: "注册成立一年以上",
    Code.CORE_IP: "核心自主知识产权",
    Code.TECHNICAL_FIELD: "技术领域",
    Code.TECHNICAL_STAFF_SHARE: "科技人员占比",
    Code.RD_INTENSITY: "研发费用占销售收入比例",
    Code.RD_DOMESTIC_SHARE: "境内研发费用占比",
    Code.HIGH_TECH_INCOME_SHARE: "高新技术产品（服务）收入占比",
    Code.INNOVATION_SCORE: "创新能力评价",
    Code.NO_INCIDENT: "无重大安全、质量事故或严重环境违法",
}
# These rest on the word of experts and authorities, which a firm does not get to see.
_INSIDE_FINDINGS = {Code.INNOVATION_SCORE.value, Code.NO_INCIDENT.value}
# What is said to the firm when something is held against it; other reasons are notes of the office.
_REASONS_FOR_THE_FIRM = {
    CaseAction.RETURN,
    CaseAction.DECLINE,
    CaseAction.REOPEN,
    CaseAction.REMOVE,
    CaseAction.WITHDRAW,
    CaseAction.REJECT_DOCUMENT,
}
# Who judged a firm, and when, neither the firm nor its county learns.
_BUREAU_ACTIONS = {CaseAction.RECORD_SHEET.value, CaseAction.WITHDRAW_SHEET.value}


@dataclass(frozen=True, slots=True)
class FindingLine:
    label: str
    status: str
    passed: bool
    measured: str
    limit: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """One entry of the timeline; ``actor`` and ``reason`` are empty where the reader is not told, ``state`` and
    ``came_from`` where the act left the state as it was."""

    number: int
    at: Any
    label: str
    actor: str
    state: str
    came_from: str
    reason: str


def is_outsider(user: User) -> bool:
    """Whether the person reads as a firm: without a role of the office that has a part in cases."""
    return not user.has_role(Role.COUNTY, *CITY_WIDE_ROLES)


def division_name(firm: Firm) -> str:
    """The name in force today of the firm's division; works on prefetched names."""
    if firm.division is None:
        return _("Outside Baise")
    name = name_of(firm.division, today())
    return name.name if name else firm.division.key


def finding_lines(assessment: Assessment | SelfCheck | None, reader: User) -> list[FindingLine]:
    rows = assessment.result["findings"] if assessment else []
    hidden = _INSIDE_FINDINGS if is_outsider(reader) else set()
    return [
        FindingLine(
            label=FINDING_LABELS.get(row["code"], row["code"]),
            status=str(Verdict(row["status"]).label),
            passed=row["status"] == Verdict.PASS,
            measured=measured_text(row),
            limit=limit_text(row),
            source=row["source"],
            note=row["note"],
        )
        for row in rows
        if row["code"] not in hidden
    ]


def timeline(events: Sequence[CaseEvent], reader: User) -> list[EventLine]:
    """The history of a case for the office, the newest first; a county is not told what stays in the bureau."""
    hidden = set() if reader.has_role(*CITY_WIDE_ROLES) else _BUREAU_ACTIONS
    return [
        EventLine(
            number=event.number,
            at=event.at,
            label=str(CaseAction(event.action).label),
            actor=str(event.actor),
            state=str(CaseState(event.to_state).label) if event.to_state != event.from_state else "",
            came_from=str(CaseState(event.from_state).label)
            if event.from_state and event.from_state != event.to_state
            else "",
            reason=event_reason(event),
        )
        for event in reversed(events)
        if event.action not in hidden
    ]


def office_or_firm(actor: User, firm: Firm) -> str:
    """What a firm is told about who acted: its own people by name, the office as one body."""
    if actor.firm_id == firm.pk:
        return str(actor)
    return _("County") if actor.division_id else _("Science bureau")


def is_for_the_firm(event: CaseEvent, firm: Firm) -> bool:
    """Whether the firm may read the reason: it was given to it, or by it."""
    return event.action in _REASONS_FOR_THE_FIRM or event.actor.firm_id == firm.pk


def event_reason(event: CaseEvent) -> str:
    """The reason of an event with its codes in words."""
    head, _colon, tail = event.reason.partition(": ")
    if event.action == CaseAction.ASSESS:
        return _label(Verdict, event.reason)
    if event.action in (CaseAction.RECORD_CHECK, CaseAction.DECIDE_MANUAL) and tail:
        verdict, _space, note = tail.partition(" ")
        return f"{_label(CheckKind, head)} · {_label(Verdict, verdict)} {note}".strip()
    if event.action == CaseAction.RESET_CHECK and tail:
        return f"{_label(CheckKind, head)} · {tail}"
    if event.action == CaseAction.DECIDE_LEDGER and tail:
        decision, _space, note = tail.partition(" ")
        codes = "、".join(_label(LedgerFindingCode, code) for code in head.split(", "))
        return f"{codes} · {_label(LedgerDecision, decision)} {note}"
    if event.action == CaseAction.ADD_DOCUMENT:
        return _label(AttachmentKind, head)
    if event.action in (CaseAction.CONFIRM_DOCUMENT, CaseAction.REJECT_DOCUMENT) and tail:
        return f"{_label(AttachmentKind, head)} · {tail}"
    if event.action == CaseAction.RECORD_EXPENSES:
        return f"{head} · {_figures(tail)}" if "→" in tail else head
    # The names of declared facts are words of the programs.
    return "" if event.action == CaseAction.DECLARE else event.reason


def _figures(changes: str) -> str:
    """``sales 1.00→2.00, design 0.00→3.00`` with the names of the figures in words."""
    words = []
    for change in changes.split(", "):
        name, _space, amounts = change.partition(" ")
        label = getattr(ExpenseYear._meta.get_field(name), "verbose_name", name)
        words.append(f"{label} {amounts.replace('→', ' → ')}")
    return _("; ").join(words)


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def private_figures(detail: CaseDetail, reader: User) -> dict[str, Any]:
    """Contacts and account, masked except to finance and their owner."""
    firm = detail.case.firm
    clear = may_see_private(reader, firm)
    account = confirmed_account(firm)
    number = account.number if account else ""
    return {
        "contacts": [
            (contact.name, contact.phone if clear else mask_phone(contact.phone))
            for contact in detail.contacts
        ],
        "account": account,
        "account_number": number if clear else mask_account(number),
    }
