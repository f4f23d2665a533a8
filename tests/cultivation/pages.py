"""What the tests of the case pages share: a case of the cast, its page, and the form of an act."""

from django.test import Client
from django.urls import reverse

from cultivation.enums import CaseAction, CaseState
from cultivation.models import CaseEvent, CultivationCase
from tests.factories import (
    BankAccountFactory,
    ContactFactory,
    case_at,
)
from tests.people import Cast

ACCOUNT, PHONE = "6222000000000098765", "13812345678"


def own_case(cast: Cast, state: CaseState = CaseState.SUBMITTED) -> CultivationCase:
    firm = cast.firm.firm
    ContactFactory(firm=firm, phone=PHONE)
    BankAccountFactory(firm=firm, number=ACCOUNT)
    return case_at(state, firm=firm)


def page(client: Client, case: CultivationCase) -> str:
    answer = client.get(reverse("cultivation:case", args=[case.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def act(client: Client, case: CultivationCase, action: CaseAction, seen: int | None = None, **answers):
    """Send the form of an act, as the page that was opened now would."""
    if seen is None:
        seen = CaseEvent.objects.filter(case=case).count()
    fields = {f"{action.value}-{name}": value for name, value in answers.items()}
    url = reverse("cultivation:case_act", args=[case.pk, action.value])
    return client.post(url, {**fields, "seen": seen})


def state_of(case: CultivationCase) -> str:
    return CultivationCase.objects.values_list("state", flat=True).get(pk=case.pk)
