"""What is wrong with a text before it can become a version: each fault with its field and line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Field
from django.utils.translation import gettext as _

from documents.models import NoticeTemplate
from documents.rendering import text

# Supplied at issue to every template, whatever its kind.
STANDARD_VARIABLES = frozenset({"organ_name", "recipient", "issued_on", "basis_text"})
# Kept beside the variables in a frozen context, so no variable may have its name.
RESERVED = STANDARD_VARIABLES | {"annexes"}
AMOUNT_FILTERS = frozenset({"yuan", "in_words"})
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TOKEN = re.compile(r"{{.*?}}|{#.*?#}")


def field_label(name: str) -> str:
    """What the model calls a field of a text."""
    return str(cast("Field[Any, Any]", NoticeTemplate._meta.get_field(name)).verbose_name)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend; ``field`` is title, body, annotation, copies or variables, ``line`` begins at 1 (0: the whole)."""

    field: str
    line: int
    code: str
    reason: str

    @property
    def label(self) -> str:
        return field_label(self.field)

    @property
    def message(self) -> str:
        if not self.line:
            return self.reason
        return _("Line %(line)s: %(reason)s") % {"line": self.line, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Use:
    """A variable where it stands, with the filters on it."""

    field: str
    line: int
    name: str
    filters: tuple[str, ...]


def read_variables(written: str) -> tuple[dict[str, str], list[Fault]]:
    """Declared variables, one a line: the name, and after a space or colon what it is."""
    variables: dict[str, str] = {}
    faults = []
    for number, line in enumerate(written.splitlines(), 1):
        if not line.strip():
            continue
        name, *rest = re.split(r"[\s:：=]+", line.strip(), maxsplit=1)
        if name in variables:
            reason = _("%(name)s is declared twice.") % {"name": name}
            faults.append(Fault("variables", number, "variable_twice", reason))
        elif fault := _name_fault(name, number):
            faults.append(fault)
        variables.setdefault(name, rest[0].strip() if rest else "")
    return variables, faults


def write_variables(variables: Mapping[str, str]) -> str:
    """The declared variables as :func:`read_variables` reads them."""
    return "\n".join(f"{name} {description}".strip() for name, description in variables.items())


def uses_in(texts: Mapping[str, str]) -> tuple[list[Use], list[Fault]]:
    """Where the texts use variables, and the lines that cannot be read. A variable never runs over a line."""
    uses, faults = [], []
    for field, source in texts.items():
        for number, line in enumerate(source.splitlines(), 1):
            try:
                uses += [Use(field, number, *use) for use in text.uses_of(line)]
            except text.TemplateSyntaxError as error:
                reason = _("The text cannot be read: %(reason)s") % {"reason": error}
                faults.append(Fault(field, number, "template_syntax", reason))
                continue
            if re.search(r"{{|}}|{%|%}|{#", _TOKEN.sub("", line)):
                reason = _("Brackets of a variable are opened or closed alone.")
                faults.append(Fault(field, number, "template_syntax", reason))
    return uses, faults


def faults_of(*, texts: Mapping[str, str], variables: Mapping[str, str]) -> list[Fault]:
    """All that keeps the texts (title, body, annotation, copies) from being filled in, in the order of the fields."""
    uses, faults = uses_in(texts)
    faults += [
        Fault(field, 0, "template_empty", _("A template needs a title and a body."))
        for field in ("title", "body")
        if not texts[field].strip()
    ]
    faults += [fault for name in variables if (fault := _name_fault(name, 0))]
    known = STANDARD_VARIABLES.union(variables)
    faults += [
        Fault(
            use.field,
            use.line,
            "variable_undeclared",
            _("The text uses variables that are not declared: %(names)s") % {"names": use.name},
        )
        for use in uses
        if use.name not in known
    ]
    return faults + _filter_faults(uses)


def _name_fault(name: str, line: int) -> Fault | None:
    if name in RESERVED:
        reason = _("These variables are always supplied: %(names)s") % {"names": name}
        return Fault("variables", line, "variable_reserved", reason)
    if not _NAME.fullmatch(name):
        reason = _("“%(name)s” is no name: small letters, figures and _, a letter first.") % {"name": name}
        return Fault("variables", line, "variable_name", reason)
    return None


def _filter_faults(uses: list[Use]) -> list[Fault]:
    """Filters that no value could pass: two in a row, on a text that is always supplied, amount and date at once."""
    faults = []
    dates = {use.name for use in uses if "chinese_date" in use.filters} | {"issued_on"}
    for use in uses:
        is_amount = not AMOUNT_FILTERS.isdisjoint(use.filters)
        is_text = use.name in STANDARD_VARIABLES - {"issued_on"}
        if len(use.filters) > 1 or (is_amount and use.name in dates) or (is_text and use.filters):
            reason = _("%(name)s cannot pass %(filters)s.") % {
                "name": use.name,
                "filters": "|".join(use.filters),
            }
            faults.append(Fault(use.field, use.line, "filter_unfit", reason))
    return faults
