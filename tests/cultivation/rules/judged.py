"""Shorthand for asking the rules one question."""

from cultivation.rules.assessment import assess
from cultivation.rules.expenses import OtherCap
from cultivation.rules.facts import parse_facts
from cultivation.rules.findings import Code


def result(mapping, other_cap="internal"):
    return assess(parse_facts(mapping), other_cap=OtherCap(other_cap))


def finding(mapping, code, other_cap="internal"):
    return result(mapping, other_cap).finding(Code(code))


def status(mapping, code):
    return finding(mapping, code).status.value
