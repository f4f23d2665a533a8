"""The plain model of an award's way to its approval, and of what stops it: who may do what when, and what follows."""

import datetime as dt
from dataclasses import dataclass, field

from .books import (
    CASEWORKER,
    FINANCE,
    FREEZABLE,
    REVIEWER,
    WAITING,
    Account,
    Award,
    Certificate,
    Correction,
    Entry,
    Funding,
    Objection,
    Override,
    PaymentList,
    Person,
    Reasons,
    role,
    second,
    tenth_working_day,
    when,
)

OFFICE = (CASEWORKER, REVIEWER)


@dataclass
class Books:
    """Everything on record. ``moment`` counts the attempts: each has a time of its own."""

    today: dt.date
    certificates: list[Certificate]
    lines: list[Funding]
    accounts: list[Account]
    moment: int = 0
    calculations: int = 0
    awards: dict[int, Award] = field(default_factory=dict)
    overrides: list[Override] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)
    lists: list[PaymentList] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    booked: dict[object, object] = field(default_factory=dict)

    def certificate_of(self, award: Award) -> Certificate:
        return self.certificates[award.certificate]

    def reaching(self, award: Award) -> bool:
        """A revoked certificate of the firm takes in what was granted from the year of the act to its decision."""
        own = self.certificate_of(award)
        return any(
            found.revoked_on is not None
            and found.firm == own.firm
            and found.act_year <= own.issued_on.year
            and own.issued_on <= found.revoked_on
            for found in self.certificates
        )

    def is_stopped(self, award: Award) -> bool:
        return self.certificate_of(award).revoked_on is not None or self.reaching(award)

    def is_outdated(self, award: Award) -> bool:
        """The region has said otherwise since the calculation."""
        return award.grant >= 0 and award.grant < len(self.certificate_of(award).grants) - 1

    def is_corrected(self, award: Award) -> bool:
        return award.calculation is not None and self.certificate_of(award).corrected_at > award.calculated_at

    def waiting_override(self, award: Award) -> Override | None:
        found = (row for row in self.overrides if row.award == award.certificate and row.state == "proposed")
        return next(found, None)

    def override_in_force(self, award: Award) -> Override | None:
        """The amount by hand that the award's present calculation holds."""
        found = (row for row in self.overrides if row.state == "confirmed" and row.award == award.certificate)
        return next((row for row in found if row.calculation == award.calculation), None)

    def owed(self, award: Award) -> int:
        """What the award would be by the region's latest word, in fen."""
        amount = self.certificate_of(award).terms.match(self.certificate_of(award).grants[-1][0])
        by_hand = self.override_in_force(award)
        return min(amount, by_hand.amount) if by_hand and amount else amount

    def due(self, award: Award) -> int:
        """What has to come back of a paid award, before what came back already."""
        if self.reaching(award):
            return award.amount or 0
        return max((award.amount or 0) - self.owed(award), 0) if self.is_outdated(award) else 0

    def unsettled_revocations(self) -> set[int]:
        """Awards that a revocation reaches and that nobody has stopped or asked back yet."""
        settled = ("frozen", "revoked", "recovering")
        return {
            key
            for key, award in self.awards.items()
            if self.reaching(award)
            and award.state not in settled
            and (award.state != "recovered" or award.recovered < (award.amount or 0))
        }

    def post(
        self, kind: str, line: int, amount: int, *, direction: int = 1, award: int | None = None
    ) -> None:
        figures = self.lines[line]
        change = amount * direction
        if kind in ("appropriated", "adjusted", "carried_over"):
            figures.appropriated += change
        elif kind == "committed":
            figures.committed += change
        elif kind == "decommitted":
            figures.committed -= change
        elif kind in ("paid", "returned"):
            sign = 1 if kind == "paid" else -1
            figures.committed -= sign * change
            figures.paid += sign * change
        elif award is not None and self.certificates[award].terms.returns_to_line:
            figures.paid -= change
        self.entries.append(Entry(kind, line, amount, direction, award))


class Office(Books):
    """The acts before payment. Each answers why it is not open, or has been done when nothing speaks against it."""

    def propose(self, who: Person) -> Reasons:
        no = role(who, CASEWORKER)
        if not no:
            for key, certificate in enumerate(self.certificates):
                if key not in self.awards and certificate.revoked_on is None:
                    self.awards[key] = Award(key, WAITING[0] if certificate.is_decided else WAITING[1])
        return no

    def region(self, who: Person, key: int, amount: int, dated: dt.date) -> tuple[Reasons, str]:
        """A document of the region about one certificate, and what its row is found to be (edge case 33)."""
        no = role(who, CASEWORKER)
        certificate = self.certificates[key]
        if certificate.revoked_on is not None:
            return no, "revoked"
        if not certificate.grants:
            outcome = "matched"
        else:
            standing, since = certificate.grants[-1]
            outcome = "already_matched" if standing == amount or since > dated else "amount_changed"
        if not no and outcome != "already_matched":
            certificate.grants.append((amount, dated))
        return no, outcome

    def calculate(self, who: Person, award: Award, *, reason: bool) -> Reasons:
        certificate = self.certificate_of(award)
        no = role(who, CASEWORKER) | when(award.state not in WAITING, "wrong_state")
        no |= when(self.is_stopped(award), "certificate_revoked")
        no |= when(not certificate.is_decided, "awaiting_policy")
        if not certificate.grants:
            return no | {"awaiting_basis"}
        amount = certificate.terms.match(certificate.grants[-1][0])
        no |= when(len(certificate.grants) > 1 and not reason, "amount_changed")
        no |= when(amount == 0, "nothing_to_match")
        if not no:
            award.state, award.amount, award.calculator = "calculated", amount, who.name
            award.grant = len(certificate.grants) - 1
            self._calculated(award)
        return no

    def _calculated(self, award: Award) -> None:
        self.calculations += 1
        award.calculation, award.calculated_at = self.calculations, self.moment

    def send_back(self, who: Person, award: Award, *, reason: bool) -> Reasons:
        no = role(who, *OFFICE) | when(not reason, "reason_missing")
        no |= when(award.state not in ("calculated", "reviewed", "disclosed", "approved"), "wrong_state")
        if not no:
            if award.state == "approved":
                self.post("decommitted", award.line or 0, award.amount or 0, award=award.certificate)
            self.awards[award.certificate] = Award(award.certificate, WAITING[0])
        return no

    def propose_override(self, who: Person, award: Award, amount: int, *, reason: bool) -> Reasons:
        no = role(who, CASEWORKER) | when(not reason, "reason_missing")
        no |= when(award.state != "calculated", "wrong_state") | when(amount <= 0, "amount_not_positive")
        cap = self.certificate_of(award).terms.cap or award.amount or 0
        no |= when(amount > cap, "above_cap") | self._amount_waiting(award)
        if not no:
            self.overrides.append(
                Override(who.name, award=award.certificate, amount=amount, calculation=award.calculation or 0)
            )
        return no

    def confirm_override(self, who: Person, override: Override) -> Reasons:
        award = self.awards[override.award]
        no = role(who, REVIEWER) | when(override.state != "proposed", "override_decided")
        no |= when(award.state != "calculated", "wrong_state")
        no |= second(who, override.proposer, award.calculator)
        no |= when(override.calculation != award.calculation, "override_outdated") | self._basis(award)
        if not no:
            award.amount = override.amount
            self._calculated(award)
            override.state, override.decider = "confirmed", who.name
            override.calculation = award.calculation or 0
        return no

    def reject_override(self, who: Person, override: Override, *, reason: bool) -> Reasons:
        no = set() if who.name == override.proposer else role(who, REVIEWER)
        no |= when(override.state != "proposed", "override_decided") | when(not reason, "reason_missing")
        if not no:
            override.state, override.decider = "rejected", who.name
        return no

    def review(self, who: Person, award: Award) -> Reasons:
        no = role(who, REVIEWER) | when(award.state != "calculated", "wrong_state")
        no |= self._judged(who, award) | self._basis(award) | self._certificate(award)
        if not no:
            award.state, award.reviewer = "reviewed", who.name
        return no

    def disclose(self, who: Person, awards: list[Award], published_on: dt.date) -> Reasons:
        no = role(who, CASEWORKER) | when(published_on > self.today, "published_in_future")
        for award in awards:
            no |= when(award.state != "reviewed", "wrong_state")
            no |= self._basis(award) | self._certificate(award)
        if not no:
            for award in awards:
                award.state, award.published_on = "disclosed", published_on
                award.last_day = tenth_working_day(published_on)
        return no

    def object(self, who: Person, award: Award) -> Reasons:
        no = role(who, *OFFICE) | when(award.state != "disclosed", "wrong_state")
        if not no:
            self.objections.append(Objection(award.certificate, award.calculation or 0))
        return no

    def answer(self, who: Person, objection: Objection, *, upheld: bool) -> Reasons:
        no = role(who, *OFFICE) | when(objection.outcome != "", "already_answered")
        if not no:
            objection.outcome = "upheld" if upheld else "rejected"
        return no

    def approve(self, who: Person, award: Award, line: int) -> Reasons:
        terms = self.certificate_of(award).terms
        no = role(who, REVIEWER) | when(award.state not in ("reviewed", "disclosed"), "wrong_state")
        no |= self._judged(who, award) | self._basis(award) | self._certificate(award)
        no |= when(award.state == "reviewed" and terms.disclosed, "disclosure_missing")
        if award.state == "disclosed" and award.last_day is not None:
            no |= when(self.today <= award.last_day, "disclosure_running")
        for objection in self.objections:
            if (objection.award, objection.calculation) == (award.certificate, award.calculation):
                no |= when(not objection.outcome, "objection_open")
                no |= when(objection.outcome == "upheld", "objection_upheld")
        no |= when(terms.fund not in ("", self.lines[line].fund), "other_fund")
        no |= when(self.lines[line].available < (award.amount or 0), "overdrawn")
        if not no:
            award.state, award.approver, award.line = "approved", who.name, line
            self.post("committed", line, award.amount or 0, award=award.certificate)
        return no

    def freeze(self, who: Person, award: Award, *, reason: bool) -> Reasons:
        no = role(who, *OFFICE) | when(not reason, "reason_missing")
        no |= when(award.state not in FREEZABLE, "wrong_state")
        if not no:
            award.frozen_from, award.state = award.state, "frozen"
        return no

    def unfreeze(self, who: Person, award: Award, *, reason: bool) -> Reasons:
        no = role(who, *OFFICE) | when(not reason, "reason_missing") | self._certificate(award)
        no |= when(award.state != "frozen", "wrong_state")
        if not no:
            award.state = award.frozen_from
        return no

    def revoke(self, who: Person, award: Award, *, reason: bool) -> Reasons:
        no = role(who, *OFFICE) | when(not reason, "reason_missing")
        no |= when(award.state not in (*FREEZABLE, "frozen"), "wrong_state")
        if not no:
            if award.is_committed and award.line is not None:
                self.post("decommitted", award.line, award.amount or 0, award=award.certificate)
            award.state = "revoked"
        return no

    def revoke_certificate(self, who: Person, certificate: Certificate, act_year: int) -> Reasons:
        no = role(who, CASEWORKER) | when(certificate.revoked_on is not None, "already_revoked")
        if not no:
            certificate.revoked_on, certificate.act_year = self.today, act_year
        return no

    def apply_revocations(self, who: Person) -> Reasons:
        no = role(who, *OFFICE)
        for key in self.unsettled_revocations() if not no else ():
            award = self.awards[key]
            if award.state in ("paid", "recovered"):
                award.state = "recovering"
            elif award.state != "listed":
                award.frozen_from, award.state = award.state, "frozen"
        return no

    def propose_correction(self, who: Person, certificate: Certificate) -> Reasons:
        no = role(who, CASEWORKER) | when(certificate.revoked_on is not None, "certificate_revoked")
        no |= when(certificate.waiting is not None, "correction_waiting")
        if not no:
            certificate.corrections.append(Correction(who.name))
        return no

    def decide_correction(self, who: Person, certificate: Certificate, *, confirm: bool) -> Reasons:
        """Its latest correction, whatever became of it, is confirmed or rejected."""
        correction = certificate.corrections[-1]
        no = role(who, *OFFICE) | when(certificate.revoked_on is not None, "certificate_revoked")
        no |= when(correction.state != "proposed", "correction_decided") | second(who, correction.proposer)
        no |= second(who, certificate.recorder) if confirm else set()
        if not no:
            correction.state, correction.decider = "confirmed" if confirm else "rejected", who.name
            certificate.corrected_at = self.moment if confirm else certificate.corrected_at
        return no

    def propose_account(self, who: Person, firm: int, number: str) -> Reasons:
        no = role(who, CASEWORKER, FINANCE)
        for account in self.accounts:
            if account.firm == firm:
                no |= when(account.state == "proposed", "account_waiting")
                no |= when(account.state == "confirmed" and account.number == number, "account_unchanged")
        if not no:
            self.accounts.append(Account(who.name, firm=firm, number=number))
        return no

    def decide_account(self, who: Person, account: Account, *, confirm: bool) -> Reasons:
        no = role(who, FINANCE, REVIEWER) | second(who, account.proposer)
        no |= when(account.state != "proposed", "account_decided")
        if not no:
            for standing in self.accounts if confirm else ():
                if standing.firm == account.firm and standing.state == "confirmed":
                    standing.state = "replaced"
            account.state, account.decider = "confirmed" if confirm else "rejected", who.name
        return no

    def _judged(self, who: Person, award: Award) -> Reasons:
        """Who calculated, or proposed an amount that waits or stood, is no judge of the award."""
        own = [row for row in self.overrides if row.award == award.certificate and row.state != "rejected"]
        no = second(who, award.calculator, *(row.proposer for row in own))
        return no | self._amount_waiting(award)

    def _amount_waiting(self, award: Award) -> Reasons:
        return when(self.waiting_override(award) is not None, "override_waiting")

    def _basis(self, award: Award) -> Reasons:
        return when(self.is_outdated(award), "basis_changed") | when(
            self.is_corrected(award), "certificate_corrected"
        )

    def _certificate(self, award: Award) -> Reasons:
        return when(self.is_stopped(award), "certificate_revoked")
