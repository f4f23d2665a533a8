from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Official notices: templates, numbers, rendering, verification; and the files people hand in."""

    name = "documents"
    verbose_name = _("Documents")
