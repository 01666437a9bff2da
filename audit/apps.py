from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("audit")

    def ready(self) -> None:
        """Listen to every act, let every connection name its actor, show auditors their work."""
        from workflow import home_panels

        from . import checks, desk, migrating, recording  # noqa: F401
        from .anchors import checks as anchor_checks  # noqa: F401
        from .connections import introduce

        connection_created.connect(introduce, dispatch_uid="audit.introduce")
        pre_migrate.connect(migrating.step_aside, dispatch_uid="audit.step_aside")
        post_migrate.connect(migrating.come_back, dispatch_uid="audit.come_back")
        recording.listen()
        home_panels.offer("audit/_home.html", desk.panel_of)
        _look_after_instruments()


def _look_after_instruments() -> None:
    """A checkpoint with every instrument; none is issued while anchoring is late by a day."""
    from legal_basis import evidence
    from legal_basis.signals import instrument_issued, number_wanted

    from . import instrument_evidence
    from .anchoring import instrument_was_issued
    from .lateness import check_issuing

    instrument_issued.connect(instrument_was_issued, dispatch_uid="audit.anchor_instrument")
    number_wanted.connect(check_issuing, dispatch_uid="audit.check_issuing")
    evidence.offer(instrument_evidence.position_of, instrument_evidence.evidence_of)
