"""Drawing up a bulletin or yearly report: its content is put on record once, its paper made once from that."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.enums import Role
from cultivation.exports import bulletin_pdf
from cultivation.models import Bulletin, BulletinFile, Division, User
from cultivation.permissions import require_role
from cultivation.selectors.bulletins import bulletin_content, content_digest, last_day
from cultivation.selectors.stock_records import standing_record

from .refusals import recorded

# Official texts are Chinese, whoever draws them up.
_LANGUAGE = "zh-hans"


@recorded("draw_up_bulletin")
def draw_up_bulletin(*, year: int, quarter: int, actor: User) -> Bulletin:
    """The next version of a period's bulletin; ``quarter`` 0 is the report of the year.

    Refused: ``day_to_come``, ``stock_not_on_record``, ``nothing_changes``.
    """
    require_role(actor, Role.CASEWORKER)
    day = last_day(year, quarter)
    if day > today():
        raise Refused("day_to_come", _("%(date)s is not over yet.") % {"date": day.isoformat()})
    _one_at_a_time()
    record = standing_record(day)
    if record is None:
        raise Refused(
            "stock_not_on_record",
            _("The stock of %(date)s is not on record yet; draw it up first.") % {"date": day.isoformat()},
        )
    with translation.override(_LANGUAGE):
        content = bulletin_content(year, quarter, record, today())
    latest = Bulletin.objects.filter(year=year, quarter=quarter).order_by("-number").first()
    digest = content_digest(content)
    if latest is not None and latest.sha256 == digest:
        raise Refused("nothing_changes", _("Version %(number)s says the same.") % {"number": latest.number})
    return Bulletin.objects.create(
        year=year,
        quarter=quarter,
        number=latest.number + 1 if latest else 1,
        stock=record,
        as_of=today(),
        content=content,
        sha256=digest,
        drawn_up_by=actor,
    )


def make_bulletin_paper(*, bulletin: Bulletin) -> BulletinFile:
    """The PDF of a bulletin, made where there is none yet; whoever comes second gets what the first one made.

    ``documents.api.FontsMissing`` where the set-up has not put the fonts in place.
    """
    made = BulletinFile.objects.filter(bulletin=bulletin).first()
    if made is not None:
        return made
    with translation.override(_LANGUAGE):
        content = bulletin_pdf(
            bulletin.content,
            version=bulletin.number,
            maker=str(bulletin.drawn_up_by),
            sha256=bulletin.sha256,
        )
    digest = hashlib.sha256(content).hexdigest()
    path = f"bulletins/{digest[:2]}/{digest}.pdf"
    if not (default_storage.exists(path) and default_storage.size(path) == len(content)):
        path = default_storage.save(path, ContentFile(content))
    with transaction.atomic():
        _one_at_a_time()
        paper, _created = BulletinFile.objects.get_or_create(
            bulletin=bulletin, defaults={"file": path, "sha256": digest, "size": len(content)}
        )
    return paper


def _one_at_a_time() -> None:
    """Versions are numbered without a gap, and each has one paper."""
    Division.objects.select_for_update().get(parent__isnull=True)
