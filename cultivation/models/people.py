"""Users: bureau staff and firm contacts; their roles are groups."""

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from cultivation.enums import Role

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from .delegations import Delegation


class _Span(NamedTuple):
    """A delegation as far as the four eyes go: who stood in for whom from when until when."""

    principal: int
    delegate: int
    first: dt.date
    last: dt.date


def _span(
    principal: int, delegate: int, starts_on: dt.date, ends_on: dt.date, ended_at: dt.datetime | None
) -> _Span:
    return _Span(principal, delegate, starts_on, min(ends_on, localdate(ended_at)) if ended_at else ends_on)


class User(AbstractUser):
    """A person. A county caseworker belongs to a division, a firm contact to a firm."""

    display_name = models.CharField(_("name"), max_length=60, blank=True)
    division = models.ForeignKey(
        "cultivation.Division",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="staff",
        verbose_name=_("division"),
    )
    firm = models.ForeignKey(
        "cultivation.Firm",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        verbose_name=_("firm"),
    )

    if TYPE_CHECKING:
        division_id: int | None
        firm_id: int | None
        delegations_given: RelatedManager[Delegation]
        delegations_held: RelatedManager[Delegation]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.display_name or self.username

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles this person has, or holds today for somebody who has them; asked once a request."""
        own = self.groups.order_by().values_list("name", flat=True)
        day = today()
        lent = self.delegations_held.filter(
            starts_on__lte=day,
            ends_on__gte=day,
            ended_at__isnull=True,
            principal__is_active=True,
            principal__groups__name=F("role"),
        )
        return frozenset(own.union(lent.order_by().values_list("role", flat=True))) & frozenset(Role.values)

    @cached_property
    def stand_ins(self) -> tuple[tuple[int, dt.date, dt.date], ...]:
        """Who counts as this person: key, first and last day; asked once.

        Whom the person stood in for or was stood in for by, and who stood in for the same colleague at the same time.
        """
        columns = ("principal_id", "delegate_id", "starts_on", "ends_on", "ended_at")
        given, held = (
            self.delegations_given.values_list(*columns),
            self.delegations_held.values_list(*columns),
        )
        own = [_span(*row) for row in given.order_by().union(held.order_by(), all=True)]
        found = [
            (row.delegate if row.principal == self.pk else row.principal, row.first, row.last) for row in own
        ]
        lent = [row for row in own if row.delegate == self.pk]
        if lent:
            others = self.delegations_held.model.objects.filter(principal__in=[row.principal for row in lent])
            for row in others.exclude(delegate=self).order_by().values_list(*columns):
                fellow = _span(*row)
                found += [
                    (fellow.delegate, max(fellow.first, mine.first), min(fellow.last, mine.last))
                    for mine in lent
                    if mine.principal == fellow.principal
                ]
        return tuple(found)

    def counts_as(self, other_id: int, *days: dt.date) -> bool:
        """Whether the two are one person for the four eyes on one of ``days``: the same, or one the other's delegate,
        or both of them the same colleague's."""
        if other_id == self.pk:
            return True
        return any(
            other == other_id and starts_on <= day <= ends_on
            for other, starts_on, ends_on in self.stand_ins
            for day in days
        )

    def has_role(self, *roles: Role) -> bool:
        """Whether this active person has at least one of ``roles``. A superuser has none by itself."""
        return self.is_active and any(role.value in self.roles for role in roles)
