"""A firm's year: sales, income, net assets and the R&D expenses in the eight categories, in yuan."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from config.common.money import ZERO, MoneyField
from cultivation.enums import RdCategory

from .firms import Firm

# The eight categories of 国科发火〔2016〕195号 三（六）, outsourced spend split by country.
RD_CATEGORIES: tuple[str, ...] = tuple(RdCategory.values)


class ExpenseYear(models.Model):
    """Figures of one fiscal year as the firm states them; net assets alone may be negative."""

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="expense_years")
    year = models.PositiveSmallIntegerField(_("fiscal year"))
    sales = MoneyField(_("sales"))
    total_income = MoneyField(_("total income, net of non-taxable income"))
    high_tech_income = MoneyField(_("income from high-tech products and services"))
    net_assets_end = MoneyField(_("net assets at year-end"))
    personnel = MoneyField(_("personnel"), default=ZERO)
    direct_input = MoneyField(_("direct input"), default=ZERO)
    depreciation = MoneyField(_("depreciation and long-term deferred"), default=ZERO)
    intangibles = MoneyField(_("amortisation of intangibles"), default=ZERO)
    design = MoneyField(_("design"), default=ZERO)
    commissioning = MoneyField(_("commissioning and tests"), default=ZERO)
    other = MoneyField(_("other expenses"), default=ZERO)
    outsourced_domestic = MoneyField(_("outsourced in the country"), default=ZERO)
    outsourced_foreign = MoneyField(_("outsourced abroad"), default=ZERO)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)

    if TYPE_CHECKING:
        firm_id: int

    class Meta:
        ordering = ["firm", "year"]
        verbose_name = _("expense year")
        verbose_name_plural = _("expense years")
        constraints = [
            models.UniqueConstraint(fields=["firm", "year"], name="firm_states_a_year_once"),
            models.CheckConstraint(
                condition=Q(
                    sales__gte=0,
                    total_income__gte=0,
                    high_tech_income__gte=0,
                    **{f"{category}__gte": 0 for category in RD_CATEGORIES},
                ),
                name="stated_figures_are_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.year}"
