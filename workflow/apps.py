from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = _("workflow")

    def ready(self) -> None:
        """Register the checks and listen to the worker's signal that a document is issued."""
        from . import checks, listeners  # noqa: F401
