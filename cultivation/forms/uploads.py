"""A file of figures: a filled self-check workbook or a FACTS object, told apart by its first bytes."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.common.errors import Refused, RowError
from config.common.workbooks import RowsRefused
from cultivation.enums import PropertyKind, PropertyOrigin
from cultivation.rules.facts import MalformedFacts, loads_facts, parse_facts
from cultivation.workbooks.self_check import YEARS, read_self_check_workbook

from .fact_sheets import BUREAU_CARRIED, CARRIED, HEADS, accounting_years, filing_year_of
from .fact_words import plain

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_LARGEST = 5 * 1024 * 1024
_READ = frozenset(
    {
        *(
            "filed_on",
            "registered_on",
            "years",
            "ip",
            "field_code",
            "core_ip_owned",
            "conversions",
            "incidents",
        ),
        *(f"{who}_{what}" for who in HEADS for what in ("average", "monthly")),
        *(key for key in CARRIED if key != "expert_sheets"),
    }
)


class FiguresFileForm(forms.Form):
    """Which file to fill the page from."""

    file = forms.FileField(
        label=gettext_lazy("Workbook (.xlsx) or facts (.json)"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx,.json"}),
    )


class FileRefused(Exception):
    """The file cannot be taken over; each fault names sheet, row, column, value and rule."""

    def __init__(self, faults: list[RowError]) -> None:
        super().__init__(faults[0].message)
        self.faults = faults


def read_figures(file: UploadedFile, known: Mapping[str, Any], *, bureau: bool) -> dict[str, Any]:
    """The facts in the file over those ``known`` (the dates); raises :class:`FileRefused`.

    ``bureau``: the person may bring along what experts said.
    """
    if (file.size or 0) > _LARGEST:
        raise FileRefused(
            [_fault("", _("The file is larger than %(most)s MB.") % {"most": _LARGEST // 1024**2})]
        )
    content = file.read()
    try:
        found = read_self_check_workbook(content) if content.startswith(_WORKBOOKS) else _facts_in(content)
        if not bureau and (foreign := set(found) & set(BUREAU_CARRIED)):
            message = _("What the experts said is entered by the bureau alone.")
            raise FileRefused([_fault(key, message) for key in sorted(foreign)])
        facts = {**known, **found}
        parse_facts(facts)
    except RowsRefused as refusal:
        raise FileRefused(refusal.errors) from refusal
    except Refused as refusal:
        raise FileRefused([_fault("", refusal.message)]) from refusal
    except MalformedFacts as error:
        raise FileRefused([_fault(error.key, error.reason)]) from error
    _refuse_other_years(facts)
    return facts


def _facts_in(content: bytes) -> dict[str, Any]:
    """The keys the page can show, out of a FACTS object; what it has no input for is refused, not dropped."""
    given = loads_facts(content)
    parsed = parse_facts(given)
    facts: dict[str, Any] = json.loads(json.dumps(given, ensure_ascii=False, default=str))
    for row, figures in zip(facts.get("years") or (), parsed.years or (), strict=True):
        # The page has the sums alone, the file may have the parts.
        row.update(total_income=figures.total_income, net_assets_end=figures.net_assets_end)
    faults = [_fault(key, _("This fact is not known here.")) for key in facts if key not in _READ]
    for index, row in enumerate(facts.get("ip") or ()):
        for key, choices in (("kind", PropertyKind.values), ("obtained", PropertyOrigin.values)):
            if row.get(key) is not None and row[key] not in choices:
                message = _("One of these is expected: %(choices)s.") % {"choices": "、".join(choices)}
                faults.append(_fault(f"ip[{index}].{key}", message, row[key]))
    if faults:
        raise FileRefused(faults)
    return facts


def _refuse_other_years(facts: Mapping[str, Any]) -> None:
    """Faults for years that the filing does not look at."""
    rows = facts.get("years") or ()
    wanted = accounting_years(filing_year_of(facts, 0))
    message = _("For a filing in %(filing)s the years %(first)s to %(last)s count.") % {
        "filing": wanted[-1] + 1,
        "first": wanted[0],
        "last": wanted[-1],
    }
    faults = [
        RowError(0, f"years[{index}].year", str(row.get("year")), "other_year", message, YEARS)
        for index, row in enumerate(rows)
        if row.get("year") not in wanted
    ]
    if faults:
        raise FileRefused(faults)


def _fault(key: str, message: str, value: str = "") -> RowError:
    return RowError(0, key, value, "malformed", plain(message, {}))
