"""From one person's idea to a policy of the region (design.md section 2; PP 38/2017)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from .. import automatic
from ..models import Case
from ..nodes import Choice, Ending, Stage
from .routes import (
    asked_by,
    was_approved,
    was_approved_and_runs,
    was_given_up,
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

    # An amendment, a revocation or a regulation over several innovations begins with its text.
    further = (
        flow.StartHandle(this.begin).Annotation(title=_("Further instrument")).Next(this.drafting)
    )

    completeness = Stage(
        _("Completeness check"),
        form="innovations.forms.CompletenessForm",
        always_filled=True,
        reads=PROPOSAL,
        outcomes={
            APPROVE: Choice(_("Complete"), _("found the proposal complete")),
            RETURN: Choice(_("Return"), _("returned the proposal as incomplete")),
            REJECT: Choice(_("Reject"), _("rejected the proposal at the completeness check")),
        },
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
        reads=(*PROPOSAL, "checklist"),
        outcomes={
            APPROVE: Choice(_("Fit"), _("judged the innovation fit")),
            RETURN: Choice(_("Revise"), _("asked for a revision at the panel verification")),
            REJECT: Choice(_("Not fit"), _("judged the innovation not fit")),
        },
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
        reads=(*PROPOSAL, "assessment"),
        outcomes={
            APPROVE: Choice(_("Apply"), _("recommended applying it after the trial")),
            RETURN: Choice(_("Revise"), _("asked for a revision after the trial")),
            REJECT: Choice(_("Stop"), _("stopped the innovation after the trial")),
        },
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
        reads=(*PROPOSAL, "assessment", "trial", "alignment"),
        outcomes={
            APPROVE: Choice(_("Approve"), _("approved the alignment with pillars and programme")),
            RETURN: Choice(_("Return"), _("returned the proposal at the alignment")),
        },
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
        reads=("identity", "alignment", "commitment"),
        outcomes={
            APPROVE: Choice(_("Commit"), _("committed the money, staff and technology")),
            SEND_BACK: Choice(_("Back to alignment"), _("sent the commitment back to alignment")),
            RETURN: Choice(
                _("Return to the initiator"), _("returned the proposal at the commitment")
            ),
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
        reads=("alignment", "commitment", "instrument"),
        outcomes={
            APPROVE: Choice(_("Pass on"), _("passed on the draft of the instrument")),
            SEND_BACK: Choice(_("Back to commitment"), _("sent the draft back to commitment")),
        },
        further_outcomes={
            APPROVE: Choice(_("Pass on"), _("passed on the draft of the instrument")),
            SEND_BACK: Choice(_("Give it up"), _("gave up the further instrument")),
        },
        fills=[0],
    ).Next(this.after_drafting)
    after_drafting = (
        flow.Switch()
        .Case(this.initialling, was_approved)
        .Case(this.given_up, was_given_up)
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
        reads=("alignment", "commitment", "instrument"),
        outcomes={
            APPROVE: Choice(_("Initial"), _("initialled the draft")),
            SEND_BACK: Choice(_("Back to drafting"), _("sent the draft back without an initial")),
        },
    ).Next(this.after_initialling)
    after_initialling = (
        flow.Switch()
        .Case(this.signing, was_approved)
        .Case(this.withdrawn, was_withdrawn)
        .Default(this.drafting)
    )

    signing = Stage(
        _("Signing"),
        reads=("alignment", "commitment", "instrument"),
        outcomes={
            APPROVE: Choice(_("Sign"), _("signed the decree")),
            SEND_BACK: Choice(_("Back to drafting"), _("sent the decree back without a signature")),
        },
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
        form="legal_basis.publication_form.PublicationForm",
        reads=("instrument",),
        outcomes={APPROVE: Choice(_("Publish"), _("published the decree"))},
    ).Next(this.institutionalised)
    institutionalised = (
        flow.Function(automatic.institutionalise)
        .Annotation(title=_("Institutionalised"))
        .Next(this.done)
    )

    revision = Stage(
        _("Revision by the initiator"),
        reads=PROPOSAL,
        outcomes={APPROVE: Choice(_("Resubmit"), _("resubmitted the proposal"))},
        own_work=True,
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
    given_up = Ending("institutionalised", _("Given up"))

    def begin(self, activation: Any, *, case: dict[str, Any]) -> Case:
        """Give the new process what it carries."""
        for name, value in case.items():
            setattr(activation.process, name, value)
        return activation.process
