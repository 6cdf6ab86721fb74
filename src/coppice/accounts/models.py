"""A person: one account, many programs, with or without an email address."""

import secrets
import zoneinfo
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal


def new_link_secret() -> str:
    """A fresh secret; every signed link of a person stops working when theirs is replaced."""
    return secrets.token_urlsafe(16)


class PersonQuerySet(models.QuerySet["Person"]):
    def with_email(self, email: str) -> "PersonQuerySet":
        """The person with this address, whatever its capitals."""
        return self.filter(email__iexact=email.strip())


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> "Person":
        """Make a person; without a password they sign in by mailed link or code."""
        person = self.model(email=email.strip().lower() if email else None, **fields)
        person.set_password(password) if password else person.set_unusable_password()
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email: str) -> "Person":
        return self.get(email__iexact=email)


class Person(AbstractBaseUser):
    """Somebody who takes part, leads, nominates, provides or funds.

    `name` is what the person calls themself; each program's roster keeps its own record of them (Enrollment).
    `is_instance_admin` may create providers. A suspended person (`is_active` false) is signed out everywhere.
    """

    email = models.EmailField(_("email address"), null=True, blank=True, unique=True)
    name = LineField(_("name"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    is_instance_admin = models.BooleanField(default=False)
    link_secret = models.CharField(max_length=32, default=new_link_secret, editable=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    personal = Personal(
        path="",
        exports=("email", "name", "phone", "language", "time_zone", "joined_at", "last_login"),
        on_erasure=Erasure.CLEAR,
        cleared={
            "email": None,
            "name": "",
            "phone": "",
            "language": "",
            "time_zone": "",
            "password": "!",
            "is_active": False,
            "is_instance_admin": False,
            "last_login": None,
        },
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_email")]

    def __str__(self) -> str:
        return self.name or self.email or str(_("Somebody"))

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The zone in which this person reads times; the installation's own when they chose none."""
        return zoneinfo.ZoneInfo(self.time_zone or settings.TIME_ZONE)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's own permissions are not used; every question has its predicate in permissions.py."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False
