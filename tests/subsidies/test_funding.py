"""Funding lines: opened by finance, changed by document alone."""

from decimal import Decimal

import pytest

from config.common.errors import NotAllowed, Refused
from subsidies.models import FundingLine, LedgerEntry
from subsidies.rules.balances import Figures
from subsidies.services.funding import adjust, appropriate, open_line
from subsidies.services.ledger import figures_of

AMOUNT = Decimal("500000.00")
DOCUMENT = "演示财〔2019〕8号"


@pytest.fixture
def line(cast):
    return open_line(name="高企奖补", fund="演示市技术创新引导专项资金", fiscal_year=2019, actor=cast.finance)


class TestOpen:
    def test_a_line_begins_empty(self, line):
        assert figures_of(line) == Figures()
        assert line.subjects == {}

    def test_subject_codes_are_data_with_a_source(self, cast):
        fields = {"name": "n", "fund": "f", "fiscal_year": 2019, "actor": cast.finance}
        with pytest.raises(Refused) as refused:
            open_line(**fields, subjects={"functional": "2060404"})
        assert refused.value.code == "source_missing"
        line = open_line(**fields, subjects={"functional": "2060404"}, subjects_source="演示预算批复")
        assert line.subjects == {"functional": "2060404"}

    def test_the_same_line_is_opened_once(self, cast, line):
        with pytest.raises(Refused) as refused:
            open_line(name=line.name, fund=line.fund, fiscal_year=2019, actor=cast.finance2)
        assert refused.value.code == "line_exists"
        assert open_line(name=line.name, fund=line.fund, fiscal_year=2020, actor=cast.finance)

    @pytest.mark.parametrize("field", ["name", "fund"])
    def test_it_has_a_name_and_a_fund(self, cast, field):
        fields = {"name": "n", "fund": "f", "fiscal_year": 2019, "actor": cast.finance}
        with pytest.raises(Refused):
            open_line(**{**fields, field: " "})


class TestMoney:
    def test_appropriated_and_adjusted_up_and_down(self, cast, line):
        appropriate(line=line, amount=AMOUNT, document_number=DOCUMENT, actor=cast.finance)
        adjust(line=line, amount=Decimal("0.01"), document_number="演示财〔2019〕9号", actor=cast.finance)
        adjust(
            line=line, amount=Decimal("-100000.01"), document_number="演示财〔2019〕10号", actor=cast.finance2
        )
        assert figures_of(line).appropriated == Decimal("400000.00")

    def test_a_document_counts_once(self, cast, line):
        first = appropriate(line=line, amount=AMOUNT, document_number=DOCUMENT, actor=cast.finance)
        again = appropriate(line=line, amount=AMOUNT, document_number=f" {DOCUMENT}", actor=cast.finance2)
        assert again == first
        with pytest.raises(Refused) as refused:
            appropriate(line=line, amount=AMOUNT + 1, document_number=DOCUMENT, actor=cast.finance)
        assert refused.value.code == "key_reused"
        assert figures_of(line).appropriated == AMOUNT

    @pytest.mark.parametrize("act", [appropriate, adjust])
    def test_without_a_document_nothing_moves(self, cast, line, act):
        with pytest.raises(Refused) as refused:
            act(line=line, amount=AMOUNT, document_number=" ", actor=cast.finance)
        assert refused.value.code == "document_missing"

    @pytest.mark.parametrize("act", [appropriate, adjust])
    def test_zero_is_nothing(self, cast, line, act):
        with pytest.raises(Refused):
            act(line=line, amount=Decimal("0.00"), document_number=DOCUMENT, actor=cast.finance)

    def test_an_appropriation_is_positive(self, cast, line):
        with pytest.raises(Refused):
            appropriate(line=line, amount=-AMOUNT, document_number=DOCUMENT, actor=cast.finance)


@pytest.mark.parametrize("role", ["firm", "county", "caseworker", "reviewer", "auditor", "administrator"])
def test_only_finance_touches_the_money(cast, line, role):
    actor = getattr(cast, role)
    for act in (
        lambda: open_line(name="n", fund="f", fiscal_year=2019, actor=actor),
        lambda: appropriate(line=line, amount=AMOUNT, document_number=DOCUMENT, actor=actor),
        lambda: adjust(line=line, amount=AMOUNT, document_number=DOCUMENT, actor=actor),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert FundingLine.objects.count() == 1
    assert not LedgerEntry.objects.exists()
