"""A form as a browser sends it: with the version of the page it stands on."""

from typing import Any

from django.test import Client


def from_page(client: Client, page: str, **fields: Any) -> dict[str, Any]:
    """``fields`` with what the page at this address, opened now, has its forms carry; nothing where it does not open."""
    shown = client.get(page)
    return {"seen": shown.context.get("seen", "") if shown.status_code == 200 else "", **fields}
