"""A file on its way to a person: always as a download, never opened in the page, never kept in a cache."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, *, name: str, content_type: str = XLSX, status: int = 200) -> HttpResponse:
    """A file of ours, a workbook if nothing else is said."""
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=content_type, status=status, headers=headers)


def stream(file: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """A stored file in pieces, never as a whole in memory."""
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
