"""The priors of the reference data, without a database."""

import datetime as dt
from decimal import Decimal

from cultivation.forecasting.priors import Prior, Priors
from cultivation.reference import rows


def reference_priors() -> Priors:
    return Priors(
        {
            row["key"]: Prior(
                key=row["key"],
                value=Decimal(row["value"]),
                weight=Decimal(row["weight"]),
                lead_days=int(row["lead_days"]),
                valid_from=dt.date.fromisoformat(row["valid_from"]),
                source=row["table_source"],
            )
            for row in rows("forecast_priors.csv")
        }
    )
