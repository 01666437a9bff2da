from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "approvals"
    verbose_name = _("approvals")

    def ready(self) -> None:
        """Let administrators look after policies and the calendar."""
        from accounts.rights import administrators_may

        administrators_may("approvals.govern_policies")
        administrators_may("approvals.change_calendar")
