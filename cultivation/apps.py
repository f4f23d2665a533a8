from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from config.common.append_only import check_triggers, on_migrated


class CultivationConfig(AppConfig):
    """Firms and their way to accreditation. Installs the append-only triggers for all apps."""

    name = "cultivation"
    verbose_name = _("Cultivation")

    def ready(self) -> None:
        post_migrate.connect(on_migrated, dispatch_uid="append_only_triggers")
        checks.register(check_triggers, checks.Tags.database)
