"""``resume_batches``: hand batches that a killed worker left lying to the workers again."""

from typing import Any

from config.common.commands import JsonCommand
from documents.background import enqueue_batch
from documents.selectors import stalled_batches


class Command(JsonCommand):
    help = "Enqueues every running batch of notices that no worker holds; to be run before a worker starts."

    def answer(self, **options: Any) -> dict[str, Any]:
        stalled = stalled_batches()
        for batch in stalled:
            enqueue_batch(batch)
        return {"resumed": [batch.pk for batch in stalled]}
