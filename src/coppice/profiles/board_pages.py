"""What the pages of a board show, in whichever room: topics by pages, and one topic with its people."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from coppice.profiles.board import OWN_WORDS, Reach, finding_of, rows_of, said_about, with_people
from coppice.profiles.files import board_table
from coppice.programs.models import Topic

TOPICS_A_PAGE = 15
PEOPLE_A_PAGE = 25


@dataclass(frozen=True)
class TopicPage:
    """One topic on a page of its own: its id (0 for own words alone) and what it is called."""

    topic_id: int
    name: str


def board_context(reach: Reach, query: QueryDict, *, topic_path: Callable[[int], str]) -> dict[str, Any]:
    """Return what a board's page shows; `topic_path` gives the address of a topic's own page."""
    rows = rows_of(reach)
    page = Paginator(rows, TOPICS_A_PAGE).get_page(query.get("page"))
    return {
        "page": page,
        "lines": [(row, topic_path(row.topic_id)) for row in with_people(list(page), reach)],
        "finding": finding_of(rows, sees_all=reach.sees_all),
        "is_empty": not any(row.needs or row.offers for row in rows),
    }


def topic_context(reach: Reach, topic_id: int, query: QueryDict) -> dict[str, Any]:
    """Return what a topic's page shows: its needs and offers, each by pages; raises Http404 without it."""
    needs = Paginator(said_about(reach.needs(), topic_id), PEOPLE_A_PAGE).get_page(query.get("needs"))
    offers = Paginator(said_about(reach.offers(), topic_id), PEOPLE_A_PAGE).get_page(query.get("offers"))
    people = [row.enrollment for page in (needs, offers) for row in page]
    prefetch_related_objects(people, "organizations")
    known = next((row.topic for page in (needs, offers) for row in page), None)
    return {"topic": known or _topic(reach, topic_id), "needs": needs, "offers": offers}


def board_file(reach: Reach) -> HttpResponse:
    """Return the board as a CSV file to take away: a line for each need and offer that the reader may see."""
    return HttpResponse(
        board_table(reach),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="needs-and-offers.csv"'},
    )


def _topic(reach: Reach, topic_id: int) -> TopicPage:
    if topic_id == OWN_WORDS:
        return TopicPage(OWN_WORDS, _("In their own words"))
    topic = Topic.objects.filter(program=reach.program, pk=topic_id).first()
    if topic is None:
        raise Http404
    return TopicPage(topic.pk, topic.name)
