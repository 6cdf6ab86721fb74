"""Who has yet to answer is found in the list of people, and reminded at most once a week."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities import actions
from coppice.communities.errors import NobodyToRemind
from coppice.communities.models import Community, Membership
from coppice.communities.queries import reminders_of
from coppice.communities.tests.factories import add_member, enroll, make_community, make_program, make_staff
from coppice.history.models import Entry
from coppice.notifications.actions import mute
from coppice.notifications.models import Message
from coppice.programs import answers

pytestmark = pytest.mark.django_db
State = Membership.State


@pytest.fixture
def community() -> Community:
    community = make_community(make_program(name="Healthy Start"), name="Rural transport")
    add_member(community, "Ana", state=State.INVITED)
    add_member(community, "Bo", state=State.INVITED)
    add_member(community, "Cleo")
    return community


def reminded() -> list[str]:
    return sorted(Message.objects.values_list("recipient__name", flat=True))


def test_only_those_who_have_not_answered_and_have_mail_are_reminded(community):
    staff = make_staff(community.program)
    phone = add_member(community, "Dora", state=State.INVITED)
    phone.enrollment.contact_mode = "phone"
    phone.enrollment.save()
    muted = add_member(community, "Eli", state=State.INVITED)
    mute(muted.person, list_key=community.list_key)
    gone = add_member(community, "Fay", state=State.INVITED)
    gone.enrollment.ended_at = timezone.now()
    gone.enrollment.save()
    add_member(make_community(), "Of another program", state=State.INVITED)

    count = actions.remind_invited(community.program, by=staff)

    assert (count, reminded()) == (2, ["Ana", "Bo"])
    message = Message.objects.get(recipient__name="Ana")
    assert message.subject == "Reminder: would you join Rural transport?"
    assert (message.list_key, message.scope) == (community.list_key, community.program.scope)
    assert "A yes helps, and so does a no." in message.text
    entry = Entry.objects.get(verb="invitations.reminded")
    assert (entry.actor, entry.scope, entry.detail) == (staff, community.program.scope, {"people": 2})
    figures = reminders_of(community.program)
    assert (figures.due, figures.without_mail, figures.reminded, figures.waiting) == ([], 2, 2, 4)
    assert figures.last_at == max(Message.objects.values_list("created_at", flat=True))


def test_nobody_is_reminded_twice_within_a_week(community):
    actions.remind_invited(community.program, by=None)
    add_member(community, "Gus", state=State.INVITED)

    assert actions.remind_invited(community.program, by=None) == 1
    with pytest.raises(NobodyToRemind):
        actions.remind_invited(community.program, by=None)

    Message.objects.update(created_at=timezone.now() - timedelta(days=7), period="a week ago")
    assert actions.remind_invited(community.program, by=None) == 3
    assert reminded() == ["Ana", "Ana", "Bo", "Bo", "Gus", "Gus"]


def test_one_mail_goes_to_whoever_is_invited_twice(community):
    other = make_community(community.program)
    ana = community.memberships.get(enrollment__name="Ana")
    add_member(other, enrollment=ana.enrollment, state=State.INVITED)

    actions.remind_invited(community.program, by=None)

    assert Message.objects.get(recipient=ana.person).list_key == community.list_key


def test_staff_read_whom_it_reaches_and_send_it(client, community):
    client.force_login(make_staff(community.program))
    address = reverse("communities:reminder", args=[community.program_id])

    before = client.get(address).content.decode()
    sent = client.post(address, follow=True).content.decode()
    again = client.post(address, follow=True).content.decode()

    assert "2 people get one short mail each" in before
    assert "Nobody has been reminded so far." in before
    assert "A reminder is on its way to 2 people." in sent
    assert "2 people were reminded less than a week ago, and are left in peace." in sent
    assert "Whoever was reminded is left in peace for a week." in again
    assert "button-main" not in again
    assert Message.objects.count() == 2


def test_the_list_of_people_says_who_answered_what_and_narrows_to_it(client, community):
    program = community.program
    add_member(community, "Dora", state=State.DECLINED)
    enroll(program, "Hugo")
    client.force_login(make_staff(program))
    address = reverse("programs:people", args=[program.pk])

    everybody = client.get(address).content.decode()
    invited = client.get(address, {"answer": "invited"})
    not_asked = client.get(address, {"answer": "nobody", "q": "h"}).content.decode()
    unknown = client.get(address, {"answer": "?"}).content.decode()
    nobody = client.get(address, {"answer": "paused"}).content.decode()

    assert [
        words in everybody for words in ("Invited, yet to answer", "Joined", "Declined", "Not invited")
    ] == [True] * 4
    assert "Rural transport" in everybody
    assert [str(enrollment) for enrollment, _given in invited.context["rows"]] == ["Ana", "Bo"]
    assert "2 of 5 people fit." in invited.content.decode()
    assert reverse("communities:reminder", args=[program.pk]) in invited.content.decode()
    assert ("Hugo" in not_asked, "Ana" in not_asked) == (True, False)
    assert ["Ana" in unknown, "Hugo" in unknown] == [True, True]
    assert "Nobody matches. Choose another answer, or fewer letters." in nobody


def test_a_room_registers_its_answers_once():
    before = answers.choices()

    for _twice in range(2):
        for teller in list(answers._tellers):
            answers.register(teller)

    assert answers.choices() == before
