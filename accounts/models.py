"""People, units, offices, and who holds which office when: the ground under every signature."""

from typing import Any, NoReturn

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from .acting import acting_as, recorded


def _refuse_deletion(instance: models.Model, **_: Any) -> NoReturn:
    raise models.ProtectedError(f"{instance._meta.label} rows are never deleted", {instance})


class NeverDeleted(models.Model):
    """What the trail refers to is deactivated, ended or withdrawn, never deleted."""

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # A queryset or a cascade deletes without calling `delete`, but never without this signal.
        models.signals.pre_delete.connect(_refuse_deletion, sender=cls, weak=False)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: the audit trail refers to this row."""
        _refuse_deletion(self)


class UserManager(BaseUserManager["User"]):
    """Makes accounts, and finds the one that jobs write as."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person's account; without a password nobody can log in with it."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Create the first administrator, in the name of the system account."""
        with acting_as(self.system()):
            return self.create_user(username, password, is_superuser=True, **fields)

    def system(self) -> "User":
        """The account in whose name jobs and timers write; nobody can log in as it."""
        return self.get(username=User.SYSTEM)


class User(NeverDeleted, AbstractBaseUser, PermissionsMixin):
    """A person, with the name in parts.

    Instruments print it without titles (Permendagri 1/2023, art. 44).
    """

    SYSTEM = "sistem"
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name_plain", "email"]

    username = models.CharField(_("user name"), max_length=60, unique=True)
    name_plain = models.CharField(_("name without titles"), max_length=120)
    title_prefix = models.CharField(_("titles before"), max_length=40, blank=True)
    title_suffix = models.CharField(_("titles behind"), max_length=80, blank=True)
    nip = models.CharField(_("NIP"), max_length=18, blank=True)
    rank = models.CharField(_("rank"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=5, default="id")
    home_unit = models.ForeignKey(
        "Unit", models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("unit")
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = UserManager()
    history = recorded(excluded_fields=["password", "last_login"])

    class Meta:
        ordering = ["name_plain"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """The name with its titles, as letters other than legal instruments print it."""
        behind = f", {self.title_suffix}" if self.title_suffix else ""
        return f"{self.title_prefix} {self.name_plain}{behind}".strip()

    def get_short_name(self) -> str:
        """The name without titles."""
        return self.name_plain


class Unit(NeverDeleted):
    """A part of the administration or of society that owns innovations."""

    class Kind(models.TextChoices):
        REGENCY = "regency", _("Regency leadership")
        AGENCY = "agency", _("Agency")
        DIVISION = "division", _("Division of the secretariat")
        HEALTH_CENTRE = "health_centre", _("Health centre")
        SCHOOL = "school", _("School")
        SERVICE_UNIT = "service_unit", _("Service unit")
        VILLAGE = "village", _("Village")
        COUNCIL = "council", _("Regional council")
        COMMUNITY = "community", _("Community")
        PANEL = "panel", _("Independent panel")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )

    history = recorded()

    class Meta:
        ordering = ["name"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.name


class Office(NeverDeleted):
    """A post: what signs. People come and go (`Appointment`), the office and its open work stay."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=160)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="offices", verbose_name=_("unit"))
    superior = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subordinates"
    )
    is_head = models.BooleanField(_("heads its unit"), default=False)
    # Secretariat, planning, finance, law, inspectorate: their work needs every case.
    sees_all_cases = models.BooleanField(_("sees all cases"), default=False)
    # Permendagri 1/2023 art. 44: head, deputy and secretary sign without titles, rank and NIP.
    signs_without_titles = models.BooleanField(_("signs without titles"), default=False)

    history = recorded()

    class Meta:
        ordering = ["title"]
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(is_head=True), name="one_head_per_unit"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Appointment(NeverDeleted):
    """One person holds one office from a day to a day, by a letter."""

    class Capacity(models.TextChoices):
        DEFINITIVE = "definitive", _("Definitive")
        ACTING = "plt", _("Plt.")
        DAILY_ACTING = "plh", _("Plh.")
        INTERIM = "pj", _("Pj.")
        TEMPORARY = "pjs", _("Pjs.")

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    office = models.ForeignKey(Office, models.PROTECT, related_name="appointments")
    capacity = models.CharField(
        _("capacity"), max_length=12, choices=Capacity.choices, default=Capacity.DEFINITIVE
    )
    start = models.DateField(_("from"))
    end = models.DateField(_("until"), null=True, blank=True)
    basis_number = models.CharField(_("letter number"), max_length=80)
    basis_date = models.DateField(_("letter date"))

    history = recorded()

    class Meta:
        ordering = ["-start", "-pk"]
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("start")),
                name="appointment_ends_after_it_starts",
            )
        ]
        indexes = [models.Index(fields=["user", "start", "end"])]

    def __str__(self) -> str:
        return f"{self.title} ({self.user})"

    @property
    def title(self) -> str:
        """The capacity as it is written: `Plh. Sekretaris Daerah`."""
        if self.capacity == self.Capacity.DEFINITIVE:
            return self.office.title
        return f"{self.get_capacity_display()} {self.office.title}"
