"""People who came late are placed one by one, and gaps show who could come; nobody else moves."""

import re

import pytest
from django.urls import reverse

from coppice.communities import actions as communities
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, enroll, make_community, make_program, make_staff
from coppice.formation import actions, inputs
from coppice.formation.afterwards import circle_of
from coppice.formation.errors import BreaksRules, Full, HasPlace, NotProposed, OtherFormation
from coppice.formation.gaps import comers, gaps_of, gone_from
from coppice.formation.late import late_people, stand_of
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import (
    ask,
    columns_of,
    founded,
    make_proposal,
    make_published,
    make_roster,
    members,
    start_formation,
)
from coppice.history.models import Entry
from coppice.notifications.models import Message
from coppice.programs.models import Affiliation, Organization

pytestmark = pytest.mark.django_db


def newcomer(program, name="Late Lou", *, house=None):
    enrollment = enroll(program, name)
    organization = house or Organization.objects.filter(program=program).order_by("pk").first()
    Affiliation.objects.create(enrollment=enrollment, organization=organization)
    return enrollment


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


def at(name: str, *args: object) -> str:
    return reverse(f"formation:{name}", args=args)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def where(formation) -> dict[int, int]:
    return dict(formation.places.values_list("enrollment", "proposed_community"))


def test_somebody_late_joins_a_proposal_and_nobody_moves(program):
    formation = make_proposal(program, rules=[Rule(Kind.ALIKE, "area")])
    before, lou = where(formation), newcomer(program)
    best, *others = stand_of(formation, newcomers=[lou.pk]).best(lou.pk)
    by = make_staff(program)

    assert actions.place_late(formation, places={lou.pk: best.group}, by=by) == 1

    place = formation.places.get(enrollment=lou)
    assert (where(formation), best.room) == (before | {lou.pk: best.group}, 1)
    assert len(others) == 2
    assert (place.moved_by_hand, place.reasons) == (False, best.reasons)
    formation.refresh_from_db()
    column = formation.proposed_communities.get(pk=best.group)
    assert round(100 * column.score) == best.after
    assert Entry.objects.get(verb="formation.placed_late", about=lou.person).detail == {"to": column.name}
    with pytest.raises(HasPlace):
        actions.place_late(formation, places={lou.pk: best.group}, by=by)


def test_what_the_engine_was_asked_is_still_known_after_somebody_late_was_placed(program):
    formation = make_proposal(program)
    asked = inputs.problem_of(formation.on_table, formation.places)
    lou = newcomer(program)
    best = stand_of(formation, newcomers=[lou.pk]).best(lou.pk)[0]

    actions.place_late(formation, places={lou.pk: best.group}, by=make_staff(program))

    assert inputs.problem_of(formation.on_table, formation.places) == asked
    assert str(lou.pk) not in inputs.worked_out(formation.on_table, formation.places)


def test_places_are_not_found_beyond_the_largest_size_nor_elsewhere(program):
    formation = make_proposal(program, maximum=8)
    other = make_proposal(program)
    lou, by = newcomer(program), make_staff(program)

    assert stand_of(formation, newcomers=[lou.pk]).best(lou.pk) == []
    with pytest.raises(Full):
        actions.place_late(formation, places={lou.pk: columns_of(formation)[0].pk}, by=by)
    with pytest.raises(OtherFormation):
        actions.place_late(formation, places={lou.pk: columns_of(other)[0].pk}, by=by)
    assert not formation.places.filter(enrollment=lou).exists()


def test_a_rule_that_must_hold_is_broken_only_knowingly(program):
    formation = make_proposal(program, rules=[Rule(Kind.APART, "organization")], minimum=4, maximum=9)
    lou, by = newcomer(program), make_staff(program)
    best = stand_of(formation, newcomers=[lou.pk]).best(lou.pk)
    bad = next(each for each in best if each.breaks)

    with pytest.raises(BreaksRules):
        actions.place_late(formation, places={lou.pk: bad.group}, by=by)
    actions.place_late(formation, places={lou.pk: bad.group}, by=by, despite_rules=True)

    formation.refresh_from_db()
    assert [each["code"] for each in formation.outcome["broken"]] == ["too_many"]


def test_nothing_is_placed_while_it_is_worked_out(program):
    formation = start_formation(program)

    with pytest.raises(NotProposed):
        actions.place_late(formation, places={}, by=make_staff(program))


def test_somebody_late_is_invited_after_publication_as_the_others_were(program):
    formation = make_published(program, rules=[Rule(Kind.BALANCED, "attribute:Wants")])
    lou, by = newcomer(program), make_staff(program)
    best = stand_of(formation, newcomers=[lou.pk]).best(lou.pk)[0]

    actions.place_late(formation, places={lou.pk: best.group}, by=by)

    membership = Membership.objects.get(enrollment=lou)
    assert (membership.state, membership.source, membership.community_id) == (
        "invited",
        "assigned",
        best.group,
    )
    # A rule about a column that nobody may read tells nothing.
    assert all("attribute" not in each["parameters"] for each in membership.reasons)
    mail = Message.objects.get(recipient=lou.person)
    assert mail.occasion == f"invitation:{membership.pk}"
    assert Entry.objects.filter(verb="formation.placed_late", about=lou.person).count() == 1
    assert formation.places.filter(enrollment=lou).exists() is False


def test_after_publication_places_end_where_the_rules_and_sizes_do(program):
    formation = make_published(program, rules=[Rule(Kind.APART, "organization")], minimum=4, maximum=6)
    other = make_community(program)
    first = founded(formation)[0]
    house = Affiliation.objects.filter(enrollment__memberships__community=first).first().organization
    lou, by = newcomer(program, house=house), make_staff(program)

    with pytest.raises(OtherFormation):
        actions.place_late(formation, places={lou.pk: other.pk}, by=by)
    formation.proposed_communities.update(maximum=len(members(first)))
    with pytest.raises(Full):
        actions.place_late(formation, places={lou.pk: first.pk}, by=by)
    formation.proposed_communities.update(maximum=7)
    with pytest.raises(BreaksRules):
        actions.place_late(formation, places={lou.pk: first.pk}, by=by)
    actions.place_late(formation, places={lou.pk: first.pk}, by=by, despite_rules=True)
    assert Membership.objects.filter(enrollment=lou, community=first).exists()


def test_late_is_who_has_no_place_and_never_said_no(program):
    formation = make_published(program)
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    communities.leave(ana, by=ana.person)
    communities.decline(bo, by=bo.person)
    elsewhere, lou = newcomer(program, "Else"), newcomer(program)
    add_member(make_community(program), enrollment=elsewhere)

    assert list(late_people(formation)) == [lou]


def test_several_are_suggested_beside_one_another_and_placed_at_once(program, client, staff):
    formation = make_published(program, maximum=9)
    late = [newcomer(program, f"Late {number}") for number in range(4)]

    page = text_of(client.get(at("late", formation.pk)))
    offered = re.findall(r'name="place" value="(\d+)-(\d+)"', page)
    # Three communities of eight have one free place each.
    assert len({community for _person, community in offered}) == len(offered) == 3
    # Each place is free as long as the others are not placed: the fourth's own page offers it.
    assert page.count("After those above, no place is free that keeps every rule.") == 1
    assert "No place is free that keeps every rule" not in page
    own = text_of(client.get(at("late", formation.pk), {"person": late[3].pk}))
    assert len(re.findall(r'name="place" value="', own)) == 3
    placed = client.post(
        at("late", formation.pk), {"place": [f"{a}-{b}" for a, b in offered[:2]]}, follow=True
    )

    assert "2 people are placed, and invited" in text_of(placed)
    assert Membership.objects.filter(enrollment__in=late, state="invited").count() == 2
    client.post(at("late", formation.pk), {"place": ["-".join(offered[2])]})
    last = next(each for each in late if not Membership.objects.filter(enrollment=each).exists())
    assert "Every one is full" in text_of(client.get(at("late", formation.pk), {"person": last.pk}))
    refused = client.post(at("late", formation.pk), {"place": ["-".join(offered[0])]}, follow=True)
    assert "has a place by now" in text_of(refused)


def test_the_list_tells_of_a_place_what_the_persons_own_page_tells(program, client, staff):
    formation = make_published(program, rules=[Rule(Kind.BALANCED, "area")], maximum=12)
    house = Organization.objects.get(program=program, name="Organization 1")
    late = [newcomer(program, f"Late {number}", house=house) for number in range(5)]

    suggested = stand_of(formation, newcomers=[each.pk for each in late]).together([each.pk for each in late])

    # They are of one area, so that each changes what the next one would do.
    assert len({each.group for each in suggested.values()}) > 1
    assert {
        each.pk: next(
            best
            for best in stand_of(formation, newcomers=[each.pk]).best(each.pk)
            if best.group == suggested[each.pk].group
        )
        for each in late
    } == suggested
    page = text_of(client.get(at("late", formation.pk)))
    for each in late:
        score = re.search(rf"<strong>{each}</strong>.*?<span class=\"pill[^>]*>(.*?)</span>", page)
        assert score
        assert score[1] in text_of(client.get(at("late", formation.pk), {"person": each.pk}))


def test_people_of_one_name_are_told_apart_by_organization_and_address(program, client, staff):
    formation = make_published(program, maximum=12)
    one, other = newcomer(program), newcomer(program)
    other.email, other.phone = "", "+1 555 020 0001"
    other.save()
    alone = enroll(program, "Late Lou")

    page = text_of(client.get(at("late", formation.pk)))
    own = text_of(client.get(at("late", formation.pk), {"person": other.pk}))

    assert (
        page.count(f'<strong>Late Lou</strong> <span class="fine">Organization 0 · {one.email} </span>') == 2
    )
    assert "Organization 0 · +1 555 020 0001" in page
    assert f'<span class="fine">{alone.email} </span>' in page
    assert ("Organization 0 · +1 555 020 0001" in own, one.email in own) == (True, False)


def test_who_has_no_place_at_all_is_told_so(program, client, staff):
    formation = make_published(program, minimum=8, maximum=8)
    newcomer(program)

    page = text_of(client.get(at("late", formation.pk)))

    assert "No place is free that keeps every rule." in page
    assert "After those above" not in page


def test_one_is_shown_the_three_best_places_with_reasons_and_room(program, client, staff):
    formation = make_proposal(program, rules=[Rule(Kind.ALIKE, "area"), Rule(Kind.APART, "job_title")])
    lou = newcomer(program)
    assert "place them one by one" in text_of(client.get(formation.get_absolute_url()))

    page = text_of(client.get(at("late", formation.pk), {"person": lou.pk}))
    offered = re.findall(r'name="place" value="(\d+-\d+)"', page)
    assert (len(offered), "one free place" in page) == (3, True)
    placed = client.post(at("late", formation.pk), {"place": offered[1]}, follow=True)

    assert "One person is placed." in text_of(placed)
    assert "Everybody on the roster has a place" in text_of(placed)
    assert client.get(at("late", formation.pk), {"person": lou.pk}).status_code == 404
    assert "placed" not in text_of(client.post(at("late", formation.pk), {}, follow=True)).split("<main")[1]


def test_the_page_waits_for_a_proposal(program, client, staff):
    formation = start_formation(program)

    assert client.get(at("late", formation.pk)).headers["Location"] == formation.get_absolute_url()


def test_a_gap_shows_who_could_come_and_who_asked_and_nobody_moves(program, client, staff):
    formation = make_published(program, rules=[Rule(Kind.BALANCED, "area")], minimum=7)
    first, second, _third = founded(formation)
    for member in members(first)[:2]:
        communities.leave(member, by=member.person)
    wisher = members(second)[0]
    ask(wisher, first)
    newcomer(program)

    circle = circle_of(formation)
    [gap] = gaps_of(circle, gone_from(formation))
    assert (gap.name, gap.people, gap.gone, gap.is_too_small) == (first.name, 6, 2, True)
    found = comers(circle, gap)
    assert len(found) == 3
    before = list(Membership.objects.values_list("pk", "state"))
    page = text_of(client.get(at("gaps", formation.pk)))
    assert [each.name in page for each in found] == [True] * 3
    assert f"{wisher.enrollment} from {second}" in page
    assert "One person on the roster has no place yet" in page
    assert list(Membership.objects.values_list("pk", "state")) == before


def test_without_anybody_who_left_there_are_no_gaps(program, client, staff):
    formation = make_published(program)

    assert "There are no gaps" in text_of(client.get(at("gaps", formation.pk)))
