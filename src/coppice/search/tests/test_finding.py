"""What is found, and by whom."""

import pytest
from django.utils import timezone

from coppice.accounts.models import Person
from coppice.communities.tests.factories import (
    add_member,
    make_community,
    make_program,
    make_staff,
)
from coppice.meetings.tests.factories import make_meeting
from coppice.search import indexing
from coppice.search.models import Document
from coppice.search.queries import Wish, look

pytestmark = pytest.mark.django_db


def titles(person: Person, text: str, **filters: object) -> list[str]:
    """What a person finds, the best first."""
    answer = look(person, Wish(text, **filters), now=timezone.now())
    kept = Document.objects.in_bulk(answer.document_ids)
    return [kept[pk].title for pk in answer.document_ids]


def test_member_finds_the_meetings_of_her_community_and_of_no_other() -> None:
    program = make_program()
    hers, other = make_community(program, name="Grants"), make_community(program, name="Food")
    member = add_member(hers).person
    make_meeting(hers, title="Budget workshop")
    make_meeting(other, title="Budget clinic")
    indexing.refresh()

    assert titles(member, "budget") == ["Budget workshop"]
    assert sorted(titles(make_staff(program), "budget")) == ["Budget clinic", "Budget workshop"]


def test_words_are_found_by_beginning_form_and_slip() -> None:
    community = make_community(name="Reunión de educación")
    member = add_member(community).person
    indexing.refresh()

    for asked in ("reunion", "REUNIONES", "educ", "reunoin", "educacoin reunion"):
        assert titles(member, asked) == ["Reunión de educación"], asked
    assert titles(member, "budget") == []
