"""The page of one award in tests: looked at, and acted on as its forms would."""

import datetime as dt
from typing import Any

from django.test import Client
from django.urls import reverse

from cultivation.models import User
from subsidies.models import Award, Objection
from subsidies.services.objections import record_objection
from tests.subsidies.factories import office


def page(client: Client, award: Award, user: User | None = None) -> Any:
    if user is not None:
        client.force_login(user)
    return client.get(reverse("subsidies:award", args=[award.pk]))


def act(
    client: Client,
    award: Award,
    action: str,
    user: User | None = None,
    *,
    seen: object = None,
    **answers: object,
) -> Any:
    """Post an act as the page of the award would, on the state of now unless ``seen`` says otherwise."""
    if user is not None:
        client.force_login(user)
    data = {f"{action}-{name}": value for name, value in answers.items()}
    data["seen"] = award.events.count() if seen is None else seen
    return client.post(reverse("subsidies:award_act", args=[award.pk, action]), data)


def offered(answer: Any) -> dict[str, tuple[str, ...]]:
    """The acts on the page, each with what blocks it."""
    return {str(offer.name): offer.blocked_by for offer, _form in answer.context["acts"]}


def state_of(award: Award) -> str:
    return Award.objects.get(pk=award.pk).state


def error_of(answer: Any, action: str) -> str:
    """What is said above the form of an act."""
    context = answer.context
    forms = {str(offer.name): form for offer, form in context["acts"]}
    form = forms.get(action) or context["stray"][1]
    return " ".join(form.non_field_errors())


def objection(award: Award, **fields: Any) -> Objection:
    return record_objection(
        **{
            "award": award,
            "raised_by": "演示乙公司",
            "raised_on": dt.date(2019, 6, 10),
            "text": "该企业研发费用不实。",
            "actor": office().caseworker,
            **fields,
        }
    )
