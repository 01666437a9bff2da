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

from approvals.models import Outcome
from innovations.stage_forms import StageForm

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
        activation.flow_task.enter(activation)
        return activation

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
    covers: the sections of content that a signature here binds.
    outcomes: what a signer may answer, each with its words.
    """

    activation_class = StageActivation

    def __init__(
        self,
        title: Any,
        *,
        form: str = "",
        covers: Sequence[str] = (),
        outcomes: Mapping[str, Choice] | None = None,
        fills: Sequence[int] | None = None,
        always_filled: bool = False,
        kept: bool = False,
    ) -> None:
        super().__init__(None)
        self.task_title = title
        self.form = form
        self.covers = tuple(covers)
        self.outcomes = dict(outcomes or {APPROVE: Choice(_("Approve"), _("approved"))})
        # The groups whose signers fill in the form; the others read it and sign.
        self.fills = tuple(fills) if fills is not None else None
        # Findings that count whatever the answer is; other forms are filled in to approve.
        self.always_filled = always_filled
        # Work that takes several sittings may be kept before the decision.
        self.kept = kept

    def form_class(self, group: int) -> type[StageForm] | None:
        """The form that a signer of this group fills in, or None to read and sign only."""
        if not self.form or (self.fills is not None and group not in self.fills):
            return None
        return import_string(self.form)

    def wants_form(self, group: int, outcome: str) -> type[StageForm] | None:
        """The form that must come with this answer, or None."""
        wanted = self.always_filled or outcome == APPROVE
        return self.form_class(group) if wanted else None

    def enter(self, activation: Activation) -> None:
        """Note on the case where it stands, and ask for the signatures."""
        from ..seating import seat_stage

        case = activation.process
        case.stage = self.name
        case.stage_since = timezone.now()
        case.save()
        seat_stage(activation)


def stage_nodes(flow_class: Any) -> list[Stage]:
    """The human stages of a flow in the order in which they are declared."""
    return [node for node in vars(flow_class).values() if isinstance(node, Stage)]
