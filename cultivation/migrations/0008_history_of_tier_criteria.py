"""The history of the criteria of tiers: who changed which, and when."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cultivation", "0007_delegation_and_correction"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalTierCriterion",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("technology_sme", "Technology SME"),
                            ("gazelle", "Gazelle"),
                        ],
                        max_length=20,
                        verbose_name="tier",
                    ),
                ),
                ("key", models.SlugField(max_length=40, verbose_name="key")),
                ("text", models.CharField(max_length=200, verbose_name="criterion")),
                (
                    "least",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=17, null=True, verbose_name="at least"
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="unit")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
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
                "verbose_name": "historical criterion of a tier",
                "verbose_name_plural": "historical criteria of tiers",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
