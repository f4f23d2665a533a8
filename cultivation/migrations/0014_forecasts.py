"""Priors of the forecast with their sources, and the forecasts that were made."""

import config.common.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def load_priors(apps, schema_editor):
    from cultivation.reference import load_forecast_priors

    load_forecast_priors(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("cultivation", "0013_targets_of_the_programme"),
    ]

    operations = [
        migrations.CreateModel(
            name="ForecastPrior",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40, verbose_name="key")),
                ("value", models.DecimalField(decimal_places=6, max_digits=14, verbose_name="value")),
                ("weight", models.DecimalField(decimal_places=4, max_digits=12, verbose_name="weight")),
                (
                    "lead_days",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="days needed to the certificate"
                    ),
                ),
                ("meaning", models.CharField(max_length=200, verbose_name="meaning")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until, exclusive")),
                (
                    "verification",
                    models.CharField(
                        choices=[
                            ("read", "Read in the source"),
                            ("second_hand", "Second-hand"),
                            ("unverified", "Unverified"),
                        ],
                        max_length=20,
                        verbose_name="verification",
                    ),
                ),
                ("source", models.CharField(max_length=300, verbose_name="source")),
            ],
            options={
                "verbose_name": "prior of the forecast",
                "verbose_name_plural": "priors of the forecast",
                "ordering": ["key", "valid_from"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "valid_from"), name="prior_has_one_value_from_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__gte", 0), ("weight__gt", 0)),
                        name="prior_is_worth_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="prior_holds_for_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True), name="prior_names_its_source"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForecastSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("as_of", models.DateField(verbose_name="as of")),
                ("inputs", models.JSONField(verbose_name="inputs")),
                ("priors", models.JSONField(verbose_name="priors of the forecast")),
                ("result", models.JSONField(verbose_name="result")),
                ("sha256", models.CharField(max_length=64, verbose_name="hash of inputs, priors and result")),
                (
                    "recorded_at",
                    models.DateTimeField(default=config.common.clock.now, verbose_name="recorded at"),
                ),
                (
                    "division",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cultivation.division",
                        verbose_name="division",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "recorded forecast",
                "verbose_name_plural": "recorded forecasts",
                "ordering": ["-recorded_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", models.F("as_of__year"))),
                        name="forecast_looks_ahead_of_its_day",
                    )
                ],
            },
        ),
        migrations.RunPython(load_priors, migrations.RunPython.noop),
    ]
