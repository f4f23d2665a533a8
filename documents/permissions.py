"""Who may do what here. Users come from the project's user model; roles are Django groups of these names."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from config.common.errors import NotAllowed

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

# Those who prepare and review cases put notices out and take them back.
MAY_ISSUE = ("caseworker", "reviewer")
MAY_EDIT_TEMPLATES = ("administrator",)
MAY_CLEAR_ATTACHMENTS = ("caseworker",)


def require_group(actor: "User", groups: Collection[str]) -> None:
    """``NotAllowed`` unless ``actor`` is active and in one of ``groups``; being a superuser opens nothing."""
    if not actor.is_active or not actor.groups.filter(name__in=groups).exists():
        raise NotAllowed("not_allowed", _("You are not allowed to do this."))
