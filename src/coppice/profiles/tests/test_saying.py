"""What people say of themselves: kept once, changed, taken away, brought back, and told in the record."""

import pytest
from django.db import IntegrityError, transaction

from coppice.communities.tests.factories import enroll, make_program
from coppice.history.models import Entry
from coppice.profiles import actions
from coppice.profiles.actions import NeedSaid, OfferSaid, saying
from coppice.profiles.errors import NothingSaid, TooMuchSaid, TopicOfAnother
from coppice.profiles.models import Audience, Expertise, Need, Profile, Source
from coppice.profiles.tests.factories import make_topic, need, offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa():
    return enroll(make_program(), "Rosa Medina")


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def test_a_need_is_kept_with_its_topic_and_words(rosa):
    grants = make_topic(rosa.program)

    said = actions.voice_need(
        rosa,
        by=rosa.person,
        topic=grants,
        text="  Somebody to read my budget ",
        urgency=Need.Urgency.NOW,
        audience=Audience.PROGRAM,
    )

    kept = Need.objects.get()
    assert (kept, kept.topic, kept.text, kept.urgency, kept.audience, kept.state, kept.source) == (
        said,
        grants,
        "Somebody to read my budget",
        "now",
        "program",
        "raised",
        "self",
    )
    assert (kept.words, kept.topic_name, str(kept)) == ("Somebody to read my budget", "Grants", "Grants")


def test_the_record_tells_of_a_need_and_an_offer_and_not_of_their_words(rosa):
    need(rosa, topic="", text="SECRET-NEED")
    offer(rosa, topic="", text="SECRET-OFFER")

    entries = Entry.objects.order_by("pk")
    assert [(each.verb, each.about, each.subject_name) for each in entries] == [
        ("need.voiced", rosa.person, "A need in their own words"),
        ("offer.made", rosa.person, "An offer in their own words"),
    ]


def test_a_topic_that_the_program_drops_is_still_called_as_it_was_then(rosa):
    said, offered = need(rosa), offer(rosa)

    rosa.program.topics.all().delete()

    said.refresh_from_db()
    offered.refresh_from_db()
    assert (said.topic, said.words, offered.topic, offered.words) == (None, "Grants", None, "Grants")


def test_a_need_takes_a_topic_or_words(rosa):
    with pytest.raises(NothingSaid):
        actions.voice_need(rosa, by=rosa.person, text="   ")
    with pytest.raises(NothingSaid):
        actions.offer_help(rosa, by=rosa.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.create(enrollment=rosa)


def test_a_topic_of_another_program_is_refused(rosa):
    elsewhere = make_topic(make_program())

    with pytest.raises(TopicOfAnother):
        actions.voice_need(rosa, by=rosa.person, topic=elsewhere)
    assert Need.objects.count() == 0


def test_a_job_that_runs_twice_writes_once_whatever_became_of_it(rosa):
    fields = {"by": None, "text": "A van", "source": Source.ACTIVITY}
    first = actions.voice_need(rosa, source_key="activity:1", **fields)
    offered = actions.offer_help(rosa, source_key="activity:1", **fields)
    actions.retire(first, by=rosa.person)

    again = actions.voice_need(rosa, source_key="activity:1", **fields)
    offered_again = actions.offer_help(rosa, source_key="activity:1", **fields)

    assert (again, again.state, offered_again, Need.objects.count(), Expertise.objects.count()) == (
        first,
        "retired",
        offered,
        1,
        1,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.create(enrollment=rosa, text="Another", source_key="activity:1")


def test_several_things_said_at_once_are_kept_and_none_of_them_twice(rosa):
    grants, boards = make_topic(rosa.program), make_topic(rosa.program, "Boards")
    needs = [NeedSaid(topic=grants, urgency=Need.Urgency.NOW), NeedSaid(text="A van")]
    offers = [OfferSaid(topic=boards, level=Expertise.Level.SHOWS), OfferSaid(text="Spreadsheets")]

    said, offered = actions.tell(rosa, by=rosa.person, needs=needs, offers=offers)
    again = actions.tell(rosa, by=rosa.person, needs=needs, offers=offers)

    assert [(each.words, each.urgency) for each in said] == [("Grants", "now"), ("A van", "soon")]
    assert [(each.words, each.level) for each in offered] == [("Boards", "shows"), ("Spreadsheets", "does")]
    assert again == ([], [])


def test_what_is_said_again_takes_what_is_said_of_it_now(rosa):
    grants = make_topic(rosa.program)
    actions.tell(rosa, by=rosa.person, needs=[NeedSaid(grants)], offers=[OfferSaid(text="Maps")])
    Expertise.objects.update(availability="more", state="paused")
    now = (
        [NeedSaid(grants, urgency="now", audience="staff")],
        [OfferSaid(text="Maps", level="shows", audience="program")],
    )

    for _twice in range(2):
        assert actions.tell(rosa, by=rosa.person, needs=now[0], offers=now[1]) == ([], [])

    said, offered = Need.objects.get(), Expertise.objects.get()
    assert (said.topic, said.urgency, said.audience) == (grants, "now", "staff")
    assert (offered.level, offered.audience, offered.availability, offered.state) == (
        "shows",
        "program",
        "more",
        "paused",
    )
    assert verbs() == ["need.voiced", "offer.made", "need.changed", "offer.changed"]


def test_nothing_is_kept_when_one_thing_of_several_is_refused(rosa):
    with pytest.raises(NothingSaid):
        actions.tell(rosa, by=rosa.person, needs=[NeedSaid(text="A van"), NeedSaid()])

    assert (Need.objects.count(), verbs()) == (0, [])


def test_nobody_keeps_more_than_people_read(rosa, monkeypatch):
    monkeypatch.setattr(saying, "MOST_OPEN", 1)
    first, offered = need(rosa), offer(rosa)

    with pytest.raises(TooMuchSaid):
        need(rosa, text="More")
    with pytest.raises(TooMuchSaid):
        offer(rosa, text="More")
    actions.retire(first, by=rosa.person)
    actions.retire(offered, by=rosa.person)
    need(rosa, text="More")
    offer(rosa, text="More")

    with pytest.raises(TooMuchSaid):
        actions.bring_back(first, by=rosa.person)


def test_needs_and_offers_change_go_and_come_back(rosa):
    said, offered = need(rosa), offer(rosa)
    actions.change_need(
        said, by=rosa.person, topic=None, text="A reader", urgency="now", audience="staff", state="addressed"
    )
    actions.change_offer(
        offered,
        by=rosa.person,
        topic=None,
        text="Reading",
        level="shows",
        availability="more",
        audience="program",
        state="paused",
    )
    for row in (said, offered):
        for act in (actions.retire, actions.retire, actions.bring_back, actions.bring_back):
            act(row, by=rosa.person)

    said, offered = Need.objects.get(), Expertise.objects.get()
    assert (said.words, said.topic_name, said.urgency, said.audience, said.state) == (
        "A reader",
        "",
        "now",
        "staff",
        "raised",
    )
    assert (offered.words, offered.level, offered.availability, offered.audience, offered.state) == (
        "Reading",
        "shows",
        "more",
        "program",
        "offered",
    )
    assert verbs() == [
        "need.voiced",
        "offer.made",
        "need.changed",
        "offer.changed",
        "need.retired",
        "need.brought_back",
        "offer.retired",
        "offer.brought_back",
    ]


def test_what_is_removed_is_gone_and_the_record_keeps_that_it_was(rosa):
    for row in (need(rosa), offer(rosa)):
        actions.remove(row, by=rosa.person)

    assert (Need.objects.count(), Expertise.objects.count()) == (0, 0)
    assert verbs()[2:] == ["need.removed", "offer.removed"]


def test_a_profile_keeps_an_object_and_who_sees_what(rosa):
    for _twice in range(2):
        actions.change_profile(
            rosa, by=rosa.person, object_name="A bus ticket", object_story="It began.", hours_audience="staff"
        )

    profile = Profile.objects.get()
    assert (profile.object_name, profile.object_story, profile.object_audience, profile.hours_audience) == (
        "A bus ticket",
        "It began.",
        "communities",
        "staff",
    )
    entry = Entry.objects.get()
    assert (entry.verb, entry.detail) == (
        "profile.changed",
        {"changed": ["hours_audience", "object_name", "object_story"]},
    )


def test_the_limit_holds_when_somebody_changes_what_was_off_the_lists(monkeypatch):
    rosa = enroll(make_program(), "Rosa")
    monkeypatch.setattr(saying, "MOST_OPEN", 1)
    first, helping = need(rosa, text="First"), offer(rosa, text="First")
    for row in (first, helping):
        actions.retire(row, by=rosa.person)
    need(rosa, text="Second")
    offer(rosa, text="Second")
    said = {"by": rosa.person, "topic": None, "text": "First", "audience": "program"}

    with pytest.raises(TooMuchSaid):
        actions.change_need(first, urgency="now", state="raised", **said)
    with pytest.raises(TooMuchSaid):
        actions.change_offer(helping, level="does", availability="call", state="paused", **said)
    actions.change_need(first, urgency="now", state="addressed", **said)

    assert list(Need.objects.order_by("pk").values_list("state", flat=True)) == ["addressed", "raised"]
    assert [offer.is_open for offer in Expertise.objects.order_by("pk")] == [False, True]
