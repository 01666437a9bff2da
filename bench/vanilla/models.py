"""The process: a title and what each of the six steps approves."""

from django.db import models
from simple_history.models import HistoricalRecords
from viewflow.workflow.models import Process


class Proposal(Process):
    """A proposal on its way through six approvals."""

    title = models.CharField(max_length=200)
    step_1 = models.BooleanField(default=False)
    step_2 = models.BooleanField(default=False)
    step_3 = models.BooleanField(default=False)
    step_4 = models.BooleanField(default=False)
    step_5 = models.BooleanField(default=False)
    step_6 = models.BooleanField(default=False)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.title
