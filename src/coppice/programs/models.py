"""Provider, program, organization and the people on a program's roster."""

import zoneinfo
from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.lib.phones import dial
from coppice.lib.questions import Given, Question
from coppice.programs.rosters.comparison import Action, FieldChange
from coppice.programs.rosters.problems import RowProblem
from coppice.programs.validators import FIRST_DAY, LAST_DAY, validate_day

LONGEST_RHYTHM = 365


class ProviderQuerySet(models.QuerySet["Provider"]):
    def visible_to(self, person: Any) -> "ProviderQuerySet":
        if not person.is_authenticated:
            return self.none()
        return self.filter(staff__person=person, staff__is_active=True)


class Provider(models.Model):
    """A training and technical assistance provider: the house that runs programs."""

    name = LineField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=12, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProviderQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> str:
        """The name of this provider's own record in history and outbox."""
        return f"provider:{self.pk}"


class StaffQuerySet(models.QuerySet["Staff"]):
    def active(self) -> "StaffQuerySet":
        """Posts of people who can sign in."""
        return self.filter(is_active=True, person__is_active=True)

    def administering(self) -> "StaffQuerySet":
        return self.active().filter(role=Staff.Role.ADMIN)


class Staff(models.Model):
    """A person who works for a provider, called and written to as the provider typed."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("Administrator")
        STAFF = "staff", _("Program staff")

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="staff")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_posts")
    name = LineField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.STAFF)
    is_active = models.BooleanField(default=True)

    objects = StaffQuerySet.as_manager()

    personal = Personal(
        path="person", exports=("provider__name", "name", "email", "role"), on_erasure=Erasure.DELETE
    )

    class Meta:
        verbose_name_plural = "staff"
        constraints = [models.UniqueConstraint(fields=["provider", "person"], name="one_post_per_provider")]

    def __str__(self) -> str:
        return f"{self.called}, {self.get_role_display()}"

    @property
    def called(self) -> str:
        """What this provider calls the person: never what another one does, nor they themself elsewhere."""
        return self.name or self.email or str(_("Somebody"))


def providers_of(person: Any) -> frozenset[int]:
    """Return the ids of the providers that a person works for.

    Asked once of each person object, as Django does with its own permissions: every request loads its reader
    anew, and asks this many times.
    """
    if not person.is_authenticated:
        return frozenset()
    known: frozenset[int] | None = getattr(person, "known_providers", None)
    if known is None:
        posts = POSTS.ask(person=person.pk)
        known = person.known_providers = frozenset(provider for (provider,) in posts)
    return known


def _posts() -> models.QuerySet[Any, Any]:
    person = Given("person", models.BigAutoField())
    return Staff.objects.filter(person=person, is_active=True).values_list("provider")


POSTS = Question(_posts)


class ProgramQuerySet(models.QuerySet["Program"]):
    def visible_to(self, person: Any) -> "ProgramQuerySet":
        """Programs that a person may know of: as staff, funder, organization lead or member."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(
            Q(provider__in=providers_of(person))
            | Q(pk__in=FunderSeat.objects.filter(person=person).values("program"))
            | Q(pk__in=Enrollment.objects.filter(person=person, ended_at=None).values("program"))
        )

    def staffed_by(self, person: Any) -> "ProgramQuerySet":
        return self.filter(provider__in=providers_of(person))


class Program(models.Model):
    """A funded effort under which a provider forms communities; it has an end from its first day."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being set up")
        ACTIVE = "active", _("Active")
        CLOSING = "closing", _("Closing")
        CLOSED = "closed", _("Closed")

    class CommunityWord(models.TextChoices):
        """What this provider calls a community; the choice changes headings, mail and forms."""

        COMMUNITY = "community", pgettext_lazy("what a group is called", "Community")
        NETWORK = "network", pgettext_lazy("what a group is called", "Peer network")
        CIRCLE = "circle", pgettext_lazy("what a group is called", "Learning circle")
        TEAM = "team", pgettext_lazy("what a group is called", "Action team")
        COUNCIL = "council", pgettext_lazy("what a group is called", "Council")
        OWN = "own", _("Our own word")

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="programs")
    name = LineField(_("name"), max_length=200)
    funder = LineField(_("funder"), max_length=200, blank=True)
    award_starts = models.DateField(_("award starts"), validators=[validate_day])
    award_ends = models.DateField(_("award ends"), validators=[validate_day])
    community_word = models.CharField(
        _("what a community is called here"),
        max_length=10,
        choices=CommunityWord,
        default=CommunityWord.COMMUNITY,
    )
    own_word = LineField(_("our own word"), max_length=60, blank=True)
    own_word_plural = LineField(_("its plural"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    call_after_days = models.PositiveSmallIntegerField(
        _("call a leader after so many days"),
        default=30,
        help_text=_("Days without a check-in."),
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_RHYTHM)],
    )
    mail_tested_at = models.DateTimeField(null=True, blank=True, editable=False)
    remembered_columns: Any = models.JSONField(default=dict, blank=True, editable=False)
    remembered_day_first = models.BooleanField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(award_ends__gt=models.F("award_starts")), name="award_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(award_starts__gte=FIRST_DAY, award_ends__lte=LAST_DAY),
                name="award_is_of_our_time",
            ),
            models.CheckConstraint(
                condition=Q(call_after_days__gte=1, call_after_days__lte=LONGEST_RHYTHM),
                name="call_after_1_to_365_days",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("home:board", args=[self.pk])

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone in which the program's days are counted."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def scope(self) -> str:
        """The name of this program's own record in history and outbox."""
        return f"program:{self.pk}"

    def week(self, on: date | None = None) -> tuple[int, int]:
        """Return (week now, weeks in all) of the award period, counted from 1, in its own zone."""
        today = on or timezone.localdate(timezone=self.zone)
        total = max(1, ((self.award_ends - self.award_starts).days + 6) // 7)
        now = (today - self.award_starts).days // 7 + 1
        return min(max(now, 0), total), total


class Topic(models.Model):
    """Something that a program's communities can be about, and its people need or know."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="topics")
    name = LineField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["program", "name"], name="one_topic_per_name")]

    def __str__(self) -> str:
        return self.name


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, person: Any) -> "OrganizationQuerySet":
        """Organizations that a person leads, or whose program they staff."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(
            Q(program__provider__in=providers_of(person))
            | Q(
                pk__in=Affiliation.objects.filter(
                    enrollment__person=person, enrollment__ended_at=None, is_lead=True
                ).values("organization")
            )
        )


class Organization(models.Model):
    """A community-based organization as one program knows it; its seat outlasts its staff."""

    class State(models.TextChoices):
        PROSPECT = "prospect", _("Prospect")
        ENROLLED = "enrolled", _("Enrolled")
        ALUMNI = "alumni", _("Alumni")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="organizations")
    name = LineField(_("name"), max_length=200)
    area = LineField(_("area"), max_length=120, blank=True)
    kind = LineField(_("type"), max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ENROLLED)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["program", "name"], name="one_organization_per_name")]

    def __str__(self) -> str:
        return self.name


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def current(self) -> "EnrollmentQuerySet":
        return self.filter(ended_at=None)

    def taken_off(self) -> "EnrollmentQuerySet":
        """Rows that can be put back: their people are off the roster, and had themselves not erased."""
        return self.filter(person__erased_at=None).exclude(ended_at=None)

    def visible_to(self, person: Any) -> "EnrollmentQuerySet":
        if not person.is_authenticated:
            return self.none()
        return self.filter(Q(program__provider__in=providers_of(person)) | Q(person=person))


class Enrollment(models.Model):
    """One person on one program's roster, as that program knows them.

    `attributes` keeps every column that has no field of its own (strings, numbers, lists), for formation.
    `imported` is the row as last imported, so that an import changes only what its file changed and a
    person's own corrections stay. `external_id` is the person's id in the provider's own files.
    """

    class ContactMode(models.TextChoices):
        EMAIL = "email", _("By email")
        PHONE = "phone", _("By phone link")
        PAPER = "paper", _("On paper")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="enrollments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrollments")
    name = LineField(_("name"), max_length=200)
    email = models.EmailField(_("email address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    external_id = models.CharField(_("id in your files"), max_length=100, blank=True)
    job_title = LineField(_("job title"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    access_needs = models.TextField(_("access needs"), blank=True)
    contact_mode = models.CharField(
        _("how we reach them"), max_length=10, choices=ContactMode, default=ContactMode.EMAIL
    )
    organizations = models.ManyToManyField(Organization, through="Affiliation", related_name="enrollments")
    attributes: Any = models.JSONField(default=dict, blank=True)
    imported: Any = models.JSONField(default=dict, blank=True, editable=False)
    enrolled_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = EnrollmentQuerySet.as_manager()

    personal = Personal(
        path="person",
        exports=(
            "program__name",
            "name",
            "email",
            "phone",
            "external_id",
            "job_title",
            "language",
            "time_zone",
            "access_needs",
            "contact_mode",
            "attributes",
            "enrolled_at",
        ),
        on_erasure=Erasure.CLEAR,
        cleared={
            "name": "",
            "email": "",
            "phone": "",
            "external_id": "",
            "job_title": "",
            "language": "",
            "time_zone": "",
            "access_needs": "",
            "attributes": {},
            "imported": {},
        },
    )

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "person"], name="one_enrollment_per_program")
        ]

    def __str__(self) -> str:
        return self.name or str(_("Somebody who left"))

    @property
    def dial(self) -> str:
        """The tel: address of this person's phone, or "" without a number."""
        return dial(self.phone)


class Affiliation(models.Model):
    """That an enrolled person belongs to an organization; leads speak for it and nominate people."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="affiliations")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="affiliations")
    is_lead = models.BooleanField(_("leads the organization"), default=False)

    personal = Personal(
        path="enrollment__person",
        exports=("organization__name", "is_lead"),
        because="The organization's count of people stays; the enrollment it points to is nameless.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "organization"], name="one_affiliation_each")
        ]

    def __str__(self) -> str:
        return f"{self.enrollment} · {self.organization}"


class FunderSeat(models.Model):
    """A funder's or evaluator's seat: sees counts of one program, never a person or a conversation.

    `name` and `email` are what the program's staff typed.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="funder_seats")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="funder_seats"
    )
    name = LineField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("email address"), blank=True)

    personal = Personal(path="person", exports=("program__name", "name", "email"), on_erasure=Erasure.DELETE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "person"], name="one_seat_per_program")]

    def __str__(self) -> str:
        return f"{self.called} · {self.program}"

    @property
    def called(self) -> str:
        """What this program calls the funder."""
        return self.name or self.email or str(_("Somebody"))


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def visible_to(self, person: Any) -> "RosterImportQuerySet":
        if not person.is_authenticated:
            return self.none()
        return self.filter(program__provider__in=providers_of(person))


class RosterImport(models.Model):
    """One file on its way into a roster: read, matched, compared, previewed, applied.

    `seen` is what the file's columns look like (a list of ColumnLook as JSON), `columns` the field of each,
    `day_first` how its dates are written where they leave it open. `plan_counts` holds how many people are
    added, changed, unchanged and skipped, `rows_to_check` how many rows have a problem, `rows_to_answer` how
    many wait to be told who they are, `plan_digest` what the preview shows, and all that is applied.
    `answers` say who a row is: by the number of a row, the id of an enrollment, or 0 for somebody new. A
    preview `is_shown_anew` when applying would have done something else than the one before it said. While a
    job is to read, compare or apply, `asked_at` says since when. `content`, and the samples in `seen`, go as
    soon as the file is dealt with.
    """

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        MATCHING = "matching", _("Columns to be matched")
        COMPARING = "comparing", _("Being compared")
        PREVIEWED = "previewed", _("Ready to apply")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        REFUSED = "refused", _("Refused")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="roster_imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    filename = models.CharField(max_length=255)
    content = models.BinaryField()
    seen: Any = models.JSONField(default=list, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    columns: Any = models.JSONField(default=list, blank=True)
    day_first = models.BooleanField(null=True, blank=True)
    plan_counts: Any = models.JSONField(default=dict, blank=True)
    plan_digest = models.CharField(max_length=32, blank=True, editable=False)
    rows_to_check = models.PositiveIntegerField(default=0)
    rows_to_answer = models.PositiveIntegerField(default=0)
    answers: Any = models.JSONField(default=dict, blank=True)
    is_shown_anew = models.BooleanField(default=False, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    refusal: Any = models.JSONField(default=dict, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = RosterImportQuerySet.as_manager()

    personal = Personal(
        path="by",
        exports=("filename", "state", "created_at"),
        because="The import stays as part of the program's record; its actor has lost name and address.",
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.filename


class RosterLine(models.Model):
    """What an import would do to one person of its file: a line of the preview, gone once it is applied.

    `said` holds what the line shows: rows, name, email, organizations with their areas, whether somebody new
    is reached on paper, changes and problems, as the comparison found them, and of a row that `asks` who it
    is, whom it may be and the answer.
    """

    roster_import = models.ForeignKey(
        RosterImport, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    place = models.PositiveIntegerField()
    action = models.CharField(max_length=10, choices=Action)
    has_problems = models.BooleanField(default=False)
    asks = models.BooleanField(default=False)
    enrollment = models.ForeignKey(Enrollment, null=True, on_delete=models.CASCADE, related_name="+")
    said: Any = models.JSONField()

    personal = Personal(
        path="enrollment__person",
        exports=("roster_import__filename", "action"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["roster_import", "place"], name="one_line_per_place")]
        indexes = [
            models.Index(fields=["roster_import", "action", "place"], name="lines_by_action"),
            models.Index(
                fields=["roster_import", "place"], name="lines_to_check", condition=Q(has_problems=True)
            ),
            models.Index(fields=["roster_import", "place"], name="lines_that_ask", condition=Q(asks=True)),
        ]

    def __str__(self) -> str:
        return f"{self.roster_import} · {self.place + 1}"

    @property
    def rows(self) -> str:
        """The rows of the file that speak of this person, as a spreadsheet program numbers them."""
        return ", ".join(map(str, self.said["rows"]))

    @property
    def answer_name(self) -> str:
        """The name of the field that asks who this is."""
        return f"who-{self.place}"

    @property
    def problems(self) -> list[RowProblem]:
        """Why the person is skipped, and what to check."""
        return [RowProblem(code, values) for code, values in self.said["problems"]]

    @property
    def changes(self) -> list[FieldChange]:
        """What would change, with what was said before."""
        return [FieldChange(field, old, new) for field, old, new in self.said["changes"]]
