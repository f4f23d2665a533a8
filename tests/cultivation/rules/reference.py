"""An independent reckoning of the conditions from the text of the rules, in whole fen and exact fractions.

It shares nothing with ``cultivation.rules`` and knows complete, well-formed facts alone.
"""

from datetime import date
from fractions import Fraction as F

from tests.cultivation.rules.reference_score import incident_status, property_status, score_status

SIX = ["personnel", "direct_input", "depreciation", "intangibles", "design", "commissioning"]


def fen(text):
    value = F(str(text)) * 100
    assert value.denominator == 1
    return int(value)


def year_rd(rd, with_outsourced):
    """(other allowed, outsourced counted, total, domestic) in fen: a fifth of all is a quarter of the rest."""
    six = sum(fen(rd[key]) for key in SIX)
    home, abroad = F(4 * fen(rd["outsourced_domestic"]), 5), F(4 * fen(rd["outsourced_foreign"]), 5)
    rest = six + (home + abroad if with_outsourced else 0)
    allowed = F(fen(rd["other"]))
    if allowed * 4 > rest:
        allowed = F(rest, 4)
    return allowed, home + abroad, six + allowed + home + abroad, six + allowed + home


def required(latest_sales_fen):
    if latest_sales_fen <= 5_000_000_000:
        return F(5, 100)
    return F(4, 100) if latest_sales_fen <= 20_000_000_000 else F(3, 100)


def growth(y1, y2, y3):
    """(rate, band) of three values in fen."""
    if y1 < 0 or y2 < 0:
        return None, "manual"
    if y2 == 0:
        return None, "zero"
    rate = F(y3 - y2, y2) if y1 == 0 else F(y2, 2 * y1) + F(y3, 2 * y2) - 1
    if y3 < 0:
        return (F(y3 - y2, y2) if rate > 0 else rate), "F"
    for band, floor in (("A", 35), ("B", 25), ("C", 15), ("D", 5)):
        if rate * 100 >= floor:
            return rate, band
    return rate, "E" if rate > 0 else "F"


def judge(facts, other_cap):
    """Statuses by code and the figures, for complete facts."""
    years = facts["years"]
    by_year = [year_rd(figures["rd"], other_cap == "with_outsourced") for figures in years]
    total, domestic = sum(y[2] for y in by_year), sum(y[3] for y in by_year)
    sales = [fen(figures["sales"]) for figures in years]
    need = required(sales[-1])
    days = (date.fromisoformat(facts["filed_on"]) - date.fromisoformat(facts["registered_on"])).days
    income, high_tech = fen(years[-1]["total_income"]), fen(years[-1]["high_tech_income"])
    employees, technical = F(facts["employees_average"]), F(facts["technical_average"])

    net_assets = growth(*[fen(figures["net_assets_end"]) for figures in years])
    sales_growth = growth(*sales)

    def status(known, passed):
        return "manual" if not known else "pass" if passed() else "fail"

    return {
        "total": total,
        "sales_total": sum(sales),
        "ratio": F(total, sum(sales)) if sum(sales) else None,
        "required": need,
        "domestic_ratio": F(domestic, total) if total else None,
        "by_year": by_year,
        "net_assets": net_assets,
        "sales": sales_growth,
        "statuses": {
            "core_ip": property_status(facts),
            "innovation_score": score_status(facts, (net_assets[1], sales_growth[1])),
            "no_incident": incident_status(facts),
            "registered_365_days": "pass" if days >= 365 else "fail",
            "technical_staff_share": status(
                employees > 0 and technical <= employees, lambda: technical * 10 >= employees
            ),
            "rd_intensity": status(sum(sales) > 0, lambda: total >= need * sum(sales)),
            "rd_domestic_share": status(total > 0, lambda: domestic * 5 >= total * 3),
            "high_tech_income_share": status(0 < income >= high_tech, lambda: high_tech * 5 >= income * 3),
        },
    }
