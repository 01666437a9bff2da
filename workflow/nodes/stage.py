"""A human stage: viewflow's View node that opens the seats of its sign-off policy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.nodes.view import ViewActivation

from accounts.acting import current_actor
from approvals.models import Outcome
from innovations.stage_forms import StageForm

from ..models import is_further

APPROVE = Outcome.APPROVE.value


@dataclass(frozen=True)
class Choice:
    """One answer of a stage: the words on its button, and the fact that the record tells later.

    fact: what the signer did, without a subject: “found the proposal complete”.
    """

    button: Any
    fact: Any

    def __str__(self) -> str:
        return str(self.button)


class StageActivation(ViewActivation):
    """Moves the case to its stage and opens the seats when the task is created (VF18)."""

    @classmethod
    def create(cls, *args: Any, **kwargs: Any) -> "StageActivation":
        activation = super().create(*args, **kwargs)
        activation.result = activation.flow_task.enter(activation)
        return activation

    @Activation.status.super()
    def activate(self) -> None:
        """Go on at once where every signature was given earlier and its content is unchanged."""
        if getattr(self, "result", None) is None:
            return
        actor = current_actor()
        self.process.outcome = self.result
        self.assign(actor)
        self.start(None)

    def finish(self, actor: Any, outcome: str) -> None:
        """Execute the task as the last signer; the switch behind it reads the outcome."""
        case, stage = self.process, self.process.stage
        case.outcome = outcome
        self.assign(actor)
        self.start(None)
        self.execute()
        # Whatever stage or end comes next has saved the case; a wait in between has not.
        if case.stage == stage:
            case.save()


class Stage(flow.View):
    """One human stage of a flow, declared with what its screen and its signatures need.

    form: dotted path of the StageForm that records what the stage finds out; "" for none.
    reads: the sections of content that its screen shows; which of them a signature binds is the
    policy's to say.
    outcomes: what a signer may answer, each with its words.
    further_outcomes: the same where the case carries a further instrument, if it differs.
    """

    activation_class = StageActivation

    def __init__(
        self,
        title: Any,
        *,
        form: str = "",
        reads: Sequence[str] = (),
        outcomes: Mapping[str, Choice] | None = None,
        further_outcomes: Mapping[str, Choice] | None = None,
        fills: Sequence[int] | None = None,
        always_filled: bool = False,
        kept: bool = False,
        own_work: bool = False,
    ) -> None:
        super().__init__(None)
        self.task_title = title
        self.form = form
        self.reads = tuple(reads)
        self.outcomes = dict(outcomes or {APPROVE: Choice(_("Approve"), _("approved"))})
        self.further_outcomes = dict(further_outcomes or self.outcomes)
        # The groups whose signers fill in the form; the others read it and sign.
        self.fills = tuple(fills) if fills is not None else None
        # Findings that count whatever the answer is; other forms are filled in to approve.
        self.always_filled = always_filled
        # Work that takes several sittings may be kept before the decision.
        self.kept = kept
        # What the initiator or the owner does for themself: nobody's approval.
        self.own_work = own_work

    def answers_for(self, code: str) -> Mapping[str, Choice]:
        """What a signer may answer on the case of this code."""
        return self.further_outcomes if is_further(code) else self.outcomes

    def form_class(self, group: int) -> type[StageForm] | None:
        """The form that a signer of this group fills in, or None to read and sign only."""
        if not self.form or (self.fills is not None and group not in self.fills):
            return None
        return import_string(self.form)

    def wants_form(self, group: int, outcome: str) -> type[StageForm] | None:
        """The form that must come with this answer, or None."""
        wanted = self.always_filled or outcome == APPROVE
        return self.form_class(group) if wanted else None

    def enter(self, activation: Activation) -> str | None:
        """Note on the case where it stands, and ask for the signatures; says if all are there."""
        from ..seating import seat_stage

        case = activation.process
        came_from, case.stage = case.stage, self.name
        case.stage_since = timezone.now()
        case.save()
        return seat_stage(activation, came_from)


def stage_nodes(flow_class: Any) -> list[Stage]:
    """The human stages of a flow in the order in which they are declared."""
    return [node for node in vars(flow_class).values() if isinstance(node, Stage)]
