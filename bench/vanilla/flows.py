"""Six approvals, one after the other."""

from typing import Any

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.flow.views import CreateProcessView, UpdateProcessView

from .models import Proposal


def _step(number: int, following: Any) -> Any:
    view = UpdateProcessView.as_view(fields=[f"step_{number}"])
    return flow.View(view).Permission(auto_create=True).Next(following)


class ProposalFlow(flow.Flow):
    """A proposal is approved six times"""

    process_class = Proposal

    start = (
        flow.Start(CreateProcessView.as_view(fields=["title"]))
        .Permission(auto_create=True)
        .Next(this.step_1)
    )
    step_1 = _step(1, this.step_2)
    step_2 = _step(2, this.step_3)
    step_3 = _step(3, this.step_4)
    step_4 = _step(4, this.step_5)
    step_5 = _step(5, this.step_6)
    step_6 = _step(6, this.end)
    end = flow.End()
