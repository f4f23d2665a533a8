"""Every address of the site x every kind of person. The rows come from the URL configuration: a new address needs one."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cultivation.enums import CaseKind, CaseState, Role
from cultivation.models import CaseEvent, CultivationCase, Firm, SelfCheck, User
from cultivation.services.assessments import assess_case
from cultivation.services.expert_sheets import record_expert_sheet
from cultivation.services.rd_ledger import import_ledger
from cultivation.services.self_checks import save_self_check
from subsidies.models import Award, Exclusion, OtherReceipt, PaymentList
from subsidies.services.notices import issue_grant_notice
from tests.cultivation.ledgers import cells, ledger_book
from tests.cultivation.sheets import finance_sheet
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
from tests.subsidies.claiming import exclude, receive
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

LEDGER_ACTS = {f"cultivation:ledger_{act}" for act in ("import", "decide", "adopt")}
SHEET_ACTS = {
    "cultivation:expert_sheet_record",
    "cultivation:expert_sheets_import",
    "cultivation:expert_sheet_withdraw",
}
LEDGER = {"cultivation:ledger", "cultivation:ledger_tables", *LEDGER_ACTS}

TABLE: dict[str, dict[str, int]] = {
    "home": answers(302),
    "login": answers(302, anonymous=200),
    "logout": answers(405),
    "cultivation:cases": answers(firm=200, other_firm=200, county=200, other_county=200, **CITY),
    "cultivation:case_new": answers(firm=200, other_firm=200, county=200, other_county=200, caseworker=200),
    "cultivation:case": answers(**OWN, **CITY),
    "cultivation:expert_sheets": answers(**CITY),
    "cultivation:expert_sheet_record": answers(caseworker=422),
    "cultivation:expert_sheets_import": answers(caseworker=422),
    "cultivation:expert_sheet_withdraw": answers(caseworker=422),
    "cultivation:expert_sheets_template": answers(**CITY),
    "cultivation:ip_uses": answers(**OWN, **CITY),
    "cultivation:ip_use_record": answers(other_firm=404, other_county=404, caseworker=422),
    "cultivation:case_act": answers(
        firm=403, other_firm=404, county=403, other_county=404, caseworker=302, reviewer=403, finance=403
    ),
    "cultivation:delegations": answers(county=200, other_county=200, administrator=200, **CITY),
    "cultivation:delegation_end": answers(405),
    "cultivation:assessment": answers(county=200, other_county=404, **CITY),
    "cultivation:firm": answers(**OWN, **CITY),
    **dict.fromkeys(
        (f"cultivation:firm_{act}" for act in ("rename", "move", "inbound", "change")), answers(405)
    ),
    "cultivation:certificates": answers(firm=200, other_firm=200, county=200, other_county=200, **CITY),
    "cultivation:certificates_file": answers(firm=200, other_firm=200, county=200, other_county=200, **CITY),
    "cultivation:annual_reports": answers(caseworker=200),
    "cultivation:annual_report_template": answers(caseworker=200),
    "cultivation:certificate": answers(**OWN, **CITY),
    **dict.fromkeys(
        (f"cultivation:certificate_{act}" for act in ("report", "correct", "revoke")), answers(405)
    ),
    "cultivation:ledger": answers(**OWN, **CITY),
    "cultivation:ledger_tables": answers(**OWN, **CITY),
    "cultivation:ledger_template": answers(firm=200, other_firm=200, county=200, other_county=200, **CITY),
    "cultivation:ledger_import": answers(firm=422, other_firm=404, other_county=404, caseworker=422),
    "cultivation:ledger_decide": answers(other_firm=404, other_county=404, caseworker=422),
    "cultivation:ledger_adopt": answers(firm=409, other_firm=404, other_county=404, caseworker=409),
    "cultivation:self_check": answers(**OWN, **CITY),
    "cultivation:self_check_upload": answers(405),
    "cultivation:self_check_what_if": answers(405),
    "cultivation:self_check_save": answers(405),
    "cultivation:self_check_assess": answers(405),
    "cultivation:self_check_saved": answers(**OWN, **CITY),
    "cultivation:self_check_report": answers(**OWN, **CITY),
    "cultivation:self_check_template": answers(
        firm=200, other_firm=200, county=200, other_county=200, **CITY
    ),
    "cultivation:board": answers(county=200, other_county=200, administrator=200, **CITY),
    "cultivation:stock_chart": answers(county=200, other_county=200, administrator=200, **CITY),
    "cultivation:tiers": answers(**OWN, **CITY),
    "cultivation:tier_record": answers(other_firm=404, other_county=404, caseworker=422),
    "cultivation:tier_gazelle": answers(other_firm=404, other_county=404, caseworker=200),
    "cultivation:tier_sme": answers(firm=200, other_firm=404, other_county=404, caseworker=200),
    "cultivation:benefits": answers(**OWN, **CITY),
    "subsidies:awards": answers(**CITY),
    "subsidies:awards_file": answers(**CITY),
    "subsidies:awards_propose": answers(405),
    "subsidies:awards_bulk": answers(405),
    "subsidies:awards_bulk_confirm": answers(405),
    "subsidies:awards_outcome": answers(caseworker=302, reviewer=302),
    "subsidies:disclosures": answers(**CITY),
    "subsidies:disclosure_file": answers(caseworker=404, reviewer=404, finance=404, auditor=404),
    "subsidies:firm_awards": answers(**OWN, **CITY),
    "subsidies:notice": answers(**OWN, **CITY),
    "subsidies:revocations": answers(**CITY),
    "subsidies:revocations_apply": answers(405),
    "subsidies:revocation": answers(**CITY),
    "subsidies:funding_lines": answers(**CITY),
    "subsidies:funding_line": answers(**CITY),
    "subsidies:funding_entries": answers(**CITY),
    "subsidies:funding_act": answers(405),
    "subsidies:schemes": answers(**CITY),
    "subsidies:schemes_file": answers(**CITY),
    "subsidies:scheme_new": answers(caseworker=200, reviewer=200),
    "subsidies:scheme_version": answers(**CITY),
    "subsidies:scheme_publish": answers(405),
    "subsidies:scheme_draft": answers(caseworker=200, reviewer=200),
    "subsidies:exclusions": answers(**CITY),
    "subsidies:exclusions_file": answers(**CITY),
    "subsidies:exclusion_new": answers(caseworker=200, reviewer=200),
    "subsidies:exclusion_import": answers(caseworker=200, reviewer=200),
    "subsidies:exclusion_template": answers(caseworker=200, reviewer=200),
    "subsidies:exclusion": answers(**CITY),
    "subsidies:exclusion_end": answers(405),
    "subsidies:receipts": answers(**CITY),
    "subsidies:receipts_file": answers(**CITY),
    "subsidies:receipt_new": answers(caseworker=200, finance=200),
    "subsidies:receipts_confirm": answers(405),
    "subsidies:past_award_import": answers(caseworker=200),
    "subsidies:past_award_template": answers(caseworker=200),
    "subsidies:receipt": answers(**CITY),
    # This one was not imported: there is no file to those who may ask.
    "subsidies:receipt_source": answers(caseworker=404, reviewer=404, finance=404, auditor=404),
    "subsidies:receipt_act": answers(405),
    "subsidies:bank_formats": answers(administrator=200, **LISTS),
    "subsidies:bank_format_new": answers(administrator=200),
    "subsidies:bank_format": answers(administrator=200, **LISTS),
    "subsidies:bank_format_publish": answers(405),
    "subsidies:payment_lists": answers(**LISTS),
    "subsidies:payment_list_new": answers(finance=200),
    "subsidies:payment_list_act": answers(405),
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
    self_check: SelfCheck

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
            "cultivation:expert_sheets": {"pk": self.case.pk},
            "cultivation:expert_sheet_record": {"pk": self.case.pk, "kind": "finance"},
            "cultivation:expert_sheets_import": {"pk": self.case.pk},
            "cultivation:expert_sheet_withdraw": {
                "pk": self.case.pk,
                "sheet": self.case.expert_sheets.get().pk,
            },
            "cultivation:ip_uses": {"pk": self.firm.pk},
            "cultivation:ip_use_record": {"pk": self.firm.pk},
            "cultivation:assessment": {"pk": self.case.assessments.get().pk},
            "cultivation:delegation_end": {"pk": 1},
            **{
                f"cultivation:self_check{name}": {"pk": self.firm.pk}
                for name in ("", "_upload", "_what_if", "_save", "_assess")
            },
            "cultivation:self_check_saved": {"pk": self.firm.pk, "number": self.self_check.pk},
            "cultivation:self_check_report": {"pk": self.firm.pk, "number": self.self_check.pk},
            "subsidies:awards_bulk": {"action": "review"},
            "subsidies:awards_bulk_confirm": {"action": "review"},
            "subsidies:disclosure_file": {"pk": 1},
            "subsidies:firm_awards": {"pk": self.firm.pk},
            "subsidies:notice": {"pk": self.award.pk},
            "subsidies:payment_list_new": {"pk": self.award.funding_line_id},
            "subsidies:payment_list_act": {"number": self.payment_list.number, "action": "check"},
            "subsidies:funding_line": {"pk": self.award.funding_line_id},
            "subsidies:funding_entries": {"pk": self.award.funding_line_id},
            "subsidies:funding_act": {"pk": self.award.funding_line_id, "action": "adjust"},
            "subsidies:revocation": {"pk": self.award.accreditation_id},
            "cultivation:firm": {"pk": self.firm.pk},
            **{
                f"cultivation:{name}": {"pk": self.firm.pk}
                for name in ("tiers", "tier_record", "tier_gazelle", "tier_sme", "benefits")
            },
            **{name: {"pk": self.firm.pk} for name in LEDGER},
            **{
                f"cultivation:firm_{act}": {"pk": self.firm.pk}
                for act in ("rename", "move", "inbound", "change")
            },
            "cultivation:certificate": {"pk": self.award.accreditation_id},
            **{
                f"cultivation:certificate_{act}": {"pk": self.award.accreditation_id}
                for act in ("report", "correct", "revoke")
            },
            "subsidies:scheme_version": {"pk": self.award.version_id},
            "subsidies:scheme_publish": {"pk": self.award.version_id},
            "subsidies:scheme_draft": {"key": self.award.scheme.key},
            **{
                f"subsidies:{name}": {"pk": Exclusion.objects.get().pk}
                for name in ("exclusion", "exclusion_end")
            },
            **{
                f"subsidies:{name}": {"pk": OtherReceipt.objects.get().pk}
                for name in ("receipt", "receipt_source")
            },
            "subsidies:receipt_act": {"pk": OtherReceipt.objects.get().pk, "action": "confirm"},
            "subsidies:bank_format": {"pk": self.payment_list.bank_format_id},
            "subsidies:bank_format_publish": {"pk": self.payment_list.bank_format_id},
            "subsidies:payment_list": {"number": self.payment_list.number},
            "subsidies:payment_list_file": {"number": self.payment_list.number, "format": "xlsx"},
        }
        return reverse(name, kwargs=arguments.get(name))

    def status(self, client: Client, name: str) -> int:
        if name == "cultivation:case_act":
            seen = CaseEvent.objects.filter(case=self.case).count()
            return client.post(self.url(name), {"seen": seen}).status_code
        if name in LEDGER_ACTS | SHEET_ACTS | {"cultivation:ip_use_record", "cultivation:tier_record"}:
            return client.post(self.url(name)).status_code
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
    record_expert_sheet(case=case, sheet=finance_sheet(), actor=cast.caseworker)
    ledger = ledger_book(cells())
    import_ledger(firm=firm, content=ledger, original_name="辅助账.xlsx", actor=cast.caseworker)
    exclude(firm, actor=cast.caseworker)
    receive(paying.awards[0], confirm=False, actor=cast.caseworker)
    self_check = save_self_check(firm=firm, facts={"filed_on": "2019-06-30"}, actor=cast.firm)
    return World(cast, firm, case, paying.awards[0], payment_list, self_check)


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
