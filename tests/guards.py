"""What fails every test, whatever it is about. Installed once for the whole run by ``conftest.py``.

Warnings are errors (see ``pyproject.toml``), which covers naive datetimes and paginated lists without an order. Here stand the
faults that would pass in silence: an undefined template variable, a spreadsheet cell that could run, a way out to the network.
"""

import ipaddress
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.conf import settings
from django.template import engines
from django.template.base import UNKNOWN_SOURCE, FilterExpression, Node
from xlsxwriter.worksheet import Worksheet

# Filters that exist to be given nothing.
_DEFAULTS = {"default", "default_if_none"}
# Excel and the bank's programs keep fifteen digits of a number; a longer one is an identifier and has to be text.
_LARGEST_NUMBER = 10**15


class UndefinedVariable(AssertionError):
    """A template of the project names a variable that its view does not give."""


class RunnableCell(AssertionError):
    """A cell is written by a method that lets its content decide what it becomes."""


class NetworkUse(AssertionError):
    """A test speaks to something beyond this machine."""


class UndefinedVariableGuard:
    """Takes the place of ``string_if_invalid``: Django formats it with the variable it did not find.

    ``{{ name|default:"" }}`` says that the name may be missing and passes, as do ``{% if %}`` and ``{% for %}``, which never
    come here. Templates of libraries are left alone.
    """

    def __contains__(self, text: str) -> bool:
        return text == "%s"

    def __mod__(self, variable: Any) -> str:
        frame = sys._getframe(1)
        expression, context = frame.f_locals.get("self"), frame.f_locals["context"]
        source = _source_of_node(frame)
        if not _is_own(source):
            return ""
        if isinstance(expression, FilterExpression) and any(
            getattr(function, "_filter_name", "") in _DEFAULTS for function, _arguments in expression.filters
        ):
            engine = context.template.engine
            engine.string_if_invalid = ""
            try:
                return expression.resolve(context)
            finally:
                engine.string_if_invalid = self
        raise UndefinedVariable(f"{source}: undefined variable {variable}")


def _source_of_node(frame: Any) -> str:
    """The file of the innermost template node that is being rendered."""
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return str(node.origin.name)
        frame = frame.f_back
    return UNKNOWN_SOURCE


def _is_own(source: str) -> bool:
    if source == UNKNOWN_SOURCE:
        return True
    path = Path(source)
    return path.is_relative_to(settings.BASE_DIR) and ".venv" not in path.relative_to(settings.BASE_DIR).parts


def _refuse_cell(*args: Any, **kwargs: Any) -> NoReturn:
    raise RunnableCell("say what the cell is: write_string, write_number or write_datetime")


def _write_number(worksheet: Worksheet, row: int, column: int, number: Any, cell_format: Any = None) -> int:
    if abs(number) >= _LARGEST_NUMBER:
        raise RunnableCell(f"{number} has too many digits for a number cell; write it as text")
    return _plain_write_number(worksheet, row, column, number, cell_format)


_plain_write_number = Worksheet._write_number
_plain_connect = socket.socket.connect
_plain_connect_ex = socket.socket.connect_ex
_plain_getaddrinfo = socket.getaddrinfo


def _refuse_remote(host: Any) -> None:
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return
    try:
        if ipaddress.ip_address(host).is_loopback:
            return
    except ValueError:
        pass
    raise NetworkUse(f"a test may not reach {host}")


def _guarded(connect: Any) -> Any:
    def connect_locally(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_remote(address[0])
        return connect(self, address)

    return connect_locally


def _getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
    _refuse_remote(host)
    return _plain_getaddrinfo(host, *args, **kwargs)


def install(patch: pytest.MonkeyPatch) -> None:
    """Put every guard in place until ``patch`` is undone."""
    patch.setattr(engines["django"].engine, "string_if_invalid", UndefinedVariableGuard())
    for method in ("_write", "_write_formula", "_write_array_formula", "_write_url"):
        patch.setattr(Worksheet, method, _refuse_cell)
    patch.setattr(Worksheet, "_write_number", _write_number)
    patch.setattr(socket.socket, "connect", _guarded(_plain_connect))
    patch.setattr(socket.socket, "connect_ex", _guarded(_plain_connect_ex))
    patch.setattr(socket, "getaddrinfo", _getaddrinfo)
