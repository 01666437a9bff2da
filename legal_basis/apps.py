from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LegalBasisConfig(AppConfig):
    name = "legal_basis"
    verbose_name = _("legal basis")

    def ready(self) -> None:
        """Say which kinds of instrument can be delegated."""
        from accounts import scopes

        from .models import Instrument

        scopes.offer(
            "instrument_kinds", lambda: {kind.value: str(kind.label) for kind in Instrument.Kind}
        )
