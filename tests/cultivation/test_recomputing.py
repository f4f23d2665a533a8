"""Stored assessments made again: nothing differs, until somebody changes something behind the services' back."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cultivation.enums import CaseState, Role
from cultivation.models import Assessment
from cultivation.rules import rulesets
from cultivation.rules.expenses import OtherCap
from cultivation.selectors.assessments import (
    CannotRecompute,
    check_assessments,
    recompute,
    recompute_on,
)
from cultivation.services.assessments import assess_case
from subsidies.services.verification import verify_records
from tests.cultivation.rules.amended import AMENDED, ENDED
from tests.factories import case_at, division, give_facts, staff
from tests.people import person
from tests.subsidies.tampering import tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> Assessment:
    """A passing firm with 200 heads, 30 of them technical."""
    case = case_at(CaseState.POOLED)
    give_facts(case)
    return assess_case(case=case, actor=staff().caseworker)


@pytest.fixture
def amended(monkeypatch):
    """A second rule set from 2019-07-01 on that asks for more."""
    monkeypatch.setattr(rulesets, "RULE_SETS", (ENDED, AMENDED))


def codes() -> list[str]:
    return [problem.code for problem in check_assessments()[1]]


def rewrite(kept: Assessment, column: str, value: object) -> None:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    tamper(f"UPDATE cultivation_assessment SET {column} = %s WHERE id = %s", [text, kept.pk])


class TestComparing:
    @pytest.mark.parametrize("cap", list(OtherCap))
    def test_what_was_judged_is_judged_the_same_again(self, cap: OtherCap) -> None:
        case = case_at(CaseState.POOLED)
        give_facts(case, conversions=[1, 1, 0])
        kept = assess_case(case=case, actor=staff().caseworker, other_cap=cap)
        kept.refresh_from_db()
        again = recompute(kept)
        assert again.differences == ()
        assert again.rule_set.name == kept.rule_set
        assert kept.rule_set_sha256 == again.rule_set.sha256

    def test_other_rules_show_what_they_would_change_and_change_nothing(self, kept, amended) -> None:
        again = recompute_on(kept, dt.date(2019, 7, 1))
        assert again.rule_set is AMENDED
        changed = {difference.path: difference for difference in again.differences}
        limit = changed["findings", "technical_staff_share", "limit"]
        assert (limit.stored, limit.computed) == ("0.10", "0.40")
        assert changed["findings", "technical_staff_share", "status"].computed == "fail"
        assert changed["verdict",].computed == "fail"
        kept.refresh_from_db()
        assert kept.verdict == "pass"

    def test_an_old_assessment_stays_what_it_was_when_the_rules_change(self, kept, amended) -> None:
        assert recompute(kept).differences == ()
        assert check_assessments() == (1, [])

    def test_rules_that_are_no_longer_on_record_are_named(self, kept, monkeypatch) -> None:
        monkeypatch.setattr(rulesets, "RULE_SETS", (AMENDED,))
        with pytest.raises(CannotRecompute) as refused:
            recompute(kept)
        assert refused.value.code == "assessment_rules_unknown"


class TestVerifying:
    def test_sound_assessments_have_no_problem(self, kept) -> None:
        report = verify_records()
        assert report.checked["assessments"] == 1
        assert report.problems == []

    @pytest.mark.parametrize(
        ("key", "value", "code"),
        [
            ("verdict", "fail", "assessment_differs"),
            ("rd", {"total": "1.00"}, "assessment_differs"),
            ("findings", [], "assessment_differs"),
            ("growth", None, "assessment_differs"),
            ("extra", "added", "assessment_differs"),
        ],
    )
    def test_a_changed_result_is_found(self, kept, key, value, code) -> None:
        rewrite(kept, "result", {**kept.result, key: value})
        assert codes() == [code]

    def test_a_changed_note_is_told_from_a_changed_figure(self, kept) -> None:
        findings = [finding | {"note": "另有说明"} for finding in kept.result["findings"]]
        rewrite(kept, "result", {**kept.result, "findings": findings})
        assert codes() == ["assessment_wording_differs"]

    @pytest.mark.parametrize("facts", [{}, {"technical_average": "1"}])
    def test_changed_facts_no_longer_fit_hash_and_result(self, kept, facts) -> None:
        rewrite(kept, "facts", {**kept.facts, **facts} if facts else {})
        assert set(codes()) == {"assessment_inputs_differ", "assessment_differs"}

    @pytest.mark.parametrize(
        ("column", "value", "code"),
        [
            ("facts", [1], "assessment_facts_unreadable"),
            ("facts", {"years": "many"}, "assessment_facts_unreadable"),
            ("result", [], "assessment_differs"),
            ("rule_set", "unheard-of", "assessment_rules_unknown"),
            ("rule_set_sha256", "0" * 64, "assessment_rules_differ"),
            ("other_cap", "neither", "assessment_cap_unknown"),
            ("other_cap", "with_outsourced", "assessment_differs"),
            ("verdict", "fail", "assessment_differs"),
            ("inputs_sha256", "0" * 64, "assessment_inputs_differ"),
        ],
    )
    def test_a_changed_column_is_found(self, kept, column, value, code) -> None:
        rewrite(kept, column, value)
        assert codes() == [code]
        assert check_assessments()[1][0].subject == f"assessment:{kept.pk}"
        assert [problem.code for problem in verify_records().problems] == [code]

    def test_a_row_from_before_the_hash_of_the_rules_is_no_problem(self, kept) -> None:
        rewrite(kept, "rule_set_sha256", "")
        assert codes() == []

    def test_the_rows_are_read_in_one_query(self, kept, django_assert_num_queries) -> None:
        for _n in range(3):
            assess_case(case=kept.case, actor=staff().caseworker)
        with django_assert_num_queries(1):
            assert check_assessments()[0] == 4


class TestPage:
    def url(self, kept: Assessment, **query: str) -> str:
        return reverse("cultivation:assessment", args=[kept.pk], query=query)

    def test_says_that_there_is_no_difference(self, client, cast, kept) -> None:
        client.force_login(cast.auditor)
        answer = client.get(self.url(kept))
        assert answer.status_code == 200
        assert answer.context["differences"] == []
        assert len(answer.context["findings"]) == 9

    def test_shows_what_other_rules_would_say(self, client, cast, kept, amended) -> None:
        client.force_login(cast.caseworker)
        answer = client.get(self.url(kept, on="2019-07-01"))
        assert "科技人员占比" in answer.content.decode()
        assert not answer.context["own_rules"]
        assert {line.stored for line in answer.context["differences"]} >= {"0.10"}

    def test_shows_what_was_tampered_with(self, client, cast, kept) -> None:
        rewrite(kept, "result", {**kept.result, "rd": {**kept.result["rd"], "total": "9.99"}})
        rewrite(kept, "rule_set_sha256", "0" * 64)
        client.force_login(cast.reviewer)
        answer = client.get(self.url(kept))
        assert [line.stored for line in answer.context["differences"]] == ["9.99"]
        assert answer.context["rules_changed"]

    @pytest.mark.parametrize(("column", "value"), [("result", [1]), ("facts", []), ("other_cap", "neither")])
    def test_opens_whatever_was_made_of_the_row(self, client, cast, kept, column, value) -> None:
        rewrite(kept, column, value)
        client.force_login(cast.auditor)
        answer = client.get(self.url(kept))
        assert answer.context["differences"] or answer.context["trouble"]

    @pytest.mark.parametrize(("on", "status"), [("2015-12-31", 200), ("yesterday", 422), ("", 422)])
    def test_explains_a_day_without_rules_and_a_day_that_is_none(
        self, client, cast, kept, on: str, status: int
    ) -> None:
        client.force_login(cast.caseworker)
        answer = client.get(self.url(kept, on=on))
        assert answer.status_code == status
        assert bool(answer.context["trouble"]) == (status == 200)

    def test_lists_the_other_assessments_of_the_case(self, client, cast, kept) -> None:
        later = assess_case(case=kept.case, actor=cast.caseworker)
        client.force_login(cast.caseworker)
        assert self.url(kept) in client.get(self.url(later)).content.decode()

    def test_is_not_there_for_another_county_and_closed_to_firms(self, client, cast, kept) -> None:
        other = "tianyang" if kept.case.firm.division.key != "tianyang" else "youjiang"
        client.force_login(person("stranger", Role.COUNTY, division=division(other)))
        assert client.get(self.url(kept)).status_code == 404
        client.force_login(person("owner", Role.FIRM, firm=kept.case.firm))
        assert client.get(self.url(kept)).status_code == 403


def test_tampering_needs_the_triggers_taken_away(kept) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cultivation_assessment SET verdict = 'fail'")
