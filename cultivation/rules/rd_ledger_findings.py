"""What a line of the ledger has against it, each finding with amount, article and what would cure it.

By rule a line is not counted where the text leaves no choice (none of the eight categories, another year, outside its
project, a person who was not in research). Everything else is a question: counted until a caseworker strikes the line.
"""

import calendar
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from .rd_ledger import OUTSOURCED, Line, LineCode, LineFinding, Project, Stay, excluded_lines, folded
from .rd_ledger_cues import BUILDING_WORDS, cues_in
from .rd_ledger_duplicates import find_duplicates
from .rules_of_2016 import GUIDELINES, RULES_OF_2016
from .thresholds import Source

_CATEGORIES = Source(GUIDELINES, "三（六）2（1）至（8）")
_YEARS = Source(GUIDELINES, "三（一）")
_BY_PROJECT = Source(GUIDELINES, "三（六）4")
_PERSONNEL = Source(GUIDELINES, "三（六）2（1）")
_DEPRECIATION = Source(GUIDELINES, "三（六）2（3）")
_OUTSOURCING = Source(GUIDELINES, "三（六）2（7）")


def judge_ledger(
    lines: Sequence[Line], projects: Iterable[Project], stays: Iterable[Stay], firm: str
) -> list[LineFinding]:
    """All findings of a firm's ledger, in the order of its lines; whatever order they come in.

    ``firm`` is what tells the firm's vouchers from another's. Duplicates are looked for among the lines that
    count; those at other firms are not known here (see ``duplicate_at_another_firm``).
    """
    by_code = {project.code: project for project in projects}
    by_person: dict[str, list[Stay]] = {}
    for stay in stays:
        by_person.setdefault(folded(stay.person), []).append(stay)
    found = [finding for line in lines for finding in _judge_line(line, by_code, by_person)]
    excluded = excluded_lines(found)
    found.extend(find_duplicates((line for line in lines if line.order not in excluded), firm))
    place = {code: number for number, code in enumerate(LineCode)}
    return sorted(found, key=lambda finding: (finding.line.order, place[finding.code]))


def _judge_line(
    line: Line, projects: Mapping[str, Project], people: Mapping[str, Sequence[Stay]]
) -> Iterator[LineFinding]:
    yield from _scope(line)
    if line.booked_on.year != line.year:
        yield _finding(
            line,
            LineCode.OTHER_YEAR,
            f"凭证日期 {line.booked_on.isoformat()} 不在 {line.year} 年度",
            _YEARS,
            f"应归入 {line.booked_on.year} 年度辅助账，或更正凭证日期",
            excludes=True,
        )
    yield from _project(line, projects)
    if line.category == "personnel":
        yield from _person(line, people)
    if line.amount < 0:
        yield _finding(
            line,
            LineCode.NEGATIVE,
            "金额为负，冲减了研发费用",
            _BY_PROJECT,
            "请附被冲销的原凭证；不属于冲销研发费用的，请更正",
        )
    if line.category in OUTSOURCED and line.is_related_party:
        yield _finding(
            line,
            LineCode.RELATED_PARTY,
            f"受托方{_named(line.payee)}为关联方，实际发生额应按独立交易原则确定",
            _OUTSOURCING,
            "请附定价依据、合同及受托方的费用支出明细",
        )
    if line.category == "depreciation" and _mentions(line, BUILDING_WORDS):
        yield _finding(
            line,
            LineCode.BUILDING,
            "建筑物折旧只计入用于研发活动的在用建筑物",
            _DEPRECIATION,
            "请附使用面积和用途说明；税前加计扣除不含建筑物折旧，两种口径不同",
        )


def _scope(line: Line) -> Iterator[LineFinding]:
    cues = cues_in(folded(f"{line.summary}|{line.category_text}"), line.category, line.booked_on)
    if not line.category:
        yield _finding(
            line,
            LineCode.OUT_OF_SCOPE,
            f"费用类别“{line.category_text}”不是归集范围内的八类费用",
            _CATEGORIES,
            "请改填八类费用之一，或从辅助账删除",
            excludes=True,
        )
    elif cues:
        # One note holds 300 characters: the first cue is put in full, the others by their article.
        others = "".join(f"，另见 {cue.source}" for cue in cues[1:3])
        first = cues[0]
        yield _finding(
            line, LineCode.OUT_OF_SCOPE, f"{first.question}", first.source, f"{first.cure}{others}"
        )


def _project(line: Line, projects: Mapping[str, Project]) -> Iterator[LineFinding]:
    if not line.project:
        yield _finding(
            line,
            LineCode.OUTSIDE_PROJECT,
            "没有列明研发项目，研发费用以单个研发活动为基本单位归集",
            _BY_PROJECT,
            "请填写项目编号；共同费用请按项目分摊后分行列示",
            excludes=True,
        )
        return
    project = projects[line.project]
    before = project.starts_on is not None and line.booked_on < project.starts_on
    after = project.ends_on is not None and line.booked_on > project.ends_on
    if before or after:
        period = f"{_day(project.starts_on)}至{_day(project.ends_on)}"
        yield _finding(
            line,
            LineCode.OUTSIDE_PROJECT,
            f"凭证日期 {line.booked_on.isoformat()} 不在项目 {project.code} 的起止时间（{period}）之内",
            _BY_PROJECT,
            "项目确有延期或提前的，请附变更文件并更正起止时间；否则改列所属项目",
            excludes=True,
        )


def _person(line: Line, people: Mapping[str, Sequence[Stay]]) -> Iterator[LineFinding]:
    if not line.person:
        yield _finding(
            line,
            LineCode.NOT_WORKING,
            "人员人工费用没有列明人员，无法核对是否为科技人员",
            _PERSONNEL,
            "请按人员分行列示",
        )
        return
    stays = people.get(folded(line.person), ())
    month = line.month or line.booked_on.month
    if not stays:
        yield _finding(
            line,
            LineCode.NOT_WORKING,
            f"{line.person}不在“研发人员”名单中",
            _PERSONNEL,
            "确为科技人员的，请补入名单并附劳动合同或劳务协议",
            excludes=True,
        )
    elif not any(_overlaps(stay, line.year, month) for stay in stays):
        yield _finding(
            line,
            LineCode.NOT_WORKING,
            f"{line.person}在 {line.year} 年 {month} 月不在研发岗位",
            _PERSONNEL,
            "进入或离开研发的日期有误的，请更正名单；否则从辅助账删除",
            excludes=True,
        )
    else:
        days = [stay.days for stay in stays if stay.year in (None, line.year) and stay.days is not None]
        if days and sum(days) < RULES_OF_2016.technical_days.value:
            yield _finding(
                line,
                LineCode.NOT_WORKING,
                f"{line.person}在 {line.year} 年从事研发 {sum(days)} 天，不足 {RULES_OF_2016.technical_days.value} 天",
                RULES_OF_2016.technical_days.source,
                "请附考勤、工时记录，由经办人判断是否为科技人员",
            )


def _overlaps(stay: Stay, year: int, month: int) -> bool:
    """Whether the person was in research on any day of the month."""
    first, last = date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return stay.entered_on <= last and (stay.left_on is None or stay.left_on >= first)


def _mentions(line: Line, words: tuple[str, ...]) -> bool:
    text = folded(f"{line.asset}|{line.summary}|{line.category_text}")
    return any(word in text for word in words)


def _named(payee: str) -> str:
    return f"“{payee}”" if payee else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else "未填"


def duplicate_at_another_firm(line: Line) -> LineFinding:
    """Another firm's ledger holds the same invoice; which one it is stays with the office."""
    return _finding(
        line,
        LineCode.DUPLICATE_FIRM,
        f"发票号“{line.invoice}”已列入另一企业的辅助账",
        _BY_PROJECT,
        "发票号码可能因发票代码不同而重号，请附发票原件，由经办人核对",
    )


def _finding(
    line: Line, code: LineCode, why: str, source: Source, cure: str, *, excludes: bool = False
) -> LineFinding:
    return LineFinding(line, code, excludes, f"金额 {line.amount:,.2f} 元：{why}（{source}）。{cure}。")
