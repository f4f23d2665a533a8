"""The search box: by every name a firm has had, initials, codes, certificates and case numbers; only one's own reach."""

import datetime as dt

import pytest
from django.urls import reverse

from cultivation.enums import CaseState
from cultivation.selectors.cases import case_list
from cultivation.selectors.firm_search import MOST_FOUND, search_firms
from tests.factories import AccreditationFactory, FirmFactory, case_at, division, rename


@pytest.fixture
def firm(db):
    firm = FirmFactory(name="演示旧铝业有限公司")
    rename(firm, "演示旧铝业有限公司", dt.date(2015, 3, 1))
    rename(firm, "曾氏演示材料有限公司", dt.date(2019, 1, 1))
    firm.refresh_from_db()
    return firm


def found(user, text):
    return [line.firm for line in search_firms(user, text)[0]]


@pytest.mark.parametrize(
    "text", ["演示材料", "旧铝", "zsys", "ZSYSCL", "ysjly", "曾氏演示材料有限公司", "　曾氏 "]
)
def test_a_firm_is_found_by_any_name_or_its_initials(cast, firm, text):
    assert found(cast.caseworker, text) == [firm]


def test_it_says_under_which_earlier_name(cast, firm):
    (line,), more = search_firms(cast.caseworker, "ysjly")
    assert (line.earlier_name, more) == ("演示旧铝业有限公司", False)
    assert search_firms(cast.caseworker, "zsys")[0][0].earlier_name == ""


def test_by_code_certificate_and_case_number(cast, firm):
    certificate = AccreditationFactory(firm=firm)
    case = case_at(CaseState.DRAFT, firm=FirmFactory())
    FirmFactory()
    assert found(cast.caseworker, firm.credit_code.lower()) == [firm]
    assert found(cast.caseworker, certificate.certificate_number[:10]) == [firm]
    assert found(cast.caseworker, case.number) == [case.firm]
    assert [row.firm for row in case_list(cast.caseworker, text=case.number).rows] == [case.firm]


def test_by_the_acceptance_number_of_a_submission(cast):
    case, _other = case_at(CaseState.SUBMITTED), case_at(CaseState.SUBMITTED)
    number = case.acceptances.get().number
    assert found(cast.caseworker, number.lower()) == [case.firm]
    assert list(case_list(cast.caseworker, text=number).rows) == [case]
    assert found(cast.caseworker, "SL2018-00001") == []


def test_a_county_finds_its_own_alone(cast, firm):
    other = FirmFactory(name="曾氏演示他县有限公司", division=division("tianyang"))
    rename(other, other.name, dt.date(2016, 1, 1))
    assert set(found(cast.caseworker, "zsys")) == {firm, other}
    assert found(cast.county, "zsys") == [firm]


@pytest.mark.parametrize("text", ["%", "_", "z", "'", "PY2019-99999999999999999999", "PY2019-1"])
def test_what_means_nothing_finds_nothing(cast, firm, text):
    assert found(cast.caseworker, text) == []


def test_the_page_shows_them_and_the_case(browse, cast, firm):
    case = case_at(CaseState.DRAFT, firm=firm)
    text = browse(cast.caseworker).get(reverse("cultivation:search"), {"q": "zsys"}).content.decode()
    assert firm.name in text
    assert case.number in text
    assert browse(cast.firm).get(reverse("cultivation:search"), {"q": "zsys"}).status_code == 403


def test_the_queries_do_not_grow_with_what_is_found(browse, cast, firm, django_assert_num_queries):
    client = browse(cast.caseworker)
    for more in (0, 12):
        for _n in range(more):
            case_at(CaseState.DRAFT)
        with django_assert_num_queries(9):
            assert client.get(reverse("cultivation:search"), {"q": "演示"}).status_code == 200


def test_too_many_are_cut_and_said(browse, cast):
    for _n in range(MOST_FOUND + 1):
        FirmFactory()
    answer = browse(cast.caseworker).get(reverse("cultivation:search"), {"q": "演示科技"})
    assert len(answer.context["found"]) == MOST_FOUND
    assert answer.context["more"]
