"""The people of the demonstration: enough of each role that nobody has to act twice."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from config.common.clock import today
from cultivation.enums import Role
from cultivation.models import Division, Firm, User

PASSWORD = "miaopu-demo-2019"  # noqa: S105 - printed by `make serve`, refused outside the demonstration
# Before the story begins, so that its messages are new to the people of the office.
_JOINED = dt.datetime(2018, 1, 1, tzinfo=dt.UTC)
_STAFF = (
    ("kezhang", "韦演示（经办）", Role.CASEWORKER),
    ("kezhang2", "黄演示（经办）", Role.CASEWORKER),
    ("fuhe", "覃演示（复核）", Role.REVIEWER),
    ("shenpi", "陆演示（审批）", Role.REVIEWER),
    ("caiwu1", "农演示（财务制单）", Role.FINANCE),
    ("caiwu2", "罗演示（财务复核）", Role.FINANCE),
    ("caiwu3", "岑演示（财务拨付）", Role.FINANCE),
    ("shenji", "梁演示（审计）", Role.AUDITOR),
    ("guanli1", "李演示（管理员）", Role.ADMINISTRATOR),
    ("guanli2", "班演示（管理员）", Role.ADMINISTRATOR),
)


@dataclass(frozen=True, slots=True)
class DemoPeople:
    """The cast by user name."""

    caseworker: User
    caseworker2: User
    reviewer: User
    approver: User
    finance1: User
    finance2: User
    finance3: User
    auditor: User
    administrator1: User
    administrator2: User


def make_people() -> DemoPeople:
    """The bureau's people and a caseworker in each county (user name ``xian-`` and the county's key)."""
    password = make_password(PASSWORD)
    groups = {group.name: group for group in Group.objects.all()}

    def person(username: str, name: str, role: Role, **attributes: object) -> User:
        user = User.objects.create(
            username=username, display_name=name, password=password, date_joined=_JOINED, **attributes
        )
        user.groups.add(groups[role.value])
        return user

    staff = [
        person(username, name, role, is_staff=role is Role.ADMINISTRATOR) for username, name, role in _STAFF
    ]
    for division in Division.objects.filter(parent__isnull=False):
        name = f"{division.name_on(today())}经办人（演示）"
        person(f"xian-{division.key}", name, Role.COUNTY, division=division)
    return DemoPeople(*staff)


def make_firm_users(firms: dict[str, Firm]) -> dict[str, User]:
    """One account a firm; the keys are user names."""
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(username=username, display_name=f"{firm.name}联系人", password=password, firm=firm)
        for username, firm in firms.items()
    )
    Group.objects.get(name=Role.FIRM.value).user_set.add(*users)
    return {user.username: user for user in users}
