"""The what-if page: levers of the forecast in a plain address, the answer beside the present one."""

import pytest
from django.urls import reverse

from tests.factories import AccreditationFactory

URL = "cultivation:board_what_if"


@pytest.fixture
def office(client, cast):
    AccreditationFactory()
    client.force_login(cast.caseworker)
    return client


def rows_of(answer, year: int = 2019) -> dict[str, dict[str, str]]:
    (found,) = (item for item in answer.context["years"] if item["year"] == year)
    return dict(zip(("met", "p10", "p50", "p90", "mean", "80", "95"), found["rows"], strict=True))


def test_without_levers_it_shows_the_present_forecast_alone(office):
    answer = office.get(reverse(URL))
    assert not answer.context["pulled"]
    assert rows_of(answer)["p50"]["present"].isdigit()


def test_firms_that_move_in_with_a_certificate_shift_every_quantile_by_their_number(office):
    rows = rows_of(office.get(reverse(URL), {"inbound": "3"}))
    for name in ("p10", "p50", "p90"):
        assert rows[name]["difference"] == "+3"
    assert rows["mean"]["difference"] == "+3.0"


def test_training_seats_add_what_the_pass_rate_lets_through(office):
    rows = rows_of(office.get(reverse(URL), {"filings": "10", "pass_rate": "100"}))
    assert rows["p10"]["difference"] == "+10"
    assert rows["80"]["difference"].startswith("-")
    none = rows_of(office.get(reverse(URL), {"filings": "10", "pass_rate": "0"}))
    assert none["80"]["changed"] == "—"


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("pass_rate", "101", "100"),
        ("filings", "-1", "0"),
        ("retention", "百分之八十", ""),
        ("inbound", "9999", "500"),
    ],
)
def test_a_lever_pulled_too_far_is_named_and_what_was_typed_stays(office, field, value, rule):
    answer = office.get(reverse(URL), {field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert rule in str(answer.context["form"].errors[field])
    assert f'value="{value}"' in answer.content.decode()


def test_a_county_pulls_its_own_levers_alone(client, cast):
    client.force_login(cast.county)
    assert client.get(reverse(URL)).context["county"] == "youjiang"
    assert client.get(reverse(URL), {"county": "tianyang"}).status_code == 404
