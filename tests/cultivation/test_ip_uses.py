"""The ledger of property: what a filing enters, what it means for the next one, and whom it tells what."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from config.common import clock
from cultivation.enums import CaseKind, CaseState, CheckKind, ParameterKey
from cultivation.models import CultivationCase, IpUse, Parameter
from cultivation.selectors.actions import allowed_actions
from cultivation.selectors.facts import gather_facts, is_current, latest_assessment
from cultivation.services import assessments, case_flow, checks, filing
from tests.cultivation.property import (
    MODEL,
    ON,
    OTHER_MODEL,
    PATENT,
    accredit,
    assess_with,
    decline,
    facts_of,
    filed_with,
    ready_with,
    refusal,
)
from tests.factories import (
    AccreditationFactory,
    FirmFactory,
    attach_required,
    case_at,
    give_facts,
    pass_check,
    staff,
)

pytestmark = pytest.mark.django_db


class TestFiling:
    def test_enters_every_numbered_item_that_counts_once(self) -> None:
        trademark = {**MODEL, "kind": "trademark", "number": "TM1"}
        licence = {**PATENT, "obtained": "licensed", "number": "ZL201510000001.1"}
        spent = {**MODEL, "used_before": True, "number": "ZL201520000002.2"}
        nameless = {**PATENT, "number": None}
        typed = {**MODEL, "number": "zl 2015 2 0123456.1"}
        case = filed_with(PATENT, typed, MODEL, trademark, licence, spent, nameless)
        rows = list(IpUse.objects.order_by("number"))
        assert [(row.number, row.ip_class, row.kind) for row in rows] == [
            ("ZL201510123456.7", 1, "invention_patent"),
            ("ZL201520123456.1", 2, "utility_model"),
        ]
        assert {(row.firm, row.case, row.filed_on, row.recorded_by) for row in rows} == {
            (case.firm, case, ON, staff().caseworker)
        }

    def test_takes_the_class_from_the_kind_and_asks_for_it_where_that_says_nothing(self) -> None:
        def decide(case: CultivationCase, item: dict[str, Any]) -> None:
            checks.reset_check(case=case, kind=CheckKind.EXPENSES, reason="重估", actor=staff().caseworker)
            give_facts(case, ip=[PATENT, item])
            assessments.assess_case(case=case, actor=staff().caseworker)
            checks.decide_manual_check(case=case, passed=True, reason="经核实", actor=staff().reviewer)

        case = case_at(CaseState.READY)
        decide(case, {**OTHER_MODEL, "class": None, "kind": "new_kind"})
        refused = refusal(lambda: filing.file_case(case=case, actor=staff().caseworker))
        assert (refused.code, "ZL201520123457.X" in refused.message) == ("property_without_class", True)
        decide(case, {**OTHER_MODEL, "class": None})
        filing.file_case(case=case, actor=staff().caseworker)
        assert IpUse.objects.get(number="ZL201520123457.X").ip_class == 2

    def test_a_refused_filing_enters_nothing(self) -> None:
        case = ready_with(PATENT, MODEL)
        checks.reset_check(case=case, kind=CheckKind.TRAINING, reason="签到有误", actor=staff().caseworker)
        assert refusal(lambda: filing.file_case(case=case, actor=staff().caseworker)).code == "check_missing"
        assert not IpUse.objects.exists()

    def test_declined_and_filed_again_on_one_day_is_one_use(self) -> None:
        case = decline(filed_with(PATENT))
        case = filing.return_case_to_pool(case=case, actor=staff().caseworker)
        case = case_flow.start_training(case=case, actor=staff().caseworker)
        case = case_flow.start_expense_review(case=case, actor=staff().caseworker)
        attach_required(case)
        checks.record_check(case=case, kind=CheckKind.ATTACHMENTS, actor=staff().caseworker)
        assess_with(case, PATENT)
        case = case_flow.clear_case(case=case, actor=staff().caseworker)
        assert filing.file_case(case=case, actor=staff().caseworker).state == CaseState.FILED
        assert IpUse.objects.count() == 1

    def test_the_ledger_never_changes(self) -> None:
        filed_with(PATENT)
        for act in (lambda: IpUse.objects.update(number="X"), lambda: IpUse.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()


class TestFacts:
    def test_edge_case_16_class_two_used_by_the_firm_is_used_before(self) -> None:
        firm = FirmFactory()
        case = filed_with(PATENT, MODEL, firm=firm)
        accredit(case)
        AccreditationFactory(firm=firm)
        renewal = case_at(CaseState.POOLED, firm=firm, kind=CaseKind.RENEWAL)
        assessments.declare_facts(
            case=renewal, facts={"ip": [PATENT, MODEL, OTHER_MODEL]}, actor=staff().caseworker
        )
        patent, model, other = gather_facts(renewal, clock.today())["ip"]
        assert (patent, other) == (PATENT, OTHER_MODEL)
        assert model == {**MODEL, "used_before": True, "ledger": "台账：本企业 2019-06-30 申报已使用"}

    def test_edge_case_16_class_two_used_by_another_firm_is_used_before_and_held(self) -> None:
        filed_with(PATENT, MODEL)
        patent, model = facts_of(PATENT, MODEL)
        assert patent == {
            **PATENT,
            "co_owned_used_by_other": True,
            "ledger": "台账：其他企业 2019-06-30 申报已使用",
        }
        assert (model["used_before"], model["co_owned_used_by_other"]) == (True, True)

    def test_a_certificate_holds_an_item_until_its_last_day(self) -> None:
        accredit(filed_with(PATENT), last_day=dt.date(2022, 6, 29))
        case = case_at(CaseState.POOLED)
        assessments.declare_facts(case=case, facts={"ip": [PATENT]}, actor=staff().caseworker)
        (held,) = gather_facts(case, dt.date(2022, 6, 29))["ip"]
        assert held["ledger"] == "台账：其他企业 2019-06-30 申报已使用，资格存续至 2022-06-29"
        assert gather_facts(case, dt.date(2022, 6, 30))["ip"] == [PATENT]

    def test_a_revoked_certificate_holds_nothing_from_its_revocation_on(self) -> None:
        case = filed_with(PATENT)
        accredit(case)
        certificate = CultivationCase.objects.get(pk=case.pk).accreditation
        certificate.revoked_on, certificate.revoked_act_year = dt.date(2020, 3, 1), 2019
        certificate.revocation_document, certificate.revoked_by = "演撤〔2020〕1号", staff().caseworker
        certificate.save()
        mine = case_at(CaseState.POOLED)
        assessments.declare_facts(case=mine, facts={"ip": [PATENT]}, actor=staff().caseworker)
        assert gather_facts(mine, dt.date(2020, 2, 29))["ip"][0]["co_owned_used_by_other"] is True
        assert gather_facts(mine, dt.date(2020, 3, 1))["ip"] == [PATENT]

    @pytest.mark.parametrize("counts", [1, 0])
    @pytest.mark.parametrize("withdrawn", [False, True])
    def test_a_filing_that_failed_holds_nothing_and_spends_class_two_by_parameter(
        self, counts: int, withdrawn: bool
    ) -> None:
        Parameter.objects.filter(key=ParameterKey.CLASS_TWO_DECLINED_COUNTS).update(value=counts)
        case = filed_with(PATENT, MODEL)
        if withdrawn:
            case_flow.withdraw_case(case=case, actor=staff().caseworker, reason="撤回")
        else:
            decline(case)
        patent, model = facts_of(PATENT, MODEL)
        assert patent == PATENT
        assert model["used_before"] is bool(counts)
        assert "co_owned_used_by_other" not in model

    def test_what_is_declared_as_used_stays_so(self) -> None:
        declared = {**MODEL, "used_before": True, "co_owned_used_by_other": True}
        assert facts_of(declared) == [declared]

    def test_items_without_a_number_ask_the_ledger_nothing(self, django_assert_num_queries: Any) -> None:
        case = case_at(CaseState.POOLED)
        assessments.declare_facts(
            case=case, facts={"ip": [{**MODEL, "number": ""}]}, actor=staff().caseworker
        )
        with django_assert_num_queries(3):
            gather_facts(case, clock.today())

    def test_the_number_of_queries_does_not_grow_with_the_ledger(
        self, django_assert_num_queries: Any
    ) -> None:
        items = [{**PATENT, "number": f"ZL2015101234{index:02}.1"} for index in range(8)]
        for _ in range(2):
            firm = FirmFactory()
            for item in items:
                IpUse.objects.create(
                    number=item["number"],
                    ip_class=1,
                    kind=item["kind"],
                    firm=firm,
                    filed_on=dt.date(2015, 5, 1),
                    document="演申报〔2015〕1号",
                    recorded_by=staff().caseworker,
                )
        case = case_at(CaseState.POOLED)
        assessments.declare_facts(case=case, facts={"ip": items}, actor=staff().caseworker)
        with django_assert_num_queries(6):
            gather_facts(case, clock.today())


class TestCurrency:
    def test_a_firms_own_filing_does_not_make_its_facts_another(self) -> None:
        case = ready_with(PATENT, MODEL)
        assert is_current(latest_assessment(case), case)
        case = filing.file_case(case=case, actor=staff().caseworker)
        assert is_current(latest_assessment(case), case)
        accredit(case)
        case = CultivationCase.objects.get(pk=case.pk)
        assert is_current(latest_assessment(case), case)

    def test_a_later_filing_of_another_firm_does_not_either(self) -> None:
        Parameter.objects.filter(key=ParameterKey.CLASS_TWO_DECLINED_COUNTS).update(value=0)
        case = decline(filed_with(PATENT, MODEL))
        with clock.fixed(dt.date(2019, 9, 1)):
            filed_with(PATENT, MODEL)
        assert is_current(latest_assessment(case), case)

    def test_back_in_the_pool_the_declined_filing_counts(self) -> None:
        case = decline(filed_with(PATENT, MODEL))
        case = filing.return_case_to_pool(case=case, actor=staff().caseworker)
        assert not is_current(latest_assessment(case), case)
        assert gather_facts(case, clock.today())["ip"][1]["used_before"] is True


class TestTaken:
    @pytest.mark.parametrize("item", [PATENT, MODEL])
    def test_edge_case_16_an_item_another_firm_has_filed_meanwhile_stops_the_filing(self, item: Any) -> None:
        first, second = ready_with(OTHER_MODEL, item), ready_with(item)
        filing.file_case(case=first, actor=staff().caseworker)
        refused = refusal(lambda: filing.file_case(case=second, actor=staff().caseworker))
        assert refused.code == "property_taken"
        for word in (item["number"], first.firm.name, "2019-06-30"):
            assert word in refused.message
        (action,) = [found for found in allowed_actions(second, staff().caseworker) if found.name == "file"]
        assert refused.message in action.blocked_by

    def test_assessed_without_the_item_the_case_is_filed(self) -> None:
        first, second = ready_with(PATENT), ready_with(PATENT, {**PATENT, "number": "ZL201510999999.9"})
        filing.file_case(case=first, actor=staff().caseworker)
        assess_with(second, PATENT, {**PATENT, "number": "ZL201510999999.9"})
        filing.file_case(case=second, actor=staff().caseworker)
        assert list(IpUse.objects.filter(case=second).values_list("number", flat=True)) == [
            "ZL201510999999.9"
        ]

    def test_the_firm_is_not_told_who(self) -> None:
        first = filed_with(PATENT)
        second = case_at(CaseState.POOLED)
        give_facts(second, ip=[PATENT])
        assessment = assessments.assess_case(case=second, actor=staff().caseworker)
        core = next(row for row in assessment.result["findings"] if row["code"] == "core_ip")
        assert core["status"] == "fail"
        assert "其他企业 2019-06-30" in core["note"]
        assert first.firm.name not in core["note"]

    def test_clearing_says_so_too(self) -> None:
        case = case_at(CaseState.EXPENSE_REVIEW)
        pass_check(case, CheckKind.ATTACHMENTS)
        assess_with(case, PATENT)
        filed_with(PATENT)
        assert (
            refusal(lambda: case_flow.clear_case(case=case, actor=staff().caseworker)).code
            == "property_taken"
        )
