"""What the documents app knows: names in force, published texts, notices of a subject."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from config.common.clock import machine_now
from config.common.errors import Refused
from config.common.overtaking import Strand, happened

from .enums import BatchState, ItemState, NoticeKind, NoticeState, TemplateState
from .models import Notice, NoticeBatch, NoticeTemplate, Organ, OrganName, SavedFilter

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

    from .permissions import Person


def organ_name_on(organ: Organ, on: dt.date) -> OrganName:
    """The one name of ``organ`` in force on a date; ``Refused`` where there is none or the data give two."""
    names = list(
        organ.names.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gt=on)
        )[:2]
    )
    if not names:
        raise Refused(
            "organ_name_missing",
            _("No name of the organ %(organ)s is recorded for %(date)s.")
            % {"organ": organ.key, "date": on.isoformat()},
        )
    if len(names) > 1:
        raise Refused(
            "organ_name_ambiguous",
            _("More than one name of the organ %(organ)s is recorded for %(date)s.")
            % {"organ": organ.key, "date": on.isoformat()},
        )
    return names[0]


def organ_choices() -> list[tuple[str, str]]:
    """The organs for a choice in a form, each by its latest name; an empty line first where there is something to choose."""
    organs = Organ.objects.prefetch_related("names").order_by("key")
    found = [(str(organ.pk), str(next(reversed(organ.names.all()), organ))) for organ in organs]
    return found if len(found) == 1 else [("", ""), *found]


def organ_of(pk: str) -> Organ:
    """The organ chosen; ``ValueError`` where there is none, as a form field wants it."""
    organ = Organ.objects.filter(pk=int(pk)).first()
    if organ is None:
        raise ValueError(pk)
    return organ


def text_in_force(kind: NoticeKind) -> NoticeTemplate | None:
    """The newest published version."""
    published = NoticeTemplate.objects.filter(kind=kind, state=TemplateState.PUBLISHED)
    return published.select_related("drafted_by", "published_by").order_by("-version").first()


def text_strands(kind: NoticeKind, *, hold: bool = False) -> Sequence[Strand]:
    """The versions of a text, drafted and published; ``hold`` locks them until the transaction ends."""
    rows = NoticeTemplate.objects.filter(kind=kind)
    if hold:
        rows = rows.select_for_update(of=("self",))
    return [
        happened(rows, lambda row: f"{row}: {_('Drafted')}", at="drafted_at", by="drafted_by"),
        happened(rows, lambda row: f"{row}: {_('Published')}", at="published_at", by="published_by"),
    ]


def published_template(kind: NoticeKind) -> NoticeTemplate:
    """The newest published version; ``Refused`` where none has been published."""
    template = text_in_force(kind)
    if template is None:
        raise Refused(
            "template_missing",
            _("No template for “%(kind)s” has been published.") % {"kind": NoticeKind(kind).label},
        )
    return template


def find_notice(*, kind: NoticeKind, subject: str) -> Notice | None:
    """The standing notice of this kind about ``subject``."""
    return Notice.objects.filter(kind=kind, subject=subject, state=NoticeState.ISSUED).first()


def notices_of(*, subjects: Sequence[str]) -> QuerySet[Notice]:
    """All notices about these subjects, the newest first."""
    return Notice.objects.filter(subject__in=subjects).order_by("-issued_at", "-pk")


def find_notices(
    *, kind: str = "", year: int | None = None, state: str = "", text: str = ""
) -> QuerySet[Notice]:
    """Notices of a kind, year and state whose number, addressee or subject has ``text``."""
    found = Notice.objects.select_related("issued_by")
    if kind:
        found = found.filter(kind=kind)
    if year:
        found = found.filter(year=year)
    if state:
        found = found.filter(state=state)
    if text:
        found = found.filter(Q(number__icontains=text) | Q(recipient__icontains=text))
    return found


def saved_filters_of(kind: str, user: "User") -> list[SavedFilter]:
    """The filters of a list that the person may use (one query).

    The own first, then those that colleagues share: of the same county, or of the city.
    """
    division = cast("Person", user).division_id
    colleagues = Q(shared=True, owner__firm__isnull=True, owner__is_active=True)
    colleagues &= Q(owner__division=division) if division else Q(owner__division__isnull=True)
    rows = SavedFilter.objects.filter(Q(owner=user) | colleagues, kind=kind).select_related("owner")
    return sorted(rows, key=lambda row: (row.owner_id != user.pk, row.name, row.pk))


def batches_with_progress() -> QuerySet[NoticeBatch]:
    """Batches with the numbers of their notices: ``total``, ``issued``, ``failed``."""
    return NoticeBatch.objects.select_related("organ", "created_by").annotate(
        total=Count("items"),
        issued=Count("items", filter=Q(items__state=ItemState.ISSUED)),
        failed=Count("items", filter=Q(items__state=ItemState.FAILED)),
    )


def is_at_work(batch: NoticeBatch) -> bool:
    """Whether a worker holds notices of the batch; else it waits for one, or was left lying by one that was killed."""
    waiting = batch.items.filter(state=ItemState.WAITING)
    return waiting.filter(leased_until__gt=machine_now()).exists()


def stalled_batches() -> list[NoticeBatch]:
    """Running batches that no worker holds."""
    running = NoticeBatch.objects.filter(state=BatchState.RUNNING).order_by("pk")
    return [batch for batch in running if not is_at_work(batch)]
