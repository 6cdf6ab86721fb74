"""What communities and memberships know of themselves."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from coppice.communities import next_steps, tabs
from coppice.communities.models import Community, InvitationWord
from coppice.communities.templatetags.communities import way_up
from coppice.communities.tests.factories import (
    add_member,
    enroll,
    make_community,
    make_person,
    make_program,
    make_staff,
)

pytestmark = pytest.mark.django_db


def test_the_week_is_counted_from_one_and_never_runs_over():
    community = Community(starts_on=date(2026, 12, 1), ends_on=date(2027, 6, 1))

    weeks = [
        community.week(on=community.starts_on + timedelta(days=days)) for days in (-1, 0, 6, 7, 181, 900)
    ]

    assert weeks == [(0, 26), (1, 26), (1, 26), (2, 26), (26, 26), (26, 26)]


def test_a_community_that_has_ended_is_not_among_the_living():
    living = make_community()
    make_community(ended_at="2026-01-01T00:00Z")

    assert list(Community.objects.living()) == [living]


def test_nobody_signed_out_knows_of_a_community():
    make_community()

    assert list(Community.objects.visible_to(AnonymousUser())) == []


def test_the_breadcrumb_links_to_the_board_for_those_who_run_the_program(rf):
    community = make_community(name="Rural transport")
    request = rf.get("/")
    boards = []

    for request.user in (make_staff(community.program), add_member(community).person):
        crumbs = way_up({"request": request}, community)
        boards.append(f'href="{reverse("home:board", args=[community.program_id])}"' in crumbs)

    assert boards == [True, False]


def test_people_and_words_say_who_and_what_they_are():
    program = make_program()
    membership = add_member(make_community(program, name="Rural transport"), "Ana")
    word = InvitationWord(kind=InvitationWord.Kind.WORRY)

    assert (str(membership), str(word)) == ("Ana · Rural transport", "Worry")
    assert membership.get_absolute_url() == reverse("communities:membership", args=[membership.pk])


def test_a_person_s_own_language_and_zone_come_before_the_roster_s_and_the_community_s():
    program = make_program(language="es")
    community = make_community(program, time_zone="America/New_York")
    own = enroll(
        program,
        person=make_person("Ana", language="en", time_zone="Asia/Tokyo"),
        language="es",
        time_zone="Europe/Dublin",
    )
    listed = enroll(program, language="en", time_zone="Europe/Dublin")
    unknown = enroll(program, language="x-nothing", time_zone="Nowhere")

    read = [
        (membership.language, membership.zone.key)
        for membership in (
            add_member(community, enrollment=enrollment) for enrollment in (own, listed, unknown)
        )
    ]

    assert read == [("en", "Asia/Tokyo"), ("en", "Europe/Dublin"), ("es", "America/New_York")]


def test_tabs_keep_their_order_and_tellers_are_asked_once(monkeypatch):
    monkeypatch.setattr(tabs, "_tabs", {})
    monkeypatch.setattr(next_steps, "_tellers", [])
    step = next_steps.NextStep("First meeting", "/x/", "See it")

    def tell(membership):
        return [step]

    tabs.register(tabs.Tab("meetings", "Meetings", "communities:people", 3))
    tabs.register(tabs.Tab("now", "Now", "communities:people", 1))
    next_steps.register(tell)
    next_steps.register(tell)

    assert [tab.key for tab in tabs.tabs()] == ["now", "meetings"]
    assert next_steps.next_steps(add_member(make_community())) == [step]
