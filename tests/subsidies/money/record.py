"""What the database says, read without the services and the models' help: raw rows, in the model's terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection

from .books import Entry
from .town import Town
from .treasury import Treasury

_MODELS = (
    "subsidies.Award",
    "subsidies.FundingLine",
    "subsidies.LedgerEntry",
    "subsidies.PaymentList",
    "subsidies.PaymentLine",
    "subsidies.AmountOverride",
    "subsidies.Objection",
    "cultivation.BankAccount",
    "cultivation.Accreditation",
    "cultivation.AccreditationCorrection",
    # Of these it is only told whether anything has changed.
    "subsidies.AwardEvent",
    "subsidies.Calculation",
    "subsidies.ListEvent",
    "subsidies.ListCounter",
    "subsidies.RegionalAwardDocument",
    "subsidies.RegionalAward",
    "subsidies.BankReturn",
    "subsidies.BankReturnRow",
    "cultivation.DisclosurePeriod",
    "documents.Attachment",
    "documents.PolicyDocument",
)
_QUERIES = {name: f"SELECT * FROM {apps.get_model(name)._meta.db_table} ORDER BY id" for name in _MODELS} | {
    "files": "SELECT id, sha256 FROM subsidies_releasedfile ORDER BY id"
}

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def read_all() -> Rows:
    """Every row of every table that an act may touch; refused attempts are not among them."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for name, query in _QUERIES.items():
            cursor.execute(query)
            found[name] = ([column[0] for column in cursor.description], cursor.fetchall())
    return found


def last_refusal() -> tuple[int, str]:
    """How many refusals were recorded, and the code of the last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) OVER (), code FROM cultivation_refusedattempt ORDER BY id DESC LIMIT 1"
        )
        return cursor.fetchone() or (0, "")


@dataclass(frozen=True)
class Record:
    """One reading of the database with the keys it takes to put it into the model's terms."""

    town: Town
    rows: Rows

    def table(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        names, rows = self.rows[name]
        places = [names.index(column) for column in columns]
        return [tuple(row[place] for place in places) for row in rows]

    def keys(self, name: str) -> list[int]:
        return [key for (key,) in self.table(name, "id")]

    def awards(self) -> dict[int, int]:
        """Primary keys of the awards by the place of their certificate."""
        places = {certificate.pk: place for place, certificate in enumerate(self.town.certificates)}
        return {
            places[certificate]: pk
            for pk, certificate in self.table("subsidies.Award", "id", "accreditation_id")
        }

    def in_words(self) -> dict[str, Any]:
        """The record as :func:`of_books` tells the model's books; two different answers are a fault."""
        names = {user.pk: name for name, user in self.town.users.items()} | {None: None}
        places = {pk: place for place, pk in self.awards().items()} | {None: None}
        lines = {line.pk: place for place, line in enumerate(self.town.lines)} | {None: None}
        firms = {firm.pk: place for place, firm in enumerate(self.town.firms)}
        lists = {pk: place for place, pk in enumerate(self.keys("subsidies.PaymentList"))}
        return {
            "awards": {
                places[pk]: (
                    state,
                    amount,
                    *(names[who] for who in people),
                    lines[line],
                    frozen_from if state == "frozen" else "",
                )
                for pk, state, amount, *people, line, frozen_from in self.table(
                    "subsidies.Award",
                    "id",
                    "state",
                    "amount",
                    "calculated_by_id",
                    "reviewed_by_id",
                    "approved_by_id",
                    "funding_line_id",
                    "frozen_from",
                )
            },
            "figures": self.table("subsidies.FundingLine", "appropriated", "committed", "paid"),
            "entries": [
                Entry(kind, lines[line], amount, direction, places[award])
                for kind, line, amount, direction, award in self.table(
                    "subsidies.LedgerEntry", "kind", "line_id", "amount", "direction", "award_id"
                )
            ],
            "lists": [
                (state, lines[line], *(names[who] for who in people))
                for state, line, *people in self.table(
                    "subsidies.PaymentList",
                    "state",
                    "funding_line_id",
                    "drafted_by_id",
                    "checked_by_id",
                    "released_by_id",
                )
            ],
            "lines": [
                (lists[owner], number, places[award], amount, account, state, bool(active))
                for owner, number, award, amount, account, state, active in self.table(
                    "subsidies.PaymentLine",
                    "payment_list_id",
                    "number",
                    "award_id",
                    "amount",
                    "account_number",
                    "state",
                    "is_active",
                )
            ],
            "overrides": [
                (places[award], amount, state, names[proposer], names[decider])
                for award, amount, state, proposer, decider in self.table(
                    "subsidies.AmountOverride",
                    "award_id",
                    "amount",
                    "state",
                    "proposed_by_id",
                    "decided_by_id",
                )
            ],
            "objections": [
                (places[award], outcome)
                for award, outcome in self.table("subsidies.Objection", "award_id", "outcome")
            ],
            "accounts": [
                (firms[firm], number, state, names[proposer], names[decider])
                for firm, number, state, proposer, decider in self.table(
                    "cultivation.BankAccount", "firm_id", "number", "state", "proposed_by_id", "decided_by_id"
                )
            ],
            "revoked": [
                revoked is not None for (revoked,) in self.table("cultivation.Accreditation", "revoked_on")
            ],
            "corrections": sorted(
                (state, names[proposer], names[decider] or "")
                for state, proposer, decider in self.table(
                    "cultivation.AccreditationCorrection", "state", "proposed_by_id", "decided_by_id"
                )
            ),
        }


def of_books(books: Treasury) -> dict[str, Any]:
    """The model's books as :meth:`Record.in_words` tells the database."""
    return {
        "awards": {
            key: (
                award.state,
                award.amount,
                award.calculator,
                award.reviewer,
                award.approver,
                award.line,
                award.frozen_from if award.state == "frozen" else "",
            )
            for key, award in books.awards.items()
        },
        "figures": [(line.appropriated, line.committed, line.paid) for line in books.lines],
        "entries": books.entries,
        "lists": [(row.state, row.line, row.drafter, row.checker, row.releaser) for row in books.lists],
        "lines": [
            (place, number, line.award, line.amount, line.account, line.state, line.is_active)
            for place, row in enumerate(books.lists)
            for number, line in enumerate(row.lines, start=1)
        ],
        "overrides": [
            (row.award, row.amount, row.state, row.proposer, row.decider) for row in books.overrides
        ],
        "objections": [(row.award, row.outcome) for row in books.objections],
        "accounts": [(row.firm, row.number, row.state, row.proposer, row.decider) for row in books.accounts],
        "revoked": [certificate.revoked_on is not None for certificate in books.certificates],
        "corrections": sorted(
            (row.state, row.proposer, row.decider or "")
            for certificate in books.certificates
            for row in certificate.corrections
        ),
    }


def differences(record: Record, books: Treasury) -> list[str]:
    """Where the database and the model say something else, in words for whoever reads a failure."""
    said, expected = record.in_words(), of_books(books)
    return [
        f"{name}: on record {said[name]}, by the model {expected[name]}"
        for name in expected
        if said[name] != expected[name]
    ]


def invariants(record: Record) -> list[str]:
    """What holds whatever the model says: ledger = awards = lists a line, no overdraw, no one paid twice, four eyes."""
    words = record.in_words()
    awards: dict[int, Sequence[Any]] = words["awards"]
    entries: list[Entry] = words["entries"]
    broken = []
    for line, (appropriated, committed, paid) in enumerate(words["figures"]):
        sums = {
            kind: sum(
                entry.amount * entry.direction
                for entry in entries
                if (entry.kind, entry.line) == (kind, line)
            )
            for kind in (
                "appropriated",
                "adjusted",
                "carried_over",
                "committed",
                "decommitted",
                "paid",
                "returned",
            )
        }
        given = sums["appropriated"] + sums["adjusted"] + sums["carried_over"]
        owed = sums["committed"] - sums["decommitted"] - sums["paid"] + sums["returned"]
        out = sums["paid"] - sums["returned"]
        back = out - paid
        of_line = [award for award in awards.values() if award[5] == line]
        held = sum(a[1] for a in of_line if a[0] in ("approved", "listed") or a[6] == "approved")
        spent = sum(a[1] for a in of_line if a[0] in ("paid", "recovering", "recovered"))
        live = [row for row in words["lines"] if row[6] and words["lists"][row[0]][1] == line]
        listed = sum(row[3] for row in live if row[5] == "open")
        broken += _unless(given == appropriated, f"line {line}: appropriated {appropriated}, entries {given}")
        broken += _unless(
            owed == committed == held, f"line {line}: committed {committed}, entries {owed}, awards {held}"
        )
        broken += _unless(
            out == spent == sum(row[3] for row in live if row[5] == "paid"),
            f"line {line}: entries {out}, awards {spent} paid, lists otherwise",
        )
        broken += _unless(
            listed == sum(a[1] for a in of_line if a[0] == "listed"), f"line {line}: {listed} on lists"
        )
        recovered = sum(entry.amount for entry in entries if (entry.kind, entry.line) == ("recovered", line))
        broken += _unless(0 <= back <= recovered, f"line {line}: {back} came back of {recovered} recovered")
        broken += _unless(
            min(appropriated, committed, paid) >= 0 and committed + paid <= appropriated,
            f"line {line} is overdrawn or negative",
        )
    for key in awards:
        own = [entry for entry in entries if entry.award == key]
        times = sum({"paid": 1, "returned": -1}.get(entry.kind, 0) for entry in own)
        paid_lines = [row for row in words["lines"] if row[2] == key and row[5] == "paid"]
        broken += _unless(times in (0, 1) and times == len(paid_lines), f"award {key} is paid {times} times")
        broken += _unless(
            sum(row[6] for row in words["lines"] if row[2] == key) <= 1, f"award {key} is on two live lines"
        )
    return broken + _forbidden_pairs(words)


def _forbidden_pairs(words: dict[str, Any]) -> list[str]:
    """The design's pairs of acts that are never one person's."""
    pairs: list[tuple[str, str | None, str | None]] = []
    for key, (_state, _amount, calculator, reviewer, approver, *_rest) in words["awards"].items():
        pairs += [(f"award {key}: calculator and reviewer", calculator, reviewer)]
        pairs += [(f"award {key}: calculator and approver", calculator, approver)]
    for award, amount, state, proposer, decider in words["overrides"]:
        if state == "confirmed":
            pairs += [(f"award {award}: proposer and confirmer of {amount}", proposer, decider)]
    for place, (state, _line, drafter, checker, releaser) in enumerate(words["lists"]):
        pairs += [(f"list {place}: drafter and checker", drafter, checker)]
        pairs += [(f"list {place}: drafter and releaser", drafter, releaser)]
        pairs += [(f"list {place}: checker and releaser", checker, releaser)]
        for row in words["lines"] if state in ("released", "settled") else ():
            if row[0] == place and row[6]:
                award = words["awards"][row[2]]
                pairs += [(f"award {row[2]}: calculator and releaser", award[2], releaser)]
                pairs += [(f"award {row[2]}: approver and releaser", award[4], releaser)]
    for firm, number, state, proposer, decider in words["accounts"]:
        if state in ("confirmed", "replaced"):
            pairs += [(f"firm {firm}: proposer and confirmer of {number}", proposer, decider)]
    for _state, proposer, decider in words["corrections"]:
        pairs += [("proposer and confirmer of a correction", proposer, decider or None)]
    return [f"{what} are {one}" for what, one, other in pairs if one is not None and one == other]


def _unless(holds: bool, broken: str) -> list[str]:
    return [] if holds else [broken]
