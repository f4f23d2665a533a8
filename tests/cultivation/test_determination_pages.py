"""Edge case 50 on the page of a determination: proposed by one, confirmed by another, with what it does to be read."""

import pytest
from django.urls import reverse

from cultivation.enums import CaseState, CertificateFilter, CorrectionState, RevocationCause
from cultivation.models import Accreditation, CultivationCase, DeterminationCorrection
from cultivation.services.determinations import revoke_accreditation
from tests.cultivation.lifting import decided, decline, lift, listed, propose, two_and_the_recorder
from tests.factories import ContactFactory, case_at
from tests.overtaking import from_page

pytestmark = pytest.mark.django_db

ANSWERS = {"propose-reason": "名单抄录错行", "propose-document": "演示桂科函〔2019〕3号"}


@pytest.fixture
def two():
    return two_and_the_recorder()


@pytest.fixture
def case(two, cast):
    ContactFactory(firm=cast.firm.firm)
    case = case_at(CaseState.DISCLOSED, firm=cast.firm.firm)
    listed(two, case.firm)
    return CultivationCase.objects.get(pk=case.pk)


@pytest.fixture
def determination(case):
    return decided(case.firm)


def url_of(determination):
    return reverse("cultivation:determination", args=[determination.pk])


def page(client, determination):
    return client.get(url_of(determination))


def send(client, determination, **changes):
    url = reverse("cultivation:determination_correct", args=[determination.pk])
    return client.post(url, from_page(client, url_of(determination), **{**ANSWERS, **changes}))


def act(client, correction, action, **fields):
    url = reverse("cultivation:determination_correction_act", args=[correction.pk, action])
    given = {f"{action}-{name}": value for name, value in fields.items()}
    return client.post(url, from_page(client, url_of(correction.determination), **given))


def test_edge_case_50_proposed_by_one_and_confirmed_by_another(client, two, case, determination):
    client.force_login(two.proposer)
    assert send(client, determination).status_code == 302
    correction = DeterminationCorrection.objects.get()
    panel = page(client, determination).context["panel"]
    assert (set(panel.forms), panel.barred) == (set(), True)
    client.force_login(two.confirmer)
    panel = page(client, determination).context["panel"]
    assert set(panel.forms) == {"confirm", "reject"}
    assert act(client, correction, "confirm").status_code == 302
    case = CultivationCase.objects.get(pk=case.pk)
    assert case.state == CaseState.DISCLOSED
    shown = page(client, determination)
    assert shown.context["panel"].forms == {}
    text = shown.content.decode()
    assert "名单抄录错行" in text
    assert str(two.confirmer) in text


def test_what_it_does_is_shown_before(client, two, case, determination):
    client.force_login(two.proposer)
    answer = page(client, determination)
    panel = answer.context["panel"]
    assert (panel.resting.case, panel.resting.back_to) == (case, CaseState.DISCLOSED)
    assert [(row.year, row.before, row.after) for row in panel.year_ends] == [
        (2019, 1, 0),
        (2020, 1, 0),
        (2021, 1, 0),
    ]
    assert Accreditation.objects.get().certificate_number in answer.content.decode()


def test_the_page_leads_from_the_wrong_one_to_the_right_one_and_back(client, two, case, determination):
    lift(two, determination)
    decline(two, CultivationCase.objects.get(pk=case.pk))
    right = decided(case.firm)
    client.force_login(two.proposer)
    there, back = (reverse("cultivation:determination", args=[row.pk]) for row in (right, determination))
    assert there in page(client, determination).content.decode()
    assert back in page(client, right).content.decode()


def test_the_page_of_the_case_names_every_decision_to_the_city_alone(client, two, cast, case, determination):
    lift(two, determination)
    decline(two, CultivationCase.objects.get(pk=case.pk))
    url = reverse("cultivation:case", args=[case.pk])
    client.force_login(cast.auditor)
    lines = client.get(url).context["determinations"]
    assert [(line.determination, line.is_lifted) for line in lines] == [
        (determination, True),
        (decided(case.firm), False),
    ]
    for person in (cast.firm, cast.county):
        client.force_login(person)
        assert not client.get(url).context.get("determinations")


def test_the_firm_reads_why_its_case_is_open_again(client, two, cast, case, determination):
    lift(two, determination)
    client.force_login(cast.firm)
    text = client.get(reverse("cultivation:case", args=[case.pk])).content.decode()
    assert "名单抄录错行" in text
    assert str(two.confirmer) not in text


def test_the_certificate_says_that_it_was_recorded_wrongly(client, two, cast, case, determination):
    lift(two, determination)
    certificate = Accreditation.objects.get()
    client.force_login(cast.caseworker)
    url = reverse("cultivation:certificate", args=[certificate.pk])
    answer = client.get(url)
    assert "演示桂科函〔2019〕3号" in answer.content.decode()
    assert "revoke" not in answer.context["forms"]
    register = reverse("cultivation:certificates")
    found = client.get(register, {"state": CertificateFilter.RECORDED_WRONGLY}).context["rows"]
    assert [line.certificate for line, _division in found] == [certificate]


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"propose-reason": " "}, 422), ({"propose-document": ""}, 422), ({"propose-document": "长" * 61}, 422)],
)
def test_a_faulty_proposal_stays_on_the_page(client, two, determination, changes, status):
    client.force_login(two.proposer)
    assert send(client, determination, **changes).status_code == status
    assert not DeterminationCorrection.objects.exists()


def test_what_the_rules_refuse_is_told_on_the_page(client, two, determination):
    propose(two, determination)
    client.force_login(two.proposer)
    answer = send(client, determination)
    assert answer.status_code == 409
    assert answer.context["panel"].stray.non_field_errors()


@pytest.mark.parametrize(
    ("who", "status"),
    [("reviewer", 403), ("finance", 403), ("auditor", 403), ("county", 403), ("firm", 403)],
)
def test_the_wrong_role_does_not_propose(client, cast, determination, who, status):
    client.force_login(getattr(cast, who))
    assert send(client, determination).status_code == status


@pytest.mark.parametrize("who", ["finance", "auditor", "county", "firm"])
def test_the_wrong_role_does_not_decide(client, two, cast, determination, who):
    correction = propose(two, determination)
    client.force_login(getattr(cast, who))
    assert act(client, correction, "confirm").status_code == 403
    correction.refresh_from_db()
    assert correction.state == CorrectionState.PROPOSED


def test_whoever_recorded_it_may_reject_but_not_confirm(client, two, determination):
    correction = propose(two, determination)
    client.force_login(two.recorder)
    panel = page(client, determination).context["panel"]
    assert (set(panel.forms), panel.barred) == ({"reject"}, True)
    assert act(client, correction, "confirm").status_code == 403
    assert act(client, correction, "reject", reason="").status_code == 422
    assert act(client, correction, "reject", reason="名单无误").status_code == 302
    assert set(page(client, determination).context["panel"].forms) == {"propose"}


def test_where_the_region_revokes_meanwhile_it_can_only_be_rejected(client, two, determination):
    correction = propose(two, determination)
    certificate = Accreditation.objects.get()
    revoke_accreditation(
        accreditation=certificate,
        revoked_on=certificate.issued_on,
        act_year=2019,
        cause=RevocationCause.FRAUD,
        document="演示撤〔2019〕1号",
        actor=two.recorder,
    )
    client.force_login(two.confirmer)
    assert set(page(client, determination).context["panel"].forms) == {"reject"}
    assert act(client, correction, "confirm").status_code == 409
    assert act(client, correction, "reject", reason="资格已取消").status_code == 302
    client.force_login(two.proposer)
    assert page(client, determination).context["panel"].forms == {}


def test_a_decline_has_a_page_too(client, two):
    case = case_at(CaseState.FILED)
    decline(two, case)
    client.force_login(two.proposer)
    panel = page(client, decided(case.firm)).context["panel"]
    assert (panel.resting.certificate, panel.resting.back_to) == (None, CaseState.FILED)


def test_unknown_ones_are_not_found(client, two, determination):
    correction = propose(two, determination)
    client.force_login(two.confirmer)
    assert act(client, correction, "annul").status_code == 404
    correction.pk += 1
    assert act(client, correction, "confirm").status_code == 404
    determination.pk += 1
    assert page(client, determination).status_code == 404
