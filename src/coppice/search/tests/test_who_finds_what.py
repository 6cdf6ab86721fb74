"""Nothing hidden is ever found, nor counted: each kind of person finds what the rooms themselves show them.

What is found, and how much of it, is compared with each room's own `visible_to`, for every kind of person and
through random turns of membership.
"""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coppice.accounts.actions import erase
from coppice.accounts.models import Person
from coppice.communities import actions as communities
from coppice.communities.models import Membership
from coppice.communities.tests.factories import (
    add_member,
    enroll,
    make_community,
    make_person,
    make_program,
    make_staff,
)
from coppice.meetings.minutes_models import Note
from coppice.meetings.tests.factories import make_meeting
from coppice.profiles.models import Audience, Profile
from coppice.profiles.tests.factories import need, offer
from coppice.programs.models import Affiliation, FunderSeat
from coppice.search import indexing
from coppice.search.models import Document, Word
from coppice.search.queries import Answer, Wish, look
from coppice.search.sources import sources

pytestmark = pytest.mark.django_db
WORD = "orchard"


def ask(person: Any, text: str = WORD, **filters: Any) -> Answer:
    return look(person, Wish(text, **filters), now=timezone.now())


def found(person: Any, text: str = WORD) -> set[tuple[str, int]]:
    """What a person finds, each by its kind and id."""
    rows = Document.objects.filter(pk__in=ask(person, text).document_ids)
    return set(rows.values_list("kind", "object_id"))


def shown(person: Any) -> set[tuple[str, int]]:
    """What the rooms themselves show to a person, of all that has the word."""
    everything = Document.objects.values_list("kind", "object_id")
    allowed = {
        (source.kind, pk)
        for source in sources()
        for pk in source.visible_to(person).values_list("pk", flat=True)
    }
    return set(everything) & allowed


class Valley:
    """Two communities of one program and one of another provider, whose every word is the same."""

    def __init__(self) -> None:
        self.program, self.other = make_program(), make_program(name="Other")
        self.community = make_community(self.program, name=f"{WORD} one", purpose=WORD)
        self.second = make_community(self.program, name=f"{WORD} two")
        self.elsewhere = make_community(self.other, name=f"{WORD} elsewhere")
        self.people: dict[str, Person] = {}
        for state in Membership.State:
            self.people[state] = add_member(self.community, state=state, name=f"{state.label} {WORD}").person
        self.leader = add_member(self.community, role=Membership.Role.LEADER, name=f"Leader {WORD}")
        self.neighbour = add_member(self.second, name=f"Neighbour {WORD}")
        stranger = add_member(self.elsewhere, name=f"Stranger {WORD}")
        enrolled = enroll(self.program, f"Waiting {WORD}")
        lead = enroll(self.program, f"Lead {WORD}", organization="Casa Verde")
        Affiliation.objects.filter(enrollment=lead).update(is_lead=True)
        funder = make_person("Funder")
        FunderSeat.objects.create(program=self.program, person=funder, name="Funder")
        self.people |= {
            "leader": self.leader.person,
            "neighbour": self.neighbour.person,
            "stranger": stranger.person,
            "enrolled": enrolled.person,
            "lead of an organization": lead.person,
            "funder": funder,
            "staff": make_staff(self.program),
            "staff of another": make_staff(self.other, "Olga"),
            "nobody": make_person("Nobody"),
        }
        for audience in Audience.values:
            need(self.leader.enrollment, text=f"{WORD} {audience}", audience=audience)
            offer(self.neighbour.enrollment, text=f"{WORD} {audience}", audience=audience)
        Profile.objects.create(
            enrollment=self.leader.enrollment, object_story="a quince", object_audience=Audience.STAFF
        )
        for community in (self.community, self.second, self.elsewhere):
            make_meeting(community, title=f"{WORD} talk")
        indexing.refresh()


def test_each_kind_of_person_finds_what_the_rooms_show_them_and_counts_no_more() -> None:
    valley = Valley()

    for name, person in valley.people.items():
        answer = ask(person)
        seen = shown(person)
        assert found(person) == seen, name
        assert len(answer.document_ids) == sum(answer.by_kind.values()) == len(seen), name
        assert not answer.has_more, name
    assert len(found(valley.people["staff"])) > len(found(valley.people["leader"])) > 0
    for name in ("declined", "left", "withdrawn", "nobody", "funder"):
        kinds = {kind for kind, _pk in found(valley.people[name])}
        assert not kinds & {"community", "meeting"}, name
    assert {kind for kind, _pk in found(valley.people["invited"])} & {"community", "meeting"} == {"community"}
    assert found(valley.people["nobody"]) == found(valley.people["funder"]) == set()


def test_leaving_suspending_and_ending_a_post_take_effect_at_once() -> None:
    valley = Valley()
    member, staff = valley.people["active"], valley.people["staff"]
    membership = Membership.objects.get(person=member)
    assert found(member)

    Membership.objects.filter(pk=membership.pk).update(state=Membership.State.LEFT)
    staff.staff_posts.update(is_active=False)
    leader = valley.leader.person
    leader.is_active = False

    assert found(Person.objects.get(pk=member.pk)) == shown(member)
    assert ("community", valley.community.pk) not in found(Person.objects.get(pk=member.pk))
    assert found(Person.objects.get(pk=staff.pk)) == set()
    assert found(leader) == set()


def test_what_is_kept_to_the_staff_is_found_by_staff_and_its_person_alone() -> None:
    valley = Valley()

    assert found(valley.people["active"], "quince") == set()
    assert ask(valley.people["active"], "staff").document_ids == []
    assert {kind for kind, _pk in found(valley.leader.person, "staff")} == {"need"}
    assert {kind for kind, _pk in found(valley.people["staff"], "staff")} == {"need", "offer"}


def test_suggestion_never_tells_a_hidden_word() -> None:
    valley = Valley()
    make_meeting(valley.second, title="Redundancies planned")
    make_meeting(valley.community, title="Plain talk")
    indexing.refresh()
    client = Client()
    client.force_login(valley.people["active"])

    page = client.get("/search/", {"q": "redundancis"}).content.decode()

    assert "Redundancies" not in page
    assert "Nothing that you may see" in page
    client.force_login(valley.people["staff"])
    assert "<mark>Redundancies</mark>" in client.get("/search/", {"q": "redundancis"}).content.decode()


def test_erased_people_vanish_with_their_words_in_the_same_transaction() -> None:
    valley = Valley()
    person = valley.neighbour.person
    need(valley.neighbour.enrollment, text="zyzzyva")
    indexing.refresh()
    staff = valley.people["staff"]
    assert found(staff, "zyzzyva")
    assert found(staff, "neighbour")

    erase(person, by=person)

    assert found(staff, "zyzzyva") == found(staff, "neighbour") == set()
    assert not Word.objects.filter(text__in=["zyzzyva", "neighbour"]).exists()
    indexing.refresh()
    assert not Document.objects.filter(about_id=person.pk).exists()


def test_words_of_an_erased_person_in_things_of_others_are_found_no_more() -> None:
    ana = add_member(make_community(), "Ana")
    meeting = make_meeting(ana.community, title="Budget workshop")
    Note.objects.create(meeting=meeting, author=ana, text="zyzzyva")
    indexing.refresh()
    staff = make_staff(ana.community.program)
    assert found(staff, "zyzzyva")

    erase(ana.person, by=ana.person)

    assert found(staff, "zyzzyva") == set()
    assert not Word.objects.filter(text="zyzzyva").exists()
    indexing.refresh()
    assert found(staff, "budget")


KINDS_OF_TURNS = st.sampled_from(["join", "pause", "leave", "meet", "cancel", "say"])
TURNS = st.lists(st.tuples(KINDS_OF_TURNS, st.integers(0, 1)), min_size=2, max_size=5)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=TURNS)
def test_whatever_happens_what_is_found_is_what_is_shown(
    turns: list[tuple[str, int]], django_db_blocker: Any
) -> None:
    program = make_program()
    community = make_community(program, name=WORD)
    people = [add_member(community, name=f"{WORD} {number}") for number in range(2)]
    staff = make_staff(program)

    for turn, number in turns:
        take(turn, people[number])
        indexing.refresh()
        for person in (*(Person.objects.get(pk=each.person_id) for each in people), staff):
            answer = ask(person)
            assert found(person) == shown(person)
            assert sum(answer.by_kind.values()) == len(answer.document_ids)


def take(turn: str, membership: Membership) -> None:
    """Let something happen in the community, as far as it can."""
    membership.refresh_from_db()
    is_here = membership.state in {Membership.State.ACTIVE, Membership.State.PAUSED}
    if turn == "join":
        communities.accept(membership, by=membership.person)
    elif turn == "pause" and membership.state == Membership.State.ACTIVE:
        communities.pause(membership, by=membership.person)
    elif turn == "leave" and is_here:
        communities.leave(membership, by=membership.person)
    elif turn == "meet":
        make_meeting(membership.community, title=WORD)
    elif turn == "cancel":
        for meeting in membership.community.meetings.all():
            meeting.cancelled_at = timezone.now()
            meeting.save()
    elif turn == "say":
        need(membership.enrollment, text=WORD, audience=Audience.COMMUNITIES)
