"""The restricted language of notice templates: variables and three filters, no tags, no loaders, no HTML.

A template gives plain text; nothing is escaped here because the page escapes every line of it, once.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.template import Context, Engine, Library, Template, TemplateSyntaxError
from django.template.base import VariableNode

from .formats import amount_in_words, chinese_date, format_money

__all__ = ["TemplateSyntaxError", "fill", "uses_of", "variables_of"]

register = Library()


@register.filter
def yuan(value: str) -> str:
    """80000.00元: figures directly followed by 元."""
    return f"{format_money(Decimal(value))}元"


@register.filter
def in_words(value: str) -> str:
    return amount_in_words(Decimal(value))


@register.filter(name="chinese_date")
def chinese_date_filter(value: str) -> str:
    return chinese_date(dt.date.fromisoformat(value))


class _TextEngine(Engine):
    # Django's own tags and filters (include, load, debug, escape …) stay outside.
    default_builtins = ["documents.rendering.text"]


_engine = _TextEngine(autoescape=False, dirs=[], app_dirs=False)


def _compile(source: str) -> Template:
    return Template(source, engine=_engine)


def uses_of(source: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each use of a variable: its name and the names of its filters.

    ``TemplateSyntaxError`` for tags, unknown filters and look-ups inside a variable.
    """
    found = []
    for node in _compile(source).nodelist:
        if not isinstance(node, VariableNode):
            continue
        expression = node.filter_expression
        lookups = getattr(expression.var, "lookups", None)
        if not lookups or len(lookups) != 1:
            raise TemplateSyntaxError(f"{expression.token}: only a plain variable may stand here")
        filters = tuple(getattr(function, "_filter_name", "") for function, _arguments in expression.filters)
        found.append((lookups[0], filters))
    return found


def variables_of(source: str) -> set[str]:
    """Names a text uses; the same faults as :func:`uses_of`."""
    return {name for name, _filters in uses_of(source)}


def fill(source: str, values: Mapping[str, str | int]) -> list[str]:
    """The lines of a text with its variables filled in, blank lines left out."""
    text = _compile(source).render(
        Context({name: str(value) for name, value in values.items()}, autoescape=False)
    )
    return [line.strip() for line in text.splitlines() if line.strip()]
