from django.db import migrations
from django.db.models import OuterRef, Subquery


def name_people(apps, schema_editor):
    """The lines that stand take over the people of their award and of their list."""
    award, payment_list, line = (
        apps.get_model("subsidies", name) for name in ("Award", "PaymentList", "PaymentLine")
    )
    of_award = award.objects.filter(pk=OuterRef("award_id"))
    of_list = payment_list.objects.filter(pk=OuterRef("payment_list_id"))
    line.objects.update(
        calculated_by=Subquery(of_award.values("calculated_by")[:1]),
        approved_by=Subquery(of_award.values("approved_by")[:1]),
        released_by=Subquery(of_list.values("released_by")[:1]),
    )


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0008_releaser_on_lines")]

    operations = [migrations.RunPython(name_people, migrations.RunPython.noop)]
