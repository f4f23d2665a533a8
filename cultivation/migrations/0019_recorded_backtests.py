"""Back-tests on record."""

import config.common.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cultivation", "0018_saved_filters"),
    ]

    operations = [
        migrations.CreateModel(
            name="BacktestRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateField(verbose_name="as of")),
                ("content", models.JSONField(verbose_name="content")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the content")),
                (
                    "recorded_at",
                    models.DateTimeField(default=config.common.clock.now, verbose_name="recorded at"),
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
                "verbose_name": "recorded back-test",
                "verbose_name_plural": "recorded back-tests",
                "ordering": ["-recorded_at", "-pk"],
            },
        ),
    ]
