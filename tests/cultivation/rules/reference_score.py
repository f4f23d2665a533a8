"""An independent reckoning of property, score and incidents, for complete facts of three years and five experts.

It shares nothing with ``cultivation.rules``; points are pairs of the least and the most.
"""

from datetime import date
from fractions import Fraction as F

ONE = {"invention_patent", "plant_variety", "ic_layout"}
GROWTH_POINTS = {
    "A": (9, 10),
    "B": (7, 8),
    "C": (5, 6),
    "D": (3, 4),
    "E": (1, 2),
    "F": (0, 0),
    "zero": (0, 0),
}


def usable(item):
    if item["kind"] == "trademark" or item["obtained"] == "licensed" or item.get("co_owned_used_by_other"):
        return False
    return item["class"] == 1 or not item["used_before"]


def property_points(items):
    counted = [item for item in items if usable(item)]
    if not counted:
        return 0, 18
    second = sum(item["class"] == 2 for item in counted)
    if second < len(counted):
        low, high = 7, 8
    elif second >= 5:
        low, high = 5, 6
    elif second >= 3:
        low, high = 3, 4
    else:
        low, high = 1, 2
    most = 6 if any(item["obtained"] == "own" for item in counted) else 3
    return low + 1, min(30, high + most + 18)


def conversion_points(numbers):
    """Three years: five a year are fifteen in all. ``None`` between nothing and one a year."""
    total = sum(numbers)
    for least, points in ((15, (25, 30)), (12, (19, 24)), (9, (13, 18)), (6, (7, 12)), (3, (1, 6))):
        if total >= least:
            return points
    return (0, 0) if total == 0 else None


def growth_points(bands):
    if "manual" in bands:
        return None
    first, second = (GROWTH_POINTS[band] for band in bands)
    return first[0] + second[0], first[1] + second[1]


def ranges(facts, bands):
    """What the four indicators may be given."""
    return {
        "ip": property_points(facts["ip"]),
        "conversion": conversion_points(facts["conversions"]),
        "organisation": (0, 20),
        "growth": growth_points(bands),
    }


def score_status(facts, bands):
    sheets = facts["expert_scores"]
    for indicator, points in ranges(facts, bands).items():
        if points is None:
            return "manual"
        if not all(points[0] <= int(score) <= points[1] for score in sheets[indicator]):
            return "manual"
    total = sum(int(score) for scores in sheets.values() for score in scores)
    return "pass" if F(total, len(sheets["ip"])) > 70 else "fail"


def property_status(facts):
    return "pass" if facts["core_ip_owned"] and any(map(usable, facts["ip"])) else "fail"


def incident_status(facts):
    filed, unsure = date.fromisoformat(facts["filed_on"]), False
    for incident in facts["incidents"]:
        days = (filed - date.fromisoformat(incident["date"])).days
        if incident["serious"] and days <= 365:
            if incident["document"]:
                return "fail"
            unsure = True
    return "manual" if unsure else "pass"
