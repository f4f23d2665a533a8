"""From when a case has waited where it lies, and how long it may: the service standard as parameters."""

from itertools import groupby

import config.common.clock
from django.db import migrations, models
from django.db.models.functions import TruncDate
from django.utils import timezone


def start_clocks(apps, schema_editor):
    """Every clock runs from the day of its state; where a case has been returned, the office's time goes on."""
    cases = apps.get_model("cultivation", "CultivationCase").objects
    zone = timezone.get_default_timezone()
    cases.update(clock_from=TruncDate("state_since", tzinfo=zone))
    calendar = _calendar(apps)
    returned = apps.get_model("cultivation", "CaseEvent").objects.filter(action="return").values("case_id")
    events = (
        apps.get_model("cultivation", "CaseEvent")
        .objects.filter(case_id__in=returned)
        .order_by("case_id", "number")
        .values_list("case_id", "action", "from_state", "to_state", "at")
    )
    for key, steps in groupby(events.iterator(), key=lambda row: row[0]):
        start, held = _clock(((*step, timezone.localdate(at, zone)) for _key, *step, at in steps), calendar)
        cases.filter(pk=key).update(clock_from=start, clock_held_from=held)


def _calendar(apps):
    from cultivation.rules.workdays import WorkCalendar

    days = list(apps.get_model("cultivation", "CalendarDay").objects.values_list("day", "is_workday"))
    years = apps.get_model("cultivation", "CalendarYear").objects.values_list("year", flat=True)
    return WorkCalendar(
        years=frozenset(years),
        holidays=frozenset(day for day, worked in days if not worked),
        make_up_workdays=frozenset(day for day, worked in days if worked),
    )


def _clock(steps, calendar):
    from cultivation.rules.case_clock import start_after_pause

    start = held = None
    for action, came_from, went_to, day in steps:
        if came_from == went_to:
            continue
        if action == "return":
            start, held = day, start or day
        elif action == "resubmit" and held:
            start = start_after_pause(start=held, paused_on=start, resumed_on=day, calendar=calendar)
            held = None
        else:
            start, held = day, None
    return start, held


def load_limits(apps, schema_editor):
    from cultivation.reference import load_parameters

    load_parameters(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("cultivation", "0015_training_sign_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="cultivationcase",
            name="clock_from",
            field=models.DateField(
                default=config.common.clock.today,
                help_text="The day after it is the first counted; later than the state where the clock stood still",
                verbose_name="clock runs from",
            ),
        ),
        migrations.AddField(
            model_name="cultivationcase",
            name="clock_held_from",
            field=models.DateField(blank=True, null=True, verbose_name="clock of the office, held, ran from"),
        ),
        migrations.RunPython(start_clocks, migrations.RunPython.noop),
        migrations.RunPython(load_limits, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="cultivationcase",
            index=models.Index(fields=["state", "clock_from", "id"], name="case_by_clock"),
        ),
        migrations.AddConstraint(
            model_name="cultivationcase",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "returned"), _negated=True)
                | models.Q(("clock_held_from__isnull", False)),
                name="returned_case_holds_the_clock_of_the_office",
            ),
        ),
    ]
