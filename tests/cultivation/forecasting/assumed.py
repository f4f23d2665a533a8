"""The priors of the reference data, read without Django."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import cultivation
from cultivation.forecasting.priors import Prior, Priors

_TABLE = Path(cultivation.__file__).parent / "reference_data" / "forecast_priors.csv"


def reference_priors() -> Priors:
    """What the forecast starts from as it is first loaded."""
    lines = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return Priors(
        {
            row["key"]: Prior(
                key=row["key"],
                value=Decimal(row["value"]),
                weight=Decimal(row["weight"]),
                lead_days=int(row["lead_days"]),
                valid_from=dt.date.fromisoformat(row["valid_from"]),
                source="软件设计时的假设",
            )
            for row in csv.DictReader(lines)
        }
    )
