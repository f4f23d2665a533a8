"""All that pages outside may use of subsidies."""

from .enums import AwardState
from .models import Award, FundingLine
from .selectors.awards import AwardCount, award_counts, award_page, visible_awards
from .selectors.balances import Problem, figures_on
from .selectors.waiting import money_of_the_year, money_waiting, proposals_waiting

__all__ = [
    "Award",
    "AwardCount",
    "AwardState",
    "FundingLine",
    "Problem",
    "award_counts",
    "award_page",
    "figures_on",
    "money_of_the_year",
    "money_waiting",
    "proposals_waiting",
    "visible_awards",
]
