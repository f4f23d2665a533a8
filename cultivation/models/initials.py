"""A column with the pinyin initials of a name beside it, written with the name whatever way the row comes."""

from typing import Any

from django.db import models

from cultivation.initials import initials


class InitialsField(models.CharField):
    """Filled from the field ``name`` of its row on every insert, in bulk too."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = initials(getattr(model_instance, "name"))  # noqa: B009
        setattr(model_instance, self.attname, value)
        return value
