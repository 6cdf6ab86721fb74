"""How much topics interest people before they choose, and the profile board of who agreed to be shown."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coppice.accounts.actions import erase
from coppice.formation import actions
from coppice.formation.interest_board import counted, levels_of, topics_of, who_said
from coppice.formation.market_board import cards_of
from coppice.formation.market_errors import MarketplaceIsOver
from coppice.formation.market_hints import hints_for
from coppice.formation.models import Appearance, Interest, Marketplace, OfferedTopic
from coppice.formation.tests.factories import choosers_of, make_marketplace, offer_topics
from coppice.profiles.models import Audience
from coppice.profiles.tests.factories import need, offer
from coppice.programs.models import Affiliation, Organization

pytestmark = pytest.mark.django_db

NO, PERHAPS, MUCH = Interest.Level.values


@pytest.fixture
def marketplace():
    made = make_marketplace(people=7)
    made.program.enrollments.update(language="en")
    return made


@pytest.fixture
def topics(marketplace):
    return offer_topics(marketplace, "Streets", "Money", "Boards")


@pytest.fixture
def ana(marketplace, topics):
    return choosers_of(marketplace)[0]


def say(chooser, *levels: int | None) -> None:
    """How much the topics interest somebody, in their order; None leaves one open."""
    known = OfferedTopic.objects.filter(marketplace=chooser.marketplace).order_by("pk")
    said = zip(known, levels, strict=False)
    actions.say_interests(chooser, levels={topic.pk: level for topic, level in said if level is not None})


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def own(name: str, chooser) -> str:
    return reverse(f"formation:own_market{name}", args=[chooser.token])


def board(client, chooser, **query) -> str:
    return text(client.get(own("_people", chooser), query))


def test_the_latest_word_counts_and_there_is_one_for_each_topic(ana):
    say(ana, MUCH, PERHAPS)
    say(ana, NO)

    assert [str(each) for each in Interest.objects.order_by("topic")] == ["Streets: No", "Money: Perhaps"]


def test_nothing_is_said_when_the_time_is_over_and_of_topics_that_do_not_stand(ana, topics):
    actions.hide_topic(topics[0], by=None)
    actions.merge(topics[1], into=topics[2], by=None)
    say(ana, MUCH, MUCH, MUCH)
    assert [each.topic.name for each in Interest.objects.all()] == ["Boards"]

    Marketplace.objects.update(closes_on="2020-01-01")
    late = choosers_of(Marketplace.objects.get())[0]
    for act in (lambda: say(late, MUCH), lambda: actions.appear(late)):
        with pytest.raises(MarketplaceIsOver):
            act()


def test_what_was_said_of_a_merged_topic_counts_for_the_other_and_the_higher_word(marketplace, ana, topics):
    streets, money, boards = topics
    people = choosers_of(marketplace)
    say(ana, MUCH, PERHAPS, NO)
    for each in people[1:5]:
        say(each, None, PERHAPS)
    actions.merge(streets, into=money, by=None)
    actions.merge(money, into=boards, by=None)

    assert topics_of(marketplace).roots == dict.fromkeys((each.pk for each in topics), boards.pk)
    assert levels_of(ana) == {boards.pk: MUCH}
    [told] = counted(marketplace, cards_of(marketplace))
    assert (told.much, told.perhaps, told.no, told.people) == (1, 4, 0, 5)


def test_what_is_said_of_a_topic_that_stands_counts_for_all_that_it_is_made_of(
    client, marketplace, ana, topics
):
    streets, money, boards = topics
    people = choosers_of(marketplace)
    for each in people[:5]:
        say(each, MUCH, PERHAPS, MUCH)
    actions.appear(ana)
    actions.merge(streets, into=money, by=None)

    client.post(own("_interests", ana), {f"topic-{money.pk}": NO, f"topic-{boards.pk}": MUCH})

    assert levels_of(ana) == {money.pk: NO, boards.pk: MUCH}
    told = next(each for each in counted(marketplace, cards_of(marketplace)) if each.card.topic == money)
    assert (told.much, told.no) == (4, 1)
    assert ana.enrollment.name not in board(client, people[1], topic=money.pk)
    actions.undo_merger(streets, by=None)
    assert levels_of(ana)[streets.pk] == NO, "the latest word, of both"
    assert levels_of(people[1])[streets.pk] == MUCH


def test_staff_read_counts_from_five_on_of_most_interest_first_and_nobody_who_has_left(
    client, marketplace, topics
):
    people = choosers_of(marketplace)
    for place, each in enumerate(people[:6]):
        say(each, PERHAPS, MUCH if place % 2 else NO, *([MUCH] if place < 4 else []))
    people[6].enrollment.interests.create(topic=topics[0], level=MUCH)
    type(people[6].enrollment).objects.filter(pk=people[6].enrollment.pk).update(ended_at="2026-01-01T00:00Z")
    actions.appear(people[0])
    client.force_login(marketplace.opened_by)

    page = text(client.get(reverse("formation:market_interests", args=[marketplace.pk])))

    assert "6 of 6 people have said" in page
    assert "1 is on the profile board." in page
    assert re.search(r"Money 3 0 3 0 Streets 0 6 0 0 Boards Hidden: fewer than 5 people 0", page)
    assert who_said(marketplace) == (6, 0)


def test_people_say_it_by_their_link_page_by_page_and_their_board_begins_with_it(client, marketplace, ana):
    client.get(own("_interests", ana))
    first, second, third = OfferedTopic.objects.order_by("pk")
    sent = {f"topic-{second.pk}": MUCH, f"topic-{third.pk}": PERHAPS}

    answer = client.post(own("_interests", ana), sent)

    assert (answer.status_code, answer.headers["Location"]) == (302, own("", ana))
    page = text(client.get(own("", ana)))
    assert "What interests you comes first, as you said." in page
    assert page.index("Money") < page.index("Boards") < page.index("Streets")
    assert ("Interests you much" in page, "Interests you perhaps" in page) == (True, True)
    assert page.count("Interests you") == 2
    form = client.get(own("_interests", ana)).content.decode()
    assert len(re.findall(r"checked", form)) == 2
    assert first.interests.count() == 0


def test_many_topics_are_asked_page_by_page(client, marketplace, ana):
    offer_topics(marketplace, *(f"Topic {number}" for number in range(20)))
    first, last = OfferedTopic.objects.order_by("pk")[0], OfferedTopic.objects.order_by("pk").last()

    answer = client.post(own("_interests", ana), {f"topic-{first.pk}": MUCH})
    assert answer.headers["Location"] == f"{own('_interests', ana)}?page=2"
    answer = client.post(answer.headers["Location"], {f"topic-{last.pk}": PERHAPS})

    assert answer.headers["Location"] == own("", ana)
    assert Interest.objects.count() == 2


def test_a_word_that_is_none_is_refused_and_one_too_late_is_told_so(client, marketplace, ana, topics):
    wrong = client.post(own("_interests", ana), {f"topic-{topics[0].pk}": "9"})
    assert wrong.status_code == 422

    Marketplace.objects.update(closes_on="2020-01-01")
    late = client.post(own("_interests", ana), {f"topic-{topics[0].pk}": MUCH})
    assert (late.status_code, Interest.objects.count()) == (422, 0)
    assert "The time to choose is over" in text(late)
    client.post(own("_appearance", ana))
    assert Appearance.objects.count() == 0


def test_who_cannot_decide_gets_what_interests_them_and_never_what_does_not(ana, marketplace, topics):
    say(ana, NO, PERHAPS, MUCH)

    hints = hints_for(ana, cards_of(marketplace))

    assert [str(each.card.topic) for each in hints] == ["Boards", "Money"]
    assert hints[0].why[0] == "You said that it interests you much."
    assert hints[1].why[0] == "You said that it perhaps interests you."


def test_only_who_agreed_is_on_the_board_with_what_they_share_with_the_program(client, marketplace, ana):
    _ana, bo, cy = choosers_of(marketplace)[:3]
    house = Organization.objects.create(program=marketplace.program, name="Harbor Clinic")
    Affiliation.objects.create(enrollment=bo.enrollment, organization=house)
    offer(bo.enrollment, "Grant letters", audience=Audience.PROGRAM)
    offer(bo.enrollment, "Family matters", audience=Audience.COMMUNITIES)
    need(bo.enrollment, "A second reader", audience=Audience.PROGRAM)
    need(bo.enrollment, "Money troubles", audience=Audience.STAFF)
    say(bo, MUCH, PERHAPS)
    say(cy, MUCH)
    assert "Nobody is shown here yet." in board(client, ana)

    for _time in range(2):
        client.post(own("_appearance", bo))

    page = board(client, ana)
    assert all(each in page for each in (bo.enrollment.name, "Harbor Clinic", "Grant letters"))
    assert ("A second reader" in page, "Interested in Streets" in page) == (True, True)
    assert not any(each in page for each in (cy.enrollment.name, "Family matters", "Money troubles"))
    assert str(Appearance.objects.get()) == f"{bo.enrollment}, Launch"
    client.post(own("_appearance_end", bo))
    client.post(own("_appearance_end", bo))
    assert bo.enrollment.name not in board(client, ana)


def test_the_board_is_filtered_by_the_topic_that_interests_people_much(client, marketplace, ana, topics):
    bo, cy = choosers_of(marketplace)[1:3]
    for each, levels in ((bo, (MUCH, NO)), (cy, (PERHAPS, MUCH))):
        say(each, *levels)
        actions.appear(each)
    actions.merge(topics[0], into=topics[2], by=None)

    merged = board(client, ana, topic=topics[2].pk)
    assert (bo.enrollment.name in merged, cy.enrollment.name in merged) == (True, False)
    assert cy.enrollment.name in board(client, ana, topic=topics[1].pk)
    assert bo.enrollment.name in board(client, ana, topic="nonsense")
    actions.disappear(cy)
    assert "Nobody on this board has said" in board(client, ana, topic=topics[1].pk)


def test_who_leads_an_organization_reads_no_cards_and_shows_their_own(client, marketplace, ana):
    bo = choosers_of(marketplace)[1]
    actions.appear(bo)
    house = Organization.objects.create(program=marketplace.program, name="Harbor Clinic")
    Affiliation.objects.create(enrollment=ana.enrollment, organization=house, is_lead=True)

    page = board(client, ana)

    assert (bo.enrollment.name in page, "You lead an organization" in page) == (False, True)
    client.post(own("_appearance", ana))
    assert ana.enrollment.name in board(client, bo)


def test_only_the_person_themself_signed_in_is_led_to_their_profile(client, ana):
    assert "What your profile shares" not in board(client, ana)

    client.force_login(ana.person)
    page = text(client.get(reverse("formation:member_market_people", args=[ana.marketplace.pk])))
    assert "What your profile shares" in page


def test_whoever_is_erased_or_leaves_is_no_longer_there(client, marketplace, ana):
    bo, cy = choosers_of(marketplace)[1:3]
    for each in (bo, cy):
        say(each, MUCH)
        actions.appear(each)
    name = cy.enrollment.name
    type(cy.enrollment).objects.filter(pk=cy.enrollment.pk).update(ended_at="2026-01-01T00:00Z")
    assert name not in board(client, ana)

    erase(bo.person, by=None)
    assert (Interest.objects.count(), Appearance.objects.count()) == (1, 1)


def test_pages_cost_as_many_queries_however_many_there_are(client, marketplace, ana):
    people = choosers_of(marketplace)
    client.force_login(marketplace.opened_by)

    def costs() -> list[int]:
        found = []
        for path in (
            *(own(name, ana) for name in ("", "_interests", "_people", "_hints")),
            reverse("formation:market_interests", args=[marketplace.pk]),
        ):
            client.get(path)
            with CaptureQueriesContext(connection) as asked:
                client.get(path)
            found.append(len(asked))
        return found

    for each in people[:2]:
        say(each, MUCH, PERHAPS, NO)
        actions.appear(each)
        offer(each.enrollment, "Letters", audience=Audience.PROGRAM)
        need(each.enrollment, "Readers", audience=Audience.PROGRAM)
    few = costs()
    offer_topics(marketplace, *(f"Topic {number}" for number in range(5)))
    for each in people[2:]:
        say(each, *[MUCH] * 8)
        actions.appear(each)
        offer(each.enrollment, "Letters", audience=Audience.PROGRAM)
        need(each.enrollment, "Readers", audience=Audience.PROGRAM)
    assert (costs(), max(few) <= 12) == (few, True), few
