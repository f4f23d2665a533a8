"""The demonstration: what it leaves in its folder, and that everybody who logs in finds work."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Sum

from config.common.clock import today
from cultivation.models import RefusedAttempt, User
from cultivation.selectors.clocks import standards
from cultivation.selectors.messages import cases_with_news
from cultivation.selectors.queue import queue_counts
from cultivation.selectors.training import sessions_ahead
from subsidies.enums import AwardState, LineState, ListState
from subsidies.models import Award, PaymentLine, PaymentList
from subsidies.selectors.waiting import money_waiting, proposals_waiting

pytestmark = pytest.mark.long


@pytest.mark.django_db
def test_its_results_speak_of_the_settled_list_and_its_desks_are_not_empty(
    settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "fonts").symlink_to(settings.VAR_DIR / "fonts")
    settings.VAR_DIR = tmp_path
    call_command("load_demo")
    the_results_cover_the_settled_list_alone(tmp_path / "demo")
    the_office_has_cases_and_letters()
    the_finance_office_has_lists_and_answers()


def the_results_cover_the_settled_list_alone(folder: Path) -> None:
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    settled = PaymentList.objects.get(number=summary["payment_list"])
    awards = Award.objects.filter(payment_lines__payment_list=settled)
    assert settled.state == ListState.SETTLED
    assert set(awards.values_list("state", flat=True)) == {AwardState.PAID}
    assert summary["stock"] == {"2017": 29, "2018": 35}
    assert summary["awards"] == summary["payment_lines"] == awards.count() == 6
    assert summary["notices"] == len(list((folder / "notices").iterdir())) == 6
    sums = awards.aggregate(own=Sum("amount"), regional=Sum("regional_award__amount"))
    assert summary["award_total"] == summary["payment_total"] == str(sums["own"])
    assert summary["regional_total"] == str(sums["regional"])


def the_office_has_cases_and_letters() -> None:
    for name in ("kezhang", "kezhang2"):
        person = User.objects.get(username=name)
        counts = queue_counts(person, standards(today()))
        assert counts.mine
        assert 0 < counts.overdue < counts.everything
    news = cases_with_news(User.objects.get(username="kezhang")).get()
    assert cases_with_news(User.objects.get(firm=news.firm)).get() == news
    assert proposals_waiting(User.objects.get(username="kezhang")).awards
    assert sessions_ahead(today())
    assert RefusedAttempt.objects.exists()


def the_finance_office_has_lists_and_answers() -> None:
    waiting = money_waiting(User.objects.get(username="caiwu3"))
    assert waiting.to_release == waiting.at_the_bank == waiting.to_list == waiting.unmatched == 1
    failed = PaymentLine.objects.get(state=LineState.FAILED)
    assert failed.award.payment_lines.count() == 2
    assert Award.objects.filter(state=AwardState.RECOVERING).exists()
