"""Targets and quotas on their pages: entered with a source, added up beside the city's, corrected with a trace."""

import pytest
from django.urls import reverse

from cultivation.enums import TargetMeasure
from cultivation.models import AnnualTarget
from cultivation.services.targets import enter_target
from tests.factories import division
from tests.overtaking import from_page


@pytest.fixture
def office(client, cast):
    client.force_login(cast.caseworker)
    return client


@pytest.fixture
def quota(cast):
    return enter_target(
        measure=TargetMeasure.STOCK,
        division=division("youjiang"),
        year=2019,
        value=16,
        source="演示科〔2019〕3号",
        actor=cast.caseworker,
    )


def form(**answers) -> dict[str, object]:
    return {
        "measure": "stock",
        "division": division("youjiang").pk,
        "year": 2019,
        "value": 16,
        "source": "演示科〔2019〕3号",
        **answers,
    }


def test_edge_case_48_quotas_are_added_up_beside_the_citys_target_and_never_forced(office, quota):
    answer = office.post(reverse("cultivation:targets"), form(division=division("tianyang").pk, value=40))
    assert answer.status_code == 302
    page = office.get(answer["Location"])
    stock = next(row for row in page.context["shown"].sums if row.city == 42)
    assert (stock.counties, stock.difference) == (56, -14)


def test_a_target_without_source_or_in_letters_is_named_and_what_was_typed_stays(office):
    answer = office.post(reverse("cultivation:targets"), form(source="", value="十六"))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"source", "value"}
    assert 'value="十六"' in answer.content.decode()
    assert not AnnualTarget.objects.filter(division__key="youjiang", measure="stock").exists()


def test_the_same_target_again_is_refused_beside_its_figure(office, quota):
    answer = office.post(reverse("cultivation:targets"), form(value=20))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["value"]


def test_a_correction_keeps_the_figure_before_with_its_reason(office, quota, cast):
    url = reverse("cultivation:target_act", args=[quota.pk, "correct"])
    fields = {"value": 18, "source": "演示科〔2019〕5号", "reason": "调整"}
    page = reverse("cultivation:target", args=[quota.pk])
    answer = office.post(url, from_page(office, page, **fields))
    assert answer.status_code == 302
    history = office.get(answer["Location"]).context["history"]
    assert [(row.value, row.history_change_reason) for row in history] == [(18, "调整"), (16, None)]


def test_a_figure_of_the_plan_has_no_form_and_refuses_a_forged_one(office):
    planned = AnnualTarget.objects.get(measure="stock", division=None, year=2019)
    assert office.get(reverse("cultivation:target", args=[planned.pk])).context["forms"] == {}
    answer = office.post(reverse("cultivation:target_act", args=[planned.pk, "withdraw"]), {"reason": "误录"})
    assert answer.status_code == 409
    assert AnnualTarget.objects.filter(pk=planned.pk).exists()


def test_others_of_the_office_read_and_do_not_enter(client, cast, quota):
    client.force_login(cast.reviewer)
    assert client.get(reverse("cultivation:targets")).context["form"] is None
    assert client.post(reverse("cultivation:targets"), form()).status_code == 403
    answer = client.post(reverse("cultivation:target_act", args=[quota.pk, "withdraw"]), {"reason": "x"})
    assert answer.status_code == 403
