"""The closed list of what an entry of the ledger may be."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What was done; stored names, never changed."""

    SUBMISSION = "submission", _("Submitted")
    EDIT = "edit", _("Content changed")
    STAGE = "stage", _("Moved to another stage")
    SIGN_OFF = "sign_off", _("Signed off")
    RETURN = "return", _("Returned or refused")
    LAPSE = "lapse", _("Sign-off no longer counts")
    ASSIGNMENT = "assignment", _("Asked of an office or a person")
    DECLARATION = "declaration", _("Conflict of interest declared")
    COMMITMENT = "commitment", _("Money, staff or technology committed")
    CLOCK = "clock", _("Clock stopped or started")
    OVERRIDE = "override", _("Binding signature of an acting official")
    NUMBER = "number", _("Number taken or cancelled")
    SIGNATURE = "signature", _("Instrument signed")
    ISSUE = "issue", _("Instrument issued")
    PUBLICATION = "publication", _("Published")
    AMENDMENT = "amendment", _("Amended")
    REVOCATION = "revocation", _("Revoked")
    CORRECTION = "correction", _("Corrected")
    COPY = "copy", _("Certified copy made")
    MONITORING = "monitoring", _("Monitored")
    APPOINTMENT = "appointment", _("Appointment")
    DELEGATION = "delegation", _("Delegation")
    ACCOUNT = "account", _("Account of a person")
    REGISTRY = "registry", _("Offices and master data")
    POLICY = "policy", _("Sign-off policy")
    CALENDAR = "calendar", _("Working days")
    PERMISSION = "permission", _("Permission granted or withdrawn")
    REFUSAL = "refusal", _("Attempt refused")
    LOGIN = "login", _("Login of a privileged account")
    READING = "reading", _("Read by an auditor")
    EXPORT = "export", _("Exported")
    FINDING = "finding", _("Finding")
    REQUEST = "request", _("Request for evidence")
    SAMPLE = "sample", _("Random sample drawn")
    KEY = "key", _("Key of the checkpoints changed")
    MIGRATION = "migration", _("New version of the program")
    IMPORT = "import", _("Taken over from before the ledger")
    ERASURE = "erasure", _("Personal data erased")
