"""Where an issued instrument was made public, and how catalogues describe it."""

from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.offices import today
from accounts.texts import DayField, PlainCharField, PlainTextField
from innovations.models import Innovation
from innovations.stage_forms import StageForm

from . import abstracts
from .drafting import current_instrument
from .models import Instrument, Publication
from .publishing import DESCRIPTION, publish


class PublicationForm(StageForm):
    """Where the issued instrument was made public; its description is proposed from its text."""

    published_on = DayField(label=_("Published on"))
    jdih_address = forms.URLField(
        label=_("Address at the legal network (JDIH)"),
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text=_("Leave empty until it is there."),
    )
    archive_number = PlainCharField(
        label=_("Archive number (SRIKANDI)"), required=False, max_length=80
    )
    subjects = PlainCharField(
        label=_("Subjects"),
        required=False,
        max_length=abstracts.LONGEST_SUBJECTS,
        help_text=_("Separated by “ - ”. Payung puts them in capitals."),
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    field_of_law = PlainCharField(label=_("Field of law"), required=False, max_length=80)
    call_number = PlainCharField(
        label=_("Call number"),
        required=False,
        max_length=40,
        help_text=_("The shelf mark of the legal library, if it has one."),
    )
    abstract = PlainTextField(
        label=_("Abstract"),
        required=False,
        max_length=abstracts.LONGEST,
        help_text=_("Proposed from the text of the instrument, in Indonesian. Shorten or mend it."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    note = PlainTextField(
        label=_("Note"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def recorded(self) -> dict[str, Any]:
        """What is recorded; before that, today and the description that Payung proposes."""
        instrument = current_instrument(self.innovation)
        if instrument is None:
            return {"published_on": today()}
        publication = Publication.objects.filter(instrument=instrument).first()
        if publication is None:
            return {"published_on": today(), **proposed(instrument)}
        return {name: getattr(publication, name) for name in self.base_fields}

    def clean_published_on(self) -> Any:
        """Neither before the instrument nor in the future."""
        day = self.cleaned_data["published_on"]
        instrument = current_instrument(self.innovation)
        if day > today():
            raise ValidationError(gettext("This day is yet to come. Choose today or earlier."))
        if instrument and instrument.dated and day < instrument.dated:
            raise ValidationError(
                gettext("The instrument is dated %s; it cannot be published before.")
                % instrument.dated.isoformat()
            )
        return day

    def clean_subjects(self) -> str:
        """In capitals, separated by ` - `."""
        return abstracts.tidied_subjects(self.cleaned_data["subjects"])

    def record(self) -> None:
        """Write the publication."""
        instrument = current_instrument(self.innovation)
        if instrument is None:
            raise ValidationError(gettext("There is no instrument to publish."))
        publish(self.actor, instrument, **self.cleaned_data)

    @classmethod
    def from_record(
        cls, record: Mapping[str, Any], *, innovation: Innovation, actor: User, files: Any = None
    ) -> Self:
        """Filled from a plain record; the description that it leaves out is the proposed one."""
        recorded = cls(innovation=innovation, actor=actor).recorded()
        described = {name: recorded[name] for name in DESCRIPTION if name in recorded}
        return super().from_record(
            described | dict(record), innovation=innovation, actor=actor, files=files
        )


def proposed(instrument: Instrument) -> dict[str, str]:
    """How catalogues may describe an instrument, from its own text."""
    return {
        "abstract": abstracts.proposed_abstract(instrument),
        "subjects": abstracts.proposed_subjects(instrument),
        "field_of_law": abstracts.FIELD_OF_LAW,
        "call_number": "",
    }
