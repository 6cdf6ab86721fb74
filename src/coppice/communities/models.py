"""Community, membership and what an invited person said."""

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.lib.languages import first_spoken
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.lib.questions import Given
from coppice.programs.models import Enrollment, Program, Staff, Topic, providers_of
from coppice.programs.validators import FIRST_DAY, LAST_DAY, time_zone_names, validate_day

LEAST_HOURS = Decimal("0.1")
MOST_HOURS = Decimal(100)


class CommunityQuerySet(models.QuerySet["Community"]):
    def visible_to(self, person: Any) -> "CommunityQuerySet":
        """Communities that a person staffs, is invited to, or belongs to (active or paused)."""
        if not person.is_authenticated:
            return self.none()
        return self._known_to(person, providers_of(person))

    def visible_to_given(self, person: Given) -> "CommunityQuerySet":
        """The same in a question, in which the id of the person is a gap."""
        return self._known_to(person, Staff.objects.filter(person=person, is_active=True).values("provider"))

    def _known_to(self, person: Any, providers: Any) -> "CommunityQuerySet":
        return self.filter(
            Q(program__provider__in=providers)
            | Q(
                pk__in=Membership.objects.filter(
                    person=person,
                    state__in=[Membership.State.INVITED, Membership.State.ACTIVE, Membership.State.PAUSED],
                ).values("community")
            )
        )

    def living(self) -> "CommunityQuerySet":
        return self.filter(ended_at=None)


class Community(models.Model):
    """A community of practice within a program; its end date is known from its first day."""

    class Stage(models.TextChoices):
        POTENTIAL = "potential", _("Potential")
        COALESCING = "coalescing", _("Coalescing")
        MATURING = "maturing", _("Maturing")
        STEWARDSHIP = "stewardship", _("Stewardship")
        TRANSFORMATION = "transformation", _("Transformation")

    class Benefit(models.TextChoices):
        """The four benefits for which a program starts communities (mission.md, section 1, chapter 0)."""

        PEER_LEARNING = "peer_learning", _("Learning from peers, beside the training")
        PEER_COACHING = "peer_coaching", _("Coaching one another while putting a practice in place")
        LASTING_SUPPORT = "lasting_support", _("Support that lasts longer than the program")
        CARRYING_HOME = "carrying_home", _("Carrying promising practices home")

    class Reason(models.TextChoices):
        """Why people were put together beforehand (mission.md, section 1, chapter 1)."""

        STABLE_TEAM = "stable_team", _("Homework needs a stable team")
        AREA = "area", _("Link the organizations of an area")
        CHOSEN = "chosen", _("Link chosen organizations")
        WHOLE_COHORT = "whole_cohort", _("The whole cohort together")
        OWN_CHOICE = "own_choice", _("People chose for themselves")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="communities")
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="communities"
    )
    name = LineField(_("name"), max_length=200)
    purpose = models.TextField(_("what it is for"), blank=True)
    asked = models.TextField(_("what is asked of members"), blank=True)
    hours_per_month = models.DecimalField(
        _("hours a month"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(LEAST_HOURS), MaxValueValidator(MOST_HOURS)],
    )
    benefit = models.CharField(_("intended benefit"), max_length=20, choices=Benefit, blank=True)
    reason = models.CharField(_("why these people"), max_length=20, choices=Reason, blank=True)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.POTENTIAL)
    starts_on = models.DateField(_("starts"), validators=[validate_day])
    ends_on = models.DateField(_("ends"), validators=[validate_day])
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CommunityQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "communities"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=models.F("starts_on")), name="community_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(starts_on__gte=FIRST_DAY, ends_on__lte=LAST_DAY),
                name="community_is_of_our_time",
            ),
            models.CheckConstraint(
                condition=Q(hours_per_month=None)
                | Q(hours_per_month__gte=LEAST_HOURS, hours_per_month__lte=MOST_HOURS),
                name="hours_up_to_100_a_month",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("home:now", args=[self.pk])

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which this community meets."""
        return ZoneInfo(self.time_zone)

    def zone_for(self, *keys: str | None) -> ZoneInfo:
        """Return the first of some wishes that is a time zone, else this community's own."""
        return next((ZoneInfo(key) for key in keys if key and key in time_zone_names()), self.zone)

    @property
    def list_key(self) -> str:
        """The mailing list that an unsubscribe leaves."""
        return f"community:{self.pk}"

    def week(self, on: date | None = None) -> tuple[int, int]:
        """Return (week now, weeks in all) of the community's life, counted from 1."""
        today = on or timezone.localdate()
        total = max(1, ((self.ends_on - self.starts_on).days + 6) // 7)
        now = (today - self.starts_on).days // 7 + 1
        return min(max(now, 0), total), total


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        return self.filter(state=Membership.State.ACTIVE)

    def leaders(self) -> "MembershipQuerySet":
        return self.active().filter(role=Membership.Role.LEADER)

    def taking_part(self) -> "MembershipQuerySet":
        """Members who are in, whether active or pausing."""
        return self.filter(state__in=[Membership.State.ACTIVE, Membership.State.PAUSED])

    def known_to_members(self) -> "MembershipQuerySet":
        """Whom a member may see: who is in or invited, never who declined or left."""
        return self.filter(state__in=KNOWN_TO_MEMBERS)

    def without_mail(self) -> "MembershipQuerySet":
        """People whom mail does not reach: they answer by phone link or on paper."""
        return self.exclude(enrollment__contact_mode=Enrollment.ContactMode.EMAIL) | self.filter(
            enrollment__email="", person__email=None
        )

    def visible_to(self, person: Any) -> "MembershipQuerySet":
        """Memberships in communities that a person staffs or takes part in, and their own."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(
            Q(community__program__provider__in=providers_of(person))
            | Q(person=person)
            | Q(
                community__in=Membership.objects.filter(
                    person=person, state__in=[Membership.State.ACTIVE, Membership.State.PAUSED]
                ).values("community")
            )
        )


class Membership(models.Model):
    """One person in one community; voluntary at every moment.

    `reasons` is why this person was placed here, as [{"code": …, "parameters": {…}}] in the engine's terms;
    communities.wording turns them into kind sentences.
    """

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Pausing")
        DECLINED = "declined", _("Declined")
        LEFT = "left", _("Left")
        WITHDRAWN = "withdrawn", _("Invitation taken back")

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        LEADER = "leader", _("Leader")

    class Source(models.TextChoices):
        ASSIGNED = "assigned", _("Placed by the provider")
        SELF = "self", _("Chose it")
        INVITED = "invited", _("Invited by somebody")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)
    source = models.CharField(max_length=10, choices=Source, default=Source.ASSIGNED)
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    reasons: Any = models.JSONField(default=list, blank=True)
    invited_at = models.DateTimeField(default=timezone.now)
    joined_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    personal = Personal(
        path="person",
        exports=("community__name", "role", "state", "reasons", "invited_at", "joined_at", "ended_at"),
        on_erasure=Erasure.CLEAR,
        cleared={"reasons": []},
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "person"], name="one_membership_each")]
        indexes = [
            models.Index(fields=["person", "state"]),
            models.Index(fields=["community", "state", "person"]),  # counts of people read this alone
        ]

    def __str__(self) -> str:
        return f"{self.enrollment} · {self.community}"

    def get_absolute_url(self) -> str:
        return reverse("communities:membership", args=[self.pk])

    @property
    def mail_address(self) -> str:
        """Where mail reaches this person for this program; empty for people of phone links and paper."""
        if self.enrollment.contact_mode != Enrollment.ContactMode.EMAIL:
            return ""
        return self.enrollment.email or self.person.email or ""

    @property
    def language(self) -> str:
        """The language in which this person reads: their own, the roster's, else the program's."""
        return first_spoken(self.person.language, self.enrollment.language, self.community.program.language)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which this person reads: their own, the roster's, else the community's."""
        return self.community.zone_for(self.person.time_zone, self.enrollment.time_zone)

    @property
    def is_leader(self) -> bool:
        return self.role == self.Role.LEADER

    @property
    def is_here(self) -> bool:
        """Whether the person is invited or in: then they read who else is, and may write to the program."""
        return self.is_open and self.state in KNOWN_TO_MEMBERS

    @property
    def is_open(self) -> bool:
        """Whether the person may still join: nobody took the invitation back, and the community lives."""
        return (
            self.state != self.State.WITHDRAWN
            and self.community.ended_at is None
            and self.enrollment.ended_at is None
        )


KNOWN_TO_MEMBERS = (Membership.State.INVITED, Membership.State.ACTIVE, Membership.State.PAUSED)


class InvitationWordQuerySet(models.QuerySet["InvitationWord"]):
    def visible_to(self, person: Any) -> "InvitationWordQuerySet":
        """Words that people wrote to programs which this person staffs: nobody else reads them."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(membership__community__program__provider__in=providers_of(person))

    def unanswered(self) -> "InvitationWordQuerySet":
        """Words that still wait for an answer; a reason for declining waits for none."""
        return self.filter(answered_at=None).exclude(kind=InvitationWord.Kind.DECLINING)


class InvitationWord(models.Model):
    """What an invited person wrote: a question, a worry, how it went for them before, or why they decline."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        WORRY = "worry", _("Worry")
        EXPERIENCE = "experience", _("Past experience")
        DECLINING = "declining", _("Why not")

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="words")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InvitationWordQuerySet.as_manager()

    personal = (
        Personal(
            path="membership__person",
            exports=("kind", "text", "answer", "created_at"),
            on_erasure=Erasure.DELETE,
        ),
        Personal(
            path="answered_by",
            exports=("answer", "answered_at"),
            because="The answer belongs to the person who asked; its writer has lost name and address.",
        ),
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["membership"],
                name="words_that_wait",
                condition=Q(answered_at=None) & ~Q(kind="declining"),
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


LONGEST_NEED = 240
LONGEST_ANSWER = 1000


class PriorityQuerySet(models.QuerySet["Priority"]):
    def on_the_canvas(self) -> "PriorityQuerySet":
        """Those that nobody has taken off."""
        return self.filter(taken_off_at=None)

    def visible_to(self, person: Any) -> "PriorityQuerySet":
        return self.filter(community__in=Community.objects.visible_to(person))


class Priority(models.Model):
    """One need on a community's priority canvas, with the four questions that say what to do about it.

    `together` says how much stronger joint action is; `work` which type of work it would be; `dots` are the
    votes by which it came here, `source_key` what wrote it ("" for somebody's own hand).
    """

    class Together(models.IntegerChoices):
        ALONE = 1, _("Each of us can do it alone")
        LITTLE = 2, _("Together it is a little easier")
        MUCH = 3, _("Together we get much further")
        ONLY = 4, _("It can only be done together")

    class Work(models.TextChoices):
        INNOVATE = "innovate", _("Innovate: try something that nobody has done yet")
        DISTILL = "distill", _("Distill: write down what works best already")
        SOLVE = "solve", _("Solve together: work on each other's cases")
        LEARN = "learn", _("Learn together: somebody knows, the others learn it")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="priorities")
    topic = models.ForeignKey(
        Topic, verbose_name=_("topic"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    need = LineField(_("the need"), max_length=LONGEST_NEED)
    together = models.PositiveSmallIntegerField(
        _("are we stronger together?"), choices=Together, null=True, blank=True
    )
    assets = models.TextField(_("what do we have already that helps?"), max_length=LONGEST_ANSWER, blank=True)
    result = models.TextField(_("which result would satisfy it?"), max_length=LONGEST_ANSWER, blank=True)
    work = models.CharField(_("what kind of work is it?"), max_length=10, choices=Work, blank=True)
    how = LineField(_("how we could act"), max_length=LONGEST_NEED, blank=True)
    dots = models.PositiveIntegerField(default=0, editable=False)
    source_key = models.CharField(max_length=80, blank=True, editable=False)
    taken_off_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PriorityQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "source_key"],
                condition=~Q(source_key=""),
                name="a_source_is_on_a_canvas_once",
            ),
            models.CheckConstraint(condition=~Q(need=""), name="priorities_have_words"),
        ]

    def __str__(self) -> str:
        return self.need

    @property
    def answered(self) -> int:
        """How many of the four questions are answered."""
        return sum(bool(each) for each in (self.together, self.assets, self.result, self.work))


# Django knows models once this module is imported; those beside it build on the ones above.
from coppice.communities import charter_models as charter_models  # noqa: E402
from coppice.communities import commitment_models as commitment_models  # noqa: E402
from coppice.communities import news_models as news_models  # noqa: E402
from coppice.communities import plan_models as plan_models  # noqa: E402
from coppice.communities import role_models as role_models  # noqa: E402
