"""The frame of every service that changes a state: one transaction, and a trace of what was refused."""

from collections.abc import Callable
from contextlib import nullcontext
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from config.common.errors import Refused
from cultivation.models import RefusedAttempt, User

P = ParamSpec("P")
R = TypeVar("R")

_depth: ContextVar[int] = ContextVar("miaopu_service_depth", default=0)


def recorded(action: str, *, atomic: bool = True) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run a keyword-only service in one transaction; keep a refusal as a ``RefusedAttempt``.

    The row is written after the rollback, by the outermost service alone. A transition that the state machine
    does not know, or that somebody else has overtaken, becomes a :class:`Refused` like any other. A service
    that first reads a large file is not ``atomic`` and leaves its writing to one that is, so that nobody waits
    for the reading.
    """

    def decorate(service: Callable[P, R]) -> Callable[P, R]:
        @wraps(service)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            token = _depth.set(_depth.get() + 1)
            try:
                with transaction.atomic() if atomic else nullcontext():
                    return _run(service, *args, **kwargs)
            except Refused as refusal:
                if _depth.get() == 1:
                    _record(action, kwargs, refusal)
                raise
            finally:
                _depth.reset(token)

        return call

    return decorate


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
    RefusedAttempt.objects.create(
        actor=actor if isinstance(actor, User) and actor.pk else None,
        action=action,
        subject=_subject(kwargs),
        code=refusal.code,
        message=refusal.message,
    )


def _subject(kwargs: dict[str, Any]) -> str:
    """What the act was about: the first record among the arguments that is not a person."""
    for name, value in kwargs.items():
        if isinstance(value, models.Model) and not isinstance(value, User):
            return f"{name}:{value.pk}"
    return ""
