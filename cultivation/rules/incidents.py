"""第十一条（八）: no serious incident within the year before filing, by the authority's document."""

from dataclasses import dataclass, field
from datetime import date

from .facts import Facts, Incident
from .findings import Code, Finding, Status, joined
from .periods import day_after
from .thresholds import RuleSet


@dataclass(slots=True)
class _Sorted:
    """Incidents inside the window: established, or unsure and why."""

    established: list[str] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)


def no_incident(facts: Facts, rule_set: RuleSet) -> Finding:
    """A serious incident within 365 days before filing fails; without the authority's document a person decides."""
    limit = rule_set.incident_days
    window = int(limit.value)
    found = _Sorted()
    for index, incident in enumerate(facts.incidents or ()):
        _sort(facts, incident, f"incidents[{index}]", window, found)

    def finding(status: Status, measured: str | None, note: str) -> Finding:
        return Finding(Code.NO_INCIDENT, status, measured, "0", str(limit.source), note)

    if found.established:
        first = day_after(max(found.days), window + 1)
        passes = [f"{first.isoformat()} 起申报可满足"] if first else []
        return finding(
            Status.FAIL, str(len(found.established)), joined([*found.established, *passes, *found.unsure])
        )
    missing = [name for name in ("incidents", "filed_on") if getattr(facts, name) is None]
    if missing:
        found.unsure.insert(0, f"缺少 {'、'.join(missing)}")
    if found.unsure:
        return finding(Status.MANUAL, None, joined(found.unsure))
    return finding(Status.PASS, "0", "")


def _sort(facts: Facts, incident: Incident, path: str, window: int, found: _Sorted) -> None:
    if facts.filed_on is None or incident.serious is False:
        return
    age = None if incident.date is None else (facts.filed_on - incident.date).days
    if age is not None and age > window:
        return
    missing = [f"{path}.{name}" for name in ("date", "serious", "kind") if getattr(incident, name) is None]
    if age is not None and age < 0:
        found.unsure.append(f"{path}.date 晚于申报日期 filed_on，请核对")
    elif missing:
        found.unsure.append(f"缺少 {'、'.join(missing)}")
    elif not incident.document:
        found.unsure.append(f"缺少 {path}.document（主管部门依法出具的意见）")
    elif incident.date is not None:
        found.established.append(f"{path} 于申报前 {age} 天，依据 {incident.document}")
        found.days.append(incident.date)
