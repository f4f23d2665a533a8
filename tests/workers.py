"""Names that the workers of one test run do not share."""

import os


def own_name(name: str) -> str:
    """A database's name for this worker alone: two workers never drop each other's."""
    return f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
