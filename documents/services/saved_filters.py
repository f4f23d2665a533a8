"""Keeping what a list is narrowed to under a name."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from config.common.errors import NotAllowed, Refused
from config.common.text import normalise
from documents.models import SavedFilter
from documents.permissions import MAY_SAVE_FILTERS, require_group

from .prepared_files import maker_of
from .tables import TableMaker

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

MOST_FILTERS = 30
_LONGEST_NAME = 40


def filtered_list(kind: str) -> TableMaker | None:
    """The list of this name, where it has a page with filters."""
    maker = maker_of(kind) if kind in settings.FILE_MAKERS else None
    return maker if isinstance(maker, TableMaker) and maker.page else None


def address_of(table: TableMaker, asked: Mapping[str, str]) -> str:
    """The page of the list, narrowed."""
    address = reverse(table.page)
    return f"{address}?{urlencode(asked)}" if asked else address


@transaction.atomic
def save_filter(
    *, kind: str, name: str, parameters: Mapping[str, Any], shared: bool, actor: "User"
) -> SavedFilter:
    """Keep what the list understands of the parameters of its address; the same name again replaces the person's own.

    Refused: ``unknown_list``, ``not_allowed``, ``name_missing``, ``filter_empty``, ``too_many_filters``.
    """
    require_group(actor, MAY_SAVE_FILTERS)
    table = filtered_list(kind)
    if table is None:
        raise Refused("unknown_list", _("This list has no filters."))
    if not table.may(actor):
        raise NotAllowed("not_allowed", _("You are not allowed to do this."))
    name = _named(name)
    asked = table.filters(parameters, owner=actor).asked()
    if not asked:
        raise Refused("filter_empty", _("Narrow the list first; then keep the filter."))
    own = _own_of_list(actor, kind)
    if len(own) >= MOST_FILTERS and name not in own:
        raise Refused(
            "too_many_filters",
            _("You keep %(most)s filters of this list already; drop one first.") % {"most": MOST_FILTERS},
        )
    kept, _created = SavedFilter.objects.update_or_create(
        owner=actor, kind=kind, name=name, defaults={"asked": asked, "shared": shared}
    )
    return kept


@transaction.atomic
def change_filter(*, kept: SavedFilter, name: str, shared: bool, actor: "User") -> None:
    """Give one's own filter another name, or share it; ``SavedFilter.DoesNotExist`` where it was dropped meanwhile.

    Refused: ``not_the_owner``, ``name_missing``, ``name_taken``.
    """
    _require_owner(kept, actor)
    name = _named(name)
    own = _own_of_list(actor, kept.kind)
    kept = SavedFilter.objects.select_for_update().get(pk=kept.pk)
    if name != kept.name and name in own:
        raise Refused("name_taken", _("Another filter of yours has this name."))
    kept.name, kept.shared = name, shared
    kept.save(update_fields=["name", "shared"])


def drop_filter(*, kept: SavedFilter, actor: "User") -> None:
    """Only one's own. Refused: ``not_the_owner``."""
    _require_owner(kept, actor)
    kept.delete()


def _named(name: str) -> str:
    name = normalise(name)
    if not name or len(name) > _LONGEST_NAME:
        raise Refused(
            "name_missing", _("A filter has a name of at most %(most)s characters.") % {"most": _LONGEST_NAME}
        )
    return name


def _own_of_list(actor: "User", kind: str) -> set[str]:
    """The names the person has given for a list; nobody else gives one until the transaction ends."""
    get_user_model().objects.select_for_update().get(pk=actor.pk)
    return set(SavedFilter.objects.filter(owner=actor, kind=kind).values_list("name", flat=True))


def _require_owner(kept: SavedFilter, actor: "User") -> None:
    if kept.owner_id != actor.pk:
        raise NotAllowed("not_the_owner", _("Only its owner changes or drops a filter."))
