"""A second rule set, made up: what an amendment from 1 July 2019 on would look like."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from cultivation.rules.rules_of_2016 import RULES_OF_2016

BEGINS = date(2019, 7, 1)
ENDED = replace(RULES_OF_2016, valid_until=BEGINS)
AMENDED = replace(
    RULES_OF_2016,
    name="made-up-2019",
    title="演示修订",
    valid_from=BEGINS,
    staff_share=replace(RULES_OF_2016.staff_share, value=Fraction("0.40")),
)
