"""The invitation is looked at before it is sent: as somebody would get it; nothing leaves."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities.links import place_path
from coppice.communities.models import Community, Membership
from coppice.communities.tests.factories import add_member, make_community, make_program, make_staff
from coppice.formation import actions
from coppice.formation.errors import NotProposed
from coppice.formation.models import Formation
from coppice.formation.tests.factories import columns_of, make_proposal, make_roster, people_in
from coppice.history.models import Entry
from coppice.notifications.models import Message
from coppice.notifications.subscriptions import unsubscribe_url
from coppice.programs.models import Enrollment

pytestmark = pytest.mark.django_db

TYPED = {
    "starts_on": "2026-12-01",
    "ends_on": "2027-06-01",
    "hours_per_month": "3.5",
    "asked": "One meeting a month",
    "purpose": "Keep volunteers",
    "benefit": Community.Benefit.PEER_LEARNING,
}


@pytest.fixture
def program():
    program = make_program(name="Healthy Start")
    make_roster(program, 24)
    return program


@pytest.fixture
def staff(program, client):
    person = make_staff(program)
    client.force_login(person)
    return person


@pytest.fixture
def proposal(program, staff):
    return make_proposal(program, by=staff)


def at(name: str, formation: Formation) -> str:
    return reverse(f"formation:{name}", args=[formation.pk])


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_what_is_typed_so_far_is_kept_and_shown_and_nothing_is_sent(client, proposal):
    people = people_in(columns_of(proposal)[0])
    place = next(each for each in people if each.enrollment.language == "en")

    kept = client.post(at("frame", proposal), TYPED)
    shown = text_of(client.get(kept.url, {"place": place.pk}))
    mail = text_of(client.get(at("invitation_mail", proposal), {"place": place.pk}))
    page = text_of(client.get(at("invitation_page", proposal), {"place": place.pk}))
    again = text_of(client.get(at("publication", proposal)))

    proposal.refresh_from_db()
    assert (kept.url, proposal.state) == (at("invitation", proposal), Formation.State.PROPOSED)
    assert [
        f"What {place.enrollment} of {place.proposed_community} would get." in shown,
        place.enrollment.email in shown,
    ] == [True, True]
    for told in (shown, mail):
        assert "Time: about 3.5 h a month." in told
        assert "Keep volunteers" in told
    for words in ("One meeting a month", "Keep volunteers", "Learning from peers", "Nothing is sent"):
        assert words in page
    assert [str(each.enrollment) in page for each in people] == [True] * len(people)
    assert "One meeting a month</textarea>" in again
    assert (Message.objects.count(), Membership.objects.count(), Community.objects.count()) == (0, 0, 0)


def test_no_link_of_it_answers_or_unsubscribes(client, proposal):
    place = people_in(columns_of(proposal)[0])[0]
    person = place.enrollment.person
    stand_in = Membership(pk=-1, person=person)
    own = [place_path(stand_in), unsubscribe_url(person.pk, "community:-1"), "/invitations/", "/unsubscribe/"]

    pages = [
        client.get(at(name, proposal), {"place": place.pk}).content.decode()
        for name in ("invitation", "invitation_mail", "invitation_page")
    ]

    assert [link in page for page in pages for link in own] == [False] * 12
    assert client.get(place_path(stand_in)).status_code == 404
    assert re.search(r'<fieldset class="form"\s+disabled>', pages[2])
    assert 'action=""' in pages[2]


def test_the_mail_is_shown_where_nothing_of_it_works(client, proposal):
    answer = client.get(at("invitation_mail", proposal))

    policy = answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert policy.endswith("sandbox")
    assert "default-src 'none'" in policy


def test_it_is_in_the_language_of_its_reader_and_the_notice_in_that_of_whoever_looks(client, proposal):
    place = people_in(columns_of(proposal)[0])[0]
    Enrollment.objects.filter(pk=place.enrollment_id).update(language="es")

    answer = client.get(at("invitation_page", proposal), {"place": place.pk})

    assert answer.headers["Content-Language"] == "es"
    assert [words in text_of(answer) for words in ("Tu respuesta", "This is what")] == [True, True]


def test_a_leader_reads_that_they_are_asked_to_lead(client, proposal, staff):
    place = people_in(columns_of(proposal)[1])[0]
    actions.give_lead(place, by=staff)

    mail = text_of(client.get(at("invitation_mail", proposal), {"place": place.pk}))
    page = text_of(client.get(at("invitation_page", proposal), {"place": place.pk}))

    assert "We ask you to lead" in mail
    assert "Yes, but without leading" in page


def test_somebody_else_is_found_by_name(client, proposal):
    found = text_of(client.get(at("invitation", proposal), {"find": "person 01"}))
    nobody = text_of(client.get(at("invitation", proposal), {"find": "Zacharias"}))

    assert found.count('<a href="?place=') == 10
    assert "Nobody in this proposal is called so." in nobody


@pytest.mark.parametrize("sought", ["", "0", "9" * 40, "x"])
def test_without_somebody_chosen_the_first_whom_mail_reaches_is_shown(client, proposal, sought):
    first, second = people_in(columns_of(proposal)[0])[:2]
    Enrollment.objects.filter(pk=first.enrollment_id).update(contact_mode=Enrollment.ContactMode.PAPER)

    shown = text_of(client.get(at("invitation", proposal), {"place": sought}))

    assert f"What {second.enrollment} of" in shown


def test_whom_no_mail_reaches_gets_the_page_alone(client, proposal):
    place = people_in(columns_of(proposal)[0])[0]
    Enrollment.objects.filter(pk=place.enrollment_id).update(contact_mode=Enrollment.ContactMode.PHONE)

    shown = text_of(client.get(at("invitation", proposal), {"place": place.pk}))

    assert f"{place.enrollment} gets no mail." in shown
    assert client.get(at("invitation_mail", proposal), {"place": place.pk}).status_code == 404
    assert client.get(at("invitation_page", proposal), {"place": place.pk}).status_code == 200


def test_words_that_cannot_be_are_said_beside_the_field_and_not_kept(client, proposal):
    answer = client.post(at("frame", proposal), {**TYPED, "ends_on": "2026-11-01"})

    proposal.refresh_from_db()
    assert (answer.status_code, proposal.frame) == (422, {})
    assert "The end comes after the start." in text_of(answer)
    assert f'action="{at("publication", proposal)}"' in text_of(answer)


def test_looking_needs_no_yes_to_asking_people_twice(client, program, proposal):
    add_member(make_community(program), enrollment=program.enrollments.first())

    kept = client.post(at("frame", proposal), TYPED)
    published = client.post(at("publication", proposal), TYPED)

    assert (kept.status_code, published.status_code) == (302, 422)


def test_the_same_words_again_are_recorded_once(proposal, staff):
    frame = proposal.begins_with

    actions.keep_frame(proposal, frame=frame, by=staff)
    actions.keep_frame(proposal, frame=frame, by=staff)

    assert Entry.objects.filter(verb="formation.frame_kept").count() == 1
    today = timezone.localdate(timezone=proposal.program.zone)
    assert (frame.starts_on >= today, frame.ends_on, frame.asked) == (True, proposal.program.award_ends, "")


def test_what_is_being_published_is_not_changed_or_looked_at_any_more(client, proposal, staff):
    actions.ask_to_publish(proposal, frame=proposal.begins_with, by=staff)

    with pytest.raises(NotProposed):
        actions.keep_frame(proposal, frame=proposal.begins_with, by=staff)

    assert client.post(at("frame", proposal), TYPED).status_code == 422
    assert client.get(at("invitation", proposal)).url == at("publication", proposal)
    assert client.get(at("invitation_mail", proposal)).status_code == 404
    assert client.get(at("invitation_page", proposal)).status_code == 404


def test_a_proposal_that_everybody_left_has_no_invitation(client, program, proposal):
    program.enrollments.update(ended_at="2026-01-01T00:00:00Z")

    assert client.get(at("invitation", proposal)).url == at("publication", proposal)
    assert client.get(at("invitation_page", proposal)).status_code == 404
