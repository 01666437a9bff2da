"""The case: a viewflow process that carries one innovation through a flow."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from viewflow.workflow.models import Process

from accounts.acting import recorded
from accounts.models import NeverDeleted, User
from accounts.offices import offices_held, today
from approvals.models import Seat, SignOff
from innovations.models import Innovation


class CaseQuerySet(models.QuerySet["Case"]):
    """The cases a person may read, and no others."""

    def visible_to(self, user: User) -> "CaseQuerySet":
        """By office, by unit led, by a seat, or as one of the initiators."""
        if not user.is_authenticated:
            return self.none()
        held = offices_held(user, today())
        if any(appointment.office.sees_all_cases for appointment in held):
            return self.all()
        offices = [appointment.office_id for appointment in held]
        led = [a.office.unit_id for a in held if a.office.is_head]
        granted = CaseUserObjectPermission.objects.filter(
            user=user, content_object=OuterRef("pk"), permission__codename="follow_case"
        )
        seated = Seat.objects.filter(process=OuterRef("pk")).filter(
            Q(office__in=offices, state__in=[Seat.State.OPEN, Seat.State.SIGNED]) | Q(person=user)
        )
        signed = SignOff.objects.filter(seat__process=OuterRef("pk"), person=user)
        return self.filter(
            Q(innovation__owning_unit__in=led)
            | Q(innovation__owning_unit__parent__in=led)
            | Exists(granted)
            | Exists(seated)
            | Exists(signed)
        )


class Case(NeverDeleted, Process):
    """One innovation on its way through a flow; the graph is code, this is where it stands."""

    innovation = models.ForeignKey(Innovation, models.PROTECT, related_name="cases")
    code = models.CharField(_("code"), max_length=40, unique=True)
    stage = models.CharField(_("stage"), max_length=60)
    stage_since = models.DateTimeField(_("in this stage since"), null=True)
    # How the last human stage ended, and which stage asked for a revision: the switches read them.
    outcome = models.CharField(_("outcome"), max_length=10, blank=True)
    asked_by = models.CharField(_("stage that asked for the revision"), max_length=60, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    # The dials a case started with stay its own: {stage: policy version}.
    policy_versions = models.JSONField(_("policy versions"), default=dict)

    objects = CaseQuerySet.as_manager()
    history = recorded()

    class Meta:
        ordering = ["-created"]
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        permissions = [("follow_case", "Can follow the case")]
        indexes = [models.Index(fields=["stage", "stage_since"])]

    def __str__(self) -> str:
        return self.code


class CaseUserObjectPermission(UserObjectPermissionBase):
    """Who follows a case by name (guardian's direct foreign-key form, GU3)."""

    content_object = models.ForeignKey(Case, models.CASCADE)


class CaseGroupObjectPermission(GroupObjectPermissionBase):
    """Which groups follow a case (guardian wants the pair)."""

    content_object = models.ForeignKey(Case, models.CASCADE)


class LastLook(models.Model):
    """What a person saw of a case when last looking; a convenience, not evidence."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    hashes = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "case"], name="one_last_look")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.case_id}"
