"""What a drafted version would do to the awards that wait, by the judgement of the run that moves them."""

from dataclasses import dataclass

from subsidies.enums import AwardState, SchemeState
from subsidies.models import Award, SchemeVersion
from subsidies.models.awards import WAITING_AWARD_STATES
from subsidies.selectors.schemes import PublishedVersions

from .proposals import outlooks

_BATCH = 1000
_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Outlook:
    """A waiting award: where it would stand, and what it would wait for then."""

    award: Award
    state: AwardState
    waiting_for: str

    @property
    def label(self) -> str:
        return str(self.state.label)


@dataclass(frozen=True, slots=True)
class Preview:
    """``rows`` are the first of the ``changed`` awards, by key; ``unchanged`` ones wait as before."""

    rows: tuple[Outlook, ...]
    changed: int
    unchanged: int


def preview_version(*, version: SchemeVersion) -> Preview:
    """What the next look at the waiting awards would find if the draft were published now; nothing is written."""
    published = version.scheme.versions.filter(state=SchemeState.PUBLISHED).exclude(pk=version.pk)
    versions = sorted([version, *published], key=lambda row: -row.number)
    with_draft = PublishedVersions(version.scheme, tuple(versions))
    waiting = Award.objects.filter(scheme=version.scheme_id, state__in=WAITING_AWARD_STATES)
    keys = list(waiting.order_by("pk").values_list("pk", flat=True))
    rows: list[Outlook] = []
    changed = 0
    for start in range(0, len(keys), _BATCH):
        batch = Award.objects.filter(pk__in=keys[start : start + _BATCH]).select_related(
            "firm", "accreditation"
        )
        for award, state, waiting_for in outlooks(with_draft, list(batch.order_by("pk"))):
            if state == award.state and waiting_for == award.waiting_for:
                continue
            changed += 1
            if len(rows) < _MOST_SHOWN:
                rows.append(Outlook(award, state, waiting_for))
    return Preview(tuple(rows), changed, len(keys) - changed)
