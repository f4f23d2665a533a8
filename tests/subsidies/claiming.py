"""Exclusions and receipts for tests: made-up documents of made-up authorities."""

import datetime as dt
from decimal import Decimal

from subsidies.enums import ExclusionKind, ReceiptKind
from subsidies.models import Exclusion, OtherReceipt
from subsidies.services import claims
from tests.subsidies.factories import office

DATE = dt.date(2019, 6, 1)


def exclude(firm, **changes) -> Exclusion:
    return claims.record_exclusion(
        **{
            "firm": firm,
            "kind": ExclusionKind.ENVIRONMENT,
            "authority": "演示市生态环境局",
            "document_number": "演示环罚〔2019〕3号",
            "document_date": DATE,
            "effective_from": DATE,
            "actor": office().caseworker,
            **changes,
        }
    )


def receive(award, amount="30000.00", *, confirm=True, **changes) -> OtherReceipt:
    receipt = claims.record_receipt(
        **{
            "accreditation": award.accreditation,
            "kind": ReceiptKind.OTHER_SOURCE,
            "payer": "演示县科技局",
            "amount": Decimal(amount),
            "document_number": "演示县科〔2019〕9号",
            "document_date": DATE,
            "actor": office().caseworker,
            **changes,
        }
    )
    return claims.confirm_receipt(receipt=receipt, actor=office().reviewer) if confirm else receipt
