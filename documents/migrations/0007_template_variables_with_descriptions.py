"""Declared variables become names with what they are; the names of stored versions are kept."""

from django.db import migrations, models


def describe(apps, schema_editor):
    for template in apps.get_model("documents", "NoticeTemplate").objects.all():
        if isinstance(template.variables, list):
            template.variables = dict.fromkeys(template.variables, "")
            template.save(update_fields=["variables"])


def only_names(apps, schema_editor):
    for template in apps.get_model("documents", "NoticeTemplate").objects.all():
        template.variables = sorted(template.variables)
        template.save(update_fields=["variables"])


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0006_batch_files"),
    ]

    operations = [
        migrations.AlterField(
            model_name="noticetemplate",
            name="variables",
            field=models.JSONField(default=dict, verbose_name="declared variables"),
        ),
        migrations.RunPython(describe, only_names),
    ]
