"""Bank formats: drafted by an administrator, published by finance or a reviewer, then fixed."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import TypedDict

from django.db.models import Max
from django.utils.translation import gettext as _

from config.common.clock import now, today
from config.common.errors import Refused
from cultivation.api import Role, User, recorded, require_role, require_second_person
from subsidies.enums import AmountUnit, BankField, Delimiter, LineEnd, TextEncoding
from subsidies.models import GENERAL, BankFormat
from subsidies.selectors.bank_formats import formats_in_force

PUBLISHERS = (Role.FINANCE, Role.REVIEWER)
# Without these a bank could pay nobody.
_NEEDED = (BankField.ACCOUNT_NUMBER, BankField.PAYEE_NAME, BankField.AMOUNT)
_CLOSED: dict[str, list[str]] = {
    "delimiter": Delimiter.values,
    "encoding": TextEncoding.values,
    "line_end": LineEnd.values,
    "amount_unit": AmountUnit.values,
}
_LONGEST_HEADER = 40


class FormatTerms(TypedDict):
    """What a version says; ``columns`` are pairs of header and field."""

    name: str
    columns: Sequence[tuple[str, str]]
    delimiter: Delimiter
    encoding: TextEncoding
    line_end: LineEnd
    has_headers: bool
    has_control: bool
    amount_unit: AmountUnit
    source: str
    valid_from: dt.date


@recorded("draft bank format")
def draft_bank_format(*, key: str, terms: FormatTerms, actor: User) -> BankFormat:
    """Draft the next version of the format ``key``. Raises ``Refused`` as :func:`check_terms` does."""
    require_role(actor, Role.ADMINISTRATOR)
    check_terms(terms)
    last = BankFormat.objects.filter(key=key).aggregate(last=Max("number"))["last"] or 0
    return BankFormat.objects.create(
        key=key,
        number=last + 1,
        drafted_by=actor,
        **{**terms, "columns": [list(pair) for pair in terms["columns"]]},
    )


@recorded("publish bank format")
def publish_bank_format(*, version: BankFormat, actor: User) -> BankFormat:
    """Put a draft in force from its first day; by finance or a reviewer other than its drafter.

    Lists drafted before keep their version and are refused at release: they are drafted anew.
    Raises ``NotAllowed`` (second_person) and ``Refused`` (already_published, newer_version_published).
    """
    require_role(actor, *PUBLISHERS)
    version = BankFormat.objects.select_for_update(of=("self",)).get(pk=version.pk)
    require_second_person(actor, version.drafted_by_id, version.drafted_at)
    if version.published_at is not None:
        raise Refused("already_published", _("This version of the bank format has been published already."))
    newer = BankFormat.objects.filter(key=version.key, number__gt=version.number, published_at__isnull=False)
    if newer.exists():
        raise Refused(
            "newer_version_published", _("A newer version of this bank format has been published already.")
        )
    version.published_by, version.published_at = actor, now()
    version.save(update_fields=["published_by", "published_at"])
    return version


def format_for_list(key: str = GENERAL) -> BankFormat:
    """The version a list drafted today takes. Raises ``Refused`` (unknown_bank_format)."""
    found = formats_in_force(today()).get(key)
    if found is None:
        raise Refused(
            "unknown_bank_format", _("No version of the bank format %(key)s is in force.") % {"key": key}
        )
    return found


def require_in_force(version: BankFormat) -> None:
    """Raises ``Refused`` (bank_format_superseded) where a later version has come into force since the draft."""
    if format_for_list(version.key).pk != version.pk:
        raise Refused(
            "bank_format_superseded",
            _("The bank format %(format)s is no longer in force; cancel the list and draft it again.")
            % {"format": version},
        )


def check_terms(terms: FormatTerms) -> None:
    """Whether a bank could be paid by a file of this form.

    Raises ``Refused``, with the faulty ``field``: name_missing, source_missing, unknown_choice, column_missing,
    unknown_field, bad_header, header_repeated.
    """
    for field, code, message in (
        ("name", "name_missing", _("A bank format has a name.")),
        ("source", "source_missing", _("Name the bank's document that asks for this form.")),
    ):
        if not str(terms[field]).strip():  # type: ignore[literal-required]
            raise Refused(code, message, field=field)
    for field, choices in _CLOSED.items():
        if terms[field] not in choices:  # type: ignore[literal-required]
            raise Refused(
                "unknown_choice",
                _("“%(value)s” is none of %(choices)s.")
                % {"value": terms[field], "choices": " ".join(choices)},  # type: ignore[literal-required]
                field=field,
            )
    _check_columns(terms)


def _check_columns(terms: FormatTerms) -> None:
    columns = terms["columns"]
    for position, (header, field) in enumerate(columns, start=1):
        if field not in BankField.values:
            raise Refused(
                "unknown_field",
                _(
                    "Column %(position)s, “%(header)s”: there is no field “%(field)s”; the fields are %(fields)s."
                )
                % {
                    "position": position,
                    "header": header,
                    "field": field,
                    "fields": " ".join(BankField.values),
                },
                field="columns",
            )
        if (
            not header
            or len(header) > _LONGEST_HEADER
            or terms["delimiter"] in header
            or not header.isprintable()
        ):
            raise Refused(
                "bad_header",
                _("Column %(position)s: the header “%(header)s” is empty, too long or holds the delimiter.")
                % {"position": position, "header": header},
                field="columns",
            )
    headers = Counter(header for header, _field in columns)
    for header, times in headers.items():
        if times > 1:
            raise Refused(
                "header_repeated",
                _("The header “%(header)s” stands twice.") % {"header": header},
                field="columns",
            )
    for needed in _NEEDED:
        if needed not in {field for _header, field in columns}:
            raise Refused(
                "column_missing",
                _("A column for “%(field)s” is missing.") % {"field": needed.label},
                field="columns",
            )
