from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = _("workflow")

    def ready(self) -> None:
        """Register checks, listen to the worker, and say which stages can be delegated."""
        from accounts import scopes

        from . import checks, listeners, sealing  # noqa: F401
        from .stages import stage_labels

        sealing.watch()
        scopes.offer("stages", stage_labels)
