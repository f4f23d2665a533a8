"""Load the reference data: divisions, fields, parameters, calendar, targets, roles."""

from django.db import migrations


def load_reference(apps, schema_editor):
    from cultivation.reference import load

    load(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("cultivation", "0002_initial"),
        ("documents", "0002_reference_data"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(load_reference, migrations.RunPython.noop)]
