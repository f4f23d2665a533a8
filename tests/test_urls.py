"""Every address of the site x every kind of person. The rows come from the URL configuration: a new address needs one."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cultivation.enums import CaseKind, CaseState, Role
from cultivation.models import CaseEvent, CultivationCase, Firm, User
from cultivation.services.assessments import assess_case
from subsidies.models import Award, PaymentList
from subsidies.services.notices import issue_grant_notice
from tests.factories import (
    AccreditationFactory,
    BankAccountFactory,
    ContactFactory,
    FirmFactory,
    UserFactory,
    case_at,
    division,
)
from tests.people import Cast, person
from tests.subsidies.factories import notice_organ
from tests.subsidies.paying import desk

PEOPLE = (
    "anonymous",
    "firm",
    "other_firm",
    "county",
    "other_county",
    "caseworker",
    "reviewer",
    "finance",
    "auditor",
    "administrator",
    "superuser",
    "nobody",
)


def answers(
    everybody: int | None = None, *, anonymous: int = 302, others: int = 403, **people: int
) -> dict[str, int]:
    """A status for each person: the named ones, then ``everybody`` or, for those without a part in it, ``others``."""
    row = dict.fromkeys(PEOPLE, others if everybody is None else everybody)
    return {**row, "anonymous": anonymous, **people}


CITY = {"caseworker": 200, "reviewer": 200, "finance": 200, "auditor": 200}
OWN = {"firm": 200, "other_firm": 404, "county": 200, "other_county": 404}
LISTS = {"reviewer": 200, "finance": 200, "auditor": 200}

TABLE: dict[str, dict[str, int]] = {
    "home": answers(302),
    "login": answers(302, anonymous=200),
    "logout": answers(405),
    "cultivation:cases": answers(firm=200, other_firm=200, county=200, other_county=200, **CITY),
    "cultivation:case_new": answers(firm=200, other_firm=200, county=200, other_county=200, caseworker=200),
    "cultivation:case": answers(**OWN, **CITY),
    "cultivation:case_act": answers(
        firm=403, other_firm=404, county=403, other_county=404, caseworker=302, reviewer=403, finance=403
    ),
    "cultivation:delegations": answers(county=200, other_county=200, administrator=200, **CITY),
    "cultivation:delegation_end": answers(405),
    "cultivation:assessment": answers(county=200, other_county=404, **CITY),
    "cultivation:board": answers(county=200, other_county=200, administrator=200, **CITY),
    "cultivation:stock_chart": answers(county=200, other_county=200, administrator=200, **CITY),
    "subsidies:firm_awards": answers(**OWN, **CITY),
    "subsidies:notice": answers(**OWN, **CITY),
    "subsidies:payment_lists": answers(**LISTS),
    "subsidies:payment_list": answers(**LISTS),
    "subsidies:payment_list_file": answers(finance=200),
    "documents:verify": answers(200, anonymous=200),
}


def routes(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern


ROUTES = dict(routes(get_resolver().url_patterns))
ADMIN = {name: pattern for name, pattern in ROUTES.items() if name.startswith("admin:")}


@dataclass(frozen=True, slots=True)
class World:
    """A firm with a case, an award with its notice, and a released list; and everybody who may come along."""

    cast: Cast
    firm: Firm
    case: CultivationCase
    award: Award
    payment_list: PaymentList

    def client(self, name: str) -> Client:
        client = Client()
        if name != "anonymous":
            client.force_login(self.person(name))
        return client

    def person(self, name: str) -> User:
        match name:
            case "other_firm":
                return person(name, Role.FIRM, firm=FirmFactory())
            case "other_county":
                return person(name, Role.COUNTY, division=division("tianyang"))
            case "nobody":
                return UserFactory(username=name)
            case "superuser":
                return UserFactory(username=name, is_superuser=True, is_staff=True)
        user: User = getattr(self.cast, name)
        if name == "administrator":
            User.objects.filter(pk=user.pk).update(is_staff=True)
            user.refresh_from_db()
        return user

    def url(self, name: str) -> str:
        arguments = {
            "cultivation:case": {"pk": self.case.pk},
            "cultivation:case_act": {"pk": self.case.pk, "action": "start_training"},
            "cultivation:assessment": {"pk": self.case.assessments.get().pk},
            "cultivation:delegation_end": {"pk": 1},
            "subsidies:firm_awards": {"pk": self.firm.pk},
            "subsidies:notice": {"pk": self.award.pk},
            "subsidies:payment_list": {"number": self.payment_list.number},
            "subsidies:payment_list_file": {"number": self.payment_list.number, "format": "xlsx"},
        }
        return reverse(name, kwargs=arguments.get(name))

    def status(self, client: Client, name: str) -> int:
        if name == "cultivation:case_act":
            seen = CaseEvent.objects.filter(case=self.case).count()
            return client.post(self.url(name), {"seen": seen}).status_code
        return client.get(self.url(name)).status_code


@pytest.fixture
def world(cast: Cast) -> World:
    firm = cast.firm.firm
    assert firm is not None
    ContactFactory(firm=firm)
    BankAccountFactory(firm=firm)
    certificate = AccreditationFactory(firm=firm, determined=True)
    paying = desk(cast, certificates=[certificate], amounts=[Decimal("80000.00")])
    payment_list = paying.released()
    issue_grant_notice(award=paying.awards[0], organ=notice_organ(), actor=cast.caseworker)
    case = case_at(CaseState.POOLED, firm=firm, kind=CaseKind.RENEWAL)
    assess_case(case=case, actor=cast.caseworker)
    return World(cast, firm, case, paying.awards[0], payment_list)


def test_every_address_has_a_row() -> None:
    assert set(TABLE) == set(ROUTES) - set(ADMIN)


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_gets_what_the_table_says(world: World, name: str) -> None:
    client = world.client(name)
    found = {}
    for route in TABLE:
        # Acts are taken back, so that each address is asked in the same world.
        with transaction.atomic():
            found[route] = world.status(client, route)
            transaction.set_rollback(True)
    assert found == {route: row[name] for route, row in TABLE.items()}


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
    assert answer.request["PATH_INFO"] == reverse("login")
    assert answer.context["next"] == reverse("admin:index")


def test_the_administrator_edits_reference_data_and_sees_no_case(world: World) -> None:
    client = world.client("administrator")
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(reverse("admin:cultivation_parameter_changelist")).status_code == 200
    models = {name.removesuffix("_changelist") for name in ADMIN if name.endswith("_changelist")}
    for closed in ("cultivationcase", "award", "ledgerentry", "paymentlist", "notice", "bankaccount"):
        assert not [name for name in models if name.endswith(f"_{closed}")]


class TestHome:
    """Everybody is sent to where their work is."""

    def test_a_firm_lands_on_its_own_case(self, world: World) -> None:
        answer = world.client("firm").get(reverse("home"))
        assert answer["Location"] == world.url("cultivation:case")

    def test_a_firm_without_a_case_lands_on_its_awards(self, world: World) -> None:
        answer = world.client("other_firm").get(reverse("home"), follow=True)
        assert answer.request["PATH_INFO"].endswith("/awards/")
        assert answer.status_code == 200

    @pytest.mark.parametrize("name", ["county", "caseworker", "reviewer", "finance", "auditor"])
    def test_the_office_lands_on_the_list_of_cases(self, world: World, name: str) -> None:
        assert world.client(name).get(reverse("home"))["Location"] == reverse("cultivation:cases")

    def test_the_administrator_lands_on_the_reference_data(self, world: World) -> None:
        assert world.client("administrator").get(reverse("home"))["Location"] == reverse("admin:index")
