"""The record of cases and certificates as tables, and what was known of it on a day: nothing later is looked at.

Days are ordinals (``date.toordinal``), so that a day is one whole number in every table.
"""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from .stages import OPEN_STAGES

NEVER = 10_000_000
NOWHERE = 0
_EVENTS = ("case", "firm", "is_first", "number", "at", "stage")
_CERTIFICATES = ("firm", "known", "issued", "last", "gone")
_PLACES = ("firm", "since", "division")
_FINDINGS = ("case", "at", "finding")
_ARRIVALS = ("firm", "announced", "moved", "last", "division")


def table(rows: object, columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns))


@dataclass(frozen=True)
class History:
    """All that is on record, each row with the day from which it was known.

    ``events``: the steps of cases in the order of their numbers. ``certificates``: valid from ``issued`` through
    ``last`` and not from ``gone`` on. ``places``: division of a firm from a day on, ``NOWHERE`` outside Baise.
    ``findings``: verdicts of assessments. ``arrivals``: announced whole relocations with a valid certificate.
    """

    events: pd.DataFrame
    certificates: pd.DataFrame
    places: pd.DataFrame
    findings: pd.DataFrame
    arrivals: pd.DataFrame

    @classmethod
    def of(
        cls,
        events: object,
        certificates: object,
        places: object,
        findings: object = (),
        arrivals: object = (),
    ) -> "History":
        """From plain rows in the order of the columns."""
        return cls(
            table(events, _EVENTS).sort_values(["case", "number"], ignore_index=True),
            table(certificates, _CERTIFICATES),
            table(places, _PLACES).sort_values("since", kind="stable", ignore_index=True),
            table(findings, _FINDINGS).sort_values("at", kind="stable", ignore_index=True),
            table(arrivals, _ARRIVALS),
        )

    def known_on(self, day: dt.date) -> "History":
        """Without what became known later; a revocation of later stands for none."""
        on = day.toordinal()
        certificates = self.certificates[self.certificates["known"] <= on]
        return replace(
            self,
            events=self.events[self.events["at"] <= on],
            certificates=certificates.assign(
                gone=certificates["gone"].where(certificates["gone"] <= on, NEVER)
            ),
            places=self.places[self.places["since"] <= on],
            findings=self.findings[self.findings["at"] <= on],
            arrivals=self.arrivals[self.arrivals["announced"] <= on],
        )

    @cached_property
    def first_event(self) -> int | None:
        return None if self.events.empty else int(self.events["at"].min())

    @cached_property
    def first_certificate(self) -> int | None:
        return None if self.certificates.empty else int(self.certificates["issued"].min())

    def valid_on(self, day: int) -> pd.DataFrame:
        """Certificates in force on a day."""
        rows = self.certificates
        return rows[(rows["issued"] <= day) & (rows["last"] >= day) & (rows["gone"] > day)]

    def division_on(self, day: int) -> "pd.Series[int]":
        """Division by firm; a firm without a row that day is nowhere."""
        if day not in self._divisions:
            rows = self.places[self.places["since"] <= day]
            self._divisions[day] = rows.drop_duplicates("firm", keep="last").set_index("firm")["division"]
        return self._divisions[day]

    def stock_on(self, day: int) -> "pd.Series[int]":
        """Last day of the longest certificate of every firm in the stock on a day."""
        if day not in self._stocks:
            self._stocks[day] = self._stock(day)
        return self._stocks[day]

    # The same few days are asked for again and again.
    @cached_property
    def _divisions(self) -> "dict[int, pd.Series[int]]":
        return {}

    @cached_property
    def _stocks(self) -> "dict[int, pd.Series[int]]":
        return {}

    def _stock(self, day: int) -> "pd.Series[int]":
        placed = self.division_on(day)
        lasting = self.valid_on(day).groupby("firm")["last"].max()
        here = placed.reindex(lasting.index).fillna(NOWHERE) != NOWHERE
        return lasting[here]

    def open_on(self, day: int) -> pd.DataFrame:
        """The open case of every firm in Baise on a day: stage, days in it, kind, latest finding, division; by firm."""
        until = self.events[self.events["at"] <= day]
        last = until.drop_duplicates("case", keep="last")
        last = last[last["stage"].isin(OPEN_STAGES)].drop_duplicates("firm", keep="last")
        found = self.findings[self.findings["at"] <= day].drop_duplicates("case", keep="last")
        finding = found.set_index("case")["finding"].reindex(last["case"]).fillna("none")
        rows = pd.DataFrame(
            {
                "case": last["case"].to_numpy(),
                "stage": last["stage"].to_numpy(),
                "age": day - last["at"].to_numpy(),
                "is_first": last["is_first"].to_numpy(),
                "finding": finding.to_numpy(),
            },
            index=pd.Index(last["firm"], name="firm"),
        )
        rows["division"] = self.division_on(day).reindex(rows.index).fillna(NOWHERE).astype(int)
        return rows[rows["division"] != NOWHERE]
