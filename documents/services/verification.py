"""Is this the notice that was issued? For the public page and the command; and the check of all stored notices."""

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import islice
from secrets import compare_digest
from urllib.parse import unquote

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from documents.enums import NoticeState, VerificationStatus
from documents.models import Notice, NumberSeries

from .composing import KEYWORD, SHORT_HASH_LENGTH, short_hash
from .signing import Signature, signature_of

_TOKEN = re.compile(
    rb"%s:((?:[A-Za-z0-9._~/-]|%%[0-9A-F]{2})+):[0-9a-f]{%d}" % (KEYWORD.encode(), SHORT_HASH_LENGTH)
)
_STREAM = re.compile(rb"stream\r?\n")
_MOST_STREAMS = 1000
_MOST_FROM_ONE_STREAM = 1 << 20
_MOST_FROM_ALL_STREAMS = 32 << 20

_STATUS_OF_STATE = {
    NoticeState.ISSUED: VerificationStatus.AUTHENTIC,
    NoticeState.SUPERSEDED: VerificationStatus.SUPERSEDED,
    NoticeState.VOID: VerificationStatus.VOID,
}


@dataclass(frozen=True, slots=True)
class Verification:
    """What may be told to anybody: nothing about the addressee, nothing about other notices."""

    status: VerificationStatus
    number: str | None = None
    organ: str | None = None
    issued_on: str | None = None
    is_demo: bool | None = None
    signature: Signature | None = None

    def as_json(self) -> dict[str, object]:
        return {
            "status": self.status.value,
            "number": self.number,
            "organ": self.organ,
            "issued_on": self.issued_on,
            "is_demo": self.is_demo,
            "signature": asdict(self.signature) if self.signature else None,
        }


_UNKNOWN = Verification(VerificationStatus.UNKNOWN)


def _told(notice: Notice, status: VerificationStatus) -> Verification:
    return Verification(
        status, notice.number, notice.organ_name, notice.issued_on.isoformat(), notice.is_demo
    )


def _readable_parts(data: bytes) -> Iterator[bytes]:
    """The file as it is, then what its compressed streams hold.

    Deliberately not a PDF parser: a damaged file has to be read too, and one made to blow up in memory or to take
    for ever must not be: anybody may send one.
    """
    yield data
    left = _MOST_FROM_ALL_STREAMS
    view = memoryview(data)
    for match in islice(_STREAM.finditer(data), _MOST_STREAMS):
        inflater = zlib.decompressobj()
        try:
            packed = view[match.end() : match.end() + _MOST_FROM_ONE_STREAM]
            part = inflater.decompress(packed, min(left, _MOST_FROM_ONE_STREAM))
        except zlib.error:
            continue
        yield part
        left -= len(part)
        if left <= 0:
            return


def _named_notice(data: bytes) -> Notice | None:
    """The issued notice whose number the file carries."""
    tried: set[str] = set()
    for part in _readable_parts(data):
        for match in _TOKEN.finditer(part):
            number = unquote(match[1].decode("ascii"))
            if number not in tried and len(tried) < 10:
                tried.add(number)
                if notice := Notice.objects.filter(number=number).first():
                    return notice
    return None


def verify_pdf(data: bytes) -> Verification:
    """Authentic only with exactly the bytes that were issued; altered when it names an issued number with others."""
    notice = Notice.objects.filter(pdf_sha256=hashlib.sha256(data).hexdigest()).first()
    if notice is not None:
        return replace(
            _told(notice, _STATUS_OF_STATE[NoticeState(notice.state)]), signature=signature_of(data)
        )
    named = _named_notice(data)
    return _UNKNOWN if named is None else _told(named, VerificationStatus.ALTERED)


def look_up_notice(*, number: str, code: str) -> Verification:
    """What is recorded under a number, to somebody who has the code printed beside it; else unknown, whatever is wrong."""
    notice = Notice.objects.filter(number=number.strip()).first()
    if notice is None or not compare_digest(notice.short_hash.encode(), code.strip().lower().encode()):
        return _UNKNOWN
    if notice.state == NoticeState.ISSUED:
        return _told(notice, VerificationStatus.RECORDED)
    return _told(notice, _STATUS_OF_STATE[NoticeState(notice.state)])


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with stored notices; ``number`` is a document number or a series."""

    code: str
    number: str
    message: str

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "number": self.number, "message": self.message}


def _problems_of(notice: Notice) -> Iterator[Problem]:
    try:
        with notice.file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != notice.pdf_sha256:
            yield Problem(
                "notice_file_changed", notice.number, _("The stored file is not the one that was issued.")
            )
    except FileNotFoundError:
        yield Problem("notice_file_missing", notice.number, _("The stored file is missing."))
    if notice.short_hash != short_hash(
        number=notice.number, template=notice.template, context=notice.context
    ):
        yield Problem(
            "notice_context_changed",
            notice.number,
            _("The frozen context does not belong to the verification code."),
        )
    if (notice.state == NoticeState.SUPERSEDED) != hasattr(notice, "superseded_by"):
        yield Problem("notice_successor", notice.number, _("State and successor of the notice do not agree."))


def check_notices() -> list[Problem]:
    """Every stored file against its hash, every context against its code, every series against its numbers."""
    problems: list[Problem] = []
    notices = Notice.objects.select_related("template", "superseded_by").order_by("pk")
    for notice in notices.iterator(chunk_size=500):
        problems.extend(_problems_of(notice))
    for series in NumberSeries.objects.all():
        used = Notice.objects.filter(organ=series.organ_id, series=series.prefix, year=series.year)
        ends = used.aggregate(first=Min("sequence"), last=Max("sequence"))
        count = used.count()
        if (count, ends["last"] or 0) != (series.last, series.last) or (count and ends["first"] != 1):
            problems.append(
                Problem(
                    "number_series",
                    str(series),
                    _("The numbers given out and the notices stored do not agree."),
                )
            )
    return problems
