"""Load the targets of the programme that are no firms: technologies, platforms, talents."""

from django.db import migrations


def load_reference(apps, schema_editor):
    from cultivation.reference import load

    load(apps)


class Migration(migrations.Migration):
    dependencies = [("cultivation", "0012_stock_records_and_programme")]

    operations = [migrations.RunPython(load_reference, migrations.RunPython.noop)]
