"""Edge case 50 on the certificate's page: proposed by one, confirmed by another, with both versions to be read."""

import datetime as dt

import pytest
from django.urls import reverse

from cultivation.enums import AccreditationKind, CorrectionState, Role
from cultivation.models import AccreditationCorrection
from cultivation.services.accreditation_corrections import propose_correction, reject_correction
from cultivation.services.correction_reach import reach_of
from cultivation.services.determinations import revoke_accreditation
from tests.factories import AccreditationFactory, UserFactory
from tests.overtaking import from_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(cast):
    return AccreditationFactory(
        firm=cast.firm.firm,
        determined=True,
        issued_on=dt.date(2016, 11, 30),
        last_day=dt.date(2019, 11, 29),
        recorded_by=UserFactory(role=Role.CASEWORKER),
    )


def url_of(certificate):
    return reverse("cultivation:certificate", args=[certificate.pk])


def answers(certificate, **changes):
    fields = {
        "certificate_number": certificate.certificate_number,
        "name_on_certificate": certificate.name_on_certificate,
        "kind": certificate.kind,
        "issued_on": certificate.issued_on,
        "document_number": certificate.document_number,
        "document_date": certificate.document_date,
        "reason": "发证日期录错",
        "document": "证书复印件",
    }
    return {f"propose-{name}": value for name, value in {**fields, **changes}.items()}


def propose(client, certificate, **changes):
    url = reverse("cultivation:correction_propose", args=[certificate.pk])
    return client.post(url, from_page(client, url_of(certificate), **answers(certificate, **changes)))


def proposed(certificate, actor):
    return propose_correction(
        accreditation=certificate,
        changes={"issued_on": dt.date(2017, 11, 30)},
        reason="发证日期录错",
        document="证书复印件",
        actor=actor,
    )


def decide(client, correction, action, **fields):
    url = reverse("cultivation:correction_act", args=[correction.pk, action])
    given = {f"{action}-{name}": value for name, value in fields.items()}
    return client.post(url, from_page(client, url_of(correction.accreditation), **given))


def page(client, certificate):
    return client.get(url_of(certificate))


def test_edge_case_50_proposed_by_one_and_confirmed_by_another(client, cast, certificate):
    client.force_login(cast.caseworker)
    assert propose(client, certificate, issued_on="2017-11-30").status_code == 302
    correction = AccreditationCorrection.objects.get()
    assert correction.after == {"issued_on": "2017-11-30"}
    assert set(page(client, certificate).context["corrections"].forms) == set()
    client.force_login(cast.reviewer)
    panel = page(client, certificate).context["corrections"]
    assert set(panel.forms) == {"confirm", "reject"}
    assert decide(client, correction, "confirm").status_code == 302
    certificate.refresh_from_db()
    assert certificate.last_day == dt.date(2020, 11, 29)
    shown = page(client, certificate).content.decode()
    assert "2016-11-30" in shown
    assert "证书复印件" in shown


def test_what_it_touches_is_shown_before(client, cast, certificate):
    proposed(certificate, cast.caseworker)
    client.force_login(cast.reviewer)
    reach = page(client, certificate).context["corrections"].reach
    assert reach.last_day == dt.date(2020, 11, 29)
    assert [(row.year, row.before, row.after) for row in reach.year_ends] == [(2016, 1, 0), (2019, 0, 1)]


def test_a_number_moves_no_stock(certificate):
    assert reach_of(certificate, {"certificate_number": "GR201645000001"}).year_ends == []


def test_edge_case_19_a_firm_with_another_certificate_counts_as_before(certificate):
    AccreditationFactory(
        firm=certificate.firm,
        kind=AccreditationKind.RENEWAL,
        issued_on=dt.date(2016, 1, 5),
        last_day=dt.date(2022, 1, 4),
    )
    assert reach_of(certificate, {"issued_on": "2017-11-30"}).year_ends == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"reason": " "}, 422),
        ({"issued_on": "30.11.2017"}, 422),
        ({"kind": "third"}, 422),
        ({}, 409),
        ({"issued_on": "2030-01-01"}, 409),
    ],
    ids=["no reason", "no date", "no kind", "nothing changes", "future"],
)
def test_a_faulty_proposal_changes_nothing_and_stays_on_the_page(client, cast, certificate, changes, status):
    client.force_login(cast.caseworker)
    answer = propose(client, certificate, **{"document": "复印件之一", **changes})
    assert answer.status_code == status
    assert "复印件之一" in answer.content.decode()
    assert not AccreditationCorrection.objects.exists()


@pytest.mark.parametrize("who", ["reviewer", "finance", "auditor", "county", "firm"])
def test_the_wrong_role_does_not_propose(client, cast, certificate, who):
    client.force_login(getattr(cast, who))
    assert propose(client, certificate, issued_on="2017-11-30").status_code == 403


@pytest.mark.parametrize("who", ["caseworker", "finance", "auditor", "county", "firm"])
def test_neither_proposer_nor_wrong_role_confirms(client, cast, certificate, who):
    correction = proposed(certificate, cast.caseworker)
    client.force_login(getattr(cast, who))
    assert decide(client, correction, "confirm").status_code == 403
    correction.refresh_from_db()
    assert correction.state == CorrectionState.PROPOSED


def test_whoever_recorded_it_may_reject_but_not_confirm(client, cast, certificate):
    correction = proposed(certificate, cast.caseworker)
    client.force_login(certificate.recorded_by)
    panel = page(client, certificate).context["corrections"]
    assert (set(panel.forms), panel.barred) == ({"reject"}, True)
    assert decide(client, correction, "confirm").status_code == 403
    assert decide(client, correction, "reject", reason="").status_code == 422
    assert decide(client, correction, "reject", reason="原件无误").status_code == 302


def test_a_stale_decision_is_told_so(client, cast, certificate):
    correction = proposed(certificate, cast.caseworker)
    reject_correction(correction=correction, reason="原件无误", actor=cast.reviewer)
    client.force_login(cast.reviewer)
    answer = decide(client, correction, "confirm")
    assert answer.status_code == 409
    assert answer.context["corrections"].stray.non_field_errors()


def test_a_revoked_certificate_is_not_corrected(client, cast, certificate):
    revoke_accreditation(
        accreditation=certificate,
        revoked_on=dt.date(2019, 3, 1),
        act_year=2018,
        cause="fraud",
        document="演示撤〔2019〕1号",
        actor=cast.caseworker,
    )
    client.force_login(cast.caseworker)
    assert not page(client, certificate).context["corrections"].forms
    assert propose(client, certificate, issued_on="2017-11-30").status_code == 409


def test_county_and_firm_are_not_told(client, cast, certificate):
    proposed(certificate, cast.caseworker)
    for user in (cast.firm, cast.county):
        client.force_login(user)
        assert page(client, certificate).context["corrections"] is None


def test_unknown_ones_are_not_found(client, cast, certificate):
    correction = proposed(certificate, cast.caseworker)
    client.force_login(cast.reviewer)
    assert decide(client, correction, "annul").status_code == 404
    correction.pk += 1
    assert decide(client, correction, "confirm").status_code == 404
