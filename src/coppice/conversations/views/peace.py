"""What one may do about another person, conversations locked, pinned and split, and the code of conduct."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.models import Community
from coppice.conversations import conduct as conducts
from coppice.conversations import queries
from coppice.conversations.actions import peace as actions
from coppice.conversations.circle import circle_of
from coppice.conversations.models import Post
from coppice.conversations.peace_forms import ConductForm, SplitForm, StopForm
from coppice.conversations.peace_models import Conduct, Distance, TalkStop
from coppice.conversations.permissions import (
    can_arrange,
    can_meet,
    can_split,
    can_stop,
    can_talk_in,
    can_write_conduct,
)
from coppice.conversations.places import Place
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.markdown import to_html
from coppice.ui.toasts import offer_undo


# GET /communities/<id>/talk/people/<id>/
@access(can_meet, on=queries.place_of)
@require_safe
def person(request: HttpRequest, place: Place) -> HttpResponse:
    """What one may do about another person here."""
    return _person(request, place, form=None)


# POST /communities/<id>/talk/people/<id>/distance/
@access(can_meet, on=queries.place_of)
@require_POST
def distance(request: HttpRequest, place: Place) -> HttpResponse:
    """Mute or block somebody for oneself, or hear of them again."""
    kind = request.POST.get("kind", "")
    actions.keep_distance(place, by=request.user, kind=kind if kind in Distance.Kind else "")
    said = {
        "mute": _("You hear less of %(name)s. Nobody learns of it."),
        "block": _("%(name)s is blocked for you. Nobody learns of it."),
    }.get(kind, _("You hear of %(name)s as before."))
    messages.success(request, said % {"name": place.name})
    return redirect("conversations:person", place.community.pk, place.person_id)


# POST /communities/<id>/talk/people/<id>/stop/
@access(can_stop, on=queries.place_of)
@require_POST
def stopping(request: HttpRequest, place: Place) -> HttpResponse:
    """Let somebody only read for a while."""
    form = StopForm(request.POST, today=timezone.localdate(timezone=place.community.zone))
    if not form.is_valid():
        return _person(request, place, form=form)
    try:
        actions.stop(place, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, refusal.sentence)
        return _person(request, place, form=form)
    offer_undo(
        request,
        _("%(name)s only reads until then, and is told why.") % {"name": place.name},
        url=reverse("conversations:lifting", args=[place.community.pk, place.person_id]),
    )
    return redirect("conversations:person", place.community.pk, place.person_id)


# POST /communities/<id>/talk/people/<id>/stop/removal/
@access(can_stop, on=queries.place_of)
@require_POST
def lifting(request: HttpRequest, place: Place) -> HttpResponse:
    """Let somebody write again."""
    actions.lift(place, by=request.user)
    messages.success(request, _("%(name)s can write again, and is told.") % {"name": place.name})
    return redirect("conversations:person", place.community.pk, place.person_id)


# POST /threads/<id>/lock/
@access(can_arrange, on=queries.thread_of)
@require_POST
def locking(request: HttpRequest, thread: Any) -> HttpResponse:
    """Let only who leads write in a conversation."""
    return _arrange(request, thread, "locked", wanted=True, said=_("Locked."), undo="unlocking")


# POST /threads/<id>/lock/removal/
@access(can_arrange, on=queries.thread_of)
@require_POST
def unlocking(request: HttpRequest, thread: Any) -> HttpResponse:
    """Let everybody write in a conversation again."""
    return _arrange(request, thread, "locked", wanted=False, said=_("Everybody can write here again."))


# POST /threads/<id>/pin/
@access(can_arrange, on=queries.thread_of)
@require_POST
def pinning(request: HttpRequest, thread: Any) -> HttpResponse:
    """Keep a conversation above the others."""
    said = _("Pinned: it stands above the others.")
    return _arrange(request, thread, "pinned", wanted=True, said=said, undo="unpinning")


# POST /threads/<id>/pin/removal/
@access(can_arrange, on=queries.thread_of)
@require_POST
def unpinning(request: HttpRequest, thread: Any) -> HttpResponse:
    """Let a conversation stand among the others again."""
    return _arrange(request, thread, "pinned", wanted=False, said=_("It stands among the others again."))


# GET, POST /posts/<id>/thread/
@access(can_split, on=queries.post_of)
@require_http_methods(["GET", "HEAD", "POST"])
def splitting(request: HttpRequest, post: Post) -> HttpResponse:
    """Move a post into a conversation of its own."""
    form = SplitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            thread = actions.split(post, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Moved into a conversation of its own."))
            return redirect(thread)
    context = {
        "community": post.community,
        "tab": "talk",
        "post": post,
        "thread": post.thread,
        "html": to_html(post.markdown),
        "form": form,
    }
    return render(request, "conversations/splitting.html", context, status=422 if form.errors else 200)


# GET /communities/<id>/talk/conduct/
@access(can_talk_in, on=queries.talk_of)
@require_safe
def conduct(request: HttpRequest, community: Community) -> HttpResponse:
    """How people of a community treat each other, and what it said before."""
    agreed = conducts.agreed(community, request.user)
    context = {
        "community": community,
        "tab": "talk",
        "agreed": agreed,
        "html": to_html(agreed.text),
        "earlier": [(each, to_html(each.text)) for each in Conduct.objects.filter(community=community)[1:20]],
        "may_write": can_write_conduct(request.user, community),
        "away": _away(request.user, community),
    }
    return render(request, "conversations/conduct.html", context)


# POST /communities/<id>/talk/conduct/agreement/
@access(can_talk_in, on=queries.talk_of)
@require_POST
def conduct_yes(request: HttpRequest, community: Community) -> HttpResponse:
    """Say that one keeps to the code of conduct that one has read."""
    agreed = conducts.agreed(community, request.user)
    if request.POST.get("number") == str(agreed.number):
        actions.say_yes(community, by=request.user, number=agreed.number)
        messages.success(request, _("Thank you. The day is kept."))
    else:
        messages.error(request, _("It was written anew meanwhile. Read it once more."))
    return redirect("conversations:conduct", community.pk)


# GET, POST /communities/<id>/talk/conduct/text/
@access(can_write_conduct, on=queries.talk_of)
@require_http_methods(["GET", "HEAD", "POST"])
def conduct_text(request: HttpRequest, community: Community) -> HttpResponse:
    """Write the code of conduct anew; a version that came meanwhile is shown before it is replaced."""
    agreed = conducts.agreed(community, request.user)
    is_post = request.method == "POST"
    form = ConductForm(
        request.POST if is_post else None, initial={"text": agreed.text, "number": agreed.number}
    )
    newer = ""
    if is_post and form.is_valid():
        if form.cleaned_data["number"] == agreed.number:
            actions.write_conduct(community, by=request.user, text=form.cleaned_data["text"])
            messages.success(request, _("Written. What it said before can still be read."))
            return redirect("conversations:conduct", community.pk)
        form.data = {**request.POST.dict(), "number": str(agreed.number)}
        form.add_error(
            "text",
            _("Somebody wrote it anew meanwhile. Their text stands below; send yours again to replace it."),
        )
        newer = to_html(agreed.text)
    context = {"community": community, "tab": "talk", "form": form, "newer": newer}
    return render(request, "conversations/conduct_text.html", context, status=422 if form.errors else 200)


def _away(person: Any, community: Community) -> list[tuple[int, str]]:
    """Ids and names of those whom a person has muted or blocked here, who are in or staff still."""
    circle = circle_of(community)
    kept = Distance.objects.filter(community=community, person=person.pk).values_list("other", flat=True)
    return sorted(
        ((each, circle.called(each)) for each in kept if circle.has(each)),
        key=lambda row: row[1].casefold(),
    )


def _arrange(
    request: HttpRequest, thread: Any, what: str, *, wanted: bool, said: str, undo: str = ""
) -> HttpResponse:
    actions.arrange(thread, by=request.user, what=what, wanted=wanted)
    if undo:
        offer_undo(request, said, url=reverse(f"conversations:{undo}", args=[thread.pk]))
    else:
        messages.success(request, said)
    return redirect(thread)


def _person(request: HttpRequest, place: Place, *, form: StopForm | None) -> HttpResponse:
    may_stop = can_stop(request.user, place)
    stops = TalkStop.objects.current().filter(community=place.community, person=place.person_id)
    kept = Distance.objects.filter(
        community=place.community, person=request.user.pk, other=place.person_id
    ).first()
    today = timezone.localdate(timezone=place.community.zone)
    context = {
        "community": place.community,
        "tab": "talk",
        "place": place,
        "distance": kept,
        "stop": stops.first() if may_stop else None,
        "form": (form or StopForm(today=today)) if may_stop else None,
    }
    return render(request, "conversations/person.html", context, status=422 if form else 200)
