from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0009_people_of_lines")]

    operations = [
        migrations.AddConstraint(
            model_name="paymentline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_by__isnull", True),
                    models.Q(
                        ("approved_by__isnull", False),
                        ("calculated_by__isnull", False),
                        models.Q(("released_by", models.F("calculated_by")), _negated=True),
                        models.Q(("released_by", models.F("approved_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="payment_is_released_by_nobody_who_calculated_or_approved_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "open"), ("released_by__isnull", False), _connector="OR"),
                name="answered_line_was_released",
            ),
        ),
    ]
