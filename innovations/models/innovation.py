"""The innovation and the people on it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted, Unit, User

NAME_LENGTH = 200


class Innovation(NeverDeleted):
    """A renewal in running the region (PP 38/2017, art. 1), on its way to policy."""

    class InitiatorType(models.TextChoices):
        REGIONAL_HEAD = "regional_head", _("Regional head")
        COUNCIL_MEMBER = "council_member", _("Member of the regional council")
        CIVIL_SERVANT = "civil_servant", _("Civil servant")
        AGENCY = "agency", _("Agency")
        COMMUNITY = "community", _("Member of the community")

    class Form(models.TextChoices):
        GOVERNANCE = "governance", _("Governance of the regional government")
        PUBLIC_SERVICE = "public_service", _("Public service")
        OTHER = "other", _("Other innovation within the region's affairs")

    class Affair(models.TextChoices):
        """Government affairs of UU 23/2014; the first six are basic services."""

        EDUCATION = "education", _("Education")
        HEALTH = "health", _("Health")
        PUBLIC_WORKS = "public_works", _("Public works and spatial planning")
        HOUSING = "housing", _("Housing and settlements")
        PUBLIC_ORDER = "public_order", _("Public order and protection")
        SOCIAL = "social", _("Social affairs")
        LABOUR = "labour", _("Labour")
        WOMEN_CHILDREN = "women_children", _("Women's empowerment and child protection")
        FOOD = "food", _("Food")
        LAND = "land", _("Land")
        ENVIRONMENT = "environment", _("Environment")
        CIVIL_REGISTRATION = "civil_registration", _("Civil registration")
        VILLAGE = "village", _("Community and village empowerment")
        FAMILY_PLANNING = "family_planning", _("Population control and family planning")
        TRANSPORT = "transport", _("Transport")
        COMMUNICATION = "communication", _("Communication and informatics")
        COOPERATIVES_SME = "cooperatives_sme", _("Cooperatives and small enterprises")
        INVESTMENT = "investment", _("Investment")
        YOUTH_SPORT = "youth_sport", _("Youth and sport")
        STATISTICS = "statistics", _("Statistics")
        CULTURE = "culture", _("Culture")
        LIBRARY = "library", _("Library and archives")
        FISHERIES = "fisheries", _("Marine affairs and fisheries")
        TOURISM = "tourism", _("Tourism")
        AGRICULTURE = "agriculture", _("Agriculture")
        TRADE = "trade", _("Trade")
        INDUSTRY = "industry", _("Industry")
        ADMINISTRATION = "administration", _("Government administration and support")

    class InnovationClass(models.TextChoices):
        AGENCY = "agency", _("Innovation of an agency")
        VILLAGE = "village", _("Innovation of a village")
        COMMUNITY = "community", _("Innovation of the community")

    class Status(models.TextChoices):
        IN_PROGRESS = "in_progress", _("In progress")
        RETURNED = "returned", _("Returned for revision")
        INSTITUTIONALISED = "institutionalised", _("Institutionalised")
        REJECTED = "rejected", _("Rejected")
        STOPPED = "stopped", _("Stopped")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        RETIRED = "retired", _("Retired")

    code = models.SlugField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name of the innovation"), max_length=NAME_LENGTH)
    initiator_type = models.CharField(
        _("kind of initiator"), max_length=16, choices=InitiatorType.choices
    )
    initiator = models.ForeignKey(
        User, models.PROTECT, related_name="innovations", verbose_name=_("initiator")
    )
    caretaker = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="innovations_in_care",
        verbose_name=_("caretaker"),
    )
    owning_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="innovations", verbose_name=_("owning unit")
    )
    form = models.CharField(_("form of the innovation"), max_length=16, choices=Form.choices)
    is_digital = models.BooleanField(_("digital"), default=False)
    affair = models.CharField(_("government affair"), max_length=20, choices=Affair.choices)
    innovation_class = models.CharField(
        _("class of the innovation"), max_length=12, choices=InnovationClass.choices
    )
    problem = models.TextField(_("problem"))
    design_description = models.TextField(_("design (rancang bangun)"))
    objective = models.TextField(_("objective"))
    benefit = models.TextField(_("benefit"))
    outcome = models.TextField(_("expected result"))
    budget_need = models.DecimalField(
        _("budget needed"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    already_running = models.BooleanField(_("already running"), default=False)
    running_since = models.DateField(_("running since"), null=True, blank=True)
    laboratory = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="trials_hosted",
        verbose_name=_("trial laboratory"),
    )
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.IN_PROGRESS
    )
    status_reason = models.TextField(_("reason"), blank=True)
    submitted_at = models.DateTimeField(_("submitted"))
    revision = models.PositiveIntegerField(_("revision"), default=1)

    history = recorded()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        verbose_name = _("innovation")
        verbose_name_plural = _("innovations")
        indexes = [
            models.Index(fields=["status", "-submitted_at"]),
            models.Index(fields=["-submitted_at", "-id"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(budget_need__isnull=True) | models.Q(budget_need__gte=0),
                name="innovation_budget_not_negative",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def proposer(self) -> User:
        """Who revises and withdraws it: the initiator, or the caretaker of one who left."""
        return self.caretaker or self.initiator

    @property
    def proposers(self) -> set[int]:
        """The initiator and the caretaker, by their numbers: neither is asked to sign."""
        return {pk for pk in (self.initiator_id, self.caretaker_id) if pk is not None}

    def is_of(self, user: User) -> bool:
        """True for the initiator, caretaker and co-initiators: they never decide on their case."""
        return user.pk in self.proposers or self.participants.filter(user=user).exists()


class Participant(NeverDeleted):
    """A person beside the initiator on an innovation; one who left has `left_at`."""

    class Role(models.TextChoices):
        CO_INITIATOR = "co_initiator", _("Co-initiator")

    innovation = models.ForeignKey(Innovation, models.PROTECT, related_name="participants")
    user = models.ForeignKey(
        User, models.PROTECT, related_name="participations", verbose_name=_("person")
    )
    role = models.CharField(
        _("role"), max_length=16, choices=Role.choices, default=Role.CO_INITIATOR
    )
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    history = recorded()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(fields=["innovation", "user"], name="participant_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"
