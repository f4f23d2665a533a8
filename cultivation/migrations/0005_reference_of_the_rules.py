"""Load what the rules have come to need since: parameters of tax and renewal, criteria of the tiers."""

from django.db import migrations


def load_reference(apps, schema_editor):
    from cultivation.reference import load, load_tiers

    load(apps)
    load_tiers(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("cultivation", "0004_rules_complete"),
        ("documents", "0002_reference_data"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(load_reference, migrations.RunPython.noop)]
