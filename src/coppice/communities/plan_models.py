"""A community's action plan: answers to ten questions, the frame in which it meets, and its goals."""

from datetime import time
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community
from coppice.lib.lines import LineField
from coppice.programs.validators import FIRST_DAY, LAST_DAY, validate_day

LONGEST_PLAN_ANSWER = 4000
LONGEST_GOAL = 240
SHORTEST_MEETING, LONGEST_MEETING = 10, 480
MOST_FOLDERS, LONGEST_FOLDER = 12, 80
LONGEST_RULE = 300


class PlanAnswer(models.Model):
    """What a community answered to one of the ten questions, in its own words.

    `version` counts how often it was changed, from 1; an answer that was emptied keeps its row.
    """

    class Question(models.TextChoices):
        """The ten questions of an action plan (mission.md, section 1, chapter 3)."""

        POTENTIAL = "potential", _("What we see in this")
        GOALS = "goals", _("Our goals")
        SIGNS = "signs", _("How we will know")
        FORMAT = "format", _("What kind of meetings")
        RHYTHM = "rhythm", _("How often, how long, by what means")
        DATES = "dates", _("Dates and times")
        MEETING = "meeting", _("How a meeting runs")
        COMMITMENTS = "commitments", _("What each of us commits to")
        ROLES = "roles", _("Roles and who takes them")
        SHARING = "sharing", _("How we share and keep things")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="plan_answers")
    question = models.CharField(max_length=12, choices=Question)
    text = models.TextField(_("answer"), max_length=LONGEST_PLAN_ANSWER, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["community", "question"], name="a_question_has_one_answer")
        ]

    def __str__(self) -> str:
        return self.get_question_display()


class PlanFrame(models.Model):
    """How a community means to meet and to keep things, typed, so that meetings and folders come of it.

    `rhythm` with `weekday` (0 is Monday) and, by the month, `week_of_month` (-1 is the last) say on which
    days; `first_on` is the first of them, `months_off` the months (1 to 12) without a meeting. `starts_at` is
    by the community's clock, `minutes` how long. `renews_on` is when the plan is looked at again.
    `library_folders` are names; things are kept for `library_months`, None is as long as the group lasts.
    """

    class Format(models.TextChoices):
        CHECK_IN = "check_in", _("An informal check-in")
        TRAINING = "training", _("A training led by one of us")
        PRACTICE = "practice", _("Somebody shows a practice, and we discuss it")
        PROBLEM = "problem", _("We solve somebody's problem together")

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly", _("Every week")
        TWO_WEEKS = "two_weeks", _("Every two weeks")
        FOUR_WEEKS = "four_weeks", _("Every four weeks")
        MONTHLY = "monthly", _("Once a month, on the same weekday")
        QUARTERLY = "quarterly", _("Once in three months, on the same weekday")

    class Means(models.TextChoices):
        ONLINE = "online", _("By video")
        PHONE = "phone", _("By phone")
        IN_PERSON = "in_person", _("In person")
        HYBRID = "hybrid", _("Some in a room, some by video")

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    class Week(models.IntegerChoices):
        FIRST = 1, _("the first of the month")
        SECOND = 2, _("the second of the month")
        THIRD = 3, _("the third of the month")
        FOURTH = 4, _("the fourth of the month")
        LAST = -1, _("the last of the month")

    class Adders(models.TextChoices):
        EVERYBODY = "everybody", _("Every member")
        LEADERS = "leaders", _("Whoever leads")

    class Kept(models.IntegerChoices):
        ONE_YEAR = 12, _("One year after the last change")
        TWO_YEARS = 24, _("Two years after the last change")
        THREE_YEARS = 36, _("Three years after the last change")

    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="plan_frame")
    formats: Any = models.JSONField(default=list, blank=True)
    rhythm = models.CharField(max_length=12, choices=Rhythm, blank=True)
    minutes = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(SHORTEST_MEETING), MaxValueValidator(LONGEST_MEETING)],
    )
    means = models.CharField(max_length=10, choices=Means, blank=True)
    weekday = models.PositiveSmallIntegerField(choices=Weekday, null=True, blank=True)
    week_of_month = models.SmallIntegerField(choices=Week, null=True, blank=True)
    starts_at: "models.TimeField[Any, time | None]" = models.TimeField(null=True, blank=True)
    first_on = models.DateField(null=True, blank=True, validators=[validate_day])
    months_off: Any = models.JSONField(default=list, blank=True)
    renews_on = models.DateField(null=True, blank=True, validators=[validate_day])
    library_folders: Any = models.JSONField(default=list, blank=True)
    library_adders = models.CharField(max_length=10, choices=Adders, blank=True)
    library_naming = LineField(max_length=LONGEST_RULE, blank=True)
    library_never = LineField(max_length=LONGEST_RULE, blank=True)
    library_months = models.PositiveSmallIntegerField(choices=Kept, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__gte=SHORTEST_MEETING, minutes__lte=LONGEST_MEETING),
                name="planned_meetings_end_the_same_day",
            ),
            models.CheckConstraint(
                condition=Q(weekday=None) | Q(weekday__lte=6), name="plan_weekday_is_of_a_week"
            ),
        ]

    def __str__(self) -> str:
        return self.get_rhythm_display()


class GoalQuerySet(models.QuerySet["Goal"]):
    def visible_to(self, person: Any) -> "GoalQuerySet":
        return self.filter(community__in=Community.objects.visible_to(person))

    def open(self) -> "GoalQuerySet":
        return self.filter(state=Goal.State.OPEN)


class Goal(models.Model):
    """What a community wants to reach, by which figure it will know, from where to where, and by when."""

    class State(models.TextChoices):
        OPEN = "open", _("We are at it")
        REACHED = "reached", _("Reached")
        LET_GO = "let_go", _("Let go")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="goals")
    words = LineField(_("the goal"), max_length=LONGEST_GOAL)
    indicator = LineField(_("what we count"), max_length=120, blank=True)
    baseline = models.DecimalField(
        _("where we begin"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    target = models.DecimalField(
        _("where we want to be"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    due_on = models.DateField(_("by when"), null=True, blank=True, validators=[validate_day])
    state = models.CharField(_("how it stands"), max_length=8, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="goals_have_words"),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=FIRST_DAY, due_on__lte=LAST_DAY),
                name="goals_are_of_our_time",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    def get_absolute_url(self) -> str:
        return reverse("communities:goal", args=[self.pk])

    @property
    def is_measured(self) -> bool:
        """Whether one can tell how far it is: there is a target, and something that is counted."""
        return bool(self.indicator) and self.target is not None

    def share_of(self, value: Decimal | None) -> int | None:
        """Return how far a value is from the baseline (0 without one) to the target, in whole percent.

        Between 0 and 100; None where nothing is measured, or baseline and target are the same.
        """
        begins = self.baseline or Decimal(0)
        if value is None or self.target is None or self.target == begins:
            return None
        return max(0, min(100, round(100 * (value - begins) / (self.target - begins))))


class GoalNote(models.Model):
    """How far a goal was on one day: a value of what is counted, a sentence, or both."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="notes")
    on = models.DateField(_("day"), validators=[validate_day])
    value = models.DecimalField(_("the figure"), max_digits=12, decimal_places=2, null=True, blank=True)
    note = LineField(_("what happened"), max_length=LONGEST_GOAL, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(value=None) | ~Q(note=""), name="goal_notes_say_something")
        ]

    def __str__(self) -> str:
        return f"{self.on}"
