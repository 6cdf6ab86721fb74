"""Publishing founds everything at once, once, with mails that were composed before."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coppice.communities import links
from coppice.communities.models import Community, Membership
from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.formation import actions, tasks
from coppice.formation.errors import AlreadyPublished, NobodyPlaced, NotProposed
from coppice.formation.frames import Frame, frame_of
from coppice.formation.models import Formation, Marketplace
from coppice.formation.publishing import ready
from coppice.formation.queries import mail_of, mark_on_table
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import (
    choose,
    choosers_of,
    columns_of,
    make_marketplace,
    make_proposal,
    make_proposal_of,
    make_roster,
    offer_topics,
    people_in,
    start_formation,
)
from coppice.history.models import Entry
from coppice.lib.progress import read
from coppice.notifications.models import Message
from coppice.notifications.subscriptions import unsubscribe_url

pytestmark = pytest.mark.django_db
State = Formation.State

FRAME = Frame(
    starts_on=date(2026, 12, 1),
    ends_on=date(2027, 6, 1),
    hours_per_month=Decimal("3.5"),
    asked="One meeting a month",
    purpose="Keep volunteers",
    benefit=Community.Benefit.PEER_LEARNING,
)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def published(formation: Formation, *, by=None) -> list[Community]:
    """The communities of a proposal, after its publication was asked for and the job has run."""
    actions.ask_to_publish(formation, frame=FRAME, by=by)
    tasks.publish.call(formation_id=formation.pk)
    formation.refresh_from_db()
    return [column.community for column in columns_of(formation) if column.community]


def test_every_proposed_community_is_founded_with_its_people():
    formation = make_proposal(people=16, rules=[Rule(Kind.ALIKE, "area")])
    by = make_staff(formation.program)
    leader = people_in(columns_of(formation)[0])[0]
    actions.give_lead(leader, by=by)

    founded = published(formation, by=by)

    first = founded[0]
    assert (formation.state, len(founded)) == (State.PUBLISHED, 2)
    assert {name: getattr(first, name) for name in vars(FRAME)} == vars(FRAME)
    assert (first.reason, first.time_zone) == (Community.Reason.STABLE_TEAM, formation.program.time_zone)
    leading = Membership.objects.get(enrollment=leader.enrollment)
    assert (leading.role, leading.community, leading.reasons) == (
        Membership.Role.LEADER,
        first,
        leader.reasons,
    )
    assert Membership.objects.filter(community__in=founded, state=Membership.State.INVITED).count() == 16
    entry = Entry.objects.get(verb="formation.published")
    assert (entry.actor, entry.detail) == (by, {"communities": 2, "people": 16})
    assert Entry.objects.filter(verb="membership.invited", actor=by).count() == 16


def test_the_mail_and_the_page_tell_the_personal_reason_and_the_topic(client):
    program = make_program()
    for enrollment in make_roster(program, 8):
        enrollment.attributes = {"Wishes": ["Fundraising"] if enrollment.name < "Person 007" else ["Boards"]}
        enrollment.save()
    formation = make_proposal(
        program, minimum=8, maximum=8, rules=[Rule(Kind.ALIKE, "attribute:Wishes", is_told=True)]
    )
    program.topics.create(name="Money for small houses")
    formation.proposed_communities.update(topic=program.topics.get(), name="Community 1")

    published(formation)

    told = {
        enrollment.name: [
            message.text,
            message.html,
            client.get(links.place_path(membership)).content.decode(),
        ]
        for membership in Membership.objects.select_related("enrollment", "person")
        for enrollment in [membership.enrollment]
        for message in [Message.objects.get(recipient=membership.person)]
    }
    spanish = "Tu respuesta a «Wishes» es «Fundraising», y aquí otras 6 personas dicen lo mismo."
    shared = "Your answer to “Wishes” is “Fundraising”, and 6 other people here say the same."
    assert [shared in each for each in told["Person 001"]] == [True] * 3
    assert [spanish in each for each in told["Person 000"]] == [True] * 3
    assert ["Fundraising" in each for each in told["Person 007"]] == [False] * 3
    assert all("Money for small houses." in each for texts in told.values() for each in texts)


@pytest.mark.parametrize(("is_told", "where"), [(False, 0), (True, 3)])
def test_a_roster_column_is_told_to_its_person_only_when_the_manager_ticked_it(client, is_told, where):
    program = make_program()
    for enrollment in make_roster(program, 8):
        enrollment.attributes = {"Gender": "nonbinary" if enrollment.name < "Person 004" else "female"}
        enrollment.save()
    rules = [Rule(Kind.BALANCED, "attribute:Gender"), Rule(Kind.ALIKE, "attribute:Gender", is_told=is_told)]
    formation = make_proposal(program, minimum=8, maximum=8, rules=[*rules, Rule(Kind.BALANCED, "area")])
    assert "attribute:Gender" in str([place.reasons for place in formation.places.all()])

    published(formation)

    person = Membership.objects.select_related("person").get(enrollment__name="Person 001")
    message = Message.objects.get(recipient=person.person)
    page = client.get(links.place_path(person)).content.decode()
    places = [message.text, message.html, page]
    assert sum("Gender" in each for each in places) == where
    assert sum("nonbinary" in each for each in places) == where
    assert ("Gender" in str(person.reasons)) is is_told
    assert "We mixed areas in every group, so that you hear how it is done elsewhere." in message.text


def test_each_invitation_has_the_links_of_its_own_person(client):
    formation = make_proposal(people=8)
    published(formation)

    told = []
    for message in Message.objects.select_related("recipient"):
        membership = Membership.objects.get(person=message.recipient)
        page = links.place_path(membership)
        unsubscribe = unsubscribe_url(membership.person_id, membership.community.list_key)
        told.append(
            (
                message.occasion == f"invitation:{membership.pk}",
                message.list_key == membership.community.list_key,
                [page in each and unsubscribe in each for each in (message.text, message.html)],
                membership.enrollment.name in client.get(page).content.decode(),
                len(re.findall(r"https?://", message.text)),
            )
        )

    assert told == [(True, True, [True, True], True, 3)] * 8


def test_people_without_mail_are_invited_and_get_none(client):
    formation = make_proposal(people=8)
    enrollment = people_in(columns_of(formation)[0])[0].enrollment
    enrollment.contact_mode = "paper"
    enrollment.save()

    [community] = published(formation)

    client.force_login(make_staff(formation.program))
    page = client.get(reverse("formation:publication", args=[formation.pk])).content.decode()
    assert (community.memberships.count(), Message.objects.count()) == (8, 7)
    assert "One person has no mail address here" in page
    assert reverse("communities:without_mail", args=[formation.program_id]) in page


def test_publishing_twice_does_nothing_more():
    formation = make_proposal(people=8)
    first = published(formation)
    late = ready(formation)

    again = published(formation)

    assert again == first == actions.publish(formation, ready=late)
    assert (Community.objects.count(), Membership.objects.count(), Message.objects.count()) == (1, 8, 8)
    assert Entry.objects.filter(verb="formation.published").count() == 1


def test_nothing_changes_by_hand_while_it_is_being_published():
    formation = make_proposal(people=16)
    first, second = columns_of(formation)
    actions.ask_to_publish(formation, frame=FRAME, by=None)

    with pytest.raises(NotProposed):
        actions.move(people_in(first)[0], to=second, by=None)
    with pytest.raises(AlreadyPublished):
        actions.propose_again(formation, by=None)


def test_the_job_makes_ready_before_its_transaction_and_writes_in_few_statements():
    small, large = make_proposal(people=16), make_proposal(people=48)
    counts = []
    for formation in (small, large):
        actions.ask_to_publish(formation, frame=FRAME, by=None)
        formation.refresh_from_db()
        with CaptureQueriesContext(connection) as reads:
            made = ready(formation)
        with CaptureQueriesContext(connection) as writes:
            actions.publish(formation, ready=made)
        assert not [each for each in reads if not each["sql"].startswith("SELECT")]
        counts.append((len(reads), len(writes)))

    assert counts[0] == counts[1]


def test_progress_tells_how_many_invitations_are_written():
    formation = make_proposal(people=16)
    actions.ask_to_publish(formation, frame=FRAME, by=None)
    formation.refresh_from_db()

    tasks.publish.call(formation_id=formation.pk)

    step = read(formation.progress_key)
    assert (step.done, step.total) == (16, 16)


def test_the_sweep_publishes_what_a_lost_job_left():
    formation = make_proposal(people=8)
    actions.ask_to_publish(formation, frame=FRAME, by=None)
    Formation.objects.update(asked_at=timezone.now() - timedelta(minutes=3))

    tasks.sweep.call()

    formation.refresh_from_db()
    assert (formation.state, Membership.objects.count()) == (State.PUBLISHED, 8)


def test_whoever_left_the_roster_before_or_meanwhile_is_not_invited():
    formation = make_proposal(people=16)
    first, second = (place.enrollment for place in people_in(columns_of(formation)[0])[:2])
    first.ended_at = timezone.now()
    first.save()
    actions.ask_to_publish(formation, frame=FRAME, by=None)
    formation.refresh_from_db()
    made = ready(formation)
    second.ended_at = timezone.now()
    second.save()

    actions.publish(formation, ready=made)

    assert Membership.objects.count() == Message.objects.count() == 14
    assert not Membership.objects.filter(enrollment__in=[first, second]).exists()


def test_when_everybody_has_left_meanwhile_the_proposal_is_open_again():
    formation = make_proposal(people=8)
    actions.ask_to_publish(formation, frame=FRAME, by=None)
    formation.program.enrollments.update(ended_at=timezone.now())

    tasks.publish.call(formation_id=formation.pk)

    formation.refresh_from_db()
    assert (formation.state, Community.objects.count()) == (State.PROPOSED, 0)


def test_communities_that_nobody_is_in_are_not_founded():
    formation = make_proposal(people=16)
    empty, full = columns_of(formation)
    empty.places.all().delete()

    [community] = published(formation)

    full.refresh_from_db()
    assert full.community == community


def test_there_is_nothing_to_publish_before_a_proposal_or_without_people_or_unasked():
    waiting = start_formation(make_program())
    empty = make_proposal(people=8)
    unasked = make_proposal(people=8)
    empty.places.all().delete()

    with pytest.raises(NotProposed):
        actions.ask_to_publish(waiting, frame=FRAME, by=None)
    with pytest.raises(NobodyPlaced):
        actions.ask_to_publish(empty, frame=FRAME, by=None)
    with pytest.raises(NotProposed):
        actions.publish(unasked, ready={})


@pytest.mark.parametrize("frame", [FRAME, Frame(starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 1))])
def test_a_frame_is_kept_as_it_was_typed(frame):
    assert frame_of(frame.as_json()) == frame


def test_mail_is_counted_as_it_leaves():
    formation = make_proposal(people=8)
    enroll(formation.program, "Elsewhere")
    [community] = published(formation)
    for state in (Message.State.SENT, Message.State.WITHHELD, Message.State.FAILED):
        message = Message.objects.filter(list_key=community.list_key, state=Message.State.WAITING).first()
        Message.objects.filter(pk=message.pk).update(state=state)

    mail = mail_of(formation)

    assert (mail.out, mail.waiting, mail.failed, mail.total) == (2, 5, 1, 8)


def test_the_page_shows_the_job_then_the_mail_then_the_end(client):
    formation = make_proposal(people=8)
    client.force_login(make_staff(formation.program))
    page = reverse("formation:publication", args=[formation.pk])
    progress = reverse("formation:progress", args=[formation.pk])
    actions.ask_to_publish(formation, frame=FRAME, by=None)

    waiting = client.get(page).content.decode()
    tasks.publish.call(formation_id=formation.pk)
    leaving = client.get(page).content.decode()
    Message.objects.update(state=Message.State.SENT)
    done = client.get(progress).content.decode()
    Message.objects.filter(pk=Message.objects.first().pk).update(state=Message.State.FAILED)
    failed = client.get(page).content.decode()

    assert [
        "Writing the invitations" in waiting,
        "nobody is invited before everything is ready" in waiting,
    ] == [
        True,
        True,
    ]
    assert ["Invitations are leaving" in leaving, "0 of 8 are out." in leaving] == [True, True]
    assert ["Everybody is invited." in done, progress in done] == [True, False]
    assert "One could not be sent: see why." in failed


def test_people_who_are_in_a_community_are_invited_to_another_only_on_purpose(client):
    first = make_proposal(people=16)
    published(first)
    second = Formation.objects.get(pk=first.pk)
    second.pk, second.state, second.on_table = None, State.PROPOSED, None
    second.save()
    proposal = make_proposal_of(second)
    column = columns_of(first)[0]
    column.pk, column.proposal, column.community = None, proposal, None
    column.save()
    there = people_in(columns_of(first)[0])
    for place in there:
        place.pk, place.proposal, place.proposed_community = None, proposal, column
        place.save()
    client.force_login(make_staff(first.program))
    address = reverse("formation:publication", args=[second.pk])
    typed = {"starts_on": "2026-12-01", "ends_on": "2027-06-01", "benefit": FRAME.benefit}
    typed["seen"] = mark_on_table(second)

    shown = client.get(address).content.decode()
    refused = client.post(address, typed)
    unchanged = Formation.objects.get(pk=second.pk).state
    accepted = client.post(address, {**typed, "again": "on"})

    assert f"Invite also the {len(there)} people who have a place in this program already" in shown
    assert (refused.status_code, unchanged) == (422, State.PROPOSED)
    assert (accepted.status_code, Formation.objects.get(pk=second.pk).state) == (302, State.PUBLISHING)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"hours_per_month": "-2"}, "Give 0.1 or more."),
        ({"ends_on": "9999-12-31"}, "Give a day from the year 2000 to 2100."),
    ],
)
def test_a_frame_that_no_community_may_have_is_refused_before_anything_is_asked(client, wrong, sentence):
    formation = make_proposal(people=8)
    client.force_login(make_staff(formation.program))
    typed = {"starts_on": "2026-12-01", "ends_on": "2027-06-01", "benefit": FRAME.benefit}

    refused = client.post(reverse("formation:publication", args=[formation.pk]), {**typed, **wrong})

    assert (refused.status_code, Formation.objects.get().state) == (422, State.PROPOSED)
    assert sentence in refused.content.decode()


def test_a_marketplace_on_which_people_still_choose_is_told_before_anybody_is_invited(client):
    formation = make_proposal(minimum=7, maximum=9)
    client.force_login(formation.created_by)
    page = reverse("formation:publication", args=[formation.pk])
    silent = text_of(client.get(page))
    marketplace = make_marketplace(formation.program, name="Choose your network")
    [topic] = offer_topics(marketplace, "Night shifts")
    choose(topic, choosers_of(marketplace)[0])

    told = client.get(page)

    assert "still choose for themselves" not in silent
    assert "still choose for themselves on “Choose your network”, until" in text_of(told)
    assert "One person has a place there." in text_of(told)
    assert f'href="{marketplace.get_absolute_url()}"' in told.content.decode()


def test_a_marketplace_that_is_over_and_empty_or_settled_is_not_told(client):
    formation = make_proposal(minimum=7, maximum=9)
    client.force_login(formation.created_by)
    yesterday = timezone.localdate() - timedelta(days=3)
    make_marketplace(formation.program, name="Over and empty")
    Marketplace.objects.update(closes_on=yesterday)
    make_marketplace(formation.program, name="Settled")
    Marketplace.objects.filter(name="Settled").update(formation=formation)

    told = text_of(client.get(reverse("formation:publication", args=[formation.pk])))

    assert ["Over and empty" in told, "Settled" in told] == [False, False]
