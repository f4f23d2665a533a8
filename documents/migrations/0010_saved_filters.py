"""Filters of every list that people keep."""

import config.common.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0009_lists_in_and_files_out"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="list")),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("asked", models.JSONField(verbose_name="filter")),
                ("shared", models.BooleanField(default=False, verbose_name="shared with the office")),
                ("saved_at", models.DateTimeField(default=config.common.clock.now, verbose_name="saved at")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved filter",
                "verbose_name_plural": "saved filters",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "kind", "name"), name="person_names_a_filter_of_a_list_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="filter_has_a_name"
                    ),
                ],
            },
        ),
    ]
