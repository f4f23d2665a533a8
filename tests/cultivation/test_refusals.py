"""The auditor's page of refused attempts: everything that was refused, found by person, act, record and day."""

import ast
import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from config.common.clock import now
from config.common.errors import Refused
from cultivation.models import Message, RefusedAttempt, User
from cultivation.selectors.refusals import RefusalFilter, refusal_page
from cultivation.services import case_flow
from cultivation.services.refusals import recorded
from cultivation.views.refused_acts import ACTS
from tests.cultivation.pages import own_case
from tests.people import Cast

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parent.parent.parent


def refuse(action: str = "enrol", *, days_ago: int = 0, **fields: object) -> RefusedAttempt:
    return RefusedAttempt.objects.create(
        **{
            "action": action,
            "subject": "case:7",
            "code": "not_allowed",
            "message": "不允许",
            "at": now() - dt.timedelta(days=days_ago),
            **fields,
        }
    )


def recorded_actions(app: str) -> set[str]:
    """The names that services are recorded under, as they are written in the source."""
    found = set()
    for path in (ROOT / app / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "recorded":
                found |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
    return found


def test_every_act_that_can_be_refused_has_a_name() -> None:
    actions = recorded_actions("cultivation") | recorded_actions("subsidies")
    assert len(actions) > 50
    assert {action for action in actions if action not in ACTS} == set()


class TestThePage:
    def test_it_says_who_tried_what_and_why_not(self, client: Client, cast: Cast) -> None:
        refuse(actor=cast.county)
        client.force_login(cast.auditor)
        page = client.get(reverse("cultivation:refusals")).content.decode()
        for text in ("county", "入库", "不允许", reverse("cultivation:case", args=[7])):
            assert text in page

    def test_it_calls_the_record_by_the_name_it_had(self, client: Client, cast: Cast) -> None:
        case = own_case(cast)
        with pytest.raises(Refused):
            case_flow.enrol_case(case=case, actor=cast.county)
        attempt = RefusedAttempt.objects.get()
        assert (attempt.subject, attempt.subject_name) == (f"case:{case.pk}", case.number)
        refuse(subject="case:9999")
        client.force_login(cast.auditor)
        page = client.get(reverse("cultivation:refusals"), {"about": case.number}).content.decode()
        assert f">{case.number}</a>" in page
        assert "case:9999" not in page

    def test_a_record_that_nobody_knows_by_name_keeps_its_key_alone(self, cast: Cast) -> None:
        @recorded("strike")
        def strike(*, message: Message, actor: User) -> None:
            raise Refused("never", "永不")

        with pytest.raises(Refused):
            strike(message=Message(pk=3), actor=cast.county)
        attempt = RefusedAttempt.objects.get()
        assert (attempt.subject, attempt.subject_name) == ("message:3", "")

    def test_the_workbook_holds_what_is_shown(self, client: Client, cast: Cast) -> None:
        refuse(actor=cast.county, message="=1+1")
        refuse("file", actor=cast.caseworker)
        client.force_login(cast.auditor)
        answer = client.get(reverse("documents:export", args=["refusals"]), {"person": "county"})
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert sheet.max_row == 2
        cell = next(cell for cell in sheet[2] if cell.value == "=1+1")
        assert cell.data_type == "s"

    def test_what_cannot_be_read_narrows_nothing(self, client: Client, cast: Cast) -> None:
        refuse()
        client.force_login(cast.auditor)
        answer = client.get(reverse("cultivation:refusals"), {"since": "x", "act": "y", "after": "z"})
        assert answer.status_code == 200
        assert "不允许" in answer.content.decode()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (RefusalFilter(), 3),
        (RefusalFilter(person="coun"), 1),
        (RefusalFilter(act="file"), 1),
        (RefusalFilter(about="award:9"), 1),
        (RefusalFilter(about="允许"), 3),
        (RefusalFilter(since=dt.date(2019, 6, 30)), 1),
        (RefusalFilter(until=dt.date(2019, 6, 29)), 2),
        (RefusalFilter(since=dt.date(2019, 6, 29), until=dt.date(2019, 6, 29)), 1),
        (RefusalFilter(person="coun", act="file"), 0),
    ],
)
def test_it_is_narrowed(cast: Cast, wanted: RefusalFilter, found: int) -> None:
    refuse(actor=cast.county)
    refuse("file", actor=cast.caseworker, days_ago=1)
    refuse("review award", subject="award:9", days_ago=2)
    assert len(refusal_page(wanted).rows) == found


def test_it_is_paged_by_key_with_one_query_a_page(cast: Cast, django_assert_num_queries) -> None:
    for number in range(5):
        refuse(message=str(number), actor=cast.county)
    with django_assert_num_queries(2):
        first = refusal_page(RefusalFilter(), size=3)
        second = refusal_page(RefusalFilter(), after=first.next, size=3)
    assert [row.message for row in (*first.rows, *second.rows)] == ["4", "3", "2", "1", "0"]
    assert second.next == ""
