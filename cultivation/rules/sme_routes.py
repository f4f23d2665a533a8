"""The direct routes of 国科发政〔2017〕115号 第八条: they take the place of the score, never of the other conditions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from .certificates import LeapDay, expires_on
from .findings import joined
from .rules_of_115 import SmeRules
from .sme_facts import Certificate, Honour, SmeFacts
from .sme_indicators import lacking


@dataclass(frozen=True, slots=True)
class Routes:
    """``established`` names what passes, ``unsure`` what is claimed but not complete, ``refused`` what does not do."""

    established: tuple[str, ...]
    unsure: tuple[str, ...]
    refused: tuple[str, ...]

    @property
    def note(self) -> str:
        return joined([*self.unsure, *self.refused])


def direct_routes(facts: SmeFacts, rules: SmeRules) -> Routes:
    """Every claim of the facts looked at."""
    found: dict[str, list[str]] = {"established": [], "unsure": [], "refused": []}
    for kind, text in _claims(facts, rules):
        found[kind].append(text)
    return Routes(tuple(found["established"]), tuple(found["unsure"]), tuple(found["refused"]))


def _claims(facts: SmeFacts, rules: SmeRules) -> Iterator[tuple[str, str]]:
    on = facts.filled_on
    if facts.certificate is not None:
        yield _certificate(facts.certificate, on)
    for path, award in _numbered("national_awards", facts.national_awards):
        why = _too_old(award, on, rules.award_years) or _too_low(award, rules.award_rank)
        missing = _missing(award, path, on, "date", "rank", "document")
        yield _judged(path, "国家级科技奖励", award, missing, why)
    for path, institution in _numbered("institutions", facts.institutions):
        why = "不是省部级以上研发机构" if institution.level == "other" else ""
        missing = _missing(institution, path, on, "level", "document")
        yield _judged(path, "省部级以上研发机构", institution, missing, why)
    for path, standard in _numbered("standards", facts.standards):
        why = "不是国际、国家或行业标准" if standard.level == "other" else ""
        why = why or _too_old(standard, on, rules.standard_years) or _too_low(standard, rules.standard_rank)
        missing = _missing(standard, path, on, "level", "date", "rank", "document")
        yield _judged(path, "主导制定的标准", standard, missing, why)


def _certificate(certificate: Certificate, on: date | None) -> tuple[str, str]:
    """（一）: valid on the day the form is filled in."""
    given = {
        "number": certificate.number,
        "issued_on": certificate.issued_on,
        "last_day": certificate.last_day,
    }
    missing = [f"certificate.{name}" for name, value in given.items() if value is None]
    if on is None:
        missing.append("filled_on")
    if missing or on is None or certificate.issued_on is None or certificate.last_day is None:
        return "unsure", lacking(missing)
    name = f"高新技术企业证书 {certificate.number}"
    if certificate.issued_on <= on <= certificate.last_day:
        return "established", f"{name}（有效期至 {certificate.last_day.isoformat()}）"
    return "refused", f"{name}在填报日不在有效期内"


def _numbered(key: str, honours: Sequence[Honour]) -> Iterator[tuple[str, Honour]]:
    for index, honour in enumerate(honours):
        yield f"{key}[{index}]", honour


def _missing(honour: Honour, path: str, on: date | None, *names: str) -> list[str]:
    missing = [f"{path}.{name}" for name in names if not getattr(honour, name)]
    return missing if on or "date" not in names else [*missing, "filled_on"]


def _too_old(honour: Honour, on: date | None, years: int) -> str:
    """Within so many years before the form is filled in; the day that many years ago still counts."""
    if on is None or honour.date is None:
        return ""
    if honour.date > on:
        return "日期晚于填报日期，请核对"
    end = expires_on(honour.date, years=years, leap_day=LeapDay.MARCH_1)
    return "" if on <= end else f"已超过 {years} 年"


def _too_low(honour: Honour, rank: int) -> str:
    return f"排名第 {honour.rank}，须在前 {rank} 名" if honour.rank and honour.rank > rank else ""


def _judged(path: str, title: str, honour: Honour, missing: list[str], why: str) -> tuple[str, str]:
    name = honour.name or path
    if why:
        return "refused", f"{title}（{name}）{why}"
    if missing:
        return "unsure", lacking(missing)
    return "established", f"{title}（{name}，{honour.document}）"
