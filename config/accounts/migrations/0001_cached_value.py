from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CachedValue",
            fields=[
                (
                    "key",
                    models.CharField(
                        db_column="cache_key", max_length=255, primary_key=True, serialize=False
                    ),
                ),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
