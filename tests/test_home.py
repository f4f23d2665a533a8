"""The front page: everybody is sent to where their work is."""

import pytest
from django.urls import reverse

from tests.people import Cast
from tests.site import World, build_world


@pytest.fixture
def world(cast: Cast) -> World:
    return build_world(cast)


def test_a_firm_lands_on_its_own_page(world: World) -> None:
    answer = world.client("firm").get(reverse("home"), follow=True)
    assert answer.request["PATH_INFO"] == reverse("cultivation:portal")
    assert answer.context["case"] == world.case


def test_so_does_a_firm_without_a_case(world: World) -> None:
    answer = world.client("other_firm").get(reverse("home"), follow=True)
    assert (answer.status_code, answer.context["case"]) == (200, None)


def test_a_caseworker_lands_on_the_queue(world: World) -> None:
    assert world.client("caseworker").get(reverse("home"))["Location"] == reverse("cultivation:queue")


@pytest.mark.parametrize("name", ["reviewer", "finance", "auditor", "administrator"])
def test_the_others_find_what_waits_for_them(world: World, name: str) -> None:
    answer = world.client(name).get(reverse("home"))
    assert answer.status_code == 200
    assert answer.context["sections"]


def test_a_county_lands_on_its_own_page(world: World) -> None:
    assert world.client("county").get(reverse("home"))["Location"] == reverse("cultivation:county")
