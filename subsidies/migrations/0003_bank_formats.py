"""Bank formats as data, the general one that every list has used so far as the first version, and lists that name theirs."""

import datetime as dt

import config.common.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FIRST = 1  # the primary key that the first row of the new table gets


def add_general(apps, schema_editor):
    apps.get_model("subsidies", "BankFormat").objects.create(
        key="general",
        number=1,
        name="通用批量代付格式",
        columns=[
            ["序号", "number"],
            ["收款账号", "account_number"],
            ["收款人全称", "payee_name"],
            ["开户银行", "bank_name"],
            ["联行号", "clearing_code"],
            ["金额", "amount"],
            ["用途", "purpose"],
        ],
        delimiter="|",
        encoding="gb18030",
        line_end="crlf",
        has_headers=True,
        has_control=True,
        amount_unit="yuan",
        source="通用批量代付格式，未核，须按代理银行要求录入",
        valid_from=dt.date(2000, 1, 1),
        drafted_at=dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
        published_at=dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0002_bank_user"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BankFormat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(verbose_name="key")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("columns", models.JSONField(verbose_name="columns")),
                (
                    "delimiter",
                    models.CharField(
                        choices=[
                            ("|", "|"),
                            (",", ","),
                            (";", ";"),
                            ("^", "^"),
                            ("~", "~"),
                            ("\t", "Tab"),
                        ],
                        max_length=1,
                        verbose_name="delimiter",
                    ),
                ),
                (
                    "encoding",
                    models.CharField(
                        choices=[("gb18030", "GB18030"), ("utf-8", "UTF-8")],
                        max_length=10,
                        verbose_name="encoding",
                    ),
                ),
                (
                    "line_end",
                    models.CharField(
                        choices=[("crlf", "CRLF"), ("lf", "LF")], max_length=4, verbose_name="line end"
                    ),
                ),
                ("has_headers", models.BooleanField(verbose_name="with a record of headers")),
                ("has_control", models.BooleanField(verbose_name="with a record of the control figures")),
                (
                    "amount_unit",
                    models.CharField(
                        choices=[("yuan", "Yuan with two decimals"), ("fen", "Whole fen")],
                        max_length=4,
                        verbose_name="amounts in",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="The bank's document that asks for this form.",
                        max_length=300,
                        verbose_name="source",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                (
                    "drafted_at",
                    models.DateTimeField(default=config.common.clock.now, verbose_name="drafted at"),
                ),
                ("published_at", models.DateTimeField(null=True, verbose_name="published at")),
                (
                    "drafted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="drafted by",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
            ],
            options={
                "verbose_name": "bank format",
                "verbose_name_plural": "bank formats",
                "ordering": ["key", "-number"],
            },
        ),
        migrations.AddConstraint(
            model_name="bankformat",
            constraint=models.UniqueConstraint(fields=("key", "number"), name="bank_formats_are_numbered"),
        ),
        migrations.AddConstraint(
            model_name="bankformat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("drafted_by__isnull", False),
                        models.Q(
                            models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                            models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("drafted_by__isnull", True),
                        ("key", "general"),
                        ("number", 1),
                        ("published_at__isnull", False),
                        ("published_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="bank_format_names_its_people_and_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankformat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_by__isnull", True),
                    models.Q(("published_by", models.F("drafted_by")), _negated=True),
                    _connector="OR",
                ),
                name="bank_format_is_published_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankformat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True),
                    models.Q(("source", ""), _negated=True),
                ),
                name="bank_format_has_name_and_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankformat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delimiter__in", ["|", ",", ";", "^", "~", "\t"]),
                    ("encoding__in", ["gb18030", "utf-8"]),
                    ("line_end__in", ["crlf", "lf"]),
                    ("amount_unit__in", ["yuan", "fen"]),
                ),
                name="bank_format_chooses_from_the_closed_lists",
            ),
        ),
        migrations.RunPython(add_general, migrations.RunPython.noop),
        migrations.AddField(
            model_name="paymentlist",
            name="bank_format",
            field=models.ForeignKey(
                default=FIRST,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="subsidies.bankformat",
            ),
            preserve_default=False,
        ),
    ]
