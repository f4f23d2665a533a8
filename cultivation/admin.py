"""Reference data and people. No state, amount or ledger field is edited here, and cases are not here at all.

Only administrators come in: the admin asks for their role, not for single permissions, and a superuser without the
role stays outside like everybody else.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from config.common.administration import ForAdministrators, is_administrator

from .models import (
    AnnualTarget,
    CalendarDay,
    CalendarYear,
    Division,
    DivisionName,
    ForecastPrior,
    IndustryField,
    Parameter,
    TechnicalField,
    TierCriterion,
    User,
    Zone,
)

# Several of a few: boxes to tick need no script, and everybody can reach them.
CHECKBOXES: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}
}


class DivisionNameInline(ForAdministrators, admin.StackedInline):
    model = DivisionName
    extra = 0


@admin.register(Division)
class DivisionAdmin(ForAdministrators, admin.ModelAdmin):
    list_display = ("key", "parent", "order")
    list_select_related = ("parent",)
    inlines = (DivisionNameInline,)


@admin.register(Zone)
class ZoneAdmin(ForAdministrators, admin.ModelAdmin):
    list_display = ("name", "source")


@admin.register(TechnicalField)
class TechnicalFieldAdmin(ForAdministrators, admin.ModelAdmin):
    list_display = ("ordinal", "name", "source")


@admin.register(IndustryField)
class IndustryFieldAdmin(ForAdministrators, admin.ModelAdmin):
    list_display = ("name", "synonyms", "source")
    formfield_overrides = CHECKBOXES


@admin.register(Parameter)
class ParameterAdmin(ForAdministrators, admin.ModelAdmin):
    list_display = ("key", "value", "valid_from", "valid_to", "verification", "source")
    list_filter = ("key", "verification")


@admin.register(ForecastPrior)
class ForecastPriorAdmin(ForAdministrators, admin.ModelAdmin):
    """What the forecast starts from; a figure that changes gets an end and a new row with its source."""

    list_display = ("key", "value", "weight", "meaning", "valid_from", "valid_to", "verification", "source")
    list_filter = ("key", "verification")


@admin.register(TierCriterion)
class TierCriterionAdmin(ForAdministrators, SimpleHistoryAdmin):
    """A criterion that changes gets an end and a new row, so that a record keeps what it was judged by."""

    list_display = ("tier", "key", "text", "least", "unit", "valid_from", "valid_to", "verification")
    list_filter = ("tier", "verification")


@admin.register(CalendarYear)
class CalendarYearAdmin(ForAdministrators, admin.ModelAdmin):
    list_display = ("year", "source")


@admin.register(CalendarDay)
class CalendarDayAdmin(ForAdministrators, admin.ModelAdmin):
    """Unlike other reference data a day may be taken out again: an entry says that it differs from the plain week."""

    list_display = ("day", "is_workday", "name", "source")
    list_filter = ("is_workday",)
    date_hierarchy = "day"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request)


@admin.register(AnnualTarget)
class AnnualTargetAdmin(ForAdministrators, admin.ModelAdmin):
    """Targets of the plan and the county quotas that the bureau enters with a source."""

    list_display = ("measure", "division", "year", "value", "origin", "source")
    list_filter = ("measure", "year")
    list_select_related = ("division",)
    readonly_fields = ("entered_by",)

    def save_model(self, request: HttpRequest, obj: AnnualTarget, form: Any, change: bool) -> None:
        if isinstance(request.user, User):
            obj.entered_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(User)
class UserAdmin(ForAdministrators, DjangoUserAdmin):
    """People and their roles. Single permissions and the superuser's flag mean nothing here and are not shown."""

    list_display = ("username", "display_name", "division", "firm", "is_active", "is_staff")
    list_filter = ("is_active", "groups")
    list_select_related = ("division", "firm")
    search_fields = ("username", "display_name", "firm__name")
    autocomplete_fields = ()
    raw_id_fields = ("firm",)
    filter_horizontal = ()
    formfield_overrides = CHECKBOXES
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("display_name", "email", "division", "firm")}),
        (_("Roles"), {"fields": ("is_active", "is_staff", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody gives a role to himself."""
        own = obj is not None and obj == request.user
        return (*self.readonly_fields, *(("groups", "is_staff") if own else ()))
