"""What administrators are told when checkpoints of the ledger do not leave the machine."""

from django.utils.translation import gettext_lazy as _

from .event import Event, Kind

DETAILS = {"what": Kind.TEXT, "reason": Kind.TEXT}

OF_ANCHORING: dict[str, Event] = {
    "anchoring_late": Event(
        _("The proof of the ledger does not leave this machine: %(what)s"),
        _(
            "For ten minutes no checkpoint of the ledger has been signed or taken "
            "(%(what)s: %(reason)s); after 24 hours no instrument is issued any more."
        ),
        DETAILS,
        link=("audit_checkpoints",),
        of_a_case=False,
    ),
    "issuing_stopped": Event(
        _("No instrument is issued any more: %(what)s"),
        _(
            "For 24 hours no proof of the ledger has left this machine (%(what)s: %(reason)s); "
            "until that is mended no instrument is issued, and everything else goes on."
        ),
        DETAILS,
        link=("audit_checkpoints",),
        of_a_case=False,
    ),
}
