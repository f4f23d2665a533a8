"""The history of training sessions; those there are begin with what they say now."""

import config.common.clock
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


def begin(apps, schema_editor):
    Session, History = (
        apps.get_model("cultivation", name) for name in ("TrainingSession", "HistoricalTrainingSession")
    )
    names = [field.attname for field in Session._meta.concrete_fields]
    for session in Session.objects.order_by("pk"):
        History.objects.create(
            **{name: getattr(session, name) for name in names},
            history_date=session.created_at,
            history_type="+",
            history_user_id=session.created_by_id,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("cultivation", "0023_papers_of_bulletins"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalTrainingSession",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("held_on", models.DateField(verbose_name="held on")),
                ("begins_at", models.TimeField(blank=True, null=True, verbose_name="begins at")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                ("seats", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="seats")),
                (
                    "code_version",
                    models.PositiveSmallIntegerField(default=1, verbose_name="number of the sign-in code"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=config.common.clock.now, verbose_name="created at"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical training session",
                "verbose_name_plural": "historical training sessions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
