"""The filters that a person keeps, on the page of their list: ``{% saved_filters "cases" form %}`` below its filter form."""

from typing import Any
from urllib.parse import urlencode

from django import template

from config.common.filters import FilterForm
from documents.permissions import MAY_SAVE_FILTERS, has_group
from documents.selectors import saved_filters_of
from documents.services.saved_filters import address_of, filtered_list

register = template.Library()


@register.inclusion_tag("documents/saved_filters.html", takes_context=True)
def saved_filters(context: dict[str, Any], kind: str, form: FilterForm) -> dict[str, Any]:
    """Links to the person's and the colleagues' filters of the list, and forms to keep and change one's own."""
    user, table = context["user"], filtered_list(kind)
    if table is None or not (has_group(user, MAY_SAVE_FILTERS) and table.may(user)):
        return {"rows": [], "own": [], "query": ""}
    asked, kept = form.asked(), saved_filters_of(kind, user)
    return {
        "kind": kind,
        "query": urlencode(asked),
        "rows": [
            (row, address_of(table, row.asked), row.asked == asked, row.owner_id != user.pk) for row in kept
        ],
        "own": [row for row in kept if row.owner_id == user.pk],
    }
