"""What an interest poll holds, taken as the ranked wishes of a formation, and taken off again."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coppice.formation import actions, tasks
from coppice.formation.aspects import About, Offer, Says, aspects_of
from coppice.formation.errors import AlreadyPublished
from coppice.formation.interest_wishes import holders_of, polls_of
from coppice.formation.market_errors import NoWishes
from coppice.formation.models import Formation, Interest, Place
from coppice.formation.rules import Kind, Rule, Weight, rules_of
from coppice.formation.tests.factories import (
    choosers_of,
    make_marketplace,
    make_published,
    offer_topics,
    start_formation,
)
from coppice.history.models import Entry
from coppice.programs.models import Enrollment, Program

pytestmark = pytest.mark.django_db

NO, PERHAPS, MUCH = Interest.Level.values


@pytest.fixture
def marketplace():
    """Twelve people and three topics: six want Streets much, three Money much, two say no, one is silent."""
    made = make_marketplace(people=12)
    made.program.enrollments.update(language="en")
    streets, money, boards = offer_topics(made, "Streets", "Money", "Boards, and who sits on them")
    people = choosers_of(made)
    for each in people[:6]:
        actions.say_interests(each, levels={streets.pk: MUCH, money.pk: PERHAPS, boards.pk: NO})
    for each in people[6:9]:
        actions.say_interests(each, levels={money.pk: MUCH, streets.pk: NO})
    for each in people[9:11]:
        actions.say_interests(each, levels={streets.pk: NO})
    return made


@pytest.fixture
def formation(marketplace) -> Formation:
    made = start_formation(marketplace.program, by=marketplace.opened_by, minimum=3, maximum=9)
    tasks.propose.call(made.pk)
    made.refresh_from_db()
    return made


def take(formation: Formation, marketplace) -> Formation:
    actions.take_as_wishes(formation, marketplace_id=marketplace.pk, by=marketplace.opened_by)
    formation.refresh_from_db()
    return formation


def wishes_on_roster(formation: Formation) -> list[list[str] | None]:
    rows = Enrollment.objects.filter(program=formation.program).order_by("pk")
    return [row.attributes.get("interest_poll") for row in rows]


def test_much_comes_before_perhaps_no_is_no_wish_and_who_said_nothing_wishes_nothing(formation, marketplace):
    [poll] = polls_of(formation)
    assert (poll.people, poll.silent, poll.topics) == (9, 2, ["Money", "Streets"])
    assert list(poll.wishes.values()) == [["Streets", "Money"]] * 6 + [["Money"]] * 3


def test_within_a_level_no_topic_gains_by_its_place_on_the_board(marketplace, formation):
    topics = list(marketplace.topics.order_by("pk"))
    for each in choosers_of(marketplace):
        actions.say_interests(each, levels={topic.pk: MUCH for topic in topics})
    [poll] = polls_of(formation)
    assert len({wished[0] for wished in poll.wishes.values()}) > 1
    assert polls_of(formation) == [poll], "and it stays the same"


def test_a_merged_topic_counts_for_the_other_and_a_hidden_one_not(formation, marketplace):
    streets, money, _boards = marketplace.topics.order_by("pk")
    actions.merge(streets, into=money, by=None)
    [poll] = polls_of(formation)
    assert list(poll.wishes.values()) == [["Money"]] * 9
    actions.hide_topic(money, by=None)
    assert [each.people for each in polls_of(formation)] == [0]
    with pytest.raises(NoWishes):
        take(formation, marketplace)


def test_one_press_gives_wishes_topics_and_the_aim_and_works_it_out_again(formation, marketplace):
    before = formation.proposals.count()

    assert take(formation, marketplace).state == Formation.State.PROPOSING

    assert wishes_on_roster(formation) == [["Streets", "Money"]] * 6 + [["Money"]] * 3 + [None] * 3
    aspects = aspects_of(formation)
    assert (aspects.about, aspects.offers) == (About.OFFERED, (Offer("Money"), Offer("Streets")))
    assert [(rule.kind, rule.weight) for rule in rules_of(formation) if rule.kind == Kind.WISHES] == [
        (Kind.WISHES, Weight.HIGH)
    ]
    assert Entry.objects.get(verb="formation.wishes_taken").detail["people"] == 9
    tasks.propose.call(formation.pk)
    formation.refresh_from_db()
    assert formation.proposals.count() == before + 1
    first = choosers_of(marketplace)[0].enrollment
    place = Place.objects.get(proposal=formation.on_table, enrollment=first)
    assert place.answers["wishes"] == ["Streets", "Money"]
    assert place.proposed_community.topic.name == "Streets"


def test_columns_and_topics_and_rules_of_before_stay(formation, marketplace):
    aspects = {"columns": {"years": "value"}, "about": "offered", "offers": [{"topic": "MONEY", "most": 2}]}
    formation.aspects, formation.rules = aspects, [Rule(Kind.WISHES, weight=Weight.LOW).as_json()]
    formation.save()

    take(formation, marketplace)

    found = aspects_of(formation)
    assert found.columns == {"years": Says.VALUE, "interest_poll": Says.WISH}
    assert found.offers == (Offer("MONEY", most=2), Offer("Streets"))
    assert [rule.weight for rule in rules_of(formation)] == [Weight.LOW]


def test_taking_again_takes_the_place_of_what_was_taken_and_it_goes_off_again(formation, marketplace):
    take(formation, marketplace)
    first, staff = choosers_of(marketplace)[0], marketplace.opened_by
    actions.say_interests(first, levels={topic.pk: NO for topic in marketplace.topics.all()})
    take(formation, marketplace)
    assert (wishes_on_roster(formation)[0], holders_of(formation)) == (None, 8)

    actions.drop_wishes(formation, by=staff)
    actions.drop_wishes(formation, by=staff)

    assert (set(wishes_on_roster(formation)), holders_of(formation)) == ({None}, 0)
    assert Entry.objects.filter(verb="formation.wishes_dropped").count() == 1


def test_the_page_says_whom_it_touches_before_and_one_press_does_it(client, formation, marketplace):
    client.force_login(marketplace.opened_by)
    Program.objects.filter(pk=formation.program_id).update(community_word=Program.CommunityWord.NETWORK)
    for page in (formation.get_absolute_url(), reverse("formation:settings", args=[formation.pk])):
        assert "Take wishes from an interest poll" in text(client.get(page))
    address = reverse("formation:wishes", args=[formation.pk])
    page = text(client.get(address))
    assert "9 people of 12 on the roster get wishes." in page
    assert "2 said that no topic interests them" in page
    assert "Topics wished for: Money; Streets" in page
    assert "Your peer networks are then about these topics" in page
    assert "Take them off the roster" not in page

    answer = client.post(address, {"marketplace": marketplace.pk}, follow=True)
    assert "9 people have ranked wishes now." in text(answer)

    assert "9 people on the roster hold wishes of a poll." in text(client.get(address))
    answer = client.post(reverse("formation:wishes_end", args=[formation.pk]), follow=True)
    assert "Nobody holds wishes of a poll any longer." in text(answer)
    assert "No wishes can be taken" in text(client.post(address, {"marketplace": 0}, follow=True))


def test_where_there_is_no_poll_and_no_use_for_one_the_page_says_so(client, formation, marketplace):
    client.force_login(marketplace.opened_by)
    address = reverse("formation:wishes", args=[formation.pk])
    Formation.objects.update(reason="whole_cohort")
    assert "so wishes change nothing" in text(client.get(address))
    formation.refresh_from_db()
    with pytest.raises(NoWishes):
        take(formation, marketplace)
    Formation.objects.update(reason="area")
    Interest.objects.all().delete()
    assert "Nobody has said yet" in text(client.get(address))


def test_what_is_published_takes_no_wishes(client):
    formation = make_published()
    with pytest.raises(AlreadyPublished):
        actions.take_as_wishes(formation, marketplace_id=1, by=None)
    with pytest.raises(AlreadyPublished):
        actions.drop_wishes(formation, by=None)
    client.force_login(formation.created_by)
    answer = client.post(reverse("formation:wishes_end", args=[formation.pk]), follow=True)
    assert "This round is published already." in text(answer)


def test_reading_polls_takes_as_many_queries_however_many_there_are(formation, marketplace):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            polls_of(formation)
        return len(asked)

    assert len(polls_of(formation)) == 1
    one = cost()
    for _number in range(2):
        other = make_marketplace(marketplace.program, people=0)
        [topic] = offer_topics(other, "Rides")
        for each in choosers_of(other):
            actions.say_interests(each, levels={topic.pk: MUCH})
    assert (len(polls_of(formation)), cost()) == (3, one)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_where_sizes_and_rules_cannot_hold_the_wishes_are_one_press_away(client, formation, marketplace):
    Formation.objects.update(state=Formation.State.IMPOSSIBLE)
    client.force_login(marketplace.opened_by)

    page = client.get(formation.get_absolute_url()).content.decode()

    assert "What was asked for cannot all hold." in page
    assert f'href="{reverse("formation:wishes", args=[formation.pk])}"' in page
