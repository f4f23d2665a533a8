"""The administration: open to administrators alone, for reference data alone."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import Cast
from tests.site import World, build_world
from tests.test_urls import ADMIN, PEOPLE


@pytest.fixture
def world(cast: Cast) -> World:
    return build_world(cast)


def admin_urls() -> Iterator[str]:
    """Every page of the administration, with a number where it wants an object."""
    for name, pattern in ADMIN.items():
        arguments = {
            key: {"app_label": "cultivation", "content_type_id": 1, "url": "x"}.get(key, 1)
            for key in pattern.pattern.converters
        }
        if not pattern.name or pattern.pattern.regex.groups > len(arguments):
            continue
        yield reverse(name, kwargs=arguments)


@pytest.mark.parametrize("name", [name for name in PEOPLE if name not in ("anonymous", "administrator")])
def test_the_administration_is_closed_to_everybody_else(world: World, name: str) -> None:
    client = world.client(name)
    urls = sorted(set(admin_urls()))
    assert len(urls) > 20
    open_to_all = {reverse("admin:logout"), reverse("admin:jsi18n")}
    statuses = {url: client.get(url, follow=True).status_code for url in urls if url not in open_to_all}
    assert set(statuses.values()) == {403}, statuses


def test_the_administration_asks_strangers_to_log_in(client: Client, db: None) -> None:
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.request["PATH_INFO"] == reverse("account_login")
    assert answer.context["redirect_field_value"] == reverse("admin:index")


def test_the_administrator_edits_reference_data_and_sees_no_case(world: World) -> None:
    client = world.client("administrator")
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(reverse("admin:cultivation_parameter_changelist")).status_code == 200
    models = {name.removesuffix("_changelist") for name in ADMIN if name.endswith("_changelist")}
    for closed in ("cultivationcase", "award", "ledgerentry", "paymentlist", "notice", "bankaccount"):
        assert not [name for name in models if name.endswith(f"_{closed}")]
