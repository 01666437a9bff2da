from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("notifications")

    def ready(self) -> None:
        """Listen to what happens to cases."""
        from workflow.signals import case_event

        from . import checks  # noqa: F401
        from .recording import record_event

        case_event.connect(record_event, dispatch_uid="notifications.record_event")
