"""The needs × expertise board of a program: what people need, who offers it, and what nobody does."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from coppice.lib.access import access
from coppice.profiles import actions
from coppice.profiles.board import Reach, reach_of_program, reach_of_staff
from coppice.profiles.board_pages import board_context, topic_context
from coppice.profiles.board_pages import board_file as file_of
from coppice.profiles.models import Introduction, Telling
from coppice.profiles.network_pages import network_context, network_file
from coppice.profiles.notices import contacts_of
from coppice.profiles.permissions import can_read_board
from coppice.profiles.queries import counts_by_state, introductions_of, open_tellings_of, telling_of
from coppice.programs.models import Program
from coppice.programs.permissions import can_run, can_run_program_of
from coppice.programs.queries import program_of

A_PAGE = 50


@dataclass(frozen=True)
class TopicOfProgram:
    """A topic's page of a program's board."""

    program: Program
    topic_id: int


# GET /programs/<id>/needs-and-offers/
@access(can_read_board, on=program_of)
@require_safe
def board(request: HttpRequest, program: Program) -> HttpResponse:
    def path_of(topic_id: int) -> str:
        return reverse("profiles:topic", args=[program.pk, topic_id])

    reach, told = _reach(request, program)
    context = {**told, **board_context(reach, request.GET, topic_path=path_of), "tab": "board"}
    return render(request, "profiles/board.html", context)


def topic_of(person: Any, *, program_id: int, topic_id: int) -> TopicOfProgram:
    """Return a topic's page of a program that the person may know of; raises Http404 otherwise."""
    return TopicOfProgram(program_of(person, program_id=program_id), topic_id)


def can_read_topic(person: Any, place: TopicOfProgram) -> bool:
    """Say whether this person may read one topic of the board: whoever may read the board."""
    return can_read_board(person, place.program)


# GET /programs/<id>/needs-and-offers/<topic>/
@access(can_read_topic, on=topic_of)
@require_safe
def topic(request: HttpRequest, place: TopicOfProgram) -> HttpResponse:
    reach, told = _reach(request, place.program)
    context = {**told, **topic_context(reach, place.topic_id, request.GET), "tab": "board"}
    context["introduces"] = context["is_staff"]
    return render(request, "profiles/topic.html", context)


# GET /programs/<id>/needs-and-offers.csv
@access(can_read_board, on=program_of)
@require_safe
def board_file(request: HttpRequest, program: Program) -> HttpResponse:
    reach, _told = _reach(request, program)
    return file_of(reach)


# GET /programs/<id>/needs-and-offers/network/
@access(can_read_board, on=program_of)
@require_safe
def network(request: HttpRequest, program: Program) -> HttpResponse:
    """Who could help whom: a picture with its tables."""
    reach, told = _reach(request, program)
    context = {**told, **network_context(reach, request.GET), "tab": "board"}
    return render(request, "profiles/board_network.html", context)


# GET /programs/<id>/needs-and-offers/network.csv
@access(can_read_board, on=program_of)
@require_safe
def adjacency(request: HttpRequest, program: Program) -> HttpResponse:
    """The network as a matrix to take away."""
    reach, _told = _reach(request, program)
    return network_file(reach, request.GET)


def _reach(request: HttpRequest, program: Program) -> tuple[Reach, dict[str, Any]]:
    is_staff = can_run(request.user, program)
    reach = reach_of_staff(program) if is_staff else reach_of_program(program)
    return reach, {"program": program, "is_staff": is_staff}


# GET /programs/<id>/introductions/
@access(can_run, on=program_of)
@require_safe
def introductions(request: HttpRequest, program: Program) -> HttpResponse:
    """Every introduction of a program, those that wait first, and how many helped."""
    page = Paginator(introductions_of(program), A_PAGE).get_page(request.GET.get("page"))
    counts = counts_by_state(program)
    tellings = open_tellings_of(program)
    context = {
        "program": program,
        "page": page,
        "tab": "introductions",
        "tellings": [
            (each, each.other, contacts_of(each.other) if each.other else []) for each in tellings[:A_PAGE]
        ],
        "telling_count": tellings.count(),
        "counts": [(label, counts[state]) for state, label in Introduction.State.choices if counts[state]],
    }
    return render(request, "profiles/introductions.html", context)


# POST /introductions/to-tell/<id>/told/
@access(can_run_program_of, on=telling_of)
@require_POST
def told(request: HttpRequest, telling: Telling) -> HttpResponse:
    """Note that staff told, or asked, somebody whom no mail reaches."""
    actions.tell_by_staff(telling, by=request.user)
    return redirect("profiles:introductions", telling.introduction.program_id)
