"""The table behind the cache: in it tries to log in are counted, for all processes and machines together."""

from django.db import models


class CachedValue(models.Model):
    """A row as ``DatabaseCache`` writes it; nothing else reads or writes here."""

    key = models.CharField(db_column="cache_key", max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
