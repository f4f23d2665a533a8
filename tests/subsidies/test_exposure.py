"""The sizes of award the region's documents give; read by the forecast alone."""

import ast
import datetime as dt
from decimal import Decimal
from fractions import Fraction as F
from pathlib import Path

import pytest

from config.common.clock import now
from cultivation.enums import AccreditationKind
from cultivation.models import Accreditation
from cultivation.selectors.forecasts import forecast
from documents.api import Attachment, PolicyDocument
from subsidies.enums import Reconciliation
from subsidies.models import RegionalAward, RegionalAwardDocument
from subsidies.selectors.exposure import recorded_award_amounts
from tests.cultivation.forecasting.building import Builder
from tests.subsidies import factories

AS_OF = dt.date(2019, 6, 30)


@pytest.fixture
def build(db: None) -> Builder:
    return Builder(factories.office().caseworker)


def document(build: Builder, number: str, on: dt.date) -> RegionalAwardDocument:
    policy = PolicyDocument.objects.create(
        title="演示奖励文件",
        issuer="演示厅",
        document_number=number,
        issued_on=on,
        is_formal=True,
        source="演示",
    )
    file = Attachment.objects.create(
        original_name="a.xlsx",
        sha256="0" * 64,
        size=1,
        content_type="x",
        uploaded_by=build.user,
        uploaded_at=now(),
    )
    return RegionalAwardDocument.objects.create(
        policy=policy, source_file=file, sha256="0" * 64, imported_by=build.user
    )


def granted(
    document: RegionalAwardDocument, certificate: Accreditation, amount: str, row: int, **fields: object
) -> RegionalAward:
    return RegionalAward.objects.create(
        document=document,
        row=row,
        firm_name=certificate.firm.name,
        credit_code=certificate.firm.credit_code,
        amount=Decimal(amount),
        firm=certificate.firm,
        accreditation=certificate,
        **{"outcome": Reconciliation.MATCHED, **fields},
    )


def certificate(build: Builder, kind: AccreditationKind = AccreditationKind.FIRST) -> Accreditation:
    return build.certificate(build.firm(), dt.date(2018, 11, 1), kind=kind)


def sizes(as_of: dt.date = AS_OF) -> dict[str, F]:
    return {str(row.amount): row.share for row in recorded_award_amounts(as_of)}


def test_nothing_recorded_gives_nothing(build: Builder) -> None:
    assert recorded_award_amounts(AS_OF) == ()


def test_amounts_of_first_accreditations_with_their_shares_and_source(build: Builder) -> None:
    may = document(build, "演示〔2019〕5号", dt.date(2019, 5, 20))
    for row, amount in enumerate(("80000.00", "80000.00", "100000.00"), start=1):
        granted(may, certificate(build), amount, row)
    granted(may, certificate(build, AccreditationKind.RENEWAL), "50000.00", 4)
    assert sizes() == {"80000.00": F(2, 3), "100000.00": F(1, 3)}
    assert {row.source for row in recorded_award_amounts(AS_OF)} == {"演示〔2019〕5号"}
    assert sizes(dt.date(2019, 5, 19)) == {}


def test_a_correction_counts_from_its_document_on(build: Builder) -> None:
    may = document(build, "演示〔2019〕5号", dt.date(2019, 5, 20))
    first = granted(may, certificate(build), "80000.00", 1)
    june = document(build, "演示〔2019〕6号", dt.date(2019, 6, 20))
    granted(june, first.accreditation, "60000.00", 1, outcome=Reconciliation.AMOUNT_CHANGED, corrects=first)
    assert sizes(dt.date(2019, 6, 19)) == {"80000.00": F(1)}
    assert sizes(dt.date(2019, 6, 20)) == {"60000.00": F(1)}


def test_ratio_and_cap_are_those_of_the_scheme_in_force(build: Builder) -> None:
    granted(document(build, "演示〔2019〕5号", dt.date(2019, 5, 20)), certificate(build), "80000.00", 1)
    assert sizes() == {"80000.00": F(1)}
    factories.scheme_version(ratio_numerator=1, ratio_denominator=2, cap=Decimal("30000.00"))
    assert sizes() == {"30000.00": F(1)}


def test_the_forecast_takes_them_where_nothing_is_assumed(build: Builder) -> None:
    granted(document(build, "演示〔2019〕5号", dt.date(2019, 5, 20)), certificate(build), "80000.00", 1)
    answer = forecast(year=2019, as_of=AS_OF, award_amounts=recorded_award_amounts(AS_OF)).as_json()
    # Nobody has a case yet; a firm a year is thought to come without one, and 184 of 365 days are left.
    assert answer["award_exposure"]["mean"] == "40328.77"
    assert answer["assumptions"]["award_amounts"] == [
        {"amount": "80000.00", "share": "1", "source": "演示〔2019〕5号"}
    ]


def test_only_the_forecast_and_the_page_of_the_budget_read_the_exposure(root: Path) -> None:
    """No estimate may ever become a payment (edge case 27): no service, no award, no list reads one."""
    estimates = {"forecast", "due_money", "record_forecast"}
    modules = ("exposure", "expected_rewards")
    readers = {
        path.relative_to(root).as_posix()
        for path in (root / "subsidies").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and ((node.module or "").endswith(modules) or any(name.name in estimates for name in node.names))
    }
    assert readers == {
        "subsidies/management/commands/forecast.py",
        "subsidies/demo/results.py",
        "subsidies/selectors/expected_rewards.py",
        "subsidies/forms/exposure.py",
        "subsidies/views/exposure.py",
        "subsidies/views/tables/exposure.py",
    }
