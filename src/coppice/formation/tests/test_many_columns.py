"""Proposals of many communities: ways about their pages, and which of them want a look."""

import re

import pytest
from django.urls import reverse

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import columns
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import columns_of, make_proposal, make_roster, people_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    program = make_program()
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


@pytest.fixture
def paged(program, staff, monkeypatch):
    """Six communities, two on a page: two score weakly, and in another a rule is broken."""
    monkeypatch.setattr(columns, "PEOPLE_ON_A_PAGE", 8)
    monkeypatch.setattr(columns, "LEAST_COLUMNS", 2)
    formation = make_proposal(program, minimum=4, maximum=4, rules=[Rule(Kind.ALIKE, "area")])
    for column, score in zip(columns_of(formation), (0.9, 0.9, 0.5, 0.9, 0.4, 0.9), strict=True):
        column.score = score
        column.save()
    broken = {"rule": 0, "code": "too_small", "value": "", "people": [], "amount": 1}
    proposal = formation.on_table
    proposal.outcome["broken"] = [{**broken, "groups": [str(columns_of(formation)[5].pk)]}]
    proposal.save()
    return formation


def shown(page) -> list[int]:
    return [int(pk) for pk in re.findall(r'id="column-(\d+)"', page.content.decode())]


def test_one_goes_straight_to_a_community_on_another_page(client, paged):
    last = columns_of(paged)[4]

    page = client.get(at("formation", paged.pk))
    led = client.get(at("formation", paged.pk), {"at": last.pk})
    unknown = client.get(at("formation", paged.pk), {"at": "nothing"})

    assert f'<option value="{last.pk}">{last.name}</option>' in page.text
    assert led.url == f"{paged.get_absolute_url()}?page=3#column-{last.pk}"
    assert last.pk in shown(client.get(led.url))
    assert unknown.url.startswith(f"{paged.get_absolute_url()}?page=1")


def test_only_those_to_look_at_are_shown_the_broken_and_then_the_weakest(client, paged):
    order = columns_of(paged)

    page = text_of(client.get(at("formation", paged.pk)))
    first = client.get(at("formation", paged.pk), {"only": "look"})
    second = client.get(at("formation", paged.pk), {"only": "look", "page": 2})

    assert "Show only the 3 to look at" in page
    assert shown(first) + shown(second) == [order[5].pk, order[4].pk, order[2].pk]
    assert "?only=look&amp;page=2" in first.text
    assert "Show all" in first.text


def test_where_all_is_well_the_weakest_is_shown_and_where_nothing_is_scored_none(paged):
    order = columns_of(paged)
    paged.on_table.outcome["broken"] = []
    for each in order:
        each.score = 0.9
    order[3].score = 0.85

    weakest = columns.needing_a_look(paged, order)
    for each in order:
        each.score = None

    assert (weakest, columns.needing_a_look(paged, order)) == ([order[3]], [])


def test_a_small_proposal_needs_no_ways_about_its_pages(client, program, staff):
    page = client.get(make_proposal(program).get_absolute_url()).text

    assert ['name="at"' in page, "?only=look" in page] == [False, False]


def test_moving_by_form_leads_to_the_page_where_they_are_now_and_back_to_their_column(client, paged):
    paged.proposed_communities.update(maximum=5)
    there, place = columns_of(paged)[5], people_in(columns_of(paged)[0])[0]

    page = client.post(at("move", place.pk), {"to": there.pk, "despite_rules": "1"}, follow=True)

    back = f"{paged.get_absolute_url()}?at={there.pk}&place={place.pk}"
    assert there.pk in shown(page)
    assert f'href="{back.replace("&", "&amp;")}#place-{place.pk}"' in page.text
    assert client.get(back).url == f"{paged.get_absolute_url()}?page=3#place-{place.pk}"


def test_each_page_of_columns_asks_the_same_questions(client, paged, django_assert_max_num_queries):
    counts = []
    for asked in ({}, {"page": 3}, {"only": "look"}):
        with django_assert_max_num_queries(12) as queries:
            client.get(at("formation", paged.pk), asked)
        counts.append(len(queries))

    assert len(set(counts)) == 1
