"""The menu: what there is, in groups, and to whom it is shown. Showing is a courtesy; every page asks for the permission itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from cultivation.api import Role, User

CITY = frozenset({Role.CASEWORKER, Role.REVIEWER, Role.FINANCE, Role.AUDITOR})
MONEY = frozenset({Role.REVIEWER, Role.FINANCE, Role.AUDITOR})
OFFICE = CITY | {Role.COUNTY, Role.ADMINISTRATOR}
FIRM = frozenset({Role.FIRM})
AUDIT = frozenset({Role.AUDITOR})
EVERYBODY = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu. ``of_firm``: its address takes the person's own firm; ``staff``: for those the administration lets in."""

    label: str | Promise
    route: str
    roles: frozenset[Role]
    of_firm: bool = False
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one person sees it; ``current`` is ``page`` on the page itself, ``true`` on those below it, else empty."""

    label: str | Promise
    url: str
    current: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    label: str | Promise
    links: tuple[Link, ...]


MENU: tuple[tuple[str | Promise, tuple[Entry, ...]], ...] = (
    (
        _("Work"),
        (
            Entry(_("Front page"), "home", MONEY | {Role.ADMINISTRATOR}),
            Entry(_("My county"), "cultivation:county", frozenset({Role.COUNTY})),
            Entry(_("Work queue"), "cultivation:queue", CITY | {Role.COUNTY}),
            Entry(
                _("New messages"),
                "cultivation:news",
                frozenset({Role.COUNTY, Role.CASEWORKER, Role.REVIEWER}),
            ),
            Entry(_("Cases"), "cultivation:cases", CITY | {Role.COUNTY}),
            Entry(_("Certificates"), "cultivation:certificates", CITY | {Role.COUNTY}),
            Entry(_("Training"), "cultivation:training", CITY | {Role.COUNTY}),
            Entry(
                _("Import lists"),
                "documents:imports",
                frozenset({Role.COUNTY, Role.CASEWORKER, Role.REVIEWER}),
            ),
            Entry(
                _("Invitations of firms"),
                "cultivation:invitations",
                frozenset({Role.COUNTY, Role.CASEWORKER, Role.REVIEWER, Role.AUDITOR}),
            ),
            Entry(_("Standing in"), "cultivation:delegations", OFFICE),
            Entry(_("My files"), "documents:files", OFFICE),
        ),
    ),
    (
        _("My firm"),
        (
            Entry(_("My firm"), "cultivation:portal", FIRM),
            Entry(_("Cases"), "cultivation:cases", FIRM),
            Entry(_("Self-check"), "cultivation:self_check", FIRM, of_firm=True),
            Entry(_("R&D ledger"), "cultivation:ledger", FIRM, of_firm=True),
            Entry(_("Certificates"), "cultivation:certificates", FIRM),
            Entry(_("Training"), "cultivation:training", FIRM),
            Entry(_("Awards"), "subsidies:firm_awards", FIRM, of_firm=True),
            Entry(_("Bank account"), "cultivation:firm_accounts", FIRM, of_firm=True),
        ),
    ),
    (
        _("Awards"),
        (
            Entry(_("Awards"), "subsidies:awards", CITY),
            Entry(_("Public disclosure"), "subsidies:disclosures", CITY),
            Entry(_("Regional documents"), "subsidies:regional_documents", CITY),
            Entry(_("Award terms"), "subsidies:schemes", CITY),
        ),
    ),
    (
        _("Money"),
        (
            Entry(_("Funds"), "subsidies:funding_lines", CITY),
            Entry(_("Payment lists"), "subsidies:payment_lists", MONEY),
            Entry(_("Account changes"), "cultivation:accounts", MONEY),
            Entry(_("Reconciliation report"), "subsidies:reconciliation", MONEY),
            Entry(_("Bank formats"), "subsidies:bank_formats", MONEY | {Role.ADMINISTRATOR}),
        ),
    ),
    (
        _("Official documents"),
        (
            Entry(_("Notices"), "documents:notices", CITY),
            Entry(_("Batches of notices"), "documents:batches", CITY),
            Entry(
                _("Texts of notices"),
                "documents:texts",
                frozenset({Role.CASEWORKER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR}),
            ),
            Entry(_("Verify a notice"), "documents:verify", EVERYBODY),
        ),
    ),
    (_("Figures"), (Entry(_("Stock and targets"), "cultivation:board", OFFICE),)),
    (
        _("Audit"),
        (
            Entry(_("Refused attempts"), "cultivation:refusals", AUDIT),
            Entry(_("History of records"), "cultivation:history", AUDIT),
        ),
    ),
    (
        _("Administration"),
        (Entry(_("Reference data"), "admin:index", frozenset({Role.ADMINISTRATOR}), staff=True),),
    ),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: ``navigation``, the groups of the menu for whoever is logged in; found out where it is shown."""
    return {"navigation": SimpleLazyObject(lambda: menu(request))}


def menu(request: HttpRequest) -> list[Group]:
    """The groups that hold something for this person, with the page marked where they are."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return []
    groups = [(label, list(_links(entries, user))) for label, entries in MENU]
    here = _nearest(request.path, [link.url for _label, links in groups for link in links])
    return [
        Group(label, tuple(_marked(link, here, request.path) for link in links))
        for label, links in groups
        if links
    ]


def _links(entries: tuple[Entry, ...], user: User) -> Iterator[Link]:
    for entry in entries:
        if not user.has_role(*entry.roles) or (entry.staff and not user.is_staff):
            continue
        if entry.of_firm and user.firm_id is None:
            continue
        try:
            yield Link(entry.label, reverse(entry.route, args=[user.firm_id] if entry.of_firm else None))
        except NoReverseMatch:
            # This part of the site is served elsewhere.
            continue


def _nearest(path: str, urls: list[str]) -> str | None:
    """The longest address that ``path`` begins with: ``/cases/7/`` belongs to ``/cases/``, and nothing to the front page."""
    return max(
        (url for url in urls if path.startswith(url) and (url != "/" or path == "/")), key=len, default=None
    )


def _marked(link: Link, here: str | None, path: str) -> Link:
    if link.url != here:
        return link
    return Link(link.label, link.url, "page" if link.url == path else "true")
