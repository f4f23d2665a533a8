"""Reference data of the subsidies app, to be looked at. No state, amount or ledger field is edited here.

Scheme versions, money and awards change through services alone; what the admin may touch of them is their names.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from config.common.administration import ForAdministrators, ReadOnlyForAdministrators

from .models import FundingLine, Scheme, SchemeVersion


class SchemeVersionInline(ReadOnlyForAdministrators, admin.StackedInline):
    model = SchemeVersion
    fields = (
        "number",
        "basis",
        "first_eligible",
        "renewal_eligible",
        "inbound_eligible",
        "once_per",
        "valid_from",
        "valid_to",
        "state",
    )
    readonly_fields = fields


@admin.register(Scheme)
class SchemeAdmin(ForAdministrators, admin.ModelAdmin):
    list_display = ("key", "name", "is_demo")
    fields = ("key", "name", "is_demo")
    readonly_fields = ("key", "is_demo")
    inlines = (SchemeVersionInline,)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


@admin.register(FundingLine)
class FundingLineAdmin(ReadOnlyForAdministrators, admin.ModelAdmin):
    list_display = ("name", "fund", "fiscal_year")
    fields = ("name", "fund", "fiscal_year", "subjects", "subjects_source")
