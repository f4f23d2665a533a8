"""The picture of a back-test: how often targets were met that were given such a chance."""

from django.utils.translation import gettext as _

from cultivation.forecasting.report import Report

from .calibration import CalibrationPicture, CalibrationPoint, calibration_chart


def backtest_chart(report: Report) -> str:
    """SVG text without prologue; ``documents.api.FontsMissing`` as for every chart."""
    return calibration_chart(
        CalibrationPicture(
            title=_("Targets given a chance, and how often they were met"),
            points=tuple(
                CalibrationPoint(row.chance, row.met, row.low, row.high, row.count) for row in report.bins
            ),
        )
    )
