"""One door from the firm's page to the services: an act is done only on the firm as the person saw it."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.models import Firm, User
from cultivation.selectors.firm_news import firm_version

from .refusals import recorded


@recorded("act_on_firm")
def act_on_firm(
    *, firm: Firm, service: Callable[..., object], actor: User, seen: str, **answers: Any
) -> None:
    """Do it if nothing was recorded about the firm since the version ``seen``.

    Refused: ``changed_meanwhile``, and whatever the act itself refuses.
    """
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    if firm_version(firm) != seen:
        raise Refused(
            "changed_meanwhile",
            _("Something was recorded about the firm since you opened this page; nothing was done."),
        )
    service(firm=firm, actor=actor, **answers)
