"""Keeping a filter of the work queue under a name."""

from django.utils.translation import gettext as _

from config.common.errors import Refused
from config.common.text import normalise
from cultivation.enums import Role
from cultivation.models import SavedFilter, User
from cultivation.permissions import CITY_WIDE_ROLES, require_role

from .refusals import recorded

MOST_FILTERS = 30
_LONGEST_NAME = 40
_LONGEST_QUERY = 400


@recorded("save_filter")
def save_filter(*, name: str, query: str, shared: bool, actor: User) -> SavedFilter:
    """Keep the query part of an address; the same name again replaces the person's own.

    Refused: ``name_missing``, ``filter_empty``, ``filter_too_long``, ``too_many_filters``.
    """
    require_role(actor, Role.COUNTY, *CITY_WIDE_ROLES)
    name = normalise(name)
    if not name or len(name) > _LONGEST_NAME:
        raise Refused(
            "name_missing", _("A filter has a name of at most %(most)s characters.") % {"most": _LONGEST_NAME}
        )
    if not query:
        raise Refused("filter_empty", _("Narrow the queue first; then keep the filter."))
    if len(query) > _LONGEST_QUERY:
        raise Refused("filter_too_long", _("This filter is too long to be kept."))
    User.objects.select_for_update().get(pk=actor.pk)
    own = SavedFilter.objects.filter(owner=actor)
    if not own.filter(name=name).exists() and own.count() >= MOST_FILTERS:
        raise Refused(
            "too_many_filters",
            _("You keep %(most)s filters already; drop one first.") % {"most": MOST_FILTERS},
        )
    kept, _created = SavedFilter.objects.update_or_create(
        owner=actor, name=name, defaults={"query": query, "shared": shared}
    )
    return kept


@recorded("drop_filter")
def drop_filter(*, kept: SavedFilter, actor: User) -> None:
    """Only one's own. Refused: ``not_the_owner``."""
    if kept.owner_id != actor.pk:
        raise Refused("not_the_owner", _("Only its owner drops a filter."))
    kept.delete()
