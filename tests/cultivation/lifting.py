"""What the tests of lifted determinations share: a list, a decline, and two people who lift."""

import datetime as dt
from dataclasses import dataclass

import pytest

from config.common import clock
from config.common.errors import Refused
from cultivation.enums import Role
from cultivation.models import Determination, User
from cultivation.services import filing
from cultivation.services.determination_corrections import (
    confirm_determination_correction,
    propose_determination_correction,
)
from cultivation.services.determinations import import_accreditations
from tests.factories import UserFactory
from tests.workbooks import workbook

HEADER = ("企业名称", "统一社会信用代码", "证书编号", "发证日期", "类型")
ISSUED = dt.date(2019, 6, 28)
LIST = {"document_number": "演示高企〔2019〕1号", "document_date": dt.date(2019, 6, 29)}
OTHER_LIST = {"document_number": "演示高企〔2019〕2号", "document_date": dt.date(2019, 6, 29)}
NUMBER = "GR201945000001"


@dataclass(frozen=True, slots=True)
class Two:
    """Who recorded the determination, and two more: one notices, one confirms."""

    recorder: User
    proposer: User
    confirmer: User


def two_and_the_recorder() -> Two:
    return Two(
        UserFactory(role=Role.CASEWORKER), UserFactory(role=Role.CASEWORKER), UserFactory(role=Role.REVIEWER)
    )


def listed(two, *firms, number=NUMBER, **document):
    rows = [
        (firm.name, firm.credit_code, f"GR201945{int(number[-6:]) + place:06d}", ISSUED, "首次")
        for place, firm in enumerate(firms)
    ]
    document = document or LIST
    return import_accreditations(content=workbook(HEADER, *rows), actor=two.recorder, **document)


def decline(two, case, number="演示不予认定〔2019〕1号"):
    return filing.decline_case(
        case=case,
        actor=two.recorder,
        document_number=number,
        document_date=clock.today(),
        reason="专家评审未通过",
    )


def propose(two, determination, **options):
    return propose_determination_correction(
        **{
            "determination": determination,
            "reason": "名单抄录错行",
            "document": "演示桂科函〔2019〕3号",
            "actor": two.proposer,
            **options,
        }
    )


def lift(two, determination):
    return confirm_determination_correction(correction=propose(two, determination), actor=two.confirmer)


def decided(firm):
    return Determination.objects.get(firm=firm, corrected_by__isnull=True)


def refused(act):
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code
