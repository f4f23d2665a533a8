"""The forecast in numbers: no Django, no clock, no database.

From a file: ``assumptions`` reads what a person assumes, ``scenario`` holds it, ``distribution`` gives the exact
distribution of the year-end stock (``exact`` in whole numbers, ``numeric`` for large populations).

From the record: ``history`` holds it as tables and cuts it to what a day knew, ``evidence`` looks at the same day of past
years, ``estimation`` draws that toward the ``priors`` by ``pooling``, ``outlook`` puts the parts together for a year's end
and ``estimated`` shows them as a scenario. ``pushes`` asks whose progress matters most.

``filings`` asks how many more filings a target needs, ``compound`` and ``totals`` what the accreditations may cost,
``answer`` puts it down. pandas, NumPy and SciPy are loaded only where they are needed.
"""
