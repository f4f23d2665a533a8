"""The forecast in numbers: pure functions, no Django, no clock, no database.

``assumptions`` reads what a person assumes, ``transitions`` estimates the same from counted history, ``scenario`` is
what both end in; ``distribution`` turns a scenario into the exact distribution of the year-end stock, ``filings``
asks how many more filings a target needs, ``compound`` what the accreditations may cost, ``answer`` and ``report``
put it down. NumPy and SciPy are imported only where a population is too large for whole-number arithmetic.
"""
