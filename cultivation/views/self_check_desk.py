"""Who is at the self-check of which firm, and the figures a page carries from one step to the next."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from config.common.errors import NotAllowed, Refused
from cultivation.enums import Role
from cultivation.forms.amounts import Unit, unit_of
from cultivation.forms.fact_words import plain
from cultivation.models import Firm, User
from cultivation.permissions import require_firm_work, visible_firms
from cultivation.rules.expenses import OtherCap
from cultivation.rules.facts import MalformedFacts, loads_facts
from cultivation.rules.self_check import Judgement
from cultivation.services.self_checks import judge_figures

from .presenting import is_outsider
from .readers import reader

_EXPERTS = ("expert_scores", "experts", "expert_sheets")


@dataclass(frozen=True)
class Desk:
    """A person and a firm that person may see."""

    user: User
    firm: Firm

    @property
    def outsider(self) -> bool:
        """Whether the person reads as a firm."""
        return is_outsider(self.user)

    @cached_property
    def enters(self) -> bool:
        """Whether the person may enter figures: the firm itself, and caseworkers."""
        try:
            require_firm_work(self.user, self.firm, Role.FIRM, Role.CASEWORKER)
        except NotAllowed:
            return False
        return True


@dataclass(frozen=True)
class Figures:
    """Figures on their way through the pages; nothing of them is kept yet."""

    facts: Mapping[str, Any]
    other_cap: OtherCap = OtherCap.INTERNAL
    unit: Unit = Unit.YUAN

    @cached_property
    def judgement(self) -> Judgement:
        """May raise ``Refused``."""
        return judge_figures(facts=self.facts, other_cap=self.other_cap)

    @cached_property
    def result(self) -> dict[str, Any]:
        return self.judgement.as_json()

    @property
    def facts_json(self) -> str:
        return json.dumps(self.facts, ensure_ascii=False, default=str)


def desk_of(request: HttpRequest, pk: int, *, entering: bool = False) -> Desk:
    """403 for whoever has no part in it, 404 for a firm the person may not see."""
    user = reader(request)
    firm = visible_firms(user).select_related("division").filter(pk=pk).first()
    if firm is None:
        raise Http404
    desk = Desk(user, firm)
    if entering and not desk.enters:
        raise PermissionDenied
    return desk


def figures_in(post: QueryDict, desk: Desk) -> Figures:
    """The figures a page carries; raises ``Refused("facts_malformed")``."""
    try:
        given = loads_facts(post.get("facts", ""))
    except MalformedFacts as error:
        raise _malformed(str(error)) from error
    facts: dict[str, Any] = json.loads(json.dumps(given, ensure_ascii=False, default=str))
    if desk.outsider:
        facts = {key: value for key, value in facts.items() if key not in _EXPERTS}
    cap = OtherCap.INTERNAL
    if post.get("other_cap") in set(OtherCap):
        cap = OtherCap(str(post["other_cap"]))
    figures = Figures(facts, cap, unit_of(post.get("unit")))
    try:
        _judged = figures.judgement
    except Refused as refusal:
        raise _malformed(plain(refusal.message, facts)) from refusal
    return figures


def _malformed(message: str) -> Refused:
    return Refused("facts_malformed", _("The figures cannot be read: %(message)s") % {"message": message})
