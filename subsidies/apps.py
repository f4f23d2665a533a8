from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubsidiesConfig(AppConfig):
    """Awards, the money behind them and the lists that pay them."""

    name = "subsidies"
    verbose_name = _("Subsidies")
