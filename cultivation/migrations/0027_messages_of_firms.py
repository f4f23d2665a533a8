"""Messages between office and firm need no case any more."""

import django.db.models.deletion
from django.db import migrations, models

_ON_ONE_THREAD = models.Q(("case__isnull", False), ("firm__isnull", True)) | models.Q(
    ("case__isnull", True), ("firm__isnull", False)
)


def drop_former_triggers(apps, schema_editor):
    """Those under the table's former name; ``post_migrate`` makes them again under the new one."""
    if schema_editor.connection.vendor == "postgresql":
        for name in ("no_change", "no_truncate"):
            schema_editor.execute(
                f"DROP TRIGGER IF EXISTS cultivation_casemessage_{name} ON cultivation_casemessage"
            )
    else:
        for name in ("no_update", "no_delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS cultivation_casemessage_{name}")


class Migration(migrations.Migration):
    dependencies = [
        ("cultivation", "0026_filters_of_every_list"),
    ]

    operations = [
        migrations.RunPython(drop_former_triggers, migrations.RunPython.noop),
        migrations.RenameModel("CaseMessage", "Message"),
        migrations.AlterModelOptions(
            name="message",
            options={
                "ordering": ["pk"],
                "verbose_name": "message between office and firm",
                "verbose_name_plural": "messages between office and firm",
            },
        ),
        migrations.AlterField(
            model_name="message",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="cultivation.cultivationcase",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="firm",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="cultivation.firm",
            ),
        ),
        migrations.AlterField(
            model_name="messagemark",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="message_marks",
                to="cultivation.cultivationcase",
            ),
        ),
        migrations.AddField(
            model_name="messagemark",
            name="firm",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="message_marks",
                to="cultivation.firm",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=_ON_ONE_THREAD, name="message_is_on_a_case_or_a_firm"
            ),
        ),
        migrations.AddConstraint(
            model_name="messagemark",
            constraint=models.UniqueConstraint(fields=("user", "firm"), name="person_has_one_mark_a_firm"),
        ),
        migrations.AddConstraint(
            model_name="messagemark",
            constraint=models.CheckConstraint(condition=_ON_ONE_THREAD, name="mark_is_of_a_case_or_a_firm"),
        ),
    ]
