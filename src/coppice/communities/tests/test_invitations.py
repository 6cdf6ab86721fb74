"""An invited person's page: read by link, answered by one POST, changed again at will."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse

from coppice.accounts.models import new_link_secret
from coppice.communities import actions, next_steps
from coppice.communities.actions import Invitee
from coppice.communities.errors import TooManyWords
from coppice.communities.links import place_path
from coppice.communities.models import Community, InvitationWord, Membership
from coppice.communities.tests.factories import (
    add_member,
    enroll,
    make_community,
    make_person,
    make_program,
    make_staff,
)
from coppice.history.models import Entry
from coppice.notifications.models import Message
from coppice.programs.actions import end_enrollment

pytestmark = pytest.mark.django_db
State = Membership.State


@pytest.fixture
def invited():
    """Ana, invited to a community with Tom, who is in, and Lin, who declined."""
    program = make_program(name="Healthy Start", community_word="circle")
    community = make_community(
        program,
        name="Rural transport",
        purpose="Getting people to their appointments",
        asked="One meeting a month",
        hours_per_month=Decimal("3.5"),
        benefit=Community.Benefit.PEER_LEARNING,
        reason=Community.Reason.AREA,
        starts_on=date(2026, 12, 1),
        ends_on=date(2027, 6, 1),
    )
    add_member(community, enrollment=enroll(program, "Tom Whitehorse", organization="Bus for all"))
    add_member(community, "Lin Zhao", state=State.DECLINED)
    return add_member(
        community,
        "Ana O'Neill",
        state=State.INVITED,
        reasons=[{"code": "has_wish", "parameters": {"topic": "buses", "rank": 1, "of": 3}}],
    )


def state_of(membership: Membership) -> str:
    return Membership.objects.get(pk=membership.pk).state


def test_the_page_answers_what_a_person_asks_and_shows_nobody_who_declined(client, invited):
    page = client.get(place_path(invited)).content.decode()

    assert page.count("<h1") == 1
    for sentence in (
        "You are invited to Rural transport",
        "Ana O&#x27;Neill",
        "Time: about 3.5 h a month.",
        "One meeting a month",
        "From 1 December 2026 to 1 June 2027",
        "Why this learning circle?",
        "You asked for buses first of all.",
        "You all work in the same area",
        "Learning from peers, beside the training.",
        "Tom Whitehorse",
        "Bus for all",
    ):
        assert sentence in page, sentence
    assert "Lin Zhao" not in page


def test_reading_changes_nothing_however_often_a_scanner_comes(
    client, invited, django_assert_max_num_queries
):
    for path in (place_path(invited), place_path(invited) + "welcome/"):
        with django_assert_max_num_queries(12):
            client.get(path)
    refused = [
        client.get(place_path(invited) + change).status_code
        for change in ("acceptance/", "refusal/", "words/", "pause/", "departure/")
    ]

    assert refused == [405] * 5
    assert (state_of(invited), Entry.objects.count(), Message.objects.count()) == (State.INVITED, 0, 0)


def test_one_click_joins_and_shows_what_comes_next(client, invited, monkeypatch):
    monkeypatch.setattr(next_steps, "_tellers", [])
    next_steps.register(lambda membership: [next_steps.NextStep("First meeting on Tuesday", "/x/", "See it")])

    answers = [client.post(place_path(invited) + "acceptance/", follow=True) for _ in range(2)]

    for answer in answers:
        assert answer.redirect_chain == [(place_path(invited) + "welcome/", 302)]
        assert "First meeting on Tuesday" in answer.content.decode()
    assert state_of(invited) == State.ACTIVE
    assert list(Message.objects.values_list("occasion", flat=True)) == [f"welcome:{invited.pk}"]


@pytest.fixture
def asked_to_lead():
    """Ana, asked by mail to lead a community that has planned nothing yet."""
    program = make_program()
    community = make_community(program, name="Rural transport")
    return actions.invite(community, invitees=[Invitee(enroll(program, "Ana"), is_leader=True)], by=None)[0]


def test_who_is_asked_to_lead_is_told_in_mail_and_page_what_that_means(client, asked_to_lead):
    member = actions.invite(
        asked_to_lead.community,
        invitees=[Invitee(enroll(asked_to_lead.community.program, "Tom"))],
        by=None,
    )[0]
    leading, plain = (Message.objects.get(recipient=each.person) for each in (asked_to_lead, member))
    page = client.get(place_path(asked_to_lead)).content.decode()
    plain_page = client.get(place_path(member)).content.decode()

    for told in (leading.text, leading.html, page):
        assert "We ask you to lead" in told
        assert "about 30 minutes for each meeting" in told
        assert "join without leading" in told
    for untold in (plain.text, plain.html, plain_page):
        assert "We ask you to lead" not in untold
        assert "without leading" not in untold


def test_a_leaders_yes_leads_to_planning_the_first_meeting(client, asked_to_lead):
    welcome = client.post(place_path(asked_to_lead) + "acceptance/", follow=True).content.decode()
    planning = reverse("meetings:plan", args=[asked_to_lead.community_id])

    assert "the first meeting is yours to plan" in welcome
    assert f'href="{planning}"' in welcome
    assert client.get(planning)["Location"].endswith(f"?next={planning}")
    client.force_login(asked_to_lead.person)
    assert client.get(planning).status_code == 200


def test_a_leader_who_cannot_sign_in_is_offered_no_page_that_asks_for_it(client, asked_to_lead):
    asked_to_lead.person.email = None
    asked_to_lead.person.save()

    welcome = client.post(place_path(asked_to_lead) + "acceptance/", follow=True).content.decode()

    assert "You lead this group" in welcome
    assert reverse("meetings:plan", args=[asked_to_lead.community_id]) not in welcome


def test_who_is_asked_to_lead_may_join_without(client, asked_to_lead):
    answers = [
        client.post(place_path(asked_to_lead) + "acceptance/", {"without_leading": "1"}, follow=True)
        for _ in range(2)
    ]
    membership = Membership.objects.get(pk=asked_to_lead.pk)

    assert (membership.state, membership.role) == (State.ACTIVE, Membership.Role.MEMBER)
    assert list(Entry.objects.filter(verb="membership.made_member")) != []
    for answer in answers:
        assert "Plan the first meeting" not in answer.content.decode()


def test_an_invitation_to_lead_taken_back_stays_taken_back_without_leading(client, asked_to_lead):
    actions.withdraw(asked_to_lead, by=None)

    answer = client.post(place_path(asked_to_lead) + "acceptance/", {"without_leading": "1"})

    assert (answer.status_code, state_of(asked_to_lead)) == (422, State.WITHDRAWN)


def test_what_was_written_is_kept_whatever_the_answer(client, invited):
    staff = make_staff(invited.community.program)

    client.post(place_path(invited) + "acceptance/", {"worry": "Too many meetings", "declining": "not kept"})

    assert list(InvitationWord.objects.values_list("kind", "text")) == [("worry", "Too many meetings")]
    assert state_of(invited) == State.ACTIVE
    assert set(Message.objects.values_list("recipient", flat=True)) == {staff.pk, invited.person.pk}


def test_saying_no_needs_no_reason_and_can_be_undone(client, invited):
    refused = client.post(
        place_path(invited) + "refusal/", {"question": "Later?", "declining": ""}, follow=True
    )
    offered = "Join after all" in refused.content.decode()
    client.post(place_path(invited) + "acceptance/")
    client.post(place_path(invited) + "refusal/")
    client.post(place_path(invited) + "acceptance/")

    assert (offered, state_of(invited)) == (True, State.ACTIVE)
    assert "Later?" in client.get(place_path(invited)).content.decode()


def test_a_member_pauses_comes_back_and_leaves_by_the_same_link(client, invited):
    invited.state = State.ACTIVE
    invited.save()
    states = []

    for change in ("pause", "pause", "acceptance", "departure", "departure", "acceptance"):
        client.post(f"{place_path(invited)}{change}/")
        states.append(state_of(invited))

    assert states == ["paused", "paused", "active", "left", "left", "active"]


def test_each_state_has_its_words(client, invited):
    said = {}

    for state in State:
        Membership.objects.filter(pk=invited.pk).update(state=state, joined_at="2026-12-01T00:00Z")
        page = client.get(place_path(invited)).content.decode()
        headings = re.findall(r"<h2>\s*(.+?)\s*</h2>", page)
        said[state.value] = [
            words
            for words in ("You are in", "You are pausing", "You said no", "You have left", "Your answer")
            if words in headings
        ] + ["no longer open"] * ("no longer open" in page)

    assert said == {
        "invited": ["Your answer"],
        "active": ["You are in"],
        "paused": ["You are pausing"],
        "declined": ["You said no"],
        "left": ["You have left"],
        "withdrawn": ["no longer open"],
    }


def test_asking_alone_decides_nothing_and_an_empty_question_is_sent_back(client, invited):
    asked = client.post(place_path(invited) + "words/", {"question": "How often?"}, follow=True)
    empty = client.post(place_path(invited) + "words/", {"question": " "})
    too_long = client.post(place_path(invited) + "acceptance/", {"worry": "x" * 2001})

    assert "The answer comes by mail" in asked.content.decode()
    assert (empty.status_code, too_long.status_code) == (422, 422)
    assert "Write something first" in empty.content.decode()
    assert (state_of(invited), InvitationWord.objects.count()) == (State.INVITED, 1)


def test_who_has_no_mail_is_told_where_the_answer_stands(client, invited):
    invited.enrollment.contact_mode = "phone"
    invited.enrollment.save()

    asked = client.post(place_path(invited) + "words/", {"question": "How often?"}, follow=True)

    assert "The answer will stand here." in asked.content.decode()


def test_an_invitation_taken_back_says_so_kindly(client, invited):
    actions.withdraw(invited, by=None)

    answer = client.post(place_path(invited) + "acceptance/")

    assert answer.status_code == 422
    assert "This invitation is no longer open. Please write" in answer.content.decode()
    assert state_of(invited) == State.WITHDRAWN


def test_a_link_that_does_not_hold_is_not_found(client, invited):
    path = place_path(invited)
    other = add_member(invited.community, state=State.INVITED)
    forged = path.replace(f"/{invited.pk}-", f"/{other.pk}-")
    moved = place_path(other)
    Membership.objects.filter(pk=other.pk).update(person=make_person())

    answers = [
        client.get(address).status_code for address in (path, path + "x/", forged, moved, "/invitations/x/")
    ]
    invited.person.link_secret = new_link_secret()
    invited.person.save()

    assert answers == [200, 404, 404, 404, 404]
    assert client.get(path).status_code == 404


def test_a_member_does_the_same_signed_in_and_nobody_does_it_for_them(client, invited):
    path = reverse("communities:membership", args=[invited.pk])
    staff, friend = make_staff(invited.community.program), make_person()
    codes = []

    for person in (invited.person, staff, friend):
        client.force_login(person)
        codes.append((client.get(path).status_code, client.post(path + "acceptance/").status_code))
    client.force_login(invited.person)
    welcome = client.get(path + "welcome/").content.decode()

    assert codes == [(200, 302), (403, 403), (404, 404)]
    assert "The first meeting is not planned yet. You get a mail when it is." in welcome
    assert state_of(invited) == State.ACTIVE


def test_the_page_of_a_large_community_shows_a_part_and_counts_the_rest(
    client, invited, django_assert_max_num_queries
):
    for _ in range(40):
        add_member(invited.community, state=State.INVITED)

    with django_assert_max_num_queries(12):
        page = client.get(place_path(invited)).content.decode()

    assert "and 17 more people" in page


def test_the_mail_begins_with_what_to_do_and_its_link_works_in_text_and_html(client):
    program = make_program(name="Healthy Start & friends")
    ana = enroll(program, "Ana O'Neill")
    community = make_community(program, name="Trust & safety", purpose="Being safe", hours_per_month=3)
    actions.invite(
        community, invitees=[Invitee(ana, [{"code": "stays", "parameters": {}}])], by=make_staff(program)
    )

    mail = Message.objects.get()

    assert mail.subject == "Would you join Trust & safety?"
    assert mail.text.startswith("Say whether you join Trust & safety: one click on your page")
    assert "Ana O'Neill" in mail.text
    assert "You get this because" in mail.text
    for body in (mail.text, mail.html):
        assert "You stay with people whom you know from before." in body
        link = re.search(rf"{re.escape(settings.BASE_URL)}(/invitations/[^\s\"<]+)", body)
        page = client.get(link[1])
        assert (page.status_code, "You are invited to Trust &amp; safety" in page.content.decode()) == (
            200,
            True,
        )


def test_mail_and_page_speak_the_language_of_the_roster(client):
    program = make_program()
    ana = enroll(program, "Ana", language="es", time_zone="Not/AZone")
    membership = actions.invite(make_community(program), invitees=[Invitee(ana)], by=None)[0]

    page = client.get(place_path(membership))

    assert membership.language == "es"
    assert membership.zone.key == "America/New_York"
    assert '<html lang="es"' in page.content.decode()
    assert '<html lang="es"' in Message.objects.get().html


def test_welcome_and_answer_mails_say_what_to_do_first(client, invited):
    staff = make_staff(invited.community.program)
    word = InvitationWord.objects.create(membership=invited, kind="question", text="How often & where?")
    actions.accept(invited, by=invited.person)
    actions.answer_word(word, answer="Once a month.", by=staff)

    mails = {mail.occasion.partition(":")[0]: mail for mail in Message.objects.all()}

    assert mails["welcome"].text.startswith("See what comes next in Rural transport: you are in.")
    assert mails["invitation-word"].text.startswith("Read our answer, then decide about Rural transport.")
    assert "How often & where?" in mails["invitation-word"].text
    assert "Once a month." in mails["invitation-word"].html
    for mail in mails.values():
        link = re.search(rf"{re.escape(settings.BASE_URL)}(/invitations/\S+)", mail.text)
        assert client.get(link[1]).status_code == 200


def gone(invited: Membership, how: str) -> Membership:
    """Take somebody out of their community in one of four ways."""
    if how in {"declined", "left"}:
        if how == "left":
            actions.accept(invited, by=invited.person)
        actions.decline(invited, by=invited.person)
    elif how == "withdrawn":
        actions.withdraw(invited, by=None)
    else:
        end_enrollment(invited.enrollment, by=None)
    invited.refresh_from_db()
    return invited


@pytest.mark.parametrize("how", ["declined", "left", "withdrawn", "off the roster"])
def test_who_is_gone_reads_no_longer_who_is_there_and_writes_no_more(client, invited, how):
    page = place_path(invited)
    before = client.get(page).content.decode()
    gone(invited, how)
    now = client.get(page).content.decode()

    answers = [
        client.post(f"{page}{change}/", {"worry": "Am I still heard?"}) for change in ("words", "refusal")
    ]

    assert "Tom Whitehorse" in before
    assert "Tom Whitehorse" not in now
    assert ("Who else?" in now, "Ask us something" in now) == (False, False)
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("Tom Whitehorse" not in answer.content.decode() for answer in answers)
    said = "You are not in this group now" if how in {"declined", "left"} else "no longer open. Please write"
    assert all(said in answer.content.decode() for answer in answers)
    assert not InvitationWord.objects.filter(text="Am I still heard?").exists()


@pytest.mark.parametrize("how", ["declined", "left"])
def test_who_left_comes_back_in_one_step_and_may_write_with_it(client, invited, how):
    page = place_path(gone(invited, how))

    shown = client.get(page).content.decode()
    client.post(f"{page}acceptance/", {"worry": "Is there room?"})

    assert ("Join after all" in shown or "Come back" in shown) is True
    assert state_of(invited) == State.ACTIVE
    assert InvitationWord.objects.get().text == "Is there room?"


def test_a_no_sent_twice_with_its_words_is_one(client, invited):
    page = place_path(invited)

    codes = [
        client.post(f"{page}refusal/", {"worry": "Time", "declining": "No time"}).status_code
        for _click in range(2)
    ]

    assert codes == [302, 302]
    assert state_of(invited) == State.DECLINED
    assert InvitationWord.objects.count() == 2


def test_nobody_floods_the_staff_and_a_no_is_still_one_step(client, invited):
    make_staff(invited.community.program)
    page = place_path(invited)

    codes = [client.post(f"{page}words/", {"question": f"Who, {number}?"}).status_code for number in range(7)]
    refused = client.post(f"{page}refusal/", {"declining": "Too slow"})
    said_no = client.post(f"{page}refusal/")

    assert codes == [302] * 5 + [422] * 2
    assert (refused.status_code, "Please wait for an answer" in refused.content.decode()) == (422, True)
    assert (said_no.status_code, state_of(invited)) == (302, State.DECLINED)
    assert (InvitationWord.objects.count(), Message.objects.count()) == (5, 5)


def test_what_is_refused_for_its_words_joins_nobody(client, invited):
    page = place_path(invited)
    for number in range(5):
        actions.say(invited, words={"question": f"Who, {number}?"}, by=invited.person)

    refused = client.post(f"{page}acceptance/", {"worry": "And this?"})

    assert (refused.status_code, state_of(invited)) == (422, State.INVITED)


def test_questions_go_on_when_they_are_answered(client, invited):
    for number in range(20):
        word = InvitationWord.objects.create(membership=invited, kind="question", text=f"Who, {number}?")
    InvitationWord.objects.update(created_at="2026-01-01T00:00:00Z")
    with pytest.raises(TooManyWords):
        actions.say(invited, words={"question": "And now?"}, by=invited.person)
    actions.answer_word(word, answer="We", by=None)

    [said] = actions.say(invited, words={"question": "And now?"}, by=invited.person)

    assert said.text == "And now?"
