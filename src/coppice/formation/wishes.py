"""Wishes to change after publication, and the changes that came of them; models that `models` gives out."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import KNOWN_TO_MEMBERS, Community, Membership
from coppice.lib.personal import Erasure, Personal
from coppice.programs.models import providers_of


class Decider(models.TextChoices):
    """Who settles an exchange in the time for swaps."""

    MANAGER = "manager", _("We decide each change")
    MEMBERS = "members", _("Two people may agree among themselves")


class SwapRequestQuerySet(models.QuerySet["SwapRequest"]):
    def visible_to(self, person: Any) -> "SwapRequestQuerySet":
        """Requests in formations of programs that this person runs: nobody else sees who asks."""
        return self.filter(formation__program__provider__in=providers_of(person))

    def open(self) -> "SwapRequestQuerySet":
        """Requests that wait, of people who are still there."""
        return self.filter(
            state=SwapRequest.State.OPEN,
            membership__state__in=KNOWN_TO_MEMBERS,
            membership__enrollment__ended_at=None,
            membership__community__ended_at=None,
        )


class SwapRequest(models.Model):
    """Somebody's wish to change: to one community (`wanted`), or with anybody who wants to change as well.

    `membership` is the place that they would leave. `reason` is read by the program's staff alone.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waits")
        GRANTED = "granted", _("Changed")
        TAKEN_BACK = "taken_back", _("Taken back")
        REFUSED = "refused", _("Not possible")
        OVER = "over", _("Time is over")

    formation = models.ForeignKey(
        "formation.Formation", on_delete=models.CASCADE, related_name="swap_requests"
    )
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="swap_requests")
    wanted = models.ForeignKey(Community, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField(_("why, if you like to say"), blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SwapRequestQuerySet.as_manager()

    personal = Personal(
        path="membership__person",
        exports=("membership__community__name", "wanted__name", "reason", "state", "created_at", "ended_at"),
        on_erasure=Erasure.CLEAR,
        cleared={"reason": ""},
    )

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=models.Q(state="open"),
                name="one_open_request_each",
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership} → {self.wanted or _('anybody')}"

    def fits(self, other: "SwapRequest") -> bool:
        """Whether the two could change places with each other, each as they wish."""
        here, there = self.membership.community_id, other.membership.community_id
        return here != there and self.wanted_id in {None, there} and other.wanted_id in {None, here}


class SwapQuerySet(models.QuerySet["Swap"]):
    def visible_to(self, person: Any) -> "SwapQuerySet":
        return self.filter(formation__program__provider__in=providers_of(person))


class Swap(models.Model):
    """Two people who change places, or one who takes a free place (`other` is then None).

    `target` is where the first goes; the other goes where the first came from. While it is offered,
    `accepted_at` and `other_accepted_at` say who has agreed. `despite_rules`: the manager did it although a
    rule that must hold is broken by it.
    """

    class State(models.TextChoices):
        OFFERED = "offered", _("Waits for the other")
        DONE = "done", _("Done")
        UNDONE = "undone", _("Taken back")
        LAPSED = "lapsed", _("Came to nothing")

    formation = models.ForeignKey("formation.Formation", on_delete=models.CASCADE, related_name="swaps")
    request = models.ForeignKey(SwapRequest, on_delete=models.CASCADE, related_name="swaps")
    other = models.ForeignKey(
        SwapRequest, null=True, blank=True, on_delete=models.CASCADE, related_name="swaps_with"
    )
    target = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.OFFERED)
    accepted_at = models.DateTimeField(null=True, blank=True)
    other_accepted_at = models.DateTimeField(null=True, blank=True)
    despite_rules = models.BooleanField(default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    objects = SwapQuerySet.as_manager()

    personal = (
        Personal(
            path="request__membership__person",
            exports=("target__name", "state", "accepted_at", "done_at"),
            because="It says which places changed hands; whoever was in them has lost name and address.",
        ),
        Personal(
            path="other__membership__person",
            exports=("state", "other_accepted_at", "done_at"),
            because="It says which places changed hands; whoever was in them has lost name and address.",
        ),
        Personal(
            path="decided_by",
            exports=("state", "done_at"),
            because="The change is the program's record; its actor has lost name and address.",
        ),
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.request} · {self.get_state_display()}"
