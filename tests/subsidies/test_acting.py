"""The one door from the pages to the services of an award."""

import pytest

from config.common.errors import Refused
from cultivation.models import RefusedAttempt
from cultivation.views.refused_acts import act_choices
from subsidies.enums import AwardState
from subsidies.permissions import AwardAction
from subsidies.services import acting
from tests.subsidies.factories import award_at, office

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("action", acting.SERVICES)
def test_a_refusal_at_the_door_bears_a_name_that_the_auditor_can_choose(action: AwardAction) -> None:
    with pytest.raises(Refused):
        acting.act_on_award(
            award=award_at(AwardState.CALCULATED), action=action, actor=office().finance, seen=-1
        )
    assert RefusedAttempt.objects.get().action in dict(act_choices())
