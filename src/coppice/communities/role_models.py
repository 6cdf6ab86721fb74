"""Roles by which the work of a community is shared: what each takes, who holds it, who would."""

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community, Membership
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.programs.validators import validate_day

LONGEST_ROLE = 80
LONGEST_HAND_OVER = 2000
MOST_MINUTES = 6000


class RoleQuerySet(models.QuerySet["Role"]):
    def visible_to(self, person: Any) -> "RoleQuerySet":
        return self.filter(community__in=Community.objects.visible_to(person))

    def kept(self) -> "RoleQuerySet":
        """Those that the community still has."""
        return self.filter(ended_at=None)


class Role(models.Model):
    """A role in a community. Who may lead is no role: it stands in the memberships (Membership.Role)."""

    class Kind(models.TextChoices):
        """Usual roles of distributed leadership (mission.md, section 1, chapter 4), and one of their own."""

        CO_LEADER = "co_leader", _("Co-leader")
        AGENDA = "agenda", _("Agenda setter")
        KEEPER = "keeper", _("Community keeper")
        CRITICAL_FRIEND = "critical_friend", _("Critical friend")
        REPORTER = "reporter", _("Reporter")
        MESSENGER = "messenger", _("Messenger")
        STORIES = "stories", _("Story collector")
        BROKER = "broker", _("Broker")
        OWN = "own", _("One of our own")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    name = LineField(_("name"), max_length=LONGEST_ROLE, blank=True)
    what = models.TextField(_("what it takes"), max_length=1000, blank=True)
    minutes_a_month = models.PositiveSmallIntegerField(
        _("minutes a month"), null=True, blank=True, validators=[MaxValueValidator(MOST_MINUTES)]
    )
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RoleQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="own") | ~Q(name=""), name="own_roles_have_names"),
            models.UniqueConstraint(
                fields=["community", "kind"],
                condition=Q(ended_at=None) & ~Q(kind="own"),
                name="a_usual_role_is_there_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.get_kind_display()


class RoleTerm(models.Model):
    """Somebody holds a role from a day until another, with somebody who steps in for them.

    `until` is what was agreed, `ended_on` the day it ended; `hand_over` is for whoever comes next.
    """

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="terms")
    holder = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="role_terms")
    backup = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="backup_terms"
    )
    starts_on = models.DateField(validators=[validate_day])
    until = models.DateField(null=True, blank=True, validators=[validate_day])
    ended_on = models.DateField(null=True, blank=True)
    hand_over = models.TextField(_("hand-over note"), max_length=LONGEST_HAND_OVER, blank=True)

    personal = (
        Personal(
            path="holder__person",
            exports=("role__name", "role__kind", "starts_on", "until", "ended_on", "hand_over"),
            on_erasure=Erasure.DELETE,
        ),
        Personal(
            path="backup__person",
            exports=("role__name", "role__kind", "starts_on", "until"),
            because="The note belongs to the role's holder; the backup has lost name and address.",
        ),
    )

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["role"], condition=Q(ended_on=None), name="a_role_is_held_by_one"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("starts_on")),
                name="terms_end_after_they_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}"


class RoleOffer(models.Model):
    """Somebody would take an open role; the leader confirms, or takes somebody else."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="offers")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="role_offers")
    created_at = models.DateTimeField(auto_now_add=True)

    personal = Personal(
        path="membership__person",
        exports=("role__name", "role__kind", "created_at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["role", "membership"], name="one_offers_a_role_once")]

    def __str__(self) -> str:
        return f"{self.role}"
