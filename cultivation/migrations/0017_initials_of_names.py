"""Pinyin initials beside every name a firm has had, for searching."""

from django.db import migrations, models

import cultivation.models.initials

_BATCH = 500


def fill_initials(apps, schema_editor):
    from cultivation.initials import initials

    names = apps.get_model("cultivation", "FirmName").objects
    batch = []
    for row in names.only("pk", "name").iterator():
        row.initials = initials(row.name)
        batch.append(row)
        if len(batch) == _BATCH:
            names.bulk_update(batch, ["initials"])
            batch = []
    names.bulk_update(batch, ["initials"])


class Migration(migrations.Migration):
    dependencies = [
        ("cultivation", "0016_case_clock"),
    ]

    operations = [
        migrations.AddField(
            model_name="firmname",
            name="initials",
            field=cultivation.models.initials.InitialsField(
                default="", editable=False, max_length=120, verbose_name="pinyin initials"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill_initials, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="firmname",
            index=models.Index(fields=["initials", "firm"], name="firm_name_by_initials"),
        ),
    ]
