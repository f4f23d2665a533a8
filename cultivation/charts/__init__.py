"""Charts drawn on the server as SVG, the same for page, PDF and command."""

from .backtest import backtest_chart
from .board import BOARD_CHARTS
from .calibration import CalibrationPicture, CalibrationPoint, calibration_chart
from .due import DuePicture, due_chart
from .expiries import ExpiryPicture, expiry_chart
from .funnel import FunnelPicture, FunnelStage, funnel_chart
from .programme import ProgrammeBar, ProgrammePicture, programme_chart
from .stock import stock_chart

__all__ = [
    "BOARD_CHARTS",
    "CalibrationPicture",
    "CalibrationPoint",
    "DuePicture",
    "ExpiryPicture",
    "FunnelPicture",
    "FunnelStage",
    "ProgrammeBar",
    "ProgrammePicture",
    "backtest_chart",
    "calibration_chart",
    "due_chart",
    "expiry_chart",
    "funnel_chart",
    "programme_chart",
    "stock_chart",
]
