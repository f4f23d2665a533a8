"""Lists of awards: all of them, those in disclosure, a firm's, and those that a revocation reaches."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.workbooks import Value
from cultivation.api import Firm, Role, User, counties, visible_firms
from documents.api import TableMaker, one_of
from subsidies.forms.awards import AwardFilterForm
from subsidies.models import Award
from subsidies.permissions import READERS
from subsidies.selectors.awards import filtered_awards
from subsidies.selectors.disclosures import disclosed_awards, objections_holding_up, round_asked
from subsidies.selectors.revocations import reached_to_do_first
from subsidies.views.award_words import consequence_label, division_names
from subsidies.views.awards import award_lines

_BATCH = 1_000
_PEOPLE = ("calculated_by", "reviewed_by", "approved_by")


class Awards(TableMaker):
    roles = READERS
    stem = "awards"
    page = "subsidies:awards"

    def name(self) -> str:
        return _("Awards")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Award"), _("Firm"), _("Unified social credit code"), _("Division"), _("Certificate number")),
            *(_("Award year"), _("Scheme"), _("State"), _("Since"), _("Amount (yuan)"), _("Funding line")),
            *(_("Disclosure ends on"), _("Calculated by"), _("Reviewed by"), _("Approved by"), _("Paid on")),
            _("Waits for"),
        )

    def filters(self, parameters: Mapping[str, Any], *, owner: User) -> AwardFilterForm:
        return AwardFilterForm(parameters, counties=counties(today()))

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        wanted = self.filters(parameters, owner=owner).wanted()
        return filtered_awards(owner, wanted).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        divisions = counties(today())
        names = division_names(divisions)
        wanted = AwardFilterForm(parameters, counties=divisions).wanted()
        found = filtered_awards(owner, wanted).select_related(*_PEOPLE)
        return (self._cells(award, names) for award in found.iterator(chunk_size=_BATCH))

    def _cells(self, award: Award, divisions: Mapping[int | None, str]) -> Sequence[Value]:
        certificate = award.accreditation
        return (
            award.number,
            award.firm.name,
            award.firm.credit_code,
            divisions[award.firm.division_id],
            certificate.certificate_number,
            certificate.issued_on.year,
            award.scheme.name,
            str(award.get_state_display()),
            localdate(award.state_since),
            award.amount,
            str(award.funding_line or ""),
            award.disclosure.last_day if award.disclosure else None,
            *(str(getattr(award, name) or "") for name in _PEOPLE),
            award.paid_on,
            award.waiting_for,
        )


class DisclosedAwards(TableMaker):
    """The awards in disclosure, of one ``round`` where it is named, each with what was objected."""

    roles = READERS

    def name(self) -> str:
        return _("Public disclosure")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Award"), _("Firm"), _("Unified social credit code"), _("Certificate number")),
            *(_("Scheme"), _("Amount (yuan)"), _("Published on"), _("Last day"), _("Objections standing")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return disclosed_awards(round_asked(parameters)).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        found = list(disclosed_awards(round_asked(parameters)).order_by("-state_since", "-pk"))
        objections = objections_holding_up(found)
        for award in found:
            yield (
                award.number,
                award.firm.name,
                award.firm.credit_code,
                award.accreditation.certificate_number,
                award.scheme.name,
                award.amount,
                award.disclosure.published_on if award.disclosure else None,
                award.disclosure.last_day if award.disclosure else None,
                len(objections[award.pk]),
            )


class AwardsOfFirm(TableMaker):
    """The awards of one ``firm`` as its reader sees them."""

    roles = (Role.FIRM, Role.COUNTY, *READERS)

    def name(self) -> str:
        return _("Awards")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Award"), _("Certificate number"), _("Amount (yuan)"), _("State"), _("Waits for")),
            _("Notice"),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return Award.objects.filter(firm=_firm(parameters, owner)).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for line in award_lines(_firm(parameters, owner), owner):
            notice = line.award.notice if line.has_notice else None
            yield (
                line.award.number,
                line.award.accreditation.certificate_number,
                line.amount,
                str(line.award.get_state_display()),
                line.waiting_for,
                notice.number if notice else "",
            )


def _firm(parameters: Mapping[str, Any], owner: User) -> Firm:
    return one_of(visible_firms(owner), parameters.get("firm", ""))


class Revocations(TableMaker):
    roles = READERS
    stem = "revocations"

    def name(self) -> str:
        return _("Awards of revoked certificates")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Award"), _("Firm"), _("Unified social credit code"), _("Revoked certificate")),
            *(_("Revoked on"), _("Document number"), _("Amount (yuan)"), _("State"), _("What follows")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return len(reached_to_do_first())

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for found in reached_to_do_first():
            yield (
                found.award.number,
                found.award.firm.name,
                found.award.firm.credit_code,
                found.revocation.certificate_number,
                found.revocation.revoked_on,
                found.revocation.revocation_document,
                found.award.amount,
                str(found.award.get_state_display()),
                consequence_label(found.consequence),
            )
