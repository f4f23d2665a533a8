"""Year-end: what is available goes to the next year's line by document, and nothing that is committed."""

from decimal import Decimal

import pytest

from config.common.errors import NotAllowed, Refused
from subsidies.enums import AwardState, EntryKind
from subsidies.models import LedgerEntry
from subsidies.selectors.balances import figures_on
from subsidies.services import funding
from subsidies.services.verification import verify_records
from tests.subsidies.factories import award_at, funding_line, office

DOCUMENT = "演示财〔2020〕1号"


@pytest.fixture
def lines(db):
    source = funding_line("100000.00", name="甲")
    award_at(AwardState.APPROVED, amount="80000.00", line=source)
    target = funding_line("0", name="甲", fiscal_year=2020)
    source.refresh_from_db()
    return source, target


def carry(lines, amount="20000.00", **changes):
    source, target = lines
    return funding.carry_over(
        **{
            "source": source,
            "target": target,
            "amount": Decimal(amount),
            "document_number": DOCUMENT,
            "actor": office().finance,
            **changes,
        }
    )


def test_both_entries_stand_with_the_original_document(lines):
    origin = LedgerEntry.objects.get(line=lines[0], kind=EntryKind.APPROPRIATED)
    out, into = carry(lines)
    assert (out.direction, into.direction) == (-1, 1)
    assert origin.document_number in out.note
    assert out.document_number == into.document_number == DOCUMENT
    assert figures_on(lines[0]).available == Decimal("0.00")
    assert figures_on(lines[1]).appropriated == Decimal("20000.00")
    assert verify_records().problems == []


def test_the_same_document_again_has_no_further_effect(lines):
    assert carry(lines) == carry(lines)
    assert LedgerEntry.objects.filter(kind=EntryKind.CARRIED_OVER).count() == 2


def test_nothing_committed_goes_along(lines):
    with pytest.raises(Refused) as refusal:
        carry(lines, "20000.01")
    assert refusal.value.code == "overdrawn"
    assert not LedgerEntry.objects.filter(kind=EntryKind.CARRIED_OVER).exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"document_number": " "}, "document_missing"),
        ({"amount": Decimal("0.00")}, "amount_not_positive"),
        ({"amount": Decimal("-5.00")}, "amount_not_positive"),
    ],
)
def test_what_cannot_be_is_refused(lines, changes, code):
    with pytest.raises(Refused) as refusal:
        carry(lines, **changes)
    assert refusal.value.code == code


def test_only_to_the_next_year_of_the_same_fund(lines):
    for fields, code in (
        ({"fiscal_year": 2021}, "other_year"),
        ({"fiscal_year": 2019}, "other_year"),
        ({"fiscal_year": 2020, "fund": "另一资金"}, "other_fund"),
    ):
        other = funding_line("0", **fields)
        with pytest.raises(Refused) as refusal:
            carry(lines, target=other)
        assert refusal.value.code == code


def test_is_finances_business(lines):
    with pytest.raises(NotAllowed):
        carry(lines, actor=office().reviewer)
