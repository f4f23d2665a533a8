"""Figures of procedure by date."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.enums import ParameterKey
from cultivation.models import ForecastPrior, Parameter


def parameter(key: ParameterKey, on: dt.date) -> int:
    """The value in force on a day; ``Refused("parameter_missing")`` where none has been entered."""
    return parameter_row(key, on).value


def parameter_row(key: ParameterKey, on: dt.date) -> Parameter:
    """The value with its source and verification; refused as :func:`parameter` is."""
    row = (
        Parameter.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), key=key, valid_from__lte=on)
        .order_by("-valid_from")
        .first()
    )
    if row is None:
        raise Refused(
            "parameter_missing",
            _("No value of “%(key)s” is recorded for %(date)s.")
            % {"key": ParameterKey(key).label, "date": on.isoformat()},
        )
    return row


def parameter_rows(keys: Iterable[ParameterKey], on: dt.date) -> dict[str, Parameter]:
    """The values in force on a day of several parameters by key; one that has none is left out (one query)."""
    rows = Parameter.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), key__in=list(keys), valid_from__lte=on
    ).order_by("valid_from")
    return {row.key: row for row in rows}


def prior_meanings() -> dict[str, str]:
    """What the priors of the forecast mean, by key; the newest words count."""
    rows = ForecastPrior.objects.order_by("valid_from").values_list("key", "meaning")
    return dict(rows)
