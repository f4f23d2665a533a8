"""The accreditation rules as pure functions over frozen records.

No Django, no clock, no I/O, no binary floating point. Money is in yuan, exact; ratios are fractions.
Start at ``assessment.assess``; thresholds stand in ``rulesets`` with their document and article.
"""
