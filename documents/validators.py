"""What an uploaded file may be: judged by its name and, independently, by what is inside. Pure."""

import io
import unicodedata
import zipfile
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from config.common.errors import Refused

LARGEST_BYTES = 20 * 1024 * 1024
_MOST_ZIP_ENTRIES = 2000
_LONGEST_NAME = 200

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPE_OF_EXTENSION = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".xlsx": _XLSX,
    ".docx": _DOCX,
    ".csv": "text/csv",
}


def clean_name(name: str) -> str:
    """The last part of a file name as it was given, without control characters, cut to a reasonable length."""
    base = PurePosixPath(name.replace("\\", "/")).name
    base = "".join(char for char in base if unicodedata.category(char)[0] != "C").strip()
    stem, suffix = PurePosixPath(base).stem, PurePosixPath(base).suffix
    return stem[: _LONGEST_NAME - len(suffix)] + suffix


def _office_type(content: bytes) -> str | None:
    """Type of an Office Open XML package; none for other archives and for anything with macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = {entry.filename for entry in package.infolist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if len(names) > _MOST_ZIP_ENTRIES or "[Content_Types].xml" not in names:
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    if "xl/workbook.xml" in names:
        return _XLSX
    return _DOCX if "word/document.xml" in names else None


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            decoded = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(unicodedata.category(char) == "Cc" and char not in "\t\r\n" for char in decoded)
    return False


def sniff(content: bytes) -> str | None:
    """Content type by what is inside; none when it is nothing we take. Text counts as CSV."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    return "text/csv" if _is_text(content) else None


def checked_type(*, content: bytes, name: str) -> str:
    """Content type of a file that may be stored; ``Refused`` for an empty, too large, unknown or disguised one."""
    if not content:
        raise Refused("attachment_empty", _("The file %(name)s is empty.") % {"name": name})
    if len(content) > LARGEST_BYTES:
        raise Refused(
            "attachment_too_large",
            _("The file %(name)s is larger than %(limit)s MiB.")
            % {"name": name, "limit": LARGEST_BYTES >> 20},
        )
    expected = TYPE_OF_EXTENSION.get(PurePosixPath(name).suffix.lower())
    if expected is None:
        raise Refused(
            "attachment_type",
            _("Files like %(name)s are not accepted; accepted are %(types)s.")
            % {"name": name, "types": ", ".join(TYPE_OF_EXTENSION)},
        )
    if sniff(content) != expected:
        raise Refused(
            "attachment_content",
            _("What is in %(name)s does not fit the ending of its name.") % {"name": name},
        )
    return expected
