"""Looking at a list that is faulty is no attempt to take it over; confirming it is."""

import pytest
from django.test import Client

from cultivation.models import RefusedAttempt
from cultivation.workbooks.lists import roster_columns
from subsidies.services.exclusion_import import exclusion_columns
from tests.cultivation.ledgers import cells, ledger_book
from tests.factories import FirmFactory
from tests.importing import send
from tests.people import Cast
from tests.workbooks import workbook

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["rd-ledger", "firms", "exclusions"])
def test_a_look_leaves_no_trace_and_a_refused_confirmation_one(client: Client, cast: Cast, kind: str) -> None:
    client.force_login(cast.caseworker)
    firm = FirmFactory().credit_code
    address = send(client, kind, faulty(kind), name="名单.xlsx", firm=firm).request["PATH_INFO"]
    assert client.get(address).status_code == 422
    assert client.get(address + "marked.xlsx").status_code == 200
    assert not RefusedAttempt.objects.exists()
    assert client.post(address, {"agreed": ""}).status_code == 422
    refused = RefusedAttempt.objects.get()
    assert (refused.code, refused.actor) == ("rows_refused", cast.caseworker)


def faulty(kind: str) -> bytes:
    if kind == "rd-ledger":
        return ledger_book(cells(金额="一百"))
    columns = {"firms": roster_columns, "exclusions": exclusion_columns}[kind]()
    return workbook([column.name for column in columns], ["x"] * len(columns))
