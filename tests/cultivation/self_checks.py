"""What the tests of the self-check share: figures that pass, and the form as a browser sends it."""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from cultivation.forms.amounts import Unit
from cultivation.forms.self_check import Sheet
from cultivation.models import Firm
from tests.cultivation.rules.sample import PASSING, rd, year

FIRM_FACTS: dict[str, Any] = {
    key: value for key, value in PASSING.items() if key not in ("expert_scores", "experts", "incidents")
}
"""The passing facts as a firm knows them."""


def facts(**changes: Any) -> dict[str, Any]:
    """Passing facts of a firm; a change to ``None`` takes the key away."""
    changed = {**deepcopy(FIRM_FACTS), **changes}
    return {key: value for key, value in changed.items() if value is not None}


def sent(figures: Mapping[str, Any], unit: Unit = Unit.YUAN, **changes: str) -> dict[str, str]:
    """The form filled with ``figures`` as a browser sends it, single inputs replaced."""
    sheet = Sheet.showing(figures, unit)
    data = {
        "unit": sheet.unit.value,
        "filing_year": str(sheet.filing_year),
        "carried": sheet.carried_json,
    }
    for form in (sheet.figures, *sheet.properties, *sheet.incidents):
        for name in form.fields:
            value = form[name].value()
            if value not in (None, False):
                data[form.add_prefix(name)] = str(value)
    for rows in (sheet.properties, sheet.incidents):
        data |= {
            rows.management_form.add_prefix(name): str(rows.management_form[name].value() or 0)
            for name in rows.management_form.fields
        }
    return {**data, **changes}


def carried(figures: Mapping[str, Any], **more: str) -> dict[str, str]:
    """The figures as a page carries them from one step to the next."""
    return {"facts": json.dumps(figures, ensure_ascii=False), "other_cap": "internal", "unit": "yuan", **more}


def url(name: str, firm: Firm, **more: int) -> str:
    """The address of a page of the self-check of a firm."""
    return reverse(f"cultivation:self_check{name}", kwargs={"pk": firm.pk, **more})


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


FAILING = facts(
    employees_average="53",
    technical_average="3",
    years=[year(2016), year(2017), year(2018, high_tech_income="1.00", rd=rd(personnel="0.00"))],
)
"""Too few technical staff, too little research, too little high-tech income."""
