"""``resume_batches``: hand batches that a killed worker left lying to the workers again, and clear away what expired."""

from typing import Any

from config.common.commands import JsonCommand
from documents.background import enqueue_batch, enqueue_prepared
from documents.selectors import stalled_batches
from documents.services.list_uploads import drop_expired
from documents.services.prepared_files import abandoned_files, drop_expired_files


class Command(JsonCommand):
    help = (
        "Enqueues every running batch of notices and every wanted file that no worker holds, and throws away what has "
        "expired; to be run before a worker starts."
    )

    def answer(self, **options: Any) -> dict[str, Any]:
        stalled = stalled_batches()
        for batch in stalled:
            enqueue_batch(batch)
        drop_expired()
        drop_expired_files()
        for wanted in abandoned_files():
            enqueue_prepared(wanted)
        return {"resumed": [batch.pk for batch in stalled]}
