"""The filters of the queue move to where those of every list are kept."""

from urllib.parse import parse_qsl, urlencode

from django.db import migrations

_QUEUE = "queue"
_AS_BEFORE = ("owner_id", "name", "shared", "saved_at")


def to_documents(apps, schema_editor):
    kept = apps.get_model("documents", "SavedFilter")
    kept.objects.bulk_create(
        kept(
            kind=_QUEUE, asked=dict(parse_qsl(row.query)), **{name: getattr(row, name) for name in _AS_BEFORE}
        )
        for row in apps.get_model("cultivation", "SavedFilter").objects.iterator()
    )


def from_documents(apps, schema_editor):
    kept = apps.get_model("cultivation", "SavedFilter")
    moved = apps.get_model("documents", "SavedFilter").objects.filter(kind=_QUEUE)
    kept.objects.bulk_create(
        kept(query=urlencode(row.asked), **{name: getattr(row, name) for name in _AS_BEFORE})
        for row in moved.iterator()
    )
    moved.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cultivation", "0025_names_of_refused_records"),
        ("documents", "0010_saved_filters"),
    ]

    operations = [
        migrations.RunPython(to_documents, from_documents),
        migrations.DeleteModel(name="SavedFilter"),
    ]
