"""How an issued instrument reaches the public."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted

from .instruments import Instrument


class Publication(NeverDeleted):
    """Where an issued instrument was made public, and under which number the archive keeps it."""

    instrument = models.OneToOneField(Instrument, models.PROTECT, related_name="publication")
    published_on = models.DateField(_("published on"))
    jdih_address = models.URLField(_("address at the legal network (JDIH)"), blank=True)
    archive_number = models.CharField(_("archive number (SRIKANDI)"), max_length=80, blank=True)
    note = models.TextField(_("note"), blank=True)
    abstract = models.TextField(_("abstract"), blank=True)
    subjects = models.CharField(_("subjects"), max_length=200, blank=True)
    field_of_law = models.CharField(_("field of law"), max_length=80, blank=True)
    call_number = models.CharField(_("call number"), max_length=40, blank=True)

    history = recorded()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self) -> str:
        return f"{self.instrument} ({self.published_on})"
