"""People, and the units they come from."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..acting import acting_as, recorded
from .base import NeverDeleted


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
    history = recorded(excluded_fields=["password", "last_login"], m2m_fields=["groups"])

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

    @property
    def label(self) -> str:
        """As lists name a person: the user name tells two of one name apart."""
        return f"{self.name_plain} ({self.username})"

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
