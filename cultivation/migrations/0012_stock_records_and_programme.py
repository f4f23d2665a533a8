"""Versions of the stock on record, bulletins, achievements of the programme, and the past of targets."""

import config.common.clock
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cultivation", "0011_determination_corrections"),
        ("documents", "0008_scanned_attachments"),
    ]

    operations = [
        migrations.AlterField(
            model_name="annualtarget",
            name="measure",
            field=models.CharField(
                choices=[
                    ("stock", "High-new-tech enterprises at year-end"),
                    ("net_additions", "Net additions in the year"),
                    ("conversions", "Conversions of research results"),
                    ("technologies", "Major technologies mastered"),
                    ("platforms", "National innovation platforms founded"),
                    ("talents", "High-level talents and teams won"),
                ],
                max_length=20,
                verbose_name="measure",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalAnnualTarget",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("stock", "High-new-tech enterprises at year-end"),
                            ("net_additions", "Net additions in the year"),
                            ("conversions", "Conversions of research results"),
                            ("technologies", "Major technologies mastered"),
                            ("platforms", "National innovation platforms founded"),
                            ("talents", "High-level talents and teams won"),
                        ],
                        max_length=20,
                        verbose_name="measure",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("value", models.PositiveIntegerField(verbose_name="value")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("source", "Stated in the source"),
                            ("derived", "Derived from the source"),
                            ("entered", "Entered by the bureau"),
                        ],
                        max_length=10,
                        verbose_name="origin",
                    ),
                ),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                ("history_change_reason", models.CharField(max_length=500, null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "basis",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="documents.policydocument",
                        verbose_name="policy basis",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cultivation.division",
                        verbose_name="division",
                    ),
                ),
                (
                    "entered_by",
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
                "verbose_name": "historical annual target",
                "verbose_name_plural": "historical annual targets",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="StockRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "stage",
                    models.CharField(
                        choices=[("preliminary", "Preliminary"), ("final", "Final")],
                        max_length=12,
                        verbose_name="stage",
                    ),
                ),
                ("total", models.PositiveIntegerField(verbose_name="firms")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the lines")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="document")),
                (
                    "drawn_up_at",
                    models.DateTimeField(default=config.common.clock.now, verbose_name="drawn up at"),
                ),
                ("locked_at", models.DateTimeField(null=True, verbose_name="locked at")),
                (
                    "drawn_up_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="drawn up by",
                    ),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="locked by",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a stock",
                "verbose_name_plural": "versions of the stock",
                "ordering": ["day", "number"],
            },
        ),
        migrations.CreateModel(
            name="StockLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("first", "First"), ("renewal", "Renewed"), ("inbound", "Moved in")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "accreditation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cultivation.accreditation",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cultivation.division",
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cultivation.firm"
                    ),
                ),
                (
                    "industry_field",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cultivation.industryfield",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="cultivation.stockrecord",
                    ),
                ),
            ],
            options={
                "ordering": ["record", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Bulletin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("quarter", models.PositiveSmallIntegerField(verbose_name="quarter")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("as_of", models.DateField(verbose_name="as of")),
                ("content", models.JSONField(verbose_name="content")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the content")),
                (
                    "drawn_up_at",
                    models.DateTimeField(default=config.common.clock.now, verbose_name="drawn up at"),
                ),
                (
                    "drawn_up_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="drawn up by",
                    ),
                ),
                (
                    "stock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bulletins",
                        to="cultivation.stockrecord",
                        verbose_name="stock",
                    ),
                ),
            ],
            options={
                "verbose_name": "bulletin",
                "verbose_name_plural": "bulletins",
                "ordering": ["year", "quarter", "number"],
            },
        ),
        migrations.CreateModel(
            name="Achievement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("technologies", "Major technologies mastered"),
                            ("platforms", "National innovation platforms founded"),
                            ("talents", "High-level talents and teams won"),
                            ("conversions", "Conversions of research results"),
                        ],
                        max_length=20,
                        verbose_name="measure",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="name of the achievement")),
                (
                    "organisation",
                    models.CharField(blank=True, max_length=120, verbose_name="organisation behind it"),
                ),
                ("achieved_on", models.DateField(verbose_name="achieved on")),
                ("document", models.CharField(max_length=120, verbose_name="document")),
                ("is_struck", models.BooleanField(default=False, verbose_name="struck")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "recorded_at",
                    models.DateTimeField(default=config.common.clock.now, verbose_name="recorded at"),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="cultivation.achievement",
                        verbose_name="corrects",
                    ),
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
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.attachment",
                        verbose_name="evidence",
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
                "verbose_name": "achievement",
                "verbose_name_plural": "achievements",
                "ordering": ["measure", "achieved_on", "pk"],
                "indexes": [models.Index(fields=["measure", "achieved_on"], name="achievement_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True), models.Q(("document", ""), _negated=True)
                        ),
                        name="achievement_names_its_document",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("measure__in", ["technologies", "platforms", "talents", "conversions"])
                        ),
                        name="firms_are_counted_not_entered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("corrects__isnull", True), ("is_struck", False)),
                            models.Q(("corrects__isnull", False), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="corrected_achievement_has_its_reason",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="stockrecord",
            constraint=models.UniqueConstraint(
                fields=("day", "number"), name="version_of_a_stock_has_its_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="stockrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("locked_at__isnull", False), ("locked_by__isnull", False), ("stage", "final")),
                    models.Q(
                        ("locked_at__isnull", True), ("locked_by__isnull", True), ("stage", "preliminary")
                    ),
                    _connector="OR",
                ),
                name="final_stock_names_who_locked_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("locked_by__isnull", True),
                    models.Q(("locked_by", models.F("drawn_up_by")), _negated=True),
                    _connector="OR",
                ),
                name="stock_is_locked_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockline",
            constraint=models.UniqueConstraint(fields=("record", "firm"), name="firm_counts_once_in_a_stock"),
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.UniqueConstraint(
                fields=("year", "quarter", "number"), name="bulletin_of_a_period_has_its_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.CheckConstraint(
                condition=models.Q(("quarter__lte", 4)), name="bulletin_is_of_a_quarter_or_a_year"
            ),
        ),
    ]
