"""One person's profile: by their signed link without an account, signed in, or by staff from paper."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.accounts.zones import zone_choices
from coppice.lib.access import access, anyone
from coppice.lib.errors import DomainError
from coppice.lib.languages import answer_in
from coppice.profiles import actions, week
from coppice.profiles.forms import AboutForm, NeedForm, OfferForm, StartForm
from coppice.profiles.gallery import photo_of, photo_url
from coppice.profiles.languages import in_words, languages_of
from coppice.profiles.models import Expertise, Need, Profile
from coppice.profiles.own import Own, has_object, kind_of, own_by_account, own_by_link, page_of, profile_of
from coppice.profiles.permissions import can_fill, can_read_board
from coppice.profiles.views import introductions
from coppice.profiles.views.framing import told
from coppice.programs import actions as programs
from coppice.ui.toasts import offer_undo

type View = Callable[[HttpRequest, Own], HttpResponse]


def by_link(page: View) -> Callable[..., HttpResponse]:
    """Open a page to whoever holds the signed link, in the language of the person it was made for."""

    def in_their_language(request: HttpRequest, own: Own) -> HttpResponse:
        if request.user.is_authenticated:
            return page(request, own)
        return answer_in(own.language, page, request, own)

    return access(anyone, on=own_by_link, signed_out=True)(never_cache(in_their_language))


def by_account(page: View) -> Callable[..., HttpResponse]:
    """Open a page to the person themself, signed in, and to those who run the program."""
    return access(can_fill, on=own_by_account)(page)


@require_safe
def profile(request: HttpRequest, own: Own) -> HttpResponse:
    """What stands on the profile, who sees it, and where it is changed."""
    page = page_of(own)
    context = {
        **told(own),
        "page": page,
        "profile": page.profile,
        **shown_object(own, page.profile),
        "languages": in_words(languages_of(own.enrollment)),
        "hours": week.in_words(week.slots_of(own.enrollment)),
        "reads_board": not own.token and can_read_board(own.reader, own.program),
        "zone": dict(flatten_choices(zone_choices())).get(own.enrollment.time_zone, own.enrollment.time_zone),
    }
    return render(request, "profiles/own.html", context)


def shown_object(own: Own, profile: Profile) -> dict[str, Any]:
    """Return what pages of a profile show of its object: whether there is one, its photo and its address."""

    def photo_path(_profile_id: int, size: str) -> str:
        return f"{own.path('photo')}{size}/"

    return {
        "has_object": has_object(profile),
        "photo": photo_of(profile),
        "photo_url": photo_url(profile, photo_path),
        "photo_alt": photo.words_for(profile.object_name) if (photo := photo_of(profile)) else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, own: Own) -> HttpResponse:
    """Several needs and offers on one page."""
    form = StartForm(
        request.POST if request.method == "POST" else None, enrollment=own.enrollment, is_own=own.is_own
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.tell(
                own.enrollment,
                by=own.actor,
                needs=form.said_needs,
                offers=form.said_offers,
                source=own.source,
            )
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Kept. Here is your profile: change anything, at any time."))
            return redirect(own.path())
    context = {**told(own), "form": form}
    return render(request, "profiles/start.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest, own: Own) -> HttpResponse:
    """The object and its story, languages, free hours, and who sees each."""
    sent = request.POST if request.method == "POST" else None
    form = AboutForm(sent, instance=own.enrollment, profile=profile_of(own.enrollment), is_own=own.is_own)
    if request.method == "POST" and form.is_valid():
        programs.say_of_oneself(own.enrollment, by=own.actor, **form.said)
        actions.change_profile(own.enrollment, by=own.actor, **form.shown)
        messages.success(request, _("Saved."))
        return redirect(own.path())
    context = {**told(own), "form": form, "parts": list(week.PART_NAMES.values())}
    return render(request, "profiles/about.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def new_need(request: HttpRequest, own: Own) -> HttpResponse:
    """One more need."""
    form = NeedForm(_sent(request), instance=Need(enrollment=own.enrollment), is_own=own.is_own)
    return _edit(
        request,
        own,
        form,
        lambda said: actions.voice_need(own.enrollment, by=own.actor, source=own.source, **said),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def need(request: HttpRequest, own: Own) -> HttpResponse:
    """Change a need, or say where it stands."""
    row = own.row
    assert isinstance(row, Need)
    form = NeedForm(_sent(request), instance=row, is_own=own.is_own)
    return _edit(request, own, form, lambda said: actions.change_need(row, by=own.actor, **said))


@require_http_methods(["GET", "HEAD", "POST"])
def new_offer(request: HttpRequest, own: Own) -> HttpResponse:
    """One more offer."""
    form = OfferForm(_sent(request), instance=Expertise(enrollment=own.enrollment), is_own=own.is_own)
    return _edit(
        request,
        own,
        form,
        lambda said: actions.offer_help(own.enrollment, by=own.actor, source=own.source, **said),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, own: Own) -> HttpResponse:
    """Change an offer, or pause it."""
    row = own.row
    assert isinstance(row, Expertise)
    form = OfferForm(_sent(request), instance=row, is_own=own.is_own)
    return _edit(request, own, form, lambda said: actions.change_offer(row, by=own.actor, **said))


@require_POST
def retirement(request: HttpRequest, own: Own) -> HttpResponse:
    """Take a need or an offer off every list, with an undo."""
    row = _said(own)
    actions.retire(row, by=own.actor)
    offer_undo(request, _("Taken off the lists."), url=own.path(f"{kind_of(row)}_return", row))
    return redirect(own.path())


@require_POST
def coming_back(request: HttpRequest, own: Own) -> HttpResponse:
    """Put a need or an offer back where it was."""
    try:
        actions.bring_back(_said(own), by=own.actor)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("It is back."))
    return redirect(own.path())


@require_POST
def removal(request: HttpRequest, own: Own) -> HttpResponse:
    """Delete a need or an offer for good, once it is off the lists."""
    row = _said(own)
    if row.state == row.State.RETIRED:
        actions.remove(row, by=own.actor)
        messages.success(request, _("Deleted for good."))
    return redirect(own.path())


def addresses() -> list[URLPattern]:
    """Each page of a profile under its signed link, and under the id of the roster row."""
    pages: dict[str, tuple[str, View]] = {
        "": ("", profile),
        "start/": ("_start", start),
        "about/": ("_about", about),
        "needs/new/": ("_new_need", new_need),
        "needs/<int:need_id>/": ("_need", need),
        "needs/<int:need_id>/retirement/": ("_need_retirement", retirement),
        "needs/<int:need_id>/return/": ("_need_return", coming_back),
        "needs/<int:need_id>/removal/": ("_need_removal", removal),
        "needs/<int:need_id>/introduction/": ("_need_introduction", introductions.asking),
        "introductions/<int:introduction_id>/": ("_introduction", introductions.introduction),
        "introductions/<int:introduction_id>/answer/": ("_introduction_answer", introductions.answer),
        "introductions/<int:introduction_id>/outcome/": ("_introduction_outcome", introductions.outcome),
        "offers/new/": ("_new_offer", new_offer),
        "offers/<int:offer_id>/": ("_offer", offer),
        "offers/<int:offer_id>/retirement/": ("_offer_retirement", retirement),
        "offers/<int:offer_id>/return/": ("_offer_return", coming_back),
        "offers/<int:offer_id>/removal/": ("_offer_removal", removal),
    }
    return [
        pattern
        for place, (name, view) in pages.items()
        for pattern in (
            path(f"profile/<str:token>/{place}", by_link(view), name=f"own{name}"),
            path(f"enrollments/<int:enrollment_id>/profile/{place}", by_account(view), name=f"profile{name}"),
        )
    ]


def _said(own: Own) -> Need | Expertise:
    row = own.row
    assert isinstance(row, Need | Expertise)
    return row


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _edit(
    request: HttpRequest, own: Own, form: NeedForm, keep: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            keep(form.said)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect(own.path())
    context = {**told(own), "form": form, "row": own.row, "is_offer": isinstance(form, OfferForm)}
    return render(request, "profiles/edit.html", context, status=422 if form.errors else 200)
