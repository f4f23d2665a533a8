"""Which of the two modules knows the present database."""

from types import ModuleType

from django.db import connection
from django.utils.translation import gettext as _

from config.common.errors import Refused

from . import postgres, sqlite

_ENGINES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgres}


def engine() -> ModuleType:
    """``postgres`` or ``sqlite``: both have database_name, schema, tables, take, prepare, require_alone and install."""
    if connection.vendor not in _ENGINES:
        raise Refused("other_database", _("Backups are made of SQLite and PostgreSQL only."))
    return _ENGINES[connection.vendor]
