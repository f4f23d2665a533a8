"""Handing in a list as a person does: the file, where it leads, the confirmation."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.workbooks import workbook


def hand_in(client: Client, kind: str, *rows: Any, name: str = "名单.xlsx", **answers: Any) -> Any:
    """Send a list of these rows and go where it leads."""
    return send(client, kind, workbook(*rows), name=name, **answers)


def send(client: Client, kind: str, content: bytes, *, name: str, **answers: Any) -> Any:
    """Send a file and go where it leads."""
    fields = {"file": SimpleUploadedFile(name, content), **answers}
    answer = client.post(reverse("documents:import_new", args=[kind]), fields)
    return client.get(answer["Location"]) if answer.status_code == 302 else answer


def confirm(client: Client, preview: Any) -> Any:
    return client.post(preview.request["PATH_INFO"], {"agreed": preview.context["digest"]})


def faulty_headers(preview: Any) -> list[str]:
    """The headers of the cells that hold a fault."""
    return [
        header
        for shown in preview.context["shown"]
        for row in shown.rows
        for (header, _name), cell in zip(shown.headers, row.cells, strict=True)
        if cell.faults
    ]
