"""Firing the timers of the flows: safe when two workers do it at once."""

import logging

from django.db import transaction
from django.utils import timezone
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from accounts.acting import acting_as
from accounts.models import User

from .locking import lock_case
from .models import Case

logger = logging.getLogger(__name__)


def fire_due_timers() -> int:
    """Fire every timer whose moment has come, each in its own transaction; returns how many."""
    due = Task.objects.filter(
        flow_task_type="TIMER", status=STATUS.SCHEDULED, scheduled__lte=timezone.now()
    )
    return sum(_fire(pk, process) for pk, process in due.values_list("pk", "process_id"))


def _fire(task_pk: int, process_pk: int) -> bool:
    code = Case.objects.values_list("code", flat=True).get(pk=process_pk)
    try:
        with transaction.atomic(), acting_as(User.objects.system()):
            case = lock_case(code)
            task = case.task_set.filter(pk=task_pk, status=STATUS.SCHEDULED).first()
            if task is None:
                return False
            task.process = case
            activation = task.flow_task.activation_class(task)
            activation.start()
            activation.complete()
            activation.activate_next()
            return True
    except Exception:
        # One broken case must not stop the clocks of the others.
        logger.exception("%s: timer task %s did not fire", code, task_pk)
        return False
