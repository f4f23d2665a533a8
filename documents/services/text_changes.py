"""What one version of a text changes of another, line by line."""

import difflib
from dataclasses import dataclass

from documents.models import NoticeTemplate

from .samples import texts_of
from .text_faults import field_label, write_variables


@dataclass(frozen=True, slots=True)
class Change:
    """A line of a field that came in or went out."""

    field: str
    is_added: bool
    line: str


def changes_between(old: NoticeTemplate, new: NoticeTemplate) -> list[Change]:
    """The lines that went out and came in, field by field under the names that the model gives them."""
    before, after = _fields(old), _fields(new)
    changes = []
    for name, source in after.items():
        label = field_label(name)
        changes += [
            Change(label, line[0] == "+", line[2:])
            for line in difflib.ndiff(before[name].splitlines(), source.splitlines())
            if line[:2] in ("- ", "+ ")
        ]
    return changes


def _fields(template: NoticeTemplate) -> dict[str, str]:
    return {**texts_of(template), "variables": write_variables(template.variables)}
