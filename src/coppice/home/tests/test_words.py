"""A program's own word for a community is used wherever its program is known, in both languages."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from coppice.communities.tests import factories
from coppice.formation.tests.factories import make_proposal, make_roster
from coppice.home.tests.test_views import community_of
from coppice.programs.models import Program

pytestmark = pytest.mark.django_db

TEXT_OF_A_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.DOTALL)
ATTRIBUTE = re.compile(r'(?:aria-label|data-label|title|placeholder)="([^"]*)"')
FIXED = {"en": re.compile(r"\bcommunit(?:y|ies)\b", re.I), "es": re.compile(r"\bcomunidad(?:es)?\b", re.I)}
# Across all programs of somebody there is no one word; the step of the frame says that one is chosen there.
OF_NO_PROGRAM = (
    "My communities",
    "Mis comunidades",
    "what a community is called",
    "cómo se llama aquí a una",
)
WORDS = {"en": "learning circle", "es": "círculos? de aprendizaje"}


def fixed_words(page: str, language: str) -> list[str]:
    seen = [*TEXT_OF_A_TAG.sub("\n", page).split("\n"), *ATTRIBUTE.findall(page)]
    return [
        line.strip()
        for line in seen
        if FIXED[language].search(line) and not any(known in line for known in OF_NO_PROGRAM)
    ]


@pytest.fixture(params=["en", "es"])
def pages(request, client: Client) -> dict[str, str]:
    """The pages of a program of learning circles, full and still empty, as staff and a member read them."""
    running = community_of(6)
    Program.objects.filter(pk=running.program_id).update(community_word=Program.CommunityWord.CIRCLE)
    program = Program.objects.get(pk=running.program_id)
    running.meetings.create(title="First", starts_at=timezone.now(), ends_at=timezone.now(), time_zone="UTC")
    make_roster(program, 16)
    proposal = make_proposal(program, minimum=4, maximum=6)
    clash = make_proposal(program, minimum=40, maximum=41)
    empty = factories.make_program(provider=program.provider, community_word=Program.CommunityWord.CIRCLE)
    proposed = proposal.proposed_communities.first()
    place = proposed.places.first()
    enrollment = program.enrollments.first()
    client.force_login(factories.make_staff(program))
    paths = [
        "/",
        *(f"/programs/{each.pk}/{page}" for each in (program, empty)
          for page in ("", "setup/", "summary/", "leader-calls/", "formations/", "history/", "people/",
                       "mail/", "roster-imports/", "funders/", "invitation-words/")),
        f"/formations/{proposal.pk}/",
        f"/formations/{proposal.pk}/settings/",
        f"/formations/{proposal.pk}/publication/",
        f"/formations/{clash.pk}/",
        f"/places/{place.pk}/",
        f"/proposed-communities/{proposed.pk}/",
        f"/enrollments/{enrollment.pk}/removal/",
        *(f"/communities/{running.pk}/{page}"
          for page in ("", "people/", "edit/", "meetings/", "meetings/new/")),
    ]  # fmt: skip
    answers = {path: client.get(path, headers={"Accept-Language": request.param}) for path in paths}
    assert {path for path, answer in answers.items() if answer.status_code != 200} == set()
    return {"language": request.param, **{path: answer.content.decode() for path, answer in answers.items()}}


def test_pages_use_the_word_that_the_program_chose(pages: dict[str, str]) -> None:
    language = pages.pop("language")

    fixed = {path: words for path, page in pages.items() if (words := fixed_words(page, language))}

    assert fixed == {}
    assert sum(bool(re.search(WORDS[language], page)) for page in pages.values()) > 25


def test_the_fixed_word_would_be_noticed() -> None:
    assert fixed_words('<p aria-label="Your community">No communities yet</p>', "en") == [
        "No communities yet",
        "Your community",
    ]
    assert fixed_words("<p>My communities</p>", "en") == []
