"""``docs/states.md``: every state machine of the project, read from the fields of its models."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import translation
from django_fsm import FSMFieldMixin

_HEAD = """# State machines

Generated from the code by `python manage.py generate_docs`; `make check` fails where it is not current.
A transition only says which way is open. Who may go it, and what has to be there first, is asked by the services.
"""


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One arrow: from a state, by a method of the model, to a state."""

    source: str
    target: str
    action: str


def states_page() -> str:
    """The page as Markdown, in English whatever the language of the process."""
    with translation.override("en"):
        parts = [_HEAD, *(_section(model, field) for model, field in machines())]
    return "\n".join(parts)


def machines() -> Iterator[tuple[type[models.Model], Any]]:
    """Models with a state machine and its field, in the order of apps and models."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, FSMFieldMixin):
                yield model, field


def steps(model: type[models.Model], field: Any) -> list[Step]:
    """Every arrow in the order of the states' list."""
    order = {value: position for position, (value, _label) in enumerate(field.flatchoices)}
    found = {
        Step(source=str(source), target=str(target), action=arrow.name)
        for arrow in field.get_all_transitions(model)
        for source in _sources(arrow.source, order)
        for target in _targets(arrow.target)
    }
    return sorted(found, key=lambda step: (order[step.source], order[step.target], step.action))


def _sources(source: str, states: Iterable[str]) -> list[str]:
    return list(states) if source == "*" else [source]


def _targets(target: Any) -> list[str]:
    """The states an arrow may lead to; one that is found out on the way names all of them."""
    return list(getattr(target, "allowed_states", None) or [target])


def _section(model: type[models.Model], field: Any) -> str:
    arrows = steps(model, field)
    title = str(model._meta.verbose_name)
    labels = {value: str(label) for value, label in field.flatchoices}
    leaving = {step.source for step in arrows}
    ends = [state for state in labels if state not in leaving]
    lines = [
        f"## {title[:1].upper()}{title[1:]} (`{model._meta.label}.{field.name}`)",
        "",
        "```mermaid",
        "stateDiagram-v2",
        *(f"    {value}: {label}" for value, label in labels.items()),
        f"    [*] --> {field.get_default()}",
        *(f"    {source} --> {target}: {', '.join(names)}" for (source, target), names in _joined(arrows)),
        *(f"    {state} --> [*]" for state in ends),
        "```",
        "",
        "| from | action | to |",
        "|---|---|---|",
        *(f"| {labels[step.source]} | `{step.action}` | {labels[step.target]} |" for step in arrows),
        "",
    ]
    return "\n".join(lines)


def _joined(arrows: list[Step]) -> list[tuple[tuple[str, str], list[str]]]:
    """Arrows between the same two states as one, for the picture."""
    joined: dict[tuple[str, str], list[str]] = {}
    for step in arrows:
        joined.setdefault((step.source, step.target), []).append(step.action)
    return list(joined.items())
