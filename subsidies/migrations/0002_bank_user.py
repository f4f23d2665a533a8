"""The finance user behind ``reconcile_payments`` when nobody is named: it has no password and cannot log in."""

from django.contrib.auth.hashers import make_password
from django.db import migrations

USERNAME = "bank-return"


def add_user(apps, schema_editor):
    user, _created = apps.get_model("cultivation", "User").objects.get_or_create(
        username=USERNAME, defaults={"display_name": "银行回单接口", "password": make_password(None)}
    )
    group, _created = apps.get_model("auth", "Group").objects.get_or_create(name="finance")
    user.groups.add(group)


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0001_initial"), ("cultivation", "0002_initial")]

    operations = [migrations.RunPython(add_user, migrations.RunPython.noop)]
