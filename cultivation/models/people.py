"""Users: bureau staff and firm contacts; their roles are groups."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cultivation.enums import Role


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

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.display_name or self.username

    @cached_property
    def roles(self) -> frozenset[str]:
        """Names of the role groups this person is in; asked once a request."""
        return frozenset(self.groups.values_list("name", flat=True)) & frozenset(Role.values)

    def has_role(self, *roles: Role) -> bool:
        """Whether this active person has at least one of ``roles``. A superuser has none by itself."""
        return self.is_active and any(role.value in self.roles for role in roles)
