"""The case: a viewflow process that carries one innovation through a flow."""

import re
from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from viewflow.workflow.models import Process

from accounts.acting import recorded
from accounts.authority import Authority, authorities_of
from accounts.models import NeverDeleted, User
from accounts.offices import today
from approvals.models import DueNotice, Seat, SignOff
from innovations.models import Innovation

# A further instrument of an innovation that is institutionalised already travels as a case of its
# own: the innovation's code, and the number of that instrument.
FURTHER = re.compile(r"-H\d+$")


def is_further(code: str) -> bool:
    """Whether the case of this code carries a further instrument, from its drafting on."""
    return FURTHER.search(code) is not None


class CaseQuerySet(models.QuerySet["Case"]):
    """The cases a person may read, and no others."""

    def visible_to(self, user: User) -> "CaseQuerySet":
        """By office, by unit led, by a seat or one passed on, or as one of the initiators."""
        if not user.is_authenticated:
            return self.none()
        return self.readable_by(user, authorities_of(user, today()))

    def readable_by(self, user: User, rights: Collection[Authority]) -> "CaseQuerySet":
        """The same by rights that were looked up already; a delegate reads what waits for one."""
        own = [right.office for right in rights if right.delegation is None]
        if any(office.sees_all_cases for office in own):
            return self.all()
        return self.concerning(user, rights)

    def concerning(self, user: User, rights: Collection[Authority]) -> "CaseQuerySet":
        """Those in which the person has a part of some kind, whoever else sees every case."""
        own = [right.office for right in rights if right.delegation is None]
        offices = {right.office.pk for right in rights}
        units = {right.office.unit_id for right in rights}
        led = [office.unit_id for office in own if office.is_head]
        granted = CaseUserObjectPermission.objects.filter(
            user=user, content_object=OuterRef("pk"), permission__codename="follow_case"
        )
        seated = Seat.objects.filter(process=OuterRef("pk")).filter(
            Q(state__in=[Seat.State.OPEN, Seat.State.SIGNED])
            & (Q(office__in=offices) | Q(unit__in=units))
            | Q(person=user)
        )
        signed = SignOff.objects.filter(seat__process=OuterRef("pk"), person=user)
        passed_on = DueNotice.objects.filter(seat__process=OuterRef("pk"), office__in=offices)
        return self.filter(
            Q(innovation__owning_unit__in=led)
            | Q(innovation__owning_unit__parent__in=led)
            | Exists(granted)
            | Exists(seated)
            | Exists(signed)
            | Exists(passed_on)
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


class ContentSeal(models.Model):
    """The hashes of an innovation's sections as they were last read; see `sealing.py`."""

    innovation = models.OneToOneField(
        Innovation, models.CASCADE, primary_key=True, related_name="seal"
    )
    # Rises with every saved row of the content, so that no older reading is kept over a newer one.
    version = models.PositiveIntegerField(default=0)
    hashes = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.innovation_id} v{self.version}"


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


class SavedView(models.Model):
    """The filters of an inbox that a person keeps under a name; a convenience, not evidence."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=40)
    # The query of the address, without the place in the list.
    query = models.CharField(_("filters"), max_length=500)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_view_per_name")]

    def __str__(self) -> str:
        return self.name
