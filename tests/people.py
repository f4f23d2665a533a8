"""The cast: one person of every role, two where four eyes need them. Most tests are told with these people."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import Group

from cultivation.enums import Role
from cultivation.models import Division, Firm, User

JOINED = dt.datetime(2008, 1, 1, tzinfo=dt.UTC)
CREDIT_CODE = "91990000MA5K00017Y"


@dataclass(frozen=True, slots=True)
class Cast:
    """``firm`` speaks for a made-up firm of ``county``'s division."""

    firm: User
    county: User
    caseworker: User
    caseworker2: User
    reviewer: User
    finance: User
    finance2: User
    auditor: User
    administrator: User

    def of_role(self, role: Role) -> User:
        """The first person of a role."""
        return getattr(self, role.value)


def person(username: str, *roles: Role, division: Division | None = None, firm: Firm | None = None) -> User:
    """An active user with exactly these roles, who was there before anything that a test tells."""
    user = User.objects.create(
        username=username, display_name=username, division=division, firm=firm, date_joined=JOINED
    )
    user.groups.set([Group.objects.get(name=role.value) for role in roles])
    return user


def make_cast() -> Cast:
    division = Division.objects.get(key="youjiang")
    firm = Firm.objects.create(
        credit_code=CREDIT_CODE,
        name="演示育苗科技有限公司",
        division=division,
        registered_on=dt.date(2015, 3, 1),
        is_demo=True,
    )
    return Cast(
        firm=person("firm", Role.FIRM, firm=firm),
        county=person("county", Role.COUNTY, division=division),
        caseworker=person("caseworker", Role.CASEWORKER),
        caseworker2=person("caseworker2", Role.CASEWORKER),
        reviewer=person("reviewer", Role.REVIEWER),
        finance=person("finance", Role.FINANCE),
        finance2=person("finance2", Role.FINANCE),
        auditor=person("auditor", Role.AUDITOR),
        administrator=person("administrator", Role.ADMINISTRATOR),
    )
