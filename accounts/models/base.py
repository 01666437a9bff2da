"""What every governed model of the house stands on."""

from typing import Any, NoReturn

from django.db import models


def _refuse_deletion(instance: models.Model, **_: Any) -> NoReturn:
    raise models.ProtectedError(f"{instance._meta.label} rows are never deleted", {instance})


class NeverDeleted(models.Model):
    """What the trail refers to is deactivated, ended or withdrawn, never deleted."""

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # A queryset or a cascade deletes without calling `delete`, but never without this signal.
        models.signals.pre_delete.connect(_refuse_deletion, sender=cls, weak=False)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: the audit trail refers to this row."""
        _refuse_deletion(self)
