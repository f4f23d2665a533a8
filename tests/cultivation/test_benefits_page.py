"""The estimate's page: prefilled where the calibers agree, shown as an estimate, never stored."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from cultivation.models import Parameter
from cultivation.rules.benefits import BY_PROJECT, DISCLAIMER, Standing
from tests.factories import AccreditationFactory, ExpenseYearFactory

FIGURES = {"year": "2018", "taxable_income": "10,000,000.00", "staff_costs": "2,000,000"}


@pytest.fixture(autouse=True)
def _today(clock):
    clock(dt.date(2019, 6, 30))


@pytest.fixture
def firm(cast):
    return cast.firm.firm


@pytest.fixture
def page(cast, client, firm):
    """Ask for the page as the firm, or send it figures."""
    client.force_login(cast.firm)
    address = reverse("cultivation:benefits", args=[firm.pk])

    def ask(figures=None, **query):
        return client.get(address, query) if figures is None else client.post(address, figures)

    return ask


class TestEstimate:
    def test_is_shown_with_every_input_and_its_source(self, page):
        answer = page(FIGURES)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert answer.context["amounts"]["whole"] == "1,225,000.00"
        assert answer.context["amounts"]["by_certificate"] == "850,000.00"
        assert [amount for _label, amount in answer.context["entered"]] == ["10,000,000.00", "2,000,000.00"]
        assert DISCLAIMER in text
        assert BY_PROJECT in text
        assert "财税〔2018〕99号" in text

    def test_takes_the_rates_of_its_year(self, page):
        assert page({**FIGURES, "year": "2017"}).context["counted"][-2][1] == "1,000,000.00"
        assert page(FIGURES).context["counted"][-2][1] == "1,500,000.00"

    def test_a_loss_is_worth_nothing(self, page):
        amounts = page({**FIGURES, "taxable_income": "-5,000.00"}).context["amounts"]
        assert set(amounts.values()) == {"0.00"}

    def test_as_json_says_what_it_is(self, page, firm):
        answer = page({**FIGURES, "format": "json"})
        found = json.loads(answer.content)
        assert (found["kind"], found["is_advice"], found["disclaimer"]) == ("estimate", False, DISCLAIMER)
        assert found["whole"] == "1225000.00"
        assert found["deductible"]["stated"][0]["staff_costs"] == "2000000.00"
        assert found["rates"]["preferential"]["verification"] == "second_hand"
        assert firm.credit_code in answer["Content-Disposition"]

    def test_shows_the_years_of_the_certificate(self, page, firm):
        AccreditationFactory(firm=firm)  # 2018-11-28 to 2021-11-27
        answer = page(FIGURES)
        assert [row["year"] for row in answer.context["by_year"]] == [2018, 2019, 2020, 2021]
        assert answer.context["chosen"].standing is Standing.APPLIES

    def test_without_a_certificate_shows_what_one_would_change(self, page):
        answer = page(FIGURES)
        assert answer.context["chosen"].standing is Standing.NONE
        assert len(answer.context["by_year"]) == 1


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"year": "2015"}, "year"),
            ({"year": "2023"}, "year"),
            ({"year": "x"}, "year"),
            ({"taxable_income": ""}, "taxable_income"),
            ({"taxable_income": "1.001"}, "taxable_income"),
            ({"staff_costs": "-1"}, "staff_costs"),
            ({"related_costs": "1e5"}, "related_costs"),
            ({"staff_costs": "9" * 16}, "staff_costs"),
        ],
    )
    def test_is_marked(self, page, changes, field):
        answer = page({**FIGURES, **changes})
        assert answer.status_code == 422
        assert field in answer.context["form"].errors

    def test_a_year_without_a_rate_is_named(self, page):
        Parameter.objects.filter(key="super_deduction_percent").update(valid_to=dt.date(2018, 1, 2))
        answer = page(FIGURES)
        assert answer.status_code == 409
        assert "year" in answer.context["form"].errors

    @pytest.mark.parametrize("role", ["county", "reviewer", "finance", "auditor"])
    def test_others_read_and_do_not_fill_in(self, cast, client, firm, role):
        client.force_login(getattr(cast, role))
        address = reverse("cultivation:benefits", args=[firm.pk])
        assert client.get(address).context["may_fill"] is False
        assert client.post(address, FIGURES).status_code == 403


class TestPrefilling:
    def test_takes_what_both_calibers_list_and_nothing_else(self, page, firm):
        ExpenseYearFactory(firm=firm, year=2018, depreciation=50_000, other=70_000, commissioning=9_000)
        form = page().context["form"]
        given = {name: field.initial for name, field in form.fields.items() if field.initial}
        assert given == {
            "staff_costs": "500,000.00",
            "direct_costs": "300,000.00",
            "intangible_amortisation": "0.00",
            "design_and_trials": "0.00",
            "entrusted_domestic": "0.00",
            "entrusted_foreign": "0.00",
        }

    @pytest.mark.parametrize(
        ("asked", "year"),
        [({}, 2018), ({"year": "2017"}, 2017), ({"year": "1999"}, 2018), ({"year": "x"}, 2018)],
    )
    def test_of_the_year_asked_for(self, page, asked, year):
        assert page(**asked).context["form"].initial == {"year": year}
