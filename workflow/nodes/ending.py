"""An end of a flow that says what has become of the innovation."""

from typing import Any

from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.nodes.end import EndActivation


class EndingActivation(EndActivation):
    """Settles the innovation's state once, in the transaction that ends the flow."""

    @Activation.status.super()
    def activate(self) -> None:
        """Note the end on case and innovation, then finish the process."""
        from ..endings import settle

        settle(self.process, self.flow_task)
        super().activate.original()


class Ending(flow.End):
    """viewflow's End, with the state that the innovation gets by it."""

    activation_class = EndingActivation

    def __init__(self, status: str, title: Any) -> None:
        super().__init__()
        self.status = status
        self.task_title = title
