"""Why an act did not happen, each with the answer a person gets."""

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from .models import SignOff


class Refused(Exception):
    """An act that did not happen; `sentence` tells the person why, `status` the machine."""

    status = 409

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotAllowed(Refused):
    """This person may not do this: the only refusal that is about rights, and is recorded."""

    status = 403


class NotFound(Refused):
    """The things named in the address do not belong together, or are not visible to this person."""

    status = 404


class Changed(Refused):
    """What the person read is no longer what would be signed."""


class Busy(Refused):
    """Someone else is acting on the case at this moment."""


class Claimed(Refused):
    """A colleague has taken this up; whoever goes on without them says so."""


class AlreadyDecided(Refused):
    """Somebody else decided this first; says who and when."""

    def __init__(self, sign_off: SignOff) -> None:
        self.sign_off = sign_off
        when = timezone.localtime(sign_off.decided_at)
        super().__init__(
            _("%(capacity)s (%(person)s) decided this on %(day)s at %(time)s: %(outcome)s.")
            % {
                "capacity": sign_off.capacity,
                "person": sign_off.person.get_short_name(),
                "day": formats.date_format(when, "j F Y"),
                "time": formats.date_format(when, "H.i"),
                "outcome": sign_off.get_outcome_display(),
            }
        )
