"""What a self-check says, for reading: sentences, units, and the way to the field that is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cultivation.enums import Verdict
from cultivation.forms.amounts import amount_text
from cultivation.forms.fact_words import Words, in_words
from cultivation.rules.expenses import OtherCap
from cultivation.rules.findings import Code

from .finding_words import limit_text, measured_text
from .presenting import FINDING_LABELS

SYMBOLS = {Verdict.PASS: "✓", Verdict.FAIL: "✕", Verdict.MANUAL: "？"}
STATE_CLASSES = {Verdict.PASS: "state-good", Verdict.FAIL: "state-bad", Verdict.MANUAL: "state-wait"}
_NOT_GIVEN = "—"


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One condition. ``words`` say the gap or what is missing; ``basis`` shows the division behind a ratio."""

    code: str
    label: str
    status: Verdict
    state: str
    measured: str
    limit: str
    basis: str
    words: Sequence[Words]
    source: str

    @property
    def symbol(self) -> str:
        return SYMBOLS[self.status]

    @property
    def css(self) -> str:
        return STATE_CLASSES[self.status]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.words)


@dataclass(frozen=True, slots=True)
class RangeRow:
    label: str
    points: str
    note: str
    known: bool


@dataclass(frozen=True, slots=True)
class RdRow:
    """A year's R&D as counted under the two readings of the cap; dashes where a figure is missing."""

    year: str
    other: str
    internal_only: tuple[str, str]
    with_outsourced: tuple[str, str]
    outsourced: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole of a self-check for one reader."""

    verdict: Verdict
    sentence: str
    findings: Sequence[FindingRow]
    ranges: Sequence[RangeRow]
    total_range: RangeRow
    growths: Sequence[tuple[str, str, str]]
    rd_rows: Sequence[RdRow]
    rd_totals: RdRow
    rd_words: str
    rule_set: str
    rule_set_sha256: str
    inputs_sha256: str

    @property
    def css(self) -> str:
        return STATE_CLASSES[self.verdict]

    @property
    def symbol(self) -> str:
        return SYMBOLS[self.verdict]


def present(
    facts: Mapping[str, Any], result: Mapping[str, Any], *, outsider: bool, own: bool = True
) -> Report:
    """``outsider``: read by a firm, to which experts' and authorities' words stay closed; ``own``: it made the check."""
    findings = [_finding(row, facts, result) for row in result["findings"]]
    if outsider:
        findings = [_for_the_firm(row, result, own=own) for row in findings]
    rows, totals = _rd(facts, result["rd"])
    return Report(
        verdict=_verdict(findings),
        sentence=verdict_sentence(findings),
        findings=findings,
        ranges=[_range(part, result) for part in _PARTS],
        total_range=_range("total", result),
        growths=_growths(result),
        rd_rows=rows,
        rd_totals=totals,
        rd_words=_rd_words(result["rd"]),
        rule_set=result["rule_set"],
        rule_set_sha256=result.get("rule_set_sha256", ""),
        inputs_sha256=result["inputs_sha256"],
    )


def verdict_for(result: Mapping[str, Any], *, outsider: bool, own: bool) -> Verdict:
    """The verdict alone, for lists."""
    hidden = _hidden(own=own) if outsider else set()
    statuses = {
        Verdict.MANUAL if row["code"] in hidden else Verdict(row["status"]) for row in result["findings"]
    }
    return _worst(statuses)


def verdict_sentence(findings: Sequence[FindingRow]) -> str:
    counts = {status: sum(row.status == status for row in findings) for status in Verdict}
    parts = [
        _("%(count)s met") % {"count": counts[Verdict.PASS]},
        _("%(count)s not met") % {"count": counts[Verdict.FAIL]},
        _("%(count)s to be judged by a person") % {"count": counts[Verdict.MANUAL]},
    ]
    given = [part for part, status in zip(parts, Verdict, strict=True) if counts[status]]
    return _("By the figures entered: %(parts)s.") % {"parts": _(", ").join(given)}


def state_name(status: Verdict) -> str:
    names = {
        Verdict.PASS: _("Met"),
        Verdict.FAIL: _("Not met"),
        Verdict.MANUAL: _("To be judged by a person"),
    }
    return names[status]


def _worst(statuses: set[Verdict]) -> Verdict:
    return next((status for status in (Verdict.FAIL, Verdict.MANUAL) if status in statuses), Verdict.PASS)


def _verdict(findings: Sequence[FindingRow]) -> Verdict:
    return _worst({row.status for row in findings})


def _hidden(*, own: bool) -> set[str]:
    return {Code.INNOVATION_SCORE} if own else {Code.INNOVATION_SCORE, Code.NO_INCIDENT}


def _finding(row: Mapping[str, Any], facts: Mapping[str, Any], result: Mapping[str, Any]) -> FindingRow:
    code, status = row["code"], Verdict(row["status"])
    return FindingRow(
        code=code,
        label=FINDING_LABELS.get(code, code),
        status=status,
        state=state_name(status),
        measured=measured_text(row),
        limit=limit_text(row),
        basis=_basis(code, facts, result),
        words=in_words(row["note"], facts),
        source=row["source"],
    )


def _for_the_firm(row: FindingRow, result: Mapping[str, Any], *, own: bool) -> FindingRow:
    """Instead of what experts and authorities said: who decides, and what the firm's figures leave possible."""
    if row.code not in _hidden(own=own):
        return row
    if row.code == Code.NO_INCIDENT:
        words = _("Decided by the word of the competent authorities.")
    else:
        words = range_words(result)
    return FindingRow(
        code=row.code,
        label=row.label,
        status=Verdict.MANUAL,
        state=_("Decided by experts") if row.code == Code.INNOVATION_SCORE else _("Decided by authorities"),
        measured="",
        limit=row.limit,
        basis="",
        words=[Words(words)],
        source=row.source,
    )


def range_words(result: Mapping[str, Any]) -> str:
    """The scores the figures leave possible, against the limit."""
    total = result["innovation_range"]["total"]
    limit = next(row["limit"] for row in result["findings"] if row["code"] == Code.INNOVATION_SCORE)
    words = _("Between %(low)s and %(high)s points are possible; more than %(limit)s are needed.") % {
        "low": total["low"],
        "high": total["high"],
        "limit": limit,
    }
    if total["high"] <= Decimal(limit):
        words = _("At most %(high)s points are possible; more than %(limit)s are needed.") % {
            "high": total["high"],
            "limit": limit,
        }
    return words + _("The points themselves belong to the experts.")


def _basis(code: str, facts: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    """Numerator and denominator in words, where both are known."""
    latest = (facts.get("years") or [{}])[-1]
    rd = result["rd"]
    yuan = amount_text
    match code:
        case Code.TECHNICAL_STAFF_SHARE:
            pair = (facts.get("technical_average"), facts.get("employees_average"))
            text = _("%(part)s technical staff ÷ %(whole)s employees")
        case Code.RD_INTENSITY:
            pair = (rd["total"] and yuan(rd["total"]), rd["sales_total"] and yuan(rd["sales_total"]))
            text = _("R&D of all years %(part)s yuan ÷ sales of all years %(whole)s yuan")
        case Code.HIGH_TECH_INCOME_SHARE:
            pair = (yuan(latest.get("high_tech_income")), yuan(latest.get("total_income")))
            text = _("high-tech income %(part)s yuan ÷ total income %(whole)s yuan")
        case _:
            return ""
    return text % {"part": pair[0], "whole": pair[1]} if all(pair) else ""


_PARTS = ("ip", "conversion", "organisation", "growth_net_assets", "growth_sales")


def _range(part: str, result: Mapping[str, Any]) -> RangeRow:
    names = {
        "ip": _("Intellectual property"),
        "conversion": _("Conversions of research results"),
        "organisation": _("Organisation of research"),
        "growth_net_assets": _("Growth of net assets"),
        "growth_sales": _("Growth of sales"),
        "total": _("Total"),
    }
    row = result["innovation_range"][part]
    points = str(row["low"]) if row["low"] == row["high"] else f"{row['low']}–{row['high']}"
    return RangeRow(names[part], points, row["note"], row["known"])


def _growths(result: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Name, rate and band of both growth rates."""
    bands = {"zero": _("0 points without a rate"), "manual": _("to be judged by a finance expert")}
    names = {"net_assets": _("Growth of net assets"), "sales": _("Growth of sales")}
    rows = []
    for key, name in names.items():
        growth = result["growth"][key]
        rate = "" if growth["rate"] is None else f"{Decimal(growth['rate']) * 100:.2f}%"
        band = bands.get(growth["band"]) or _("band %(letter)s") % {"letter": growth["band"]}
        rows.append((name, rate or _NOT_GIVEN, band))
    return rows


def _rd(facts: Mapping[str, Any], rd: Mapping[str, Any]) -> tuple[list[RdRow], RdRow]:
    by_reading = _readings(rd)
    spent = {row.get("year"): (row.get("rd") or {}).get("other") for row in facts.get("years") or ()}
    rows = []
    for narrow, wide in zip(
        by_reading[OtherCap.INTERNAL]["by_year"], by_reading[OtherCap.WITH_OUTSOURCED]["by_year"], strict=True
    ):
        rows.append(
            RdRow(
                year=str(narrow["year"] or _NOT_GIVEN),
                other=_yuan(spent.get(narrow["year"])),
                internal_only=(_yuan(narrow["other_allowed"]), _yuan(narrow["total"])),
                with_outsourced=(_yuan(wide["other_allowed"]), _yuan(wide["total"])),
                outsourced=_yuan(narrow["outsourced_counted"]),
            )
        )
    totals = {cap: _yuan(found["total"]) for cap, found in by_reading.items()}
    sums = RdRow(_("Total"), "", ("", totals[OtherCap.INTERNAL]), ("", totals[OtherCap.WITH_OUTSOURCED]), "")
    return rows, sums


def _readings(rd: Mapping[str, Any]) -> dict[OtherCap, Mapping[str, Any]]:
    alternative = rd["other_cap_alternative"]
    return {OtherCap(rd["other_cap"]): rd, OtherCap(alternative["other_cap"]): alternative}


def _rd_words(rd: Mapping[str, Any]) -> str:
    """Why there are two totals, and by how much they differ."""
    by_reading = _readings(rd)
    totals = [
        found["total"] for found in (by_reading[OtherCap.INTERNAL], by_reading[OtherCap.WITH_OUTSOURCED])
    ]
    if None in totals:
        return _("A total needs every category of every year; a category without spending needs a 0.")
    difference = Decimal(totals[1]) - Decimal(totals[0])
    if not difference:
        return _("Both readings of the cap on other expenses give the same total.")
    return _(
        "Other expenses count up to 20 %% of all R&D, and the text gives no formula. Reading one takes internal "
        "R&D alone as the whole, reading two adds outsourced R&D at 80 %%. Over the years they differ by "
        "%(difference)s yuan; the self-check judges by the one chosen, reading one being the stricter."
    ) % {"difference": amount_text(difference)}


def _yuan(amount: Any) -> str:
    return amount_text(amount) or _NOT_GIVEN
