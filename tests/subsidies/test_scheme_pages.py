"""The pages of schemes: every term readable, a version drafted by one person, compared and published by another."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.api import PolicyDocument, SourceMark
from subsidies.enums import AwardState, Decision, OncePer, Rounding, SchemeState, Stacking
from subsidies.forms.schemes import VersionForm
from subsidies.models import Scheme, SchemeVersion
from subsidies.selectors.scheme_terms import LABELS
from subsidies.services.schemes import draft_version
from tests.overtaking import from_page
from tests.people import Cast
from tests.subsidies.awarding import propose
from tests.subsidies.factories import KEY, award_at, basis, scheme_version

LIST = "/subsidies/schemes/"
SINCE = dt.date(2018, 1, 1)


def page(version: SchemeVersion) -> str:
    return reverse("subsidies:scheme_version", kwargs={"pk": version.pk})


def publish(version: SchemeVersion) -> str:
    return reverse("subsidies:scheme_publish", kwargs={"pk": version.pk})


def next_version(key: str = KEY) -> str:
    return reverse("subsidies:scheme_draft", kwargs={"key": key})


def answers(**changes):
    """A form filled in like the plan's terms, renewals decided."""
    return {
        "basis": basis().pk,
        "first_eligible": "yes",
        "renewal_eligible": "yes",
        "inbound_eligible": "undecided",
        "once_per": "undecided",
        "exclusions": ["safety", "environment"],
        "ratio_numerator": "1",
        "ratio_denominator": "1",
        "cap": "100000.00",
        "rounding": "fen_half_up",
        "stacking": "higher",
        "fund": "演示资金",
        "window_opens_on": "2019-06-01",
        "window_closes_on": "2019-06-30",
        "disclosure_required": "on",
        "valid_from": "2018-01-01",
        **changes,
    }


def draft(cast: Cast, **terms) -> SchemeVersion:
    return draft_version(
        key=KEY, name="奖补", basis=basis(), valid_from=SINCE, actor=cast.caseworker, **terms
    )


class TestList:
    def test_says_what_is_in_force_on_a_day(self, client, cast):
        first = scheme_version(valid_to=dt.date(2019, 1, 1))
        second = scheme_version(valid_from=dt.date(2019, 1, 1))
        client.force_login(cast.auditor)
        for day, expected in (("2018-06-30", first), ("2019-06-30", second), ("2017-12-31", None)):
            found = client.get(LIST, {"on": day}).context["schemes"]
            assert [row.in_force for row in found] == [expected]
            assert found[0].versions == (second, first)
        assert client.get(LIST).context["schemes"][0].in_force == second

    def test_asks_no_more_for_many_versions_than_for_one(self, client, cast):
        scheme_version()
        client.force_login(cast.finance)
        with CaptureQueriesContext(connection) as one:
            client.get(LIST)
        for number in range(4):
            scheme_version(f"further-{number}")
            scheme_version()
        with CaptureQueriesContext(connection) as many:
            client.get(LIST)
        assert len(many) == len(one) > 0

    def test_comes_as_a_workbook_with_every_term(self, client, cast):
        scheme_version(cap=Decimal("100000.00"), fund="=HYPERLINK(1)")
        draft(cast)
        client.force_login(cast.auditor)
        answer = client.get(reverse("documents:export", args=["schemes"]))
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        headers, *rows = sheet.iter_rows(values_only=True)
        assert len(headers) == len(LABELS) + 5
        assert [row[1] for row in rows] == [2, 1]
        assert "=HYPERLINK(1)" in rows[1]
        assert "100,000.00" in rows[1]

    @pytest.mark.parametrize(
        ("who", "may"), [("caseworker", True), ("reviewer", True), ("finance", False), ("auditor", False)]
    )
    def test_offers_drafting_to_those_who_may(self, client, cast, who, may):
        scheme_version()
        client.force_login(getattr(cast, who))
        assert (next_version() in client.get(LIST).content.decode()) is may


class TestVersion:
    def test_shows_every_term_with_what_it_does(self, client, cast):
        version = scheme_version(exclusions=["safety"], cap=Decimal("1234567.00"))
        client.force_login(cast.auditor)
        answer = client.get(page(version))
        terms = {term.key: term.text for term in answer.context["terms"]}
        assert list(terms) == list(LABELS)
        assert (terms["ratio"], terms["cap"]) == ("1:1", "1,234,567.00")
        assert version.basis.document_number in terms["basis"]
        assert terms["source"] == "演示"
        assert answer.context["preview"] is None

    def test_an_informal_basis_is_said_to_be_one(self, client, cast):
        plan = basis(document_number="", issued_on=None, is_formal=False, title="修改稿")
        version = scheme_version(basis=plan)
        client.force_login(cast.auditor)
        terms = {term.key: term.text for term in client.get(page(version)).context["terms"]}
        assert "《修改稿》" in terms["basis"]
        assert "（" not in terms["basis"]

    def test_asks_no_more_for_many_waiting_awards_than_for_one(self, client, cast):
        award_at(AwardState.AWAITING_POLICY)
        version = draft(cast, renewal_eligible=Decision.YES)
        client.force_login(cast.reviewer)
        with CaptureQueriesContext(connection) as one:
            assert client.get(page(version)).context["preview"].changed == 1
        for _number in range(4):
            award_at(AwardState.AWAITING_POLICY)
        with CaptureQueriesContext(connection) as many:
            assert client.get(page(version)).context["preview"].changed == 5
        assert len(many) == len(one)


class TestComparison:
    def test_names_the_terms_that_change_and_no_other(self, client, cast):
        standing = scheme_version(once_per=OncePer.FIRM)
        version = draft(cast, once_per=OncePer.FIRM, rounding=Rounding.YUAN_DOWN, stacking=Stacking.HIGHER)
        client.force_login(cast.reviewer)
        answer = client.get(page(version))
        assert answer.context["standing"] == standing
        labels = [change.label for change in answer.context["changes"]]
        assert labels == [str(LABELS[key]) for key in ("basis", "rounding", "stacking")]

    def test_everything_is_new_where_nothing_was_published(self, client, cast):
        version = draft(cast)
        client.force_login(cast.reviewer)
        answer = client.get(page(version))
        assert answer.context["standing"] is None
        assert len(answer.context["changes"]) == len(LABELS)
        assert {change.before for change in answer.context["changes"]} == {""}

    def test_before_its_first_day_a_draft_is_held_against_what_is_in_force(self, client, cast):
        standing = scheme_version(valid_to=dt.date(2020, 1, 1))
        scheme_version(valid_from=dt.date(2022, 1, 1))
        version = draft(cast)
        client.force_login(cast.reviewer)
        assert client.get(page(version)).context["standing"] == standing

    @pytest.mark.parametrize(
        ("terms", "state", "changed"),
        [
            ({"renewal_eligible": Decision.YES}, AwardState.AWAITING_BASIS, 1),
            ({"renewal_eligible": Decision.NO}, AwardState.AWAITING_POLICY, 1),
            ({"renewal_eligible": Decision.UNDECIDED}, None, 0),
        ],
    )
    def test_foretells_what_the_next_run_then_does(self, client, cast, terms, state, changed):
        award = award_at(AwardState.AWAITING_POLICY)
        award_at(AwardState.CALCULATED)
        version = draft(cast, **terms)
        client.force_login(cast.reviewer)
        preview = client.get(page(version)).context["preview"]
        assert (preview.changed, preview.unchanged) == (changed, 1 - changed)
        assert client.post(publish(version), from_page(client, page(version))).status_code == 302
        propose()
        award.refresh_from_db()
        if preview.rows:
            assert (preview.rows[0].state, preview.rows[0].waiting_for) == (award.state, award.waiting_for)
            assert award.state == state
        else:
            assert award.state == AwardState.AWAITING_POLICY

    def test_an_earlier_draft_does_not_undo_a_later_version(self, client, cast):
        award_at(AwardState.AWAITING_POLICY)
        early = draft(cast, renewal_eligible=Decision.YES)
        scheme_version(renewal_eligible=Decision.UNDECIDED)
        client.force_login(cast.reviewer)
        assert client.get(page(early)).context["preview"].changed == 0


class TestPublishing:
    def test_a_second_person_publishes_what_was_compared(self, client, cast):
        version = draft(cast)
        client.force_login(cast.reviewer)
        assert publish(version) in client.get(page(version)).content.decode()
        assert client.post(publish(version), from_page(client, page(version)))["Location"] == page(version)
        version.refresh_from_db()
        assert version.published_by == cast.reviewer
        assert client.post(publish(version), from_page(client, page(version))).status_code == 409

    def test_the_drafter_is_told_that_another_does(self, client, cast):
        version = draft_version(key=KEY, name="奖补", basis=basis(), valid_from=SINCE, actor=cast.reviewer)
        client.force_login(cast.reviewer)
        assert publish(version) not in client.get(page(version)).content.decode()
        assert client.post(publish(version), from_page(client, page(version))).status_code == 403
        version.refresh_from_db()
        assert version.state == SchemeState.DRAFT

    @pytest.mark.parametrize("who", ["caseworker2", "finance", "auditor", "administrator", "county", "firm"])
    def test_no_other_role_does(self, client, cast, who):
        version = draft(cast)
        client.force_login(getattr(cast, who))
        assert client.post(publish(version), from_page(client, page(version))).status_code == 403

    def test_a_comparison_that_is_out_of_date_publishes_nothing(self, client, cast):
        version = draft(cast)
        client.force_login(cast.reviewer)
        opened = from_page(client, page(version))
        scheme_version(renewal_eligible=Decision.YES)
        answer = client.post(publish(version), opened)
        assert answer.status_code == 409
        assert answer.context["changes"]
        version.refresh_from_db()
        assert version.state == SchemeState.DRAFT


class TestDrafting:
    def test_begins_like_the_newest_version_and_drafts_the_next(self, client, cast):
        scheme_version(exclusions=["quality"], fund="演示资金", once_per=OncePer.FIRM)
        client.force_login(cast.caseworker)
        form = client.get(next_version()).context["form"]
        assert form.initial["exclusions"] == ["quality"]
        assert (form.initial["fund"], form.initial["once_per"]) == ("演示资金", OncePer.FIRM)
        answer = client.post(next_version(), from_page(client, next_version(), **answers()))
        version = SchemeVersion.objects.get(number=2)
        assert answer["Location"] == page(version)
        assert (version.drafted_by, version.state) == (cast.caseworker, SchemeState.DRAFT)
        assert (version.cap, version.exclusions) == (Decimal("100000.00"), ["safety", "environment"])
        assert (version.stacking, version.window_closes_on) == (Stacking.HIGHER, dt.date(2019, 6, 30))

    def test_explains_every_field(self, db):
        fields = VersionForm().fields
        unexplained = [name for name, field in fields.items() if not field.help_text]
        assert unexplained == []
        shown = [field.name for _legend, group in VersionForm().fieldsets() for field in group]
        assert sorted(shown) == sorted(fields)

    def test_records_a_document_that_was_not_there(self, client, cast):
        scheme_version()
        told = {
            "basis_title": "演示市奖补实施细则",
            "basis_issuer": "演示市科学技术局",
            "basis_number": "演示科〔2019〕99号",
            "basis_date": "2019-06-01",
            "basis_source": "演示档案第1号",
        }
        client.force_login(cast.reviewer)
        assert (
            client.post(
                next_version(), from_page(client, next_version(), **answers(basis="", **told))
            ).status_code
            == 302
        )
        document = SchemeVersion.objects.get(number=2).basis
        assert (document.document_number, document.mark) == ("演示科〔2019〕99号", SourceMark.UNVERIFIED)
        assert document.is_formal
        again = client.post(next_version(), from_page(client, next_version(), **answers(basis="", **told)))
        assert again.status_code == 422
        assert list(again.context["form"].errors) == ["basis"]
        assert PolicyDocument.objects.filter(document_number="演示科〔2019〕99号").count() == 1
        ahead = client.post(
            next_version(),
            from_page(
                client,
                next_version(),
                **answers(basis="", **told | {"basis_date": "2019-07-01", "basis_number": "x"}),
            ),
        )
        assert list(ahead.context["form"].errors) == ["basis_date"]

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [
            ({"basis": ""}, {"basis"}),
            ({"basis_title": "又一份"}, {"basis"}),
            (
                {"basis": "", "basis_title": "x", "basis_number": "y"},
                {"basis_issuer", "basis_date", "basis_source"},
            ),
            ({"ratio_numerator": "0"}, {"ratio_numerator"}),
            ({"ratio_denominator": "一"}, {"ratio_denominator"}),
            ({"cap": "0"}, {"cap"}),
            ({"cap": "1.001"}, {"cap"}),
            ({"renewal_eligible": "perhaps"}, {"renewal_eligible"}),
            ({"exclusions": ["weather"]}, {"exclusions"}),
            ({"window_closes_on": ""}, {"window_closes_on"}),
            ({"window_closes_on": "2019-05-31"}, {"window_closes_on"}),
            ({"disclosure_required": ""}, {"disclosure_source"}),
            ({"valid_from": "2019-02-30"}, {"valid_from"}),
            ({"valid_to": "2018-01-01"}, {"valid_to"}),
        ],
    )
    def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(self, client, cast, changes, fields):
        scheme_version()
        client.force_login(cast.caseworker)
        answer = client.post(
            next_version(), from_page(client, next_version(), **answers(fund="演示另一资金", **changes))
        )
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == fields
        assert "演示另一资金" in answer.content.decode()
        assert SchemeVersion.objects.count() == 1

    @pytest.mark.parametrize("who", ["finance", "auditor", "administrator", "county", "firm"])
    def test_is_for_caseworkers_and_reviewers(self, client, cast, who):
        scheme_version()
        client.force_login(getattr(cast, who))
        for address in (next_version(), reverse("subsidies:scheme_new")):
            assert client.get(address).status_code == 403
            assert client.post(address, answers()).status_code == 403
        assert SchemeVersion.objects.count() == 1

    def test_a_further_scheme_begins_undecided(self, client, cast):
        client.force_login(cast.caseworker)
        address = reverse("subsidies:scheme_new")
        assert client.get(address).context["form"].initial["once_per"] == OncePer.UNDECIDED
        told = {"key": "further", "name": "另一项奖补"}
        assert client.post(address, answers(**told)).status_code == 302
        assert Scheme.objects.get(key="further").name == "另一项奖补"
        again = client.post(address, answers(**told))
        assert list(again.context["form"].errors) == ["key"]
        assert client.get(next_version("nothing")).status_code == 404
