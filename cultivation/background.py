"""Work in the background: back-tests, which replay every past quarter, and the papers of bulletins."""

import datetime as dt

from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from config.common.clock import machine_now

from .models import Bulletin, User
from .services.bulletins import make_bulletin_paper
from .services.forecasts import record_backtest

# Longer than any back-test takes; one that began earlier lost its worker.
_LONGEST = dt.timedelta(hours=2)


@task()
def make_backtest(user_id: int) -> None:
    record_backtest(actor=User.objects.get(pk=user_id))


def order_backtest(user: User) -> None:
    """Let a worker make one, if none is on its way."""
    if backtest_status() is not TaskResultStatus.RUNNING:
        make_backtest.enqueue(user.pk)


def backtest_status() -> TaskResultStatus | None:
    """Of the back-test ordered last: ``RUNNING`` from the order on, ``FAILED``, or nothing to tell."""
    last = (
        DBTaskResult.objects.filter(task_path=make_backtest.module_path)
        .order_by("-enqueued_at")
        .values_list("status", "enqueued_at")
        .first()
    )
    if last is None or last[0] == TaskResultStatus.SUCCESSFUL:
        return None
    if last[0] == TaskResultStatus.FAILED or machine_now() - last[1] > _LONGEST:
        return TaskResultStatus.FAILED
    return TaskResultStatus.RUNNING


@task()
def make_paper(bulletin_id: int) -> None:
    make_bulletin_paper(bulletin=Bulletin.objects.get(pk=bulletin_id))


def enqueue_paper(bulletin: Bulletin) -> None:
    """Let a worker make the PDF; fetching it before that makes it at once."""
    make_paper.enqueue(bulletin.pk)
