"""Every table of the money pages as a workbook: what the page says, all of it, and nothing in it can run."""

import datetime as dt
import io

import openpyxl
import pytest

from cultivation.api import mask_account
from cultivation.enums import RevocationCause
from cultivation.models import Firm
from cultivation.services.determinations import revoke_accreditation
from subsidies.enums import AwardState, LineState
from subsidies.models import FundingLine
from subsidies.selectors.payment_lists import find_list, lines_of
from tests.subsidies.factories import award_at, funding_line
from tests.subsidies.paying import answer, desk, payee

EXPORTS = "/documents/exports/"


def sheet(client, kind, **asked):
    response = client.get(f"{EXPORTS}{kind}/", asked)
    assert response.status_code == 200, kind
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")
    return openpyxl.load_workbook(io.BytesIO(response.content)).active


def rows(client, kind, **asked):
    return list(sheet(client, kind, **asked).iter_rows(min_row=2, values_only=True))


@pytest.fixture
def paid(cast):
    paying = desk(cast, certificates=[payee(account="0123456789012345678"), payee(), payee()])
    Firm.objects.filter(pk=paying.awards[0].firm_id).update(name='=HYPERLINK("x")')
    released = paying.released(paying.awards[:2])
    one, two = released.lines.order_by("number")
    paying.load(released, answer(one), answer(two, "失败", "户名不符"))
    return paying


class TestExports:
    def test_lists_and_their_lines(self, client, cast, paid):
        client.force_login(cast.finance)
        (listed,) = rows(client, "payment-lists")
        assert listed[4:8] == (2, 130000, 80000, 1)
        number = listed[0]
        lines = sheet(client, "payment-lines", list=number)
        assert (lines["B2"].value, lines["B2"].data_type) == ('=HYPERLINK("x")', "s")
        assert (lines["F2"].value, lines["F2"].data_type) == ("0123456789012345678", "s")
        assert [row[9] for row in rows(client, "payment-lines", list=number)] == [
            LineState.PAID.label,
            LineState.FAILED.label,
        ]
        returned = rows(client, "payment-returns", list=number)
        assert [(row[2], row[3], row[4]) for row in returned] == [(2, 1, 80000), (3, 2, 50000)]

    def test_accounts_are_masked_for_all_but_finance(self, client, cast, paid):
        client.force_login(cast.auditor)
        ((number, *_rest),) = rows(client, "payment-lists")
        accounts = [row[5] for row in rows(client, "payment-lines", list=number)]
        assert "0123456789012345678" not in accounts
        assert accounts == [mask_account(line.account_number) for line in lines_of(find_list(number))]

    def test_what_a_list_would_make_of_awards(self, client, cast, paid):
        client.force_login(cast.finance)
        found = rows(client, "preflight", line=paid.line.pk)
        assert [row[3] for row in found] == [50000, 30000.55]
        assert all(row[4] for row in found)

    def test_funding_lines_on_the_day_asked_for(self, client, cast):
        award_at(AwardState.APPROVED, amount="20000.00", line=funding_line("100000.00"))
        client.force_login(cast.caseworker)
        ((*_names, appropriated, committed, spent, available),) = rows(client, "funding-lines")
        assert (appropriated, committed, spent, available) == (100000, 20000, 0, 80000)
        ((*_names, appropriated, _c, _p, _a),) = rows(client, "funding-lines", on="2018-12-31")
        assert appropriated == 0
        line = FundingLine.objects.get()
        assert len(rows(client, "funding-entries", line=line.pk, figure="appropriated")) == 1
        assert len(rows(client, "funding-entries", line=line.pk)) == 2

    def test_revocations_and_bank_formats(self, client, cast):
        award = award_at(AwardState.PAID, amount="30000.00")
        revoke_accreditation(
            accreditation=award.accreditation,
            revoked_on=dt.date(2019, 6, 1),
            act_year=2018,
            cause=RevocationCause.FRAUD,
            document="演示撤〔2019〕1号",
            actor=cast.caseworker,
        )
        client.force_login(cast.auditor)
        (found,) = rows(client, "revocations")
        assert (found[0], found[6]) == (award.number, 30000)
        assert rows(client, "bank-formats")
