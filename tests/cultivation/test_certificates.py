"""The register of certificates: standings, filters, search, pages of it, and the page of one certificate."""

import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse

from config.common import clock
from cultivation.enums import AccreditationKind, CaseKind, CaseState, CertificateFilter, ChangeKind, Role
from cultivation.models import Accreditation, AnnualReport
from cultivation.rules.after_accreditation import Standing
from cultivation.selectors.certificates import (
    certificate_counts,
    certificate_lines,
    certificate_page,
    with_standing,
)
from cultivation.services.annual_reports import record_annual_report
from cultivation.services.changes import record_material_change
from cultivation.services.firms import rename_firm
from tests.factories import AccreditationFactory, FirmFactory, UserFactory, case_at, division

pytestmark = pytest.mark.django_db

ON = dt.date(2019, 6, 30)
F = CertificateFilter


@pytest.fixture
def city():
    return UserFactory(role=Role.CASEWORKER)


def held(issued_on, **fields):
    last_day = issued_on.replace(year=issued_on.year + 3) - dt.timedelta(days=1)
    return AccreditationFactory(**{"issued_on": issued_on, "last_day": last_day, **fields})


def lines_of(*certificates):
    rows = with_standing(Accreditation.objects.filter(pk__in=[one.pk for one in certificates]), ON)
    return certificate_lines(list(rows.order_by("pk")), ON)


def shown(user, which=F.ALL, **filters):
    return certificate_page(user, ON, shown=which, **filters).rows


def file_all(certificate, actor):
    for year in (2015, 2016, 2017, 2018):
        if certificate.issued_on.year <= year < certificate.issued_on.year + 3:
            record_annual_report(
                accreditation=certificate, year=year, reported_on=dt.date(year + 1, 3, 1), actor=actor
            )


class TestStandings:
    def test_each_certificate_is_where_its_dates_put_it(self, city):
        firms = FirmFactory.create_batch(6)
        certificates = {
            Standing.VALID: held(dt.date(2018, 7, 1), firm=firms[0]),
            Standing.WINDOW_OPEN: held(dt.date(2017, 6, 30), firm=firms[1]),
            Standing.EXPIRING: held(dt.date(2016, 11, 30), firm=firms[2]),
            Standing.EXPIRED: held(dt.date(2015, 11, 20), firm=firms[3]),
            Standing.REVOKED: held(dt.date(2017, 11, 29), firm=firms[4], revoked=True),
            Standing.RENEWED: held(dt.date(2015, 11, 20), firm=firms[5]),
        }
        held(dt.date(2018, 11, 28), firm=firms[5], kind=AccreditationKind.RENEWAL)
        for standing, certificate in certificates.items():
            (line,) = lines_of(certificate)
            assert line.standing is standing
            assert certificate in shown(city, F(standing.value))

    def test_a_firm_accredited_again_after_a_gap_did_not_renew(self, city):
        old = held(dt.date(2014, 11, 20))
        held(dt.date(2018, 11, 28), firm=old.firm)
        assert lines_of(old)[0].standing is Standing.EXPIRED

    def test_a_revoked_renewal_renews_nothing(self, city):
        old = held(dt.date(2016, 11, 20))
        held(dt.date(2018, 11, 28), firm=old.firm, revoked=True)
        assert lines_of(old)[0].standing is Standing.EXPIRING

    def test_edge_case_19_of_two_certificates_the_later_one_is_in_force(self, city):
        old = held(dt.date(2016, 11, 30))
        new = held(dt.date(2019, 5, 1), firm=old.firm, kind=AccreditationKind.RENEWAL)
        assert shown(city, F.CURRENT) == [new]
        assert shown(city, F.RENEWED) == [old]

    def test_every_filter_counts_what_it_shows(self, city):
        for year in (2014, 2015, 2016, 2017, 2018):
            for month in (1, 6, 11):
                held(dt.date(year, month, 28))
        held(dt.date(2017, 11, 29), revoked=True)
        counts = certificate_counts(city, ON)
        assert counts == {which: len(shown(city, which)) for which in counts}
        parts = (F.EXPIRED, F.RENEWED, F.REVOKED, F.CURRENT)
        assert sum(counts[which] for which in parts) == counts[F.ALL] == 16
        current = (F.VALID, F.WINDOW_OPEN, F.EXPIRING)
        assert sum(counts[which] for which in current) == counts[F.CURRENT]
        assert set(counts) == set(F)


class TestFlags:
    def test_a_window_without_an_open_case_is_flagged(self, city):
        one, other = held(dt.date(2016, 11, 30)), held(dt.date(2016, 11, 30))
        case_at(CaseState.POOLED, firm=other.firm, kind=CaseKind.RENEWAL)
        assert shown(city, F.UNPREPARED) == [one]
        lines = lines_of(one, other)
        assert [line.unprepared for line in lines] == [True, False]

    def test_edge_case_24_missed_reports_are_a_filter(self, city):
        one, other = held(dt.date(2016, 11, 30)), held(dt.date(2016, 11, 30))
        file_all(other, city)
        assert shown(city, F.REPORTS) == [one]
        flagged, clean = lines_of(one, other)
        assert "2016、2017、2018" in flagged.report_flag
        assert clean.flags == ()

    @pytest.mark.parametrize(("reported_on", "late"), [((2019, 4, 15), False), ((2019, 4, 16), True)])
    def test_edge_case_22_a_change_reported_late_flags_the_certificate_of_its_day(
        self, city, reported_on, late
    ):
        certificate = held(dt.date(2018, 11, 28))
        record_material_change(
            firm=certificate.firm,
            kind=ChangeKind.SPLIT,
            happened_on=dt.date(2019, 1, 15),
            reported_on=dt.date(*reported_on),
            document="演示报告〔2019〕1号",
            actor=city,
        )
        assert shown(city, F.CHANGES) == [certificate] * late
        assert bool(lines_of(certificate)[0].change_flags) is late

    def test_a_change_before_the_certificate_flags_nothing(self, city):
        certificate = held(dt.date(2018, 11, 28))
        rename_firm(
            firm=certificate.firm,
            name="演示新名有限公司",
            valid_from=dt.date(2018, 1, 15),
            reported_on=dt.date(2018, 12, 15),
            document="演示变更〔2018〕1号",
            actor=city,
        )
        assert shown(city, F.CHANGES) == []
        assert lines_of(certificate)[0].flags == ()


class TestFinding:
    def test_by_number_code_and_names_old_and_new(self, city):
        certificate = held(dt.date(2018, 11, 28))
        held(dt.date(2018, 11, 28))
        old = certificate.firm.name
        rename_firm(
            firm=certificate.firm,
            name="演示新名有限公司",
            valid_from=dt.date(2019, 4, 1),
            document="演示变更〔2019〕1号",
            actor=city,
        )
        for text in (
            certificate.certificate_number.lower(),
            certificate.firm.credit_code,
            old,
            "演示新名",
        ):
            assert shown(city, text=text) == [certificate], text

    def test_by_division_and_for_whom(self, city):
        here = held(dt.date(2018, 11, 28))
        there = held(dt.date(2018, 11, 28), firm=FirmFactory(division=division("tianyang")))
        assert shown(city, division=division("tianyang")) == [there]
        assert shown(UserFactory(role=Role.COUNTY, division=division("tianyang"))) == [there]
        assert shown(UserFactory(role=Role.FIRM, firm=here.firm)) == [here]
        assert shown(UserFactory(role=Role.ADMINISTRATOR)) == []

    def test_pages_run_by_the_end_of_the_term(self, city):
        days = [dt.date(2018, 11, 28), dt.date(2018, 3, 1), dt.date(2018, 11, 28), dt.date(2018, 5, 5)]
        made = sorted((held(day) for day in days), key=lambda row: (row.last_day, row.pk))
        found, after = [], ""
        while True:
            page = certificate_page(city, ON, after=after, size=3)
            found += page.rows
            if not (after := page.next):
                break
        assert found == made
        for unreadable in ("x", "2019-01-01_x", f"2019-01-01_{10**20}"):
            assert certificate_page(city, ON, after=unreadable, size=3).rows == made[:3]

    def test_the_queries_do_not_grow(self, city, django_assert_num_queries):
        assert city.roles  # asked once a request
        for more in (1, 6):
            for _number in range(more):
                case_at(CaseState.POOLED, firm=held(dt.date(2016, 11, 30)).firm, kind=CaseKind.RENEWAL)
            with django_assert_num_queries(5):
                page = certificate_page(city, ON)
                assert len(certificate_lines(page.rows, ON)) == len(page.rows)


class TestRegisterPage:
    url = "/certificates/"

    def test_shows_what_is_in_force_and_filters(self, browse, cast):
        one, gone = held(dt.date(2018, 11, 28)), held(dt.date(2015, 11, 20))
        client = browse(cast.auditor)
        rows = client.get(self.url).context["rows"]
        assert [line.certificate for line, _name in rows] == [one]
        answer = client.get(self.url, {"state": "expired", "q": gone.certificate_number})
        assert [line.certificate for line, _name in answer.context["rows"]] == [gone]
        assert client.get(self.url, {"state": "nonsense"}).context["shown"] is F.CURRENT

    def test_the_workbook_holds_what_is_shown_as_text(self, browse, cast):
        firm = FirmFactory(name="=演示(公司)")
        certificate = held(dt.date(2016, 11, 30), firm=firm)
        held(dt.date(2015, 11, 20))
        answer = browse(cast.reviewer).get("/documents/exports/certificates/", {"state": "expiring"})
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        (_header, row) = sheet.iter_rows(values_only=True)
        assert row[:3] == (certificate.certificate_number, "=演示(公司)", firm.credit_code)
        assert {cell.data_type for cell in sheet[2][:3]} == {"s"}
        assert "attachment" in answer["Content-Disposition"]

    def test_the_queries_of_the_page_do_not_grow(self, browse, cast, django_assert_max_num_queries):
        held(dt.date(2018, 11, 28))
        client = browse(cast.caseworker)
        with django_assert_max_num_queries(24) as first:
            client.get(self.url)
        for _number in range(8):
            held(dt.date(2018, 11, 28), firm=FirmFactory(division=division("debao")))
        with django_assert_max_num_queries(len(first)):
            client.get(self.url)


class TestCertificatePage:
    def post(self, client, certificate, act, **answers):
        fields = {f"{act}-{name}": value for name, value in answers.items()}
        page = self.page(client, certificate)
        seen = page.context["seen"] if page.status_code == 200 else ""
        url = reverse(f"cultivation:certificate_{act}", args=[certificate.pk])
        return client.post(url, {"seen": seen, **fields})

    def page(self, client, certificate):
        return client.get(reverse("cultivation:certificate", args=[certificate.pk]))

    def test_a_caseworker_records_and_another_corrects_a_report(self, browse, cast):
        certificate = held(dt.date(2016, 11, 30))
        answer = self.post(
            browse(cast.caseworker), certificate, "report", year="2017", reported_on="2018-06-01"
        )
        assert answer.status_code == 302
        entry = AnnualReport.objects.get()
        client = browse(cast.caseworker2)
        answers = {"entry": entry.pk, "reported_on": "2018-05-31", "reason": "日期录错"}
        assert self.post(client, certificate, "correct", **answers).status_code == 302
        (line,) = lines_of(certificate)
        assert line.reports[1].reported_on == dt.date(2018, 5, 31)
        assert "日期录错" in self.page(client, certificate).content.decode()

    @pytest.mark.parametrize(
        ("answers", "field"),
        [
            ({"year": "2017", "reported_on": ""}, "reported_on"),
            ({"year": "2017", "reported_on": "soon"}, "reported_on"),
            ({"year": "2009", "reported_on": "2018-04-01"}, "year"),
        ],
    )
    def test_a_form_not_filled_in_is_told_beside_its_field(self, browse, cast, answers, field):
        certificate = held(dt.date(2016, 11, 30))
        answer = self.post(browse(cast.caseworker), certificate, "report", **answers)
        assert answer.status_code == 422
        assert f'id="id_report-{field}_error"' in answer.content.decode()
        assert not AnnualReport.objects.exists()

    def test_a_revocation_is_recorded_and_shown_with_its_article(self, browse, cast):
        certificate = held(dt.date(2017, 11, 29))
        client = browse(cast.caseworker)
        answers = {
            "cause": "fraud",
            "revoked_on": "2019-06-03",
            "act_year": "2018",
            "document": "演示撤〔2019〕1号",
        }
        assert self.post(client, certificate, "revoke", **answers).status_code == 302
        assert Accreditation.objects.get(pk=certificate.pk).revoked_act_year == 2018
        text = self.page(client, certificate).content.decode()
        assert "第十九条（一）" in text
        assert "revoke-cause" not in text

    def test_what_a_rule_refuses_is_told_and_changes_nothing(self, browse, cast):
        certificate = held(dt.date(2017, 11, 29))
        answers = {"cause": "fraud", "revoked_on": "2019-07-01", "act_year": "2018", "document": "演示"}
        answer = self.post(browse(cast.caseworker), certificate, "revoke", **answers)
        assert answer.status_code == 409
        assert 'role="alert"' in answer.content.decode()
        assert Accreditation.objects.get(pk=certificate.pk).revoked_on is None

    @pytest.mark.parametrize("who", ["firm", "county", "reviewer", "finance", "auditor"])
    def test_others_read_and_are_refused(self, browse, cast, who):
        certificate = held(dt.date(2016, 11, 30), firm=cast.firm.firm)
        client = browse(getattr(cast, who))
        text = self.page(client, certificate).content.decode()
        assert "report-year" not in text
        assert "revoke-cause" not in text
        answer = self.post(client, certificate, "report", year="2017", reported_on="2018-04-01")
        assert answer.status_code == 403
        assert not AnnualReport.objects.exists()

    @pytest.mark.parametrize("act", ["report", "correct", "revoke"])
    def test_certificates_of_others_do_not_exist(self, browse, cast, act):
        certificate = held(dt.date(2016, 11, 30), firm=FirmFactory(division=division("tianyang")))
        for who in (cast.firm, cast.county):
            assert self.page(browse(who), certificate).status_code == 404
            assert self.post(browse(who), certificate, act).status_code == 404

    def test_says_what_a_revocation_would_do_before_it_is_recorded(self, browse, cast):
        certificate = held(dt.date(2016, 11, 30))
        case = case_at(CaseState.READY, firm=certificate.firm, kind=CaseKind.RENEWAL)
        text = self.page(browse(cast.caseworker), certificate).content.decode()
        assert case.number in text
        assert reverse("subsidies:revocation", args=[certificate.pk]) in text


def test_the_day_of_the_page_is_the_business_day(browse, cast):
    held(dt.date(2016, 11, 30))
    with clock.fixed(dt.date(2019, 11, 30)):
        answer = browse(cast.auditor).get("/certificates/", {"state": "expired"})
    assert len(answer.context["rows"]) == 1
