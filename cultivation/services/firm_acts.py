"""One door from the firm's page to the services: an act is done only on the firm as the person saw it."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.models import Firm, User
from cultivation.selectors.firm_news import firm_version

from .refusals import recorded


def act_on_firm(*, firm: Firm, act: Callable[..., object], actor: User, seen: str, **answers: Any) -> None:
    """Do it if nothing was recorded about the firm since the version ``seen``.

    Refused: ``changed_meanwhile``, and whatever the act itself refuses.
    """

    @recorded(act.__name__)
    def do(*, firm: Firm, actor: User) -> None:
        locked = Firm.objects.select_for_update().get(pk=firm.pk)
        if firm_version(locked) != seen:
            raise Refused(
                "changed_meanwhile",
                _("Something was recorded about the firm since you opened this page; nothing was done."),
            )
        act(firm=locked, actor=actor, **answers)

    do(firm=firm, actor=actor)
