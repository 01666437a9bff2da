"""From one person's idea to a policy of the region (design.md section 2; PP 38/2017)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from .. import automatic
from ..models import Case
from ..nodes import Ending, Stage
from .routes import (
    asked_by,
    was_approved,
    was_approved_and_runs,
    was_returned,
    was_sent_back,
    was_withdrawn,
)

APPROVE, RETURN, SEND_BACK, REJECT = "approve", "return", "send_back", "reject"
PROPOSAL = ("identity", "design", "people", "evidence")


class Institutionalisation(flow.Flow):
    """Institutionalisation of an innovation"""

    process_class = Case
    process_title = _("Institutionalisation of an innovation")

    start = flow.StartHandle(this.begin).Annotation(title=_("Proposal")).Next(this.completeness)

    completeness = Stage(
        _("Completeness check"),
        form="innovations.forms.CompletenessForm",
        always_filled=True,
        covers=PROPOSAL,
        outcomes={APPROVE: _("Complete"), RETURN: _("Return"), REJECT: _("Reject")},
    ).Next(this.after_completeness)
    after_completeness = (
        flow.Switch()
        .Case(this.verification, was_approved)
        .Case(this.revision, was_returned)
        .Case(this.withdrawn, was_withdrawn)
        .Default(this.rejected)
    )

    verification = Stage(
        _("Panel verification"),
        form="innovations.forms.AssessmentForm",
        always_filled=True,
        covers=(*PROPOSAL, "checklist"),
        outcomes={APPROVE: _("Fit"), RETURN: _("Revise"), REJECT: _("Not fit")},
    ).Next(this.after_verification)
    after_verification = (
        flow.Switch()
        .Case(this.alignment, was_approved_and_runs)
        .Case(this.trial, was_approved)
        .Case(this.revision, was_returned)
        .Case(this.withdrawn, was_withdrawn)
        .Default(this.rejected)
    )

    trial = Stage(
        _("Trial"),
        form="innovations.forms.TrialForm",
        always_filled=True,
        covers=(*PROPOSAL, "assessment"),
        outcomes={APPROVE: _("Apply"), RETURN: _("Revise"), REJECT: _("Stop")},
    ).Next(this.after_trial)
    after_trial = (
        flow.Switch()
        .Case(this.alignment, was_approved)
        .Case(this.revision, was_returned)
        .Case(this.withdrawn, was_withdrawn)
        .Default(this.stopped)
    )

    alignment = Stage(
        _("Alignment with pillars"),
        form="planning.forms.AlignmentForm",
        covers=(*PROPOSAL, "assessment", "trial", "alignment"),
        outcomes={APPROVE: _("Approve"), RETURN: _("Return")},
        fills=[0],
    ).Next(this.after_alignment)
    after_alignment = (
        flow.Switch()
        .Case(this.commitment, was_approved)
        .Case(this.withdrawn, was_withdrawn)
        .Default(this.revision)
    )

    commitment = Stage(
        _("Commitment of resources"),
        form="planning.forms.CommitmentForm",
        covers=("identity", "alignment", "commitment"),
        outcomes={
            APPROVE: _("Commit"),
            SEND_BACK: _("Back to alignment"),
            RETURN: _("Return to the initiator"),
        },
        fills=[0],
    ).Next(this.after_commitment)
    after_commitment = (
        flow.Switch()
        .Case(this.reservation, was_approved)
        .Case(this.alignment, was_sent_back)
        .Case(this.withdrawn, was_withdrawn)
        .Default(this.revision)
    )
    reservation = (
        flow.Function(automatic.reserve_and_assemble)
        .Annotation(title=_("Reservation of the money"))
        .Next(this.drafting)
    )

    drafting = Stage(
        _("Drafting of the instrument"),
        form="legal_basis.forms.InstrumentForm",
        kept=True,
        covers=("alignment", "commitment", "instrument"),
        outcomes={APPROVE: _("Pass on"), SEND_BACK: _("Back to commitment")},
        fills=[0],
    ).Next(this.after_drafting)
    after_drafting = (
        flow.Switch()
        .Case(this.initialling, was_approved)
        .Case(this.withdrawn, was_withdrawn)
        .Default(this.release)
    )
    release = (
        flow.Function(automatic.release_commitment)
        .Annotation(title=_("Release of the money"))
        .Next(this.commitment)
    )

    initialling = Stage(
        _("Initials"),
        covers=("alignment", "commitment", "instrument"),
        outcomes={APPROVE: _("Initial"), SEND_BACK: _("Back to drafting")},
    ).Next(this.after_initialling)
    after_initialling = (
        flow.Switch()
        .Case(this.signing, was_approved)
        .Case(this.withdrawn, was_withdrawn)
        .Default(this.drafting)
    )

    signing = Stage(
        _("Signing"),
        covers=("alignment", "commitment", "instrument"),
        outcomes={APPROVE: _("Sign"), SEND_BACK: _("Back to drafting")},
    ).Next(this.after_signing)
    after_signing = (
        flow.Switch()
        .Case(this.numbering, was_approved)
        .Case(this.withdrawn, was_withdrawn)
        .Default(this.drafting)
    )
    numbering = (
        flow.Function(automatic.number_and_enqueue)
        .Annotation(title=_("Number and register"))
        .Next(this.issuing)
    )
    # Rendering and signing are the worker's; its success runs this node.
    issuing = flow.Handle().Annotation(title=_("Issuing of the document")).Next(this.publication)

    publication = Stage(
        _("Publication"),
        form="legal_basis.forms.PublicationForm",
        covers=("instrument",),
        outcomes={APPROVE: _("Publish")},
    ).Next(this.institutionalised)
    institutionalised = (
        flow.Function(automatic.institutionalise)
        .Annotation(title=_("Institutionalised"))
        .Next(this.done)
    )

    revision = Stage(
        _("Revision by the initiator"),
        covers=PROPOSAL,
        outcomes={APPROVE: _("Resubmit")},
    ).Next(this.after_revision)
    after_revision = (
        flow.Switch()
        .Case(this.withdrawn, was_withdrawn)
        .Case(this.verification, asked_by("verification"))
        .Case(this.trial, asked_by("trial"))
        .Case(this.alignment, asked_by("alignment"))
        .Case(this.commitment, asked_by("commitment"))
        .Default(this.completeness)
    )

    done = Ending("institutionalised", _("Institutionalised"))
    rejected = Ending("rejected", _("Rejected"))
    stopped = Ending("stopped", _("Stopped"))
    withdrawn = Ending("withdrawn", _("Withdrawn"))

    def begin(self, activation: Any, *, case: dict[str, Any]) -> Case:
        """Give the new process what it carries."""
        for name, value in case.items():
            setattr(activation.process, name, value)
        return activation.process
