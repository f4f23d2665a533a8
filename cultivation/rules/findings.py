"""What a rule answers: a finding a condition, and the verdict over all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    PASS = "pass"  # noqa: S105 (a verdict, no password)
    FAIL = "fail"
    MANUAL = "manual"


class Code(StrEnum):
    """The nine findings, in the order of 国科发火〔2016〕32号 第十一条 (item five makes two)."""

    REGISTERED_365_DAYS = "registered_365_days"
    CORE_IP = "core_ip"
    TECHNICAL_FIELD = "technical_field"
    TECHNICAL_STAFF_SHARE = "technical_staff_share"
    RD_INTENSITY = "rd_intensity"
    RD_DOMESTIC_SHARE = "rd_domestic_share"
    HIGH_TECH_INCOME_SHARE = "high_tech_income_share"
    INNOVATION_SCORE = "innovation_score"
    NO_INCIDENT = "no_incident"


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition judged. ``code`` is one of :class:`Code`, or of the codes of another family of rules.

    ``measured`` and ``limit`` are for reading (ratios as plain decimals); the comparison behind ``status``
    was exact. ``measured`` is ``None`` where nothing may be computed. ``note`` is Chinese: what is missing,
    or what to look at.
    """

    code: StrEnum
    status: Status
    measured: str | None
    limit: str
    source: str
    note: str = ""

    def as_json(self) -> dict[str, str | None]:
        return {
            "code": self.code.value,
            "status": self.status.value,
            "measured": self.measured,
            "limit": self.limit,
            "source": self.source,
            "note": self.note,
        }


def verdict_of(findings: Iterable[Finding]) -> Status:
    """``fail`` where one fails, else ``manual`` where one is manual, else ``pass``."""
    statuses = {finding.status for finding in findings}
    for status in (Status.FAIL, Status.MANUAL):
        if status in statuses:
            return status
    return Status.PASS


def joined(notes: Iterable[str]) -> str:
    """Several remarks as one Chinese note, empty ones and repeats left out."""
    return "；".join(dict.fromkeys(note for note in notes if note))
