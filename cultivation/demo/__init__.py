"""The demonstration's firms and cases: made up, marked 演示, the same on every run.

Everything goes through the services that people use; only the clock is set to the day of each step.
"""
