"""The frame of every service that changes a state: one transaction, and a trace of what was refused."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from django.db import models, transaction
from django.utils.translation import gettext as _
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from config.common.errors import Refused
from config.common.looking import is_only_looking
from config.common.overtaking import Strand, require_unchanged
from cultivation.models import RefusedAttempt, User

P = ParamSpec("P")
R = TypeVar("R")

_depth: ContextVar[int] = ContextVar("miaopu_service_depth", default=0)
# Some services are made for one call; their names go with them.
_names: WeakKeyDictionary[Callable[..., Any], str] = WeakKeyDictionary()
_check: ContextVar[Callable[[], None] | None] = ContextVar("miaopu_service_check", default=None)


@contextmanager
def as_seen(
    seen: str, strands: Callable[[], Sequence[Strand]], *, hold: models.Model | None = None
) -> Iterator[None]:
    """Let the service called inside act only if nothing came to ``strands`` since the version ``seen``.

    It is looked at in the service's transaction, first of all and with the row ``hold`` locked.
    Refused: ``changed_meanwhile``, as a refusal of that service.
    """

    def check() -> None:
        if hold is not None:
            type(hold)._base_manager.select_for_update(of=("self",)).get(pk=hold.pk)
        require_unchanged(strands(), seen)

    token = _check.set(check)
    try:
        yield
    finally:
        _check.reset(token)


def recorded(action: str, *, atomic: bool = True) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run a keyword-only service in one transaction; keep a refusal as a ``RefusedAttempt``.

    The row is written after the rollback, by the outermost service alone, and not for a look (``only_looking``).
    A transition that the state machine does not know, or that somebody else has overtaken, becomes a
    :class:`Refused` like any other. A service that first reads a large file is not ``atomic`` and leaves its
    writing to one that is, so that nobody waits for the reading.
    """

    def decorate(service: Callable[P, R]) -> Callable[P, R]:
        @wraps(service)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            token = _depth.set(_depth.get() + 1)
            try:
                with transaction.atomic() if atomic else nullcontext():
                    if atomic and (check := _check.get()) is not None:
                        _check.set(None)
                        check()
                    return _run(service, *args, **kwargs)
            except Refused as refusal:
                if _depth.get() == 1 and not is_only_looking():
                    _record(action, kwargs, refusal)
                raise
            finally:
                _depth.reset(token)

        _names[call] = action
        return call

    return decorate


def recorded_as(service: Callable[..., Any]) -> str:
    """The name that refusals of a recorded service bear."""
    return _names[service]


def _run(service: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return service(*args, **kwargs)
    except TransitionNotAllowed as error:
        state = error.object.get_state_display()
        message = _("This step is not possible while the state is “%(state)s”.") % {"state": state}
        raise Refused("wrong_state", message, state=error.object.state) from error
    except ConcurrentTransition as error:
        raise Refused(
            "changed_meanwhile", _("Somebody else changed this record in the meantime; nothing was saved.")
        ) from error


def _record(action: str, kwargs: dict[str, Any], refusal: Refused) -> None:
    actor = kwargs.get("actor")
    subject, name = _subject(kwargs)
    RefusedAttempt.objects.create(
        actor=actor if isinstance(actor, User) and actor.pk else None,
        action=action,
        subject=subject,
        subject_name=name[:200],
        code=refusal.code,
        message=refusal.message,
    )


def _subject(kwargs: dict[str, Any]) -> tuple[str, str]:
    """What the act was about, and its name: the first record among the arguments that is not a person."""
    for name, value in kwargs.items():
        if isinstance(value, models.Model) and not isinstance(value, User):
            return f"{name}:{value.pk}", _name_of(value)
    return "", ""


def _name_of(record: models.Model) -> str:
    """The number or name that people know it by, empty where it has none."""
    names = (getattr(record, field, None) for field in ("certificate_number", "number", "name", "title"))
    return next((name for name in names if isinstance(name, str)), "")
