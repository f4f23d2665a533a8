"""The workbooks that come in, and the empty forms of them that go out."""

from .lists import certificate_columns, roster_columns, write_roster_template

__all__ = ["certificate_columns", "roster_columns", "write_roster_template"]
