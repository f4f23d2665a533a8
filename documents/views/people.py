"""Who asks for a page here, and stored files on their way to them."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest

from documents.permissions import has_group

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


def member(request: HttpRequest, groups: Collection[str]) -> "User":
    """The person, with one of these roles; else the page is denied."""
    user = request.user
    if not user.is_authenticated or not has_group(user, groups):
        raise PermissionDenied
    return user


def stream(file: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """A stored file in pieces, always as a download, never opened in the page."""
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
