"""Templates that are found: the set as a provider's communities get it, by them and by its staff."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.communities.tests.factories import add_member, make_community, make_person, make_staff
from coppice.library import tasks
from coppice.library.actions import templates as actions
from coppice.library.template_finding import PLACES, bring_in
from coppice.library.template_models import TemplatePlace
from coppice.search import indexing
from coppice.search.models import Document
from coppice.search.queries import Wish, look

pytestmark = pytest.mark.django_db


def found(person: Any, words: str) -> list[Document]:
    indexing.refresh()
    answer = look(person, Wish(words), now=timezone.now())
    kept = Document.objects.in_bulk(answer.document_ids)
    return [kept[pk] for pk in answer.document_ids if kept[pk].kind == "template"]


def test_members_and_staff_find_a_template_and_come_to_it() -> None:
    member = add_member(make_community())
    program = member.community.program
    staff = make_staff(program)
    tasks.tend_templates.func()
    indexing.sweep()

    [charter] = [each for each in found(member.person, "charter mission") if each.title == "Charter"]

    at_the_provider = reverse("library:provider_template", args=[program.provider_id, "charter"])
    in_the_community = reverse("library:template", args=[member.community_id, "charter"])
    reached = {}
    for person in (member.person, staff, make_person("Eve Outside")):
        client = Client()
        client.force_login(person)
        reached[person] = client.get(charter.path)
    assert [each.status_code for each in reached.values()] == [302, 302, 404]
    assert [reached[each].headers["Location"] for each in (member.person, staff)] == [
        f"{in_the_community}?language=en",
        f"{at_the_provider}?language=en",
    ]
    assert found(make_person("Eve Outside"), "charter mission") == []


def test_a_version_of_the_providers_own_is_found_in_its_place_and_by_nobody_elses() -> None:
    member, other = add_member(make_community()), add_member(make_community())
    bring_in()
    indexing.sweep()
    provider = member.community.program.provider

    actions.write(provider, "charter", "en", title="Our promise", markdown="Marmalade for all\n", by=None)

    assert [each.title for each in found(member.person, "marmalade")] == ["Our promise"]
    assert found(other.person, "marmalade") == []
    actions.put_aside(provider, "charter", "en", by=None)
    assert found(member.person, "marmalade") == []


def test_each_provider_has_a_place_for_each_template_and_none_besides() -> None:
    provider = make_community().program.provider
    TemplatePlace.objects.create(provider=provider, key="left-over", language="en")

    assert (bring_in(), bring_in()) == (len(PLACES), 0)
    assert set(provider.template_places.values_list("key", "language")) == set(PLACES)
