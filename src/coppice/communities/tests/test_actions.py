"""What the verbs of communities do, once and twice."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from coppice.communities import actions, signals
from coppice.communities.actions import Answer, Invitee
from coppice.communities.errors import (
    AlreadyJoined,
    AnsweredAlready,
    AnswersThemself,
    InvitationIsOver,
    NotAMember,
    NothingSaid,
    OtherProgram,
)
from coppice.communities.links import place_path
from coppice.communities.models import Community, InvitationWord, Membership
from coppice.communities.tests.factories import (
    add_member,
    enroll,
    make_community,
    make_program,
    make_staff,
)
from coppice.history.models import Entry
from coppice.notifications.models import Message
from coppice.notifications.tests.factories import make_message

pytestmark = pytest.mark.django_db
State = Membership.State


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def test_a_community_is_founded_with_its_people_invited_and_announced():
    program = make_program()
    staff = make_staff(program)
    ana, tom = enroll(program, "Ana"), enroll(program, "Tom")
    heard = []

    def listen(sender, community, by, **_):
        heard.append((community.pk, by))

    signals.community_formed.connect(listen)
    try:
        community = actions.found(
            program,
            name="Rural transport",
            reason=Community.Reason.AREA,
            starts_on=date(2026, 12, 1),
            ends_on=date(2027, 6, 1),
            time_zone="America/Chicago",
            hours_per_month=Decimal("3.5"),
            benefit=Community.Benefit.PEER_LEARNING,
            members=[Invitee(ana, [{"code": "stays", "parameters": {}}], is_leader=True), Invitee(tom)],
            by=staff,
        )
    finally:
        signals.community_formed.disconnect(listen)

    assert heard == [(community.pk, staff)]
    assert list(
        community.memberships.order_by("pk").values_list(
            "enrollment__name", "state", "role", "source", "reasons"
        )
    ) == [
        ("Ana", "invited", "leader", "assigned", [{"code": "stays", "parameters": {}}]),
        ("Tom", "invited", "member", "assigned", []),
    ]
    assert verbs() == ["community.formed", "membership.invited", "membership.invited"]
    assert list(Message.objects.order_by("pk").values_list("to_address", "list_key", "scope")) == [
        (ana.email, f"community:{community.pk}", f"program:{program.pk}"),
        (tom.email, f"community:{community.pk}", f"program:{program.pk}"),
    ]


def test_nobody_from_another_roster_is_invited():
    community = make_community()
    stranger = enroll(make_program())
    gone = enroll(community.program, ended_at=timezone.now())

    for enrollment in (stranger, gone):
        with pytest.raises(OtherProgram):
            actions.invite(community, invitees=[Invitee(enrollment)], by=None)

    assert community.memberships.count() == 0


def test_no_community_is_founded_with_people_of_another_roster():
    program = make_program()
    stranger = enroll(make_program())
    gone = enroll(program, ended_at=timezone.now())

    for enrollment in (stranger, gone):
        with pytest.raises(OtherProgram):
            actions.found(
                program,
                name="Buses",
                starts_on=date(2026, 12, 1),
                ends_on=date(2027, 6, 1),
                time_zone="UTC",
                members=[Invitee(enrollment)],
                by=None,
            )

    assert (Community.objects.count(), Message.objects.count(), verbs()) == (0, 0, [])


@pytest.mark.parametrize("state", [State.DECLINED, State.LEFT, State.WITHDRAWN])
def test_who_said_no_or_left_can_be_invited_anew(state):
    membership = add_member(make_community(), state=state, ended_at=timezone.now())

    again = actions.invite(membership.community, invitees=[Invitee(membership.enrollment)], by=None)

    membership.refresh_from_db()
    assert (again, membership.state, membership.ended_at) == ([membership], State.INVITED, None)
    assert Message.objects.get().occasion == f"invitation:{membership.pk}"


@pytest.mark.parametrize("state", [State.INVITED, State.ACTIVE, State.PAUSED])
def test_inviting_who_is_here_already_changes_nothing(state):
    membership = add_member(make_community(), state=state)

    again = actions.invite(membership.community, invitees=[Invitee(membership.enrollment)], by=None)

    membership.refresh_from_db()
    assert (again, membership.state, Message.objects.count(), verbs()) == ([], state, 0, [])


@pytest.mark.parametrize("state", [State.INVITED, State.DECLINED, State.LEFT])
def test_accepting_makes_an_active_member_once_and_welcomes_them(state):
    membership = add_member(make_community(), state=state)
    heard = []

    def listen(sender, membership, by, **_):
        heard.append(membership.pk)

    signals.membership_began.connect(listen)
    try:
        accepted = actions.accept(membership, by=membership.person)
        again = actions.accept(membership, by=membership.person)
    finally:
        signals.membership_began.disconnect(listen)

    assert (accepted.state, again.state, again.joined_at) == (State.ACTIVE, State.ACTIVE, accepted.joined_at)
    assert (heard, verbs()) == ([membership.pk], ["membership.joined"])
    assert list(Message.objects.values_list("occasion", flat=True)) == [f"welcome:{membership.pk}"]


def test_coming_back_from_a_pause_keeps_the_day_of_joining_and_writes_no_mail():
    membership = add_member(make_community(), state=State.PAUSED)

    back = actions.accept(membership, by=membership.person)

    assert (back.state, back.joined_at, verbs()) == (
        State.ACTIVE,
        membership.joined_at,
        ["membership.resumed"],
    )
    assert Message.objects.count() == 0


def test_an_invitation_that_is_over_cannot_be_accepted():
    taken_back = add_member(make_community(), state=State.WITHDRAWN)
    of_the_past = add_member(make_community(ended_at=timezone.now()), state=State.INVITED)
    off_the_roster = add_member(make_community(), state=State.INVITED)
    off_the_roster.enrollment.ended_at = timezone.now()
    off_the_roster.enrollment.save()

    for membership in (taken_back, of_the_past, off_the_roster):
        with pytest.raises(InvitationIsOver):
            actions.accept(membership, by=membership.person)

    assert verbs() == []


def test_declining_needs_no_reason_and_keeps_one_that_is_given():
    program = make_program()
    staff = make_staff(program)
    community = make_community(program)
    silent, telling = add_member(community, state=State.INVITED), add_member(community, state=State.INVITED)

    actions.decline(silent, by=silent.person)
    actions.decline(silent, by=silent.person, why="Twice is nothing")
    actions.decline(telling, by=telling.person, why=" No time ")

    assert list(community.memberships.order_by("pk").values_list("state", flat=True)) == ["declined"] * 2
    assert list(InvitationWord.objects.values_list("membership", "kind", "text")) == [
        (telling.pk, "declining", "No time")
    ]
    assert verbs() == ["membership.declined", "invitation_word.said", "membership.declined"]
    assert [message.recipient for message in Message.objects.all()] == [staff]


def test_declining_after_having_joined_is_leaving():
    membership = add_member(make_community(), role=Membership.Role.LEADER)

    left = actions.decline(membership, by=membership.person)

    assert (left.state, left.role, verbs()) == (State.LEFT, Membership.Role.MEMBER, ["membership.left"])


def test_pausing_and_leaving_happen_once():
    membership = add_member(make_community(), role=Membership.Role.LEADER)

    states = [
        actions.pause(membership, by=membership.person).state,
        actions.pause(membership, by=membership.person).state,
        actions.leave(membership, by=membership.person).state,
        actions.leave(membership, by=membership.person).state,
    ]

    membership.refresh_from_db()
    assert states == [State.PAUSED, State.PAUSED, State.LEFT, State.LEFT]
    assert (membership.role, verbs()) == ("member", ["membership.paused", "membership.left"])


def test_only_who_is_in_can_pause():
    with pytest.raises(NotAMember):
        actions.pause(add_member(make_community(), state=State.INVITED), by=None)


@pytest.mark.parametrize(("answer", "state"), [(Answer.ACCEPT, "active"), (Answer.DECLINE, "declined")])
def test_staff_record_an_answer_from_paper(answer, state):
    community = make_community()
    staff = make_staff(community.program)
    membership = add_member(
        community, state=State.INVITED, enrollment=enroll(community.program, "Tom", email="")
    )

    actions.record_answer(membership, answer=answer, by=staff)

    membership.refresh_from_db()
    entry = Entry.objects.get()
    assert (membership.state, entry.actor, entry.about) == (state, staff, membership.person)


@pytest.mark.parametrize(
    ("state", "email", "refusal"),
    [
        (State.DECLINED, "", AnsweredAlready),
        (State.LEFT, "", AnsweredAlready),
        (State.PAUSED, "", AnsweredAlready),
        (State.WITHDRAWN, "", InvitationIsOver),
        (State.INVITED, "tom@example.org", AnswersThemself),
        (State.DECLINED, "tom@example.org", AnsweredAlready),
    ],
)
def test_nobody_is_made_a_member_by_an_answer_that_they_did_not_give(state, email, refusal):
    community = make_community()
    membership = add_member(community, state=state, enrollment=enroll(community.program, "Tom", email=email))

    with pytest.raises(refusal):
        actions.record_answer(membership, answer=Answer.ACCEPT, by=make_staff(community.program))

    membership.refresh_from_db()
    assert (membership.state, verbs()) == (state, [])


@pytest.mark.parametrize("answer", Answer)
def test_an_answer_from_paper_sent_twice_is_one(answer):
    community = make_community()
    membership = add_member(
        community, state=State.INVITED, enrollment=enroll(community.program, "Tom", email="")
    )

    for _click in range(2):
        actions.record_answer(membership, answer=answer, by=None)

    assert len(verbs()) == 1


def test_an_invitation_is_taken_back_once_and_never_from_who_joined():
    community = make_community()
    invited, active = add_member(community, state=State.INVITED), add_member(community)

    actions.withdraw(invited, by=None)
    again = actions.withdraw(invited, by=None)

    with pytest.raises(AlreadyJoined):
        actions.withdraw(active, by=None)
    assert (again.state, verbs()) == (State.WITHDRAWN, ["membership.withdrawn"])


def test_a_leader_is_made_and_unmade_once():
    membership = add_member(make_community())

    actions.make_leader(membership, by=None)
    leader = actions.make_leader(membership, by=None).role
    member = actions.remove_leader(membership, by=None).role

    assert (leader, member) == ("leader", "member")
    assert verbs() == ["membership.made_leader", "membership.made_member"]
    with pytest.raises(InvitationIsOver):
        actions.make_leader(add_member(membership.community, state=State.LEFT), by=None)


def test_who_is_invited_is_asked_by_mail_to_lead_once_a_day():
    membership = add_member(make_community(name="Hedgerow"), "Fay", state=State.INVITED)

    for _again in range(2):
        actions.make_leader(membership, by=None)
        actions.make_leader(membership, by=None)
        actions.remove_leader(membership, by=None)

    [mail] = Message.objects.all()
    assert (mail.recipient, mail.subject) == (membership.person, "Would you lead Hedgerow?")
    assert "You can also join without leading" in mail.text
    assert place_path(membership) in mail.text


def test_who_is_in_already_leads_at_once_and_gets_no_mail():
    membership = add_member(make_community(), "Fay")

    actions.make_leader(membership, by=None)

    assert Message.objects.count() == 0


@pytest.mark.parametrize(("without_leading", "role"), [(False, "leader"), (True, "member")])
def test_who_was_asked_to_lead_later_joins_with_or_without_leading(without_leading, role):
    membership = add_member(make_community(), "Fay", state=State.INVITED)
    actions.make_leader(membership, by=None)

    joined = actions.accept(membership, by=membership.person, without_leading=without_leading)

    assert (joined.state, joined.role) == (State.ACTIVE, role)


def test_words_reach_staff_once_and_repeats_are_left_out():
    community = make_community()
    staff = make_staff(community.program)
    membership = add_member(community, state=State.INVITED)
    words = {InvitationWord.Kind.QUESTION: "How often?", InvitationWord.Kind.WORRY: "  "}

    said = actions.say(membership, words=words, by=membership.person)
    again = actions.say(membership, words=words, by=membership.person)

    assert [(word.kind, word.text) for word in said] == [("question", "How often?")]
    assert again == []
    assert [(m.recipient, m.subject) for m in Message.objects.all()] == [
        (staff, f"{membership.enrollment} wrote about {community}")
    ]
    with pytest.raises(NothingSaid):
        actions.say(membership, words={"worry": " "}, by=membership.person)


def test_an_answer_is_mailed_and_a_corrected_one_again():
    community = make_community()
    staff = make_staff(community.program)
    word = InvitationWord.objects.create(
        membership=add_member(community, state=State.INVITED), kind="question", text="How often?"
    )

    actions.answer_word(word, answer="Once a month.", by=staff)
    actions.answer_word(word, answer=" Once a month. ", by=staff)
    word.refresh_from_db()
    first = word.answered_at
    timezone_later = first.replace(year=first.year - 1)
    Message.objects.update(period=f"{timezone_later:%Y%m%d%H%M%S}")
    actions.answer_word(word, answer="Twice a month.", by=staff)

    assert (word.answered_by, verbs()) == (staff, ["invitation_word.answered"] * 2)
    assert ["Once a month." in m.text for m in Message.objects.order_by("pk")] == [True, False]
    with pytest.raises(NothingSaid):
        actions.answer_word(word, answer=" ", by=staff)


def test_the_frame_and_the_stage_change_and_are_recorded_once():
    community = make_community(name="Before")

    actions.edit(community, by=None, name="After", purpose="")
    actions.edit(community, by=None, name="After")
    actions.set_stage(community, stage="maturing", by=None)
    actions.set_stage(community, stage="maturing", by=None)

    community.refresh_from_db()
    assert (community.name, community.stage) == ("After", "maturing")
    assert list(Entry.objects.order_by("pk").values_list("verb", "detail")) == [
        ("community.edited", {"changed": ["name"]}),
        ("community.stage_set", {"from": "potential", "to": "maturing"}),
    ]


def test_a_person_who_unsubscribed_or_has_no_mail_gets_none():
    community = make_community()
    by_phone = enroll(community.program, "Tom", contact_mode="phone")
    on_paper = enroll(community.program, "Lin", email="")

    invited = actions.invite(community, invitees=[Invitee(by_phone), Invitee(on_paper)], by=None)

    assert [membership.mail_address for membership in invited] == ["", ""]
    assert set(Membership.objects.without_mail()) == set(invited)
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("state", "goes"),
    [
        ("active", lambda member: actions.leave(member, by=None)),
        ("invited", lambda member: actions.decline(member, by=None)),
        ("invited", lambda member: actions.withdraw(member, by=None)),
        (
            "active",
            lambda member: actions.transfer(member, to=make_community(member.community.program), by=None),
        ),
    ],
)
def test_what_waits_for_somebody_who_goes_does_not_leave(state, goes):
    member = add_member(make_community(), state=state)
    key = member.community.list_key
    waiting = make_message(member.person, list_key=key)
    failed = make_message(member.person, list_key=key, state="failed")
    sent = make_message(member.person, list_key=key, state="sent")
    of_another = make_message(list_key=key)

    goes(member)

    kept = Message.objects.filter(pk__in=[waiting.pk, failed.pk, sent.pk, of_another.pk])
    assert set(kept) == {sent, of_another}


def test_staff_who_leave_as_members_keep_what_waits_for_them():
    community = make_community()
    person = make_staff(community.program)
    member = add_member(community, enrollment=enroll(community.program, person=person))
    waiting = make_message(person, list_key=community.list_key)

    actions.leave(member, by=person)

    assert Message.objects.filter(pk=waiting.pk).exists()
