"""House law: whatever leads to a person says so, and an erased person leaves no trace."""

import itertools
import uuid
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.utils import timezone

from coppice.accounts import actions, portrait
from coppice.accounts.models import Person
from coppice.accounts.privacy import THIRD_PARTY, declarations, personal_of
from coppice.communities import actions as communities
from coppice.communities.actions import Invitee
from coppice.lib.personal import Erasure
from coppice.notifications.models import Message
from coppice.programs import actions as programs
from coppice.programs.models import Provider, Staff
from tests.cast import make_community, make_program

HOPS = 3
CANARY = "zaunkoenig"
# Text of a cleared row that is a code or a choice of the program, never somebody's words.
CODES = {
    # to whom a mail about somebody else went, under which occasion and program; what a provider calls it
    "notifications.Message": {
        "to_address",
        "occasion",
        "period",
        "scope",
        "list_key",
        "list_name",
        "sender_name",
        "message_id",
        "provider_id",
        "reports",
        "thread",
        "reply_to",
    },
    # where it came from: the number of a form, or that of a message in another service, never its words
    "conversations.Thread": {"source"},
    "conversations.Post": {"source_key"},
    "conversations.Archive": {"kind", "state", "marks", "key"},
    "history.Entry": {"scope", "verb", "subject_kind", "subject_id"},
    "accounts.Person": {"link_secret"},
    # places in a list of answers that hosts wrote
    "live.Answer": {"picks"},
    # keys of the instrument: which question, and which of its choices
    "surveys.Answer": {"question", "item"},
}

# Somebody else's row that quotes them: the quotation goes, the other's own words stay.
QUOTING = {"conversations-post-quoted-author", "conversations-draft-quoted-author"}


def people_fields(model: type[models.Model]) -> Iterator[models.Field]:
    """The forward relations of a model, its many-to-many fields included."""
    return (field for field in model._meta.get_fields() if field.is_relation and not field.auto_created)


def leads_to_a_person(model: type[models.Model], hops: int = HOPS) -> bool:
    """Say whether a row tells of a person: it points to one, or to a row whose declaration clears or deletes.

    A row whose declaration keeps everything (a meeting and who planned it) is not about its actor; what
    points to it is not either.
    """
    for field in people_fields(model):
        target = field.related_model
        if target is Person:
            return True
        is_about_somebody = any(
            personal.on_erasure is not Erasure.KEEP or personal.path.count("__")
            for personal in personal_of(target)
        )
        if hops > 1 and is_about_somebody and leads_to_a_person(target, hops - 1):
            return True
    return False


def free_words(model: type[models.Model]) -> set[str]:
    """The columns of a model that can hold anybody's words."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    return {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, kinds) and not field.choices and not field.primary_key
    } - CODES.get(model._meta.label, set())


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model._meta.label)
def test_every_model_that_leads_to_a_person_declares_it(model: type[models.Model]):
    assert bool(personal_of(model)) or not leads_to_a_person(model), f"{model._meta.label} declares nothing"


def test_the_walk_finds_what_it_should():
    found = {model._meta.label for model in apps.get_models() if leads_to_a_person(model)}

    assert {"meetings.PulseAnswer", "communities.InvitationWord", "programs.Affiliation"} <= found
    assert {"mfa.Authenticator", "account.EmailConfirmation"} <= found
    assert "programs.Topic" not in found


def test_the_table_for_packages_names_models_that_are_installed():
    assert {apps.get_model(label)._meta.label for label in THIRD_PARTY} == set(THIRD_PARTY)


@pytest.mark.parametrize("declaration", list(declarations()), ids=lambda declaration: declaration.name)
def test_every_declared_field_exists(declaration):
    personal = declaration.personal
    for path in personal.exports:
        assert portrait.describe(declaration.model, path)
    for name in personal.cleared:
        assert declaration.model._meta.get_field(name).column
    target = declaration.model
    for step in filter(None, personal.path.split("__")):
        target = target._meta.get_field(step).related_model
    assert target is Person
    assert bool(personal.cleared) == (personal.on_erasure is Erasure.CLEAR)
    assert personal.on_erasure is not Erasure.KEEP or personal.because


@pytest.mark.parametrize("declaration", list(declarations()), ids=lambda declaration: declaration.name)
def test_a_cleared_row_keeps_nobodys_words(declaration):
    if declaration.name in QUOTING:
        assert declaration.personal.cleared == {"quoted_text": ""}
    elif declaration.personal.on_erasure is Erasure.CLEAR:
        kept = free_words(declaration.model) - declaration.personal.cleared.keys()
        assert kept - {"joined_at"} == set(), f"{declaration.name} keeps {kept}"


class Nest:
    """Makes one row of every model that leads to a person, with the canary in each of its free words."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.rows: dict[type[models.Model], models.Model] = {Person: person}
        self.numbers = itertools.count(1)
        self.begun: set[type[models.Model]] = set()

    def row(self, model: type[models.Model]) -> models.Model:
        if model not in self.rows:
            self.begun.add(model)
            values = {
                field.name: self.value(model, field)
                for field in model._meta.concrete_fields
                if not field.primary_key or not isinstance(field, models.AutoField)
            }
            self.rows[model] = model._base_manager.create(**values)
        return self.rows[model]

    def value(self, model: type[models.Model], field: models.Field) -> Any:
        if field.is_relation:
            is_circle = field.related_model in self.begun - self.rows.keys()
            return None if field.null and is_circle else self.row(field.related_model)
        if field.choices:
            return field.choices[0][0]
        if self.is_theirs(model) and field.name in free_words(model):
            return self.canary(field)
        return self.plain(field)

    def is_theirs(self, model: type[models.Model]) -> bool:
        return any(personal.on_erasure is not Erasure.KEEP for personal in personal_of(model))

    def canary(self, field: models.Field) -> Any:
        if isinstance(field, models.EmailField):
            return f"{CANARY}{next(self.numbers)}@example.org"
        if isinstance(field, models.JSONField):
            return {"words": f"{CANARY} sings"}
        if isinstance(field, models.BinaryField):
            return CANARY.encode()
        return f"{CANARY}{next(self.numbers)}"[: field.max_length or None]

    def plain(self, field: models.Field) -> Any:
        number = next(self.numbers)
        match field:
            case models.DateTimeField():
                return timezone.now() + timedelta(minutes=number)
            case models.TimeField():
                return time(9)
            case models.DateField():
                return date(2026, 1, 1) + timedelta(days=number)
            case models.UUIDField():
                return uuid.uuid4()
            case models.BooleanField():
                return True
            case models.DecimalField() | models.FloatField() | models.IntegerField():
                return min(number, 2)
            case models.JSONField():
                return {}
            case models.BinaryField():
                return b"plain"
            case models.GenericIPAddressField():
                return "127.0.0.1"
            case models.EmailField():
                return f"plain{number}@example.org"
            case _:
                return f"plain{number}"


def tables_with(text: str) -> set[str]:
    """Every table of the database in which some column holds the text."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                words = " ".join(
                    bytes(value).decode("utf-8", errors="replace")
                    if isinstance(value, bytes | memoryview)
                    else str(value)
                    for value in row
                )
                if text in words.casefold():
                    found.add(table)
    return found


@pytest.mark.django_db
def test_no_trace_is_left_in_what_others_were_told():
    staff = Person.objects.create_user("staff@example.org", name="Rosa Medina")
    provider = Provider.objects.create(name="Healthy Start")
    Staff.objects.create(provider=provider, person=staff)
    program = make_program(provider, "Rural", today=timezone.localdate())
    enrollment = programs.enroll(program, name=f"{CANARY} Zaun", email=f"{CANARY}@example.org", by=staff)
    community = make_community(program, "Rural", today=timezone.localdate())
    [membership] = communities.invite(community, invitees=[Invitee(enrollment)], by=staff)
    [word] = communities.say(membership, words={"worry": f"{CANARY} worries"}, by=membership.person)
    communities.answer_word(word, answer=f"Dear {CANARY}", by=staff)
    file = f"Name,Email\n{CANARY} Zaun,{CANARY}@example.org\n".encode()
    for _time in range(2):
        roster_import = programs.begin_import(program, content=file, filename="r.csv", by=staff)
        programs.match_columns(roster_import, chosen={}, by=staff)
    programs.start_applying(roster_import, by=staff)
    programs.apply_import(roster_import.pk)
    told = Message.objects.filter(recipient=staff).count()
    with_traces = {"notifications_message", "programs_rosterimport", "programs_rosterline"}
    assert with_traces < tables_with(CANARY)

    actions.erase(enrollment.person, by=enrollment.person)

    assert tables_with(CANARY) == set()
    assert Message.objects.filter(recipient=staff).count() == told == 1


@pytest.mark.django_db
def test_no_trace_of_an_erased_person_is_left_in_any_table():
    person = Person.objects.create_user(
        f"{CANARY}@example.org", name=f"{CANARY} Zaun", phone=f"+49 {CANARY}", password=CANARY
    )
    nest = Nest(person)
    for model in apps.get_models():
        if personal_of(model) and model is not Authenticator:
            nest.row(model)
    Authenticator.objects.create(user=person, type="totp", data={"secret": CANARY})
    session = SessionStore()
    session["note"] = CANARY
    session.create()
    UserSession.objects.update(session_key=session.session_key)
    theirs = {model._meta.db_table for model in nest.rows if nest.is_theirs(model) and free_words(model)}
    theirs.add(Authenticator._meta.db_table)
    hidden = {Session._meta.db_table, UserSession._meta.db_table}  # packed, or a key instead of words
    assert tables_with(CANARY) - hidden == theirs - hidden
    assert len(theirs) > 10

    actions.erase(person, by=person)

    assert tables_with(CANARY) == set()
    assert (UserSession.objects.count(), Session.objects.count()) == (0, 0)
    assert Person.objects.get(pk=person.pk).erased_at is not None
