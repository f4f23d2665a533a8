"""A look at what an act would do, as a preview or a dry run: what is refused in it is no attempt at the act."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_looking: ContextVar[bool] = ContextVar("miaopu_looking", default=False)


@contextmanager
def only_looking(*, when: bool = True) -> Iterator[None]:
    """Services called inside leave no trace of what they refuse; where ``when`` is false, as they would without."""
    token = _looking.set(when or _looking.get())
    try:
        yield
    finally:
        _looking.reset(token)


def is_only_looking() -> bool:
    return _looking.get()
