"""An offer to change places tells what would be lost as honestly as what would be won, and of nobody else."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from coppice.communities.links import token_of
from coppice.communities.tests.factories import enroll, make_program
from coppice.formation.afterwards import circle_of
from coppice.formation.aspects import About, Aspects, Offer, Says
from coppice.formation.models import Formation
from coppice.formation.rules import Kind, Rule
from coppice.formation.swaps import Exchange
from coppice.formation.tests.factories import ask, columns_of, founded, make_published, make_roster, members
from coppice.formation.trade_offs import gains_of, losses_of

pytestmark = pytest.mark.django_db

MORNING, EVENING = ["mon-08", "mon-09", "mon-10"], ["tue-18", "tue-19"]


def exchange_of(one, other) -> Exchange:
    first, second = ask(one, other.community), ask(other, one.community)
    return Exchange(first, second, other.community)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def two_groups(*, people: int, **terms) -> Formation:
    """A published formation in which early and late birds are each among their own."""
    program = make_program()
    for number in range(2 * people):
        hours = MORNING if number < people else EVENING
        language = "en" if number < people else "es"
        enroll(program, f"Person {number:02}", language=language, attributes={"free_hours": hours})
    rules = [Rule(Kind.ALIKE, "language"), Rule(Kind.MEETING_HOURS, amount=2)]
    return make_published(program, rules=rules, minimum=people, maximum=people, **terms)


def early_and_late(formation):
    sides = {}
    for community in founded(formation):
        mine = members(community)
        sides[mine[0].enrollment.language] = mine[0]
    return sides["en"], sides["es"]


def test_who_would_lose_hours_and_company_reads_both():
    formation = two_groups(people=6)
    early, late = early_and_late(formation)
    exchange, circle = exchange_of(early, late), circle_of(formation)

    lost = losses_of(circle, exchange)

    assert "5 other people here speak your language." in lost
    assert "Hours when you are free and that group can meet: 0. With this group: 3." in lost
    assert not any("Hours when you are free" in told for told in gains_of(circle, exchange))
    page = text_of(Client().get(reverse("formation:own_swap", args=[token_of(early)])))
    assert f"What you would leave in {early.community}:" in page
    assert "Hours when you are free and that group can meet: 0." in page
    assert late.enrollment.name not in page


def test_who_would_win_hours_reads_that():
    formation = two_groups(people=6)
    early, late = early_and_late(formation)
    early.enrollment.attributes = {"free_hours": EVENING}
    early.enrollment.save()
    exchange, circle = exchange_of(early, late), circle_of(formation)

    told = "Hours when you are free and that group can meet: 2. With this group: 0."
    assert told in gains_of(circle, exchange)
    assert told not in losses_of(circle, exchange)


@pytest.mark.parametrize("people", [3, 4])
def test_few_hours_are_not_counted_for_they_would_be_somebodys(people):
    formation = two_groups(people=people)
    early, late = early_and_late(formation)

    lost = losses_of(circle_of(formation), exchange_of(early, late))

    assert not any("Hours when" in told for told in lost)


def test_who_gave_no_hours_reads_of_none():
    formation = two_groups(people=6)
    early, late = early_and_late(formation)
    early.enrollment.attributes = {}
    early.enrollment.save()

    told = [*losses_of(circle_of(formation), exchange_of(early, late))]

    assert not any("Hours when" in each for each in told)


def test_a_better_wish_that_is_given_up_is_said():
    program = make_program()
    for number in range(12):
        wishes = ["Grants", "Boards"] if number < 6 else ["Boards", "Grants"]
        enroll(program, f"Person {number:02}", attributes={"wishes": wishes})
    aspects = Aspects(
        columns={"wishes": Says.WISH}, about=About.OFFERED, offers=(Offer("Grants"), Offer("Boards"))
    )
    formation = make_published(program, rules=[Rule(Kind.WISHES)], aspects=aspects, minimum=5, maximum=7)
    topics = {str(each.topic): each.community for each in columns_of(formation)}
    one, other = members(topics["Grants"])[0], members(topics["Boards"])[0]

    exchange, circle = exchange_of(one, other), circle_of(formation)

    assert losses_of(circle, exchange) == ["You asked for Grants first of all."]
    assert gains_of(circle, exchange)[0] == "You asked for Boards."


def test_what_would_be_so_in_any_other_speaks_for_none():
    program = make_program()
    make_roster(program, 24)
    program.enrollments.update(language="en")
    formation = make_published(program, rules=[Rule(Kind.BALANCED, "area"), Rule(Kind.ALIKE, "kind")])
    first, second = founded(formation)[:2]
    exchange, circle = exchange_of(members(first)[0], members(second)[0]), circle_of(formation)
    reasons = circle.told_reasons(exchange.request.membership.enrollment_id, to=second.pk)
    assert "counts_towards" in {each["code"] for each in reasons}

    told = gains_of(circle, exchange)

    assert all("here" in each for each in told)
    assert not any("We mixed" in each or "stays the same" in each for each in told)


def test_where_nothing_speaks_for_either_the_page_says_so():
    formation = make_published(people=24, rules=[])
    first, second = founded(formation)[:2]
    [ana, *_], [bo, *_] = members(first), members(second)
    ana.enrollment.language = bo.enrollment.language = "en"
    ana.enrollment.save()
    exchange = exchange_of(ana, bo)

    page = text_of(Client().get(reverse("formation:own_swap", args=[token_of(ana)])))

    assert (gains_of(circle_of(formation), exchange), losses_of(circle_of(formation), exchange)) == ([], [])
    assert "Of what this page may tell, nothing speaks for one of the two more than for the other." in page
    assert "could suit you" not in page


def test_an_answer_is_told_to_whoever_gave_it_as_in_the_invitation_and_only_where_the_staff_chose_so():
    program = make_program()
    for number in range(16):
        enroll(program, f"Person {number:02}", attributes={"Wants": ("grants", "boards")[number < 8]})
    rules = [Rule(Kind.ALIKE, "attribute:Wants", is_told=True)]
    formation = make_published(program, rules=rules, minimum=8, maximum=8)
    first, second = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    enrollment = ana.enrollment
    enrollment.attributes = {"Wants": bo.enrollment.attributes["Wants"]}
    enrollment.save()
    exchange = exchange_of(ana, bo)

    told = gains_of(circle_of(formation), exchange)

    answer = f"Your answer to “Wants” is “{enrollment.attributes['Wants']}”"
    assert [each.startswith(answer) for each in told] == [True]
    Formation.objects.update(rules=[replace(rules[0], is_told=False).as_json()])
    assert gains_of(circle_of(Formation.objects.get()), exchange) == []


def test_a_free_place_is_weighed_as_an_exchange_is():
    formation = two_groups(people=6)
    early, late = early_and_late(formation)
    request = ask(early, late.community)

    lost = losses_of(circle_of(formation), Exchange(request, None, late.community))

    assert "Hours when you are free and that group can meet: 0. With this group: 3." in lost


def test_without_a_rule_about_hours_none_are_told():
    formation = make_published(people=24, rules=[Rule(Kind.ALIKE, "area")])
    first, second = founded(formation)[:2]

    told = losses_of(circle_of(formation), exchange_of(members(first)[0], members(second)[0]))

    assert not any("Hours when" in each for each in told)
