from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = _("configuration")

    def ready(self) -> None:
        """Register the system checks."""
        from . import checks  # noqa: F401
