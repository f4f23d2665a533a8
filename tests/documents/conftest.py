"""The demonstration organ, its invented bases and a published grant template."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from cultivation.enums import Role
from documents.api import NoticeKind, Organ, OrganName, PolicyDocument, SourceMark, install_template
from tests.people import Cast, person


@pytest.fixture
def organ(db: None) -> Organ:
    organ = Organ.objects.create(key="demo-bureau", is_demo=True)
    OrganName.objects.create(
        organ=organ,
        name="演示市科学技术局",
        mark_name="演示市科学技术局",
        number_prefix="演科字",
        source="演示",
    )
    return organ


@pytest.fixture
def bases(db: None) -> list[PolicyDocument]:
    return [
        PolicyDocument.objects.create(
            title=title,
            issuer=issuer,
            document_number=number,
            issued_on=dt.date(2019, 2, 1),
            is_formal=True,
            source="演示",
            mark=SourceMark.READ,
            is_demo=True,
        )
        for title, issuer, number in (
            ("演示市高新技术企业奖补办法", "演示市人民政府", "演政发〔2019〕1号"),
            ("关于下达高新技术企业奖励资金的通知", "演示自治区科学技术厅", "演科发〔2019〕10号"),
        )
    ]


@pytest.fixture
def grant_template(cast: Cast) -> Any:
    return install_template(
        kind=NoticeKind.GRANT,
        drafted_by=cast.administrator,
        published_by=person("administrator2", Role.ADMINISTRATOR),
    )


def grant_context(**changes: Any) -> dict[str, Any]:
    """All that the grant template declares."""
    return {
        "firm_name": "百色演示铝业新材料有限公司",
        "credit_code": "91990000MA5N000000",
        "certificate_number": "GR201845000123",
        "certificate_issued_on": dt.date(2018, 11, 30),
        "accreditation_kind": "首次认定",
        "scheme_document_title": "演示市高新技术企业奖补办法",
        "scheme_document_number": "演政发〔2019〕1号",
        "regional_document_title": "关于下达高新技术企业奖励资金的通知",
        "regional_document_number": "演科发〔2019〕10号",
        "regional_amount": Decimal("80000.00"),
        "matching_ratio": "1:1",
        "amount": Decimal("80000.00"),
        "fiscal_year": 2019,
        "fund_name": "演示市技术创新引导专项资金",
        **changes,
    }


@pytest.fixture
def grant(grant_template: Any, organ: Organ, bases: list[PolicyDocument], cast: Cast) -> dict[str, Any]:
    """Arguments of a grant notice that can be issued."""
    return {
        "kind": NoticeKind.GRANT,
        "organ": organ,
        "subject": "award:1",
        "recipient": "百色演示铝业新材料有限公司",
        "context": grant_context(),
        "bases": bases,
        "issued_by": cast.caseworker,
    }
