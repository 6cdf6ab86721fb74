"""A charter: drafted, proposed, differences, consent and objections from a mail, worked through, closed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities import tasks
from coppice.communities.actions import charters, plans
from coppice.communities.charter_board import parts_of, poll_of
from coppice.communities.charter_models import Charter, Consent
from coppice.communities.errors import (
    CharterIsClosed,
    ClosesEarly,
    NotAMember,
    NothingSaid,
    ObjectionUnfounded,
    StaysClosed,
)
from coppice.communities.links import charter_path
from coppice.communities.models import Membership
from coppice.communities.permissions import (
    can_close_charter,
    can_consent,
    can_read_charter,
    can_work_through,
)
from coppice.communities.tests.factories import add_member, make_community, make_person, make_staff
from coppice.history.models import Entry
from coppice.lib.differences import Piece, differences
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db

Answer, State = Consent.Answer, Charter.State
MISSION = {"mission": "We keep volunteers", "scope": "", "sponsor": "", "norms": "", "confidentiality": ""}


@pytest.fixture
def community():
    return make_community(time_zone="UTC")


@pytest.fixture
def leader(community):
    return add_member(community, "Rosa Medina", role="leader")


@pytest.fixture
def tom(community):
    return add_member(community, "Tom Whitehorse")


@pytest.fixture
def charter(community, leader, tom):
    charters.draft(community, mission="We keep volunteers", by=None)
    return charters.propose(community, closes_on=in_days(14), by=None)


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def at(name, thing):
    return reverse(f"communities:{name}", args=[thing.pk])


def verbs():
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def subjects():
    return list(Message.objects.order_by("pk").values_list("subject", flat=True))


def objected(charter, membership, words="Too much"):
    return charters.consent(
        charter, membership=membership, answer=Answer.OBJECT, words=words, proposal="Less", by=None
    )


def test_differences_keep_the_order_of_the_words():
    assert differences("We meet often", "We meet less often") == [
        Piece("same", "We meet "),
        Piece("added", "less "),
        Piece("same", "often"),
    ]
    assert differences("We meet often", "We call often") == [
        Piece("same", "We "),
        Piece("removed", "meet "),
        Piece("added", "call "),
        Piece("same", "often"),
    ]
    assert differences("the same", "the same") == []


def test_a_leader_drafts_reads_it_through_and_asks_everybody(client, community, leader, tom):
    plans.answer(community, question="potential", text="Nobody begins at nothing", by=None)
    plans.add_goal(community, words="People stay", by=None)
    client.force_login(leader.person)
    assert "There is no charter yet" in client.get(at("charter", community)).text
    assert client.get(at("charter_draft", community)).status_code == 200
    for _twice in range(2):
        client.post(at("charter_draft", community), MISSION)
    read = client.get(at("charter_proposal", community)).text
    assert all(words in read for words in ("We keep volunteers", "Nobody begins at nothing", "People stay"))

    assert client.post(at("charter_proposal", community), {"closes_on": "2020-01-01"}).status_code == 422
    client.post(at("charter_proposal", community), {"closes_on": in_days(14)})

    assert "2 have yet to answer" in client.get(at("charter", community)).text
    assert verbs()[-2:] == ["charter.drafted", "charter.proposed"]
    assert len(subjects()) == 2


def test_an_empty_charter_asks_nobody_and_none_closes_before_today(community):
    with pytest.raises(NothingSaid):
        charters.propose(community, closes_on=in_days(1), by=None)
    charters.draft(community, mission="We keep volunteers", by=None)
    with pytest.raises(ClosesEarly):
        charters.propose(community, closes_on=in_days(-1), by=None)


def test_a_new_version_takes_the_place_of_one_that_is_asked_about(client, community, charter, tom):
    charters.draft(community, mission="We keep good volunteers", norms="We listen", by=None)
    second = charters.propose(community, closes_on=in_days(14), by=None)

    charter.refresh_from_db()
    assert (charter.state, second.number) == (State.REPLACED, 2)
    changed, new = parts_of(second, second.plan, charter)
    assert [piece.kind for piece in changed.pieces] == ["same", "added", "same"]
    assert [piece.kind for piece in new.pieces] == ["added"]
    client.force_login(tom.person)
    page = client.get(second.get_absolute_url()).text
    assert "added:" in page
    assert "Version 1" in page
    gone = parts_of(charter, charter.plan, second)[-1]
    assert (gone.text, [piece.kind for piece in gone.pieces]) == ("", ["removed"])
    with pytest.raises(CharterIsClosed):
        objected(charter, tom)


def test_a_member_agrees_and_may_change_it(client, charter, tom):
    client.force_login(tom.person)
    path = at("charter_consent", charter)
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {"answer": "object"}).status_code == 422
    for _twice in range(2):
        client.post(path, {"answer": "agree"})
    client.post(path, {"answer": "note", "words": "Well done", "proposal": "ignored"})

    said = charter.consents.get()
    assert (said.answer, said.words, said.proposal) == (Answer.NOTE, "Well done", "")
    assert verbs().count("charter.answered") == 2
    assert "Your answer, which you can change" in client.get(charter.get_absolute_url()).text


def test_after_the_close_nothing_is_said(client, charter, tom, leader):
    objection = objected(charter, tom)
    charters.close(charter, by=None)
    client.force_login(tom.person)

    assert "is over" in client.post(at("charter_consent", charter), {"answer": "agree"}).text
    with pytest.raises(CharterIsClosed):
        charters.work_through(objection, way="reason", reply="No", by=None)
    with pytest.raises(CharterIsClosed):
        charters.resolve(objection, is_resolved=True, by=None)
    client.force_login(leader.person)
    refused = client.post(at("objection", objection), {"way": "reason", "reply": "No"})
    assert (refused.status_code, "is over" in refused.text) == (422, True)
    own = charter_path(charter, tom).split("?")[0]
    assert "is over" in client.post(f"{own}consent/", {"answer": "agree"}).text


def test_only_members_say_and_objections_have_reasons(community, charter, tom):
    with pytest.raises(ObjectionUnfounded):
        objected(charter, tom, words=" ")
    with pytest.raises(NotAMember):
        objected(charter, add_member(community, "Una", state=Membership.State.LEFT))


def test_an_objection_by_mail_is_worked_through_and_resolved(client, charter, tom, leader):
    clicked = charter_path(charter, tom, answer=Answer.OBJECT)
    assert 'value="object"' in client.get(clicked).text
    assert charter.consents.count() == 0
    own = clicked.split("?")[0]
    unfounded = client.post(f"{own}consent/", {"answer": "object"})
    assert unfounded.status_code == 422
    assert "Say what would harm the group." in unfounded.text
    client.post(f"{own}consent/", {"answer": "object", "words": "Too much", "proposal": "Less"})
    objection = charter.consents.get()

    client.force_login(leader.person)
    assert "Tom Whitehorse objects" in client.get(charter.get_absolute_url()).text
    path = at("objection", objection)
    assert client.get(path).status_code == 200
    assert client.post(path, {"way": "change", "reply": ""}).status_code == 422
    for _twice in range(2):
        client.post(path, {"way": "change", "reply": "Half of it"})
    client.logout()

    assert "Half of it" in client.get(own).text
    assert client.post(f"{own}resolution/", {}).status_code == 422
    client.post(f"{own}resolution/", {"is_resolved": "no"})
    assert poll_of(charter).standing == 1
    for _twice in range(2):
        client.post(f"{own}resolution/", {"is_resolved": "yes"})

    objection.refresh_from_db()
    assert (objection.is_resolved, poll_of(charter).standing) == (True, 0)
    assert verbs()[-3:] == [
        "charter.objection_answered",
        "charter.objection_stands",
        "charter.objection_resolved",
    ]
    name = charter.community.name
    assert subjects()[2:] == [
        f"An objection to the charter of {name}",
        f"Your objection to the charter of {name}",
    ]
    assert "checked" in client.get(own).text


def test_a_closed_objection_is_not_resolved_from_a_mail(client, charter, tom):
    charters.work_through(objected(charter, tom), way="reason", reply="No time", by=None)
    charters.close(charter, by=None)

    own = charter_path(charter, tom)
    refused = client.post(f"{own}resolution/", {"is_resolved": "yes"})

    assert (refused.status_code, charter.consents.get().is_resolved) == (422, None)


def test_nothing_said_works_nothing_through(charter, tom):
    with pytest.raises(NothingSaid):
        charters.work_through(objected(charter, tom), way="reason", reply=" ", by=None)


def test_it_is_adopted_when_somebody_agrees_and_no_objection_stands(client, charter, tom, leader):
    charters.consent(charter, membership=tom, answer=Answer.AGREE, by=None)
    client.force_login(leader.person)
    client.post(at("charter_closing", charter))
    client.post(at("charter_closing", charter))

    charter.refresh_from_db()
    assert charter.state == State.ADOPTED
    assert verbs().count("charter.adopted") == 1
    assert subjects()[-1] == f"The charter of {charter.community.name} is adopted"


def test_who_closed_it_by_mistake_opens_it_again_for_a_short_while(client, charter, tom, leader):
    charters.consent(charter, membership=tom, answer=Answer.AGREE, by=None)
    client.force_login(leader.person)
    charters.reopen(charter, by=leader.person)
    client.post(at("charter_closing", charter))
    Message.objects.filter(occasion__startswith="charter-closed").update(state=Message.State.SENT)
    assert "Open it again" in client.get(charter.get_absolute_url()).text

    client.post(at("charter_reopening", charter))

    charter.refresh_from_db()
    assert (charter.state, charter.closed_at, charter.closed_by) == (State.PROPOSED, None, None)
    assert charter.consents.get().answer == Answer.AGREE
    assert subjects()[-1] == f"The charter of {charter.community.name} is open again"
    assert (verbs().count("charter.adopted"), verbs().count("charter.reopened")) == (1, 1)
    client.post(at("charter_closing", charter))
    client.post(at("charter_reopening", charter))
    assert [each for each in subjects() if each.endswith("is open again")] == [subjects()[-1]]
    client.post(at("charter_closing", charter))
    assert subjects()[-1] == f"The charter of {charter.community.name} is adopted"


def test_what_was_closed_long_ago_by_others_or_for_a_newer_version_stays_closed(client, charter, tom, leader):
    charters.close(charter, by=leader.person)
    late = Charter.objects.get(pk=charter.pk)
    for refused in (
        {"closed_by": tom.person},
        {"closed_by": None},
        {"closed_at": timezone.now() - timedelta(hours=1)},
        {"closes_on": in_days(-2)},
    ):
        Charter.objects.filter(pk=charter.pk).update(**refused)
        with pytest.raises(StaysClosed):
            charters.reopen(charter, by=leader.person)
        late.save()
    charters.propose(charter.community, closes_on=in_days(1), by=None)
    with pytest.raises(StaysClosed):
        charters.reopen(charter, by=leader.person)
    client.force_login(leader.person)
    assert "It stays closed" in client.post(at("charter_reopening", charter), follow=True).text
    assert Charter.objects.get(pk=charter.pk).closed_by == leader.person


def test_it_is_not_adopted_while_an_objection_stands_or_nobody_answered(community, charter, tom):
    objected(charter, tom)
    assert charters.close(charter, by=None).state == State.NOT_ADOPTED
    assert subjects()[-1] == f"The charter of {community.name} is not adopted"

    nobody = charters.propose(community, closes_on=in_days(1), by=None)
    assert charters.close(nobody, by=None).state == State.NOT_ADOPTED


def test_the_clock_closes_it_when_the_last_day_is_over(charter, tom, monkeypatch):
    charters.consent(charter, membership=tom, answer=Answer.AGREE, by=None)
    Charter.objects.update(closes_on=date(2027, 3, 10))

    states = []
    for day in (10, 11, 12):
        moment = datetime(2027, 3, day, 9, tzinfo=UTC)
        monkeypatch.setattr(tasks.timezone, "now", lambda moment=moment: moment)
        tasks.close_charters.func()
        charter.refresh_from_db()
        states.append(charter.state)

    assert states == [State.PROPOSED, State.ADOPTED, State.ADOPTED]
    assert verbs().count("charter.adopted") == 1


def test_a_link_is_of_one_version_and_ends_with_the_membership(client, charter, tom):
    path = charter_path(charter, tom)
    Membership.objects.filter(pk=tom.pk).update(state=Membership.State.LEFT)
    assert client.get(path).status_code == 404

    Membership.objects.filter(pk=tom.pk).update(state=Membership.State.ACTIVE)
    Charter.objects.all().delete()
    assert client.get(path).status_code == 404


def test_who_may_read_consent_close_and_work_through(community, charter, tom, leader):
    objection = objected(charter, tom)
    people = (leader.person, tom.person, make_staff(community.program), make_person())

    assert [can_read_charter(each, charter) for each in people] == [True, True, True, False]
    assert [can_consent(each, charter) for each in people] == [True, True, False, False]
    assert [can_close_charter(each, charter) for each in people] == [True, False, True, False]
    assert [can_work_through(each, objection) for each in people] == [True, False, True, False]


def test_a_draft_begins_with_what_the_group_is_for(client, community, leader):
    community.purpose = "Write a first grant together."
    community.save()
    client.force_login(leader.person)

    begun = client.get(at("charter_draft", community)).text
    client.post(at("charter_draft", community), {"mission": "", "norms": "We listen."})
    emptied = client.get(at("charter_draft", community)).text

    assert "Write a first grant together.</textarea>" in begun
    assert "Write a first grant together.</textarea>" not in emptied


def test_an_answered_objection_waits_for_whoever_objects(client, charter, tom, leader):
    objection = objected(charter, tom)
    client.force_login(leader.person)
    before = client.get(charter.get_absolute_url()).text

    charters.work_through(objection, way="change", reply="Once a month then", by=None)
    after = client.get(charter.get_absolute_url()).text

    assert "To work through" in before
    assert "Answer it" in before
    assert "To work through" not in after
    assert "Answered, theirs to say" in after
    assert "Change the answer" in after
