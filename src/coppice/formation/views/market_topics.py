"""One topic of a marketplace as the staff work on it: its people, its words and size, merging and closing."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coppice.formation import actions
from coppice.formation.market_board import card_of, cards_of, merged_topic_of, topic_of
from coppice.formation.market_forms import TopicForm
from coppice.formation.mergers import mergers_in
from coppice.formation.models import OfferedTopic
from coppice.formation.permissions import can_run_topic
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.programs.wording import words_for

PEOPLE_ON_A_PAGE = 30


@access(can_run_topic, on=topic_of)
@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: HttpRequest, topic: OfferedTopic) -> HttpResponse:
    """Who is in it and who waits, and the form that changes its name, words and size."""
    form = TopicForm(request.POST if request.method == "POST" else None, instance=topic)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_topic(topic, by=request.user, **form.terms)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect(topic)
    people = topic.choices.filter(enrollment__ended_at=None).select_related("enrollment")
    page = Paginator(people.order_by("is_waiting", "since", "pk"), PEOPLE_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "marketplace": topic.marketplace,
        "program": topic.program,
        "words": words_for(topic.program),
        "topic": topic,
        "card": card_of(topic),
        "form": form,
        "page": page,
        "criteria": topic.criteria.select_related("written_by"),
        "mergers": mergers_in(topic.marketplace).filter(into=topic),
    }
    return render(request, "formation/offered_topic.html", context, status=422 if form.is_bound else 200)


@access(can_run_topic, on=topic_of)
@require_http_methods(["GET", "HEAD", "POST"])
def merger(request: HttpRequest, topic: OfferedTopic) -> HttpResponse:
    """Make it part of another, whose list says how many find a place there and how many wait."""
    cards = [card for card in cards_of(topic.marketplace) if card.topic.pk != topic.pk]
    if request.method == "POST":
        chosen = id_in(request.POST.get("into", ""))
        into = next((card.topic for card in cards if card.topic.pk == chosen), None)
        if into is None:
            messages.error(request, _("Choose the topic that it becomes part of."))
            return redirect("formation:topic_merger", topic.pk)
        try:
            merged = actions.merge(topic, into=into, by=request.user)
        except DomainError as refused:
            messages.error(request, str(refused.sentence))
            return redirect(topic)
        messages.success(
            request,
            _("%(topic)s is part of %(into)s now. A mail tells its people in ten minutes: you can undo it.")
            % {"topic": topic, "into": into},
        )
        return redirect(merged)
    here = card_of(topic)
    rows = [(card, min(here.people, max(0, card.maximum - card.people))) for card in cards]
    context = {
        "marketplace": topic.marketplace,
        "program": topic.program,
        "topic": topic,
        "card": here,
        "rows": [(card, fit, here.people - fit) for card, fit in rows],
    }
    return render(request, "formation/topic_merger.html", context)


@access(can_run_topic, on=merged_topic_of)
@require_POST
def merger_end(request: HttpRequest, topic: OfferedTopic) -> HttpResponse:
    """Make it its own again, with everybody where they stood."""
    said = _("On the board by itself again, and its people stand where they stood.")
    try:
        actions.undo_merger(topic, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
        return redirect(topic.marketplace)
    messages.success(request, said)
    return redirect(topic)


@access(can_run_topic, on=topic_of)
@require_POST
def closing(request: HttpRequest, topic: OfferedTopic) -> HttpResponse:
    """Let nobody else into it."""
    said = _("Closed: its people stay, and nobody else comes in.")
    return _done(request, actions.close_topic, topic, said)


@access(can_run_topic, on=topic_of)
@require_POST
def hiding(request: HttpRequest, topic: OfferedTopic) -> HttpResponse:
    """Take it off the board."""
    said = _("It is off the board. Its people can choose another, or wait for it.")
    return _done(request, actions.hide_topic, topic, said)


@access(can_run_topic, on=topic_of)
@require_POST
def hiding_end(request: HttpRequest, topic: OfferedTopic) -> HttpResponse:
    """Put it on the board again."""
    said = _("On the board again, with who has chosen nothing else since.")
    return _done(request, actions.show_topic, topic, said)


@access(can_run_topic, on=topic_of)
@require_POST
def closing_end(request: HttpRequest, topic: OfferedTopic) -> HttpResponse:
    """Let people into it again."""
    said = _("Open again. Whoever waited has a place, as far as there was one.")
    return _done(request, actions.reopen_topic, topic, said)


def _done(request: HttpRequest, act: Callable[..., object], topic: OfferedTopic, said: str) -> HttpResponse:
    """Do what the staff want with a topic, and lead back to it with what came of that."""
    try:
        act(topic, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, said)
    return redirect(topic)
