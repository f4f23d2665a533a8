"""Forms of the pages: each asks only what its act needs."""

from .acts import ActForm, DateInput, OpenCaseForm, OpenOwnCaseForm, form_for

__all__ = ["ActForm", "DateInput", "OpenCaseForm", "OpenOwnCaseForm", "form_for"]
