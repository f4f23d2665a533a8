"""Awards and notices of a firm, and payment lists to read: masks, downloads, foreign objects."""

import pytest
from django.urls import reverse

from cultivation.enums import Role
from documents.api import read_notice, void_notice
from subsidies.enums import AwardState
from subsidies.models import Award, PaymentLine, ReleasedFile
from subsidies.services.notices import issue_grant_notice
from tests.factories import FirmFactory, division
from tests.people import person
from tests.subsidies.factories import award_at, notice_organ, office
from tests.subsidies.paying import desk


def owner(award: Award):
    return person(f"owner-{award.pk}", Role.FIRM, firm=award.firm)


class TestAwardsOfAFirm:
    def url(self, award):
        return reverse("subsidies:firm_awards", args=[award.firm_id])

    def test_it_is_a_page_and_for_htmx_a_panel(self, browse, cast):
        award = award_at(AwardState.CALCULATED)
        client = browse(cast.caseworker)
        whole = client.get(self.url(award))
        panel = client.get(self.url(award), headers={"HX-Request": "true"})
        assert "<html" in whole.content.decode()
        assert "<html" not in panel.content.decode()
        for answer in (whole, panel):
            assert award.number in answer.content.decode()
            assert "80,000.00" in answer.content.decode()
            assert "HX-Request" in answer["Vary"]

    def test_a_firm_learns_the_amount_when_it_is_public(self, browse, cast):
        award = award_at(AwardState.CALCULATED)
        assert "80,000.00" not in browse(owner(award)).get(self.url(award)).content.decode()
        award = award_at(AwardState.DISCLOSED)
        assert "80,000.00" in browse(owner(award)).get(self.url(award)).content.decode()

    def test_what_it_waits_for_is_told_to_the_office_alone(self, browse, cast):
        award = award_at(AwardState.AWAITING_POLICY)
        assert award.waiting_for
        line = browse(cast.county).get(self.url(award)).context["lines"][0]
        assert line.waiting_for == award.waiting_for
        assert browse(owner(award)).get(self.url(award)).context["lines"][0].waiting_for == ""

    def test_foreign_firms_do_not_exist(self, browse, cast):
        award = award_at(AwardState.CALCULATED, firm=FirmFactory(division=division("tianyang")))
        for user in (cast.firm, cast.county):
            assert browse(user).get(self.url(award)).status_code == 404

    def test_the_queries_do_not_grow_with_the_awards(self, browse, cast, django_assert_num_queries):
        first = award_at(AwardState.CALCULATED)
        client = browse(cast.auditor)
        for more in (0, 3):
            for n in range(more):
                award_at(AwardState.AWAITING_BASIS, firm=first.firm, certificate_number=f"GR20194500090{n}")
            # Session, person, roles, firm, awards.
            with django_assert_num_queries(5):
                assert len(client.get(self.url(first)).context["lines"]) == 1 + more


class TestNotice:
    @pytest.fixture
    def award(self, db):
        award = award_at(AwardState.APPROVED)
        issue_grant_notice(award=award, organ=notice_organ(), actor=office().caseworker)
        award.refresh_from_db()
        return award

    def test_firm_and_office_get_the_stored_bytes(self, browse, cast, award):
        for user in (owner(award), cast.county, cast.caseworker, cast.auditor):
            answer = browse(user).get(reverse("subsidies:notice", args=[award.pk]))
            assert answer.content == read_notice(award.notice)
            assert answer["Content-Type"] == "application/pdf"
            assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert "no-store" in answer["Cache-Control"]

    def test_another_firm_and_another_county_get_nothing(self, browse, cast, award):
        strangers = (cast.firm, person("tianyang", Role.COUNTY, division=division("tianyang")))
        for user in strangers:
            assert browse(user).get(reverse("subsidies:notice", args=[award.pk])).status_code == 404

    def test_one_that_was_taken_back_is_for_the_office_alone(self, browse, cast, award):
        void_notice(notice=award.notice, actor=office().reviewer, reason="金额有误")
        url = reverse("subsidies:notice", args=[award.pk])
        assert browse(owner(award)).get(url).status_code == 404
        assert browse(cast.auditor).get(url).status_code == 200

    def test_an_award_without_one_has_none_to_give(self, browse, cast):
        award = award_at(AwardState.APPROVED)
        url = reverse("subsidies:notice", args=[award.pk])
        assert browse(cast.caseworker).get(url).status_code == 404


class TestPaymentLists:
    url = "/subsidies/payment-lists/"

    def test_each_is_shown_with_state_lines_and_total(self, browse, cast):
        paying = desk(cast)
        payment_list = paying.released()
        answer = browse(cast.reviewer).get(self.url)
        (row,) = answer.context["lists"]
        assert (row, row.line_count, str(row.total)) == (payment_list, 3, "160000.55")
        assert "160,000.55" in answer.content.decode()

    def test_it_goes_on_by_key(self, browse, cast, monkeypatch):
        paying = desk(cast)
        lists = [paying.draft([award]) for award in paying.awards]
        monkeypatch.setattr(
            "subsidies.selectors.list_pages.page_of_lists.__kwdefaults__", {"after": "", "size": 2}
        )
        client = browse(cast.auditor)
        first = client.get(self.url)
        assert first.context["lists"] == lists[:0:-1]
        second = client.get(self.url, {"after": first.context["next"]})
        assert second.context["lists"] == lists[:1]
        assert client.get(self.url, {"after": "x"}).context["lists"] == lists[:0:-1]

    def test_the_queries_do_not_grow_with_the_lists(self, browse, cast, django_assert_num_queries):
        paying = desk(cast)
        client = browse(cast.auditor)
        for award in paying.awards:
            paying.draft([award])
            # Session, person, roles, lists.
            with django_assert_num_queries(4):
                client.get(self.url)


class TestOneList:
    def url(self, payment_list):
        return reverse("subsidies:payment_list", args=[payment_list.number])

    def test_finance_sees_accounts_in_full_and_the_others_masks(self, browse, cast):
        payment_list = desk(cast).released()
        numbers = PaymentLine.objects.values_list("account_number", flat=True)
        text = browse(cast.finance).get(self.url(payment_list)).content.decode()
        assert all(number in text for number in numbers)
        for user in (cast.reviewer, cast.auditor):
            text = browse(user).get(self.url(payment_list)).content.decode()
            assert not [number for number in numbers if number in text]
            assert all(f"…{number[-4:]}" in text for number in numbers)

    def test_it_gives_the_control_totals(self, browse, cast):
        payment_list = desk(cast).settled()
        answer = browse(cast.auditor).get(self.url(payment_list))
        totals = answer.context["totals"]
        assert (totals.lines, str(totals.total), totals.paid, totals.failed) == (3, "160000.55", 3, 0)
        assert answer.context["in_words"] == "人民币壹拾陆万元零伍角伍分"
        assert payment_list.content_sha256 in answer.content.decode()

    def test_a_draft_has_nothing_to_take(self, browse, cast):
        payment_list = desk(cast).draft()
        client = browse(cast.finance)
        assert client.get(self.url(payment_list)).context["formats"] == []
        url = reverse("subsidies:payment_list_file", args=[payment_list.number, "xlsx"])
        assert client.get(url).status_code == 404

    @pytest.mark.parametrize("format", ["xlsx", "csv", "bank"])
    def test_finance_takes_the_released_bytes(self, browse, cast, format):
        payment_list = desk(cast).released()
        url = reverse("subsidies:payment_list_file", args=[payment_list.number, format])
        answer = browse(cast.finance).get(url)
        stored = ReleasedFile.objects.get(payment_list=payment_list, format=format)
        assert answer.content == bytes(stored.content)
        assert answer["Content-Disposition"].startswith(f'attachment; filename="{payment_list.number}.')
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_nobody_else_takes_files_with_whole_accounts(self, browse, cast):
        payment_list = desk(cast).released()
        url = reverse("subsidies:payment_list_file", args=[payment_list.number, "csv"])
        for user in (cast.auditor, cast.reviewer, cast.caseworker, cast.firm, cast.administrator):
            assert browse(user).get(url).status_code == 403

    def test_an_unknown_list_or_format_does_not_exist(self, browse, cast):
        payment_list = desk(cast).released()
        client = browse(cast.finance)
        assert client.get(reverse("subsidies:payment_list", args=["ZF2019-999"])).status_code == 404
        url = reverse("subsidies:payment_list_file", args=[payment_list.number, "exe"])
        assert client.get(url).status_code == 404

    def test_the_queries_do_not_grow_with_the_lines(self, browse, cast, django_assert_num_queries):
        paying = desk(cast)
        lists = [paying.draft(paying.awards[:1]), paying.draft(paying.awards[1:])]
        client = browse(cast.finance)
        found = []
        for payment_list in lists:
            # Session, person, roles, list, drafter, steps, lines, totals.
            with django_assert_num_queries(9):
                found.append(len(client.get(self.url(payment_list)).context["lines"]))
        assert found == [1, 2]
