"""The same expense twice: in a project, across projects, across years.

The first booking stands and each later one is a question, for one invoice may rightly be split between projects.
"""

from collections.abc import Iterable, Iterator, Sequence

from .rd_ledger import Line, LineCode, LineFinding, identity
from .rules_of_2016 import GUIDELINES
from .thresholds import Source

_SOURCE = Source(GUIDELINES, "三（六）4")


def find_duplicates(lines: Iterable[Line], firm: str) -> Iterator[LineFinding]:
    """A finding for each repetition of an expense; credits are judged as negative lines, not here."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        if line.amount >= 0:
            groups.setdefault(identity(line, firm), []).append(line)
    for group in groups.values():
        if len(group) > 1:
            yield from _repetitions(sorted(group, key=lambda line: line.order))


def _repetitions(group: Sequence[Line]) -> Iterator[LineFinding]:
    """Each later line against the first one in its project, in another project, in another year.

    Two first ones are enough to know: of two different projects one is another than the line's own.
    """
    of_project: dict[tuple[int, str], Line] = {}
    of_year: dict[int, list[Line]] = {}
    for line in group:
        if same := of_project.get((line.year, line.project)):
            yield _finding(line, LineCode.DUPLICATE_LINE, same, "同一项目内重复列支")
        if other := next((o for o in of_year.get(line.year, ()) if o.project != line.project), None):
            yield _finding(line, LineCode.DUPLICATE_PROJECT, other, f"与项目 {other.project} 重复列支")
        if earlier := next((years[0] for year, years in of_year.items() if year != line.year), None):
            yield _finding(line, LineCode.DUPLICATE_YEAR, earlier, f"与 {earlier.year} 年度重复列支")
        if (line.year, line.project) not in of_project:
            of_project[line.year, line.project] = line
            firsts = of_year.setdefault(line.year, [])
            if len(firsts) < 2:
                firsts.append(line)


def _finding(line: Line, code: LineCode, first: Line, why: str) -> LineFinding:
    by = f"发票号“{line.invoice}”相同" if line.invoice else "凭证号、日期、金额、摘要相同"
    return LineFinding(
        line,
        code,
        False,
        f"金额 {line.amount:,.2f} 元：{why}，{by}，先列于{first.place}（{first.amount:,.2f} 元）（{_SOURCE}）。"
        "属于分摊的，请附分摊依据，合计不得超过原凭证金额；否则删除重复行。",
    )
