"""A person's own invitation and place: by signed link without an account, or signed in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coppice.communities import actions, wording
from coppice.communities.forms import WordsForm
from coppice.communities.models import Membership
from coppice.communities.next_steps import choices, next_steps
from coppice.communities.own_profile import ask_once, way_back
from coppice.communities.permissions import owns_membership
from coppice.communities.queries import companions, invitation_of, membership_of
from coppice.lib.access import access, anyone
from coppice.lib.errors import DomainError
from coppice.lib.languages import answer_in
from coppice.programs.wording import words_for

SHOWN_COMPANIONS = 24

type Page = Callable[[HttpRequest, Membership], HttpResponse]


@dataclass(frozen=True)
class Addresses:
    """Where one person's page and its changes live: under their token, or under their membership's id."""

    page: str
    welcome: str
    acceptance: str
    refusal: str
    words: str
    pause: str
    departure: str


def by_link(page: Page) -> Callable[..., HttpResponse]:
    """Open a page to whoever holds the signed link, in the language of the person it was made for."""

    def in_their_language(request: HttpRequest, membership: Membership) -> HttpResponse:
        if request.user.is_authenticated:
            return page(request, membership)
        return answer_in(membership.language, page, request, membership)

    return access(anyone, on=invitation_of, signed_out=True)(never_cache(in_their_language))


def by_account(page: Page) -> Callable[..., HttpResponse]:
    """Open a page to the member themself, signed in."""
    return access(owns_membership, on=membership_of)(page)


@require_safe
def place(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Everything that helps a person decide, or what they decided and how to change their mind."""
    return _show(request, membership, WordsForm(with_declining=_is_asked(membership)))


@require_safe
def welcome(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What comes next for somebody who joined."""
    if membership.state != Membership.State.ACTIVE:
        return redirect(_addresses(request, membership).page)
    steps = next_steps(membership)
    return render(
        request,
        "communities/welcome.html",
        {
            "membership": membership,
            "community": membership.community,
            "steps": [step for step in steps if not step.is_later],
            "later_steps": [step for step in steps if step.is_later],
            "profile_steps": ask_once(membership),
            "addresses": _addresses(request, membership),
        },
    )


@require_POST
def acceptance(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Join, with or without leading, or come back."""

    def change(form: WordsForm) -> str:
        without_leading = "without_leading" in request.POST
        joined = actions.accept(membership, by=membership.person, without_leading=without_leading)
        if form.words:
            actions.say(joined, words=form.words, by=membership.person)
        return ""

    return _change(request, membership, change, then="welcome")


@require_POST
def refusal(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Say no, with or without a reason."""

    def change(form: WordsForm) -> str:
        if form.words:
            actions.say(membership, words=form.words, by=membership.person)
        actions.decline(membership, by=membership.person, why=form.cleaned_data["declining"])
        return _("You said no. That is fine, and you can change your mind here.")

    return _change(request, membership, change)


@require_POST
def words(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Ask, or say what worries, without deciding."""

    def change(form: WordsForm) -> str:
        actions.say(membership, words=form.words, by=membership.person)
        if membership.mail_address:
            return _("Sent. The answer comes by mail, and stands here.")
        return _("Sent. The answer will stand here.")

    return _change(request, membership, change)


@require_POST
def pause(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Rest for a while."""

    def change(form: WordsForm) -> str:
        actions.pause(membership, by=membership.person)
        return _("You are pausing. We write nothing until you come back.")

    return _change(request, membership, change)


@require_POST
def departure(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Leave."""

    def change(form: WordsForm) -> str:
        actions.leave(membership, by=membership.person)
        return _("You have left. Thank you for having been here.")

    return _change(request, membership, change)


def _change(
    request: HttpRequest, membership: Membership, change: Callable[[WordsForm], str], *, then: str = "page"
) -> HttpResponse:
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _show(request, membership, form, status=422)
    try:
        with transaction.atomic():
            sentence = change(form)
    except DomainError as refused:
        form.add_error(None, str(refused.sentence))
        return _show(request, membership, form, status=422)
    if sentence:
        messages.success(request, sentence)
    return redirect(getattr(_addresses(request, membership), then))


@dataclass(frozen=True)
class LookedAt:
    """What stands on top of a page that others look at: a sentence that says so, and the way back."""

    sentence: str
    back: str
    way_back: str


def sample(
    request: HttpRequest, membership: Membership, *, others: Sequence[Membership], looked_at: LookedAt
) -> HttpResponse:
    """The page that somebody without a row yet will get, for others to look at: nothing on it can be sent."""
    return answer_in(membership.language, _sample, request, membership, others, looked_at)


def _sample(
    request: HttpRequest, membership: Membership, others: Sequence[Membership], looked_at: LookedAt
) -> HttpResponse:
    context = {
        **_told(membership),
        "is_asked": True,
        "companions": others[:SHOWN_COMPANIONS],
        "more": max(0, len(others) - SHOWN_COMPANIONS),
        "form": WordsForm(with_declining=True),
        "looked_at": looked_at,
    }
    return render(request, "communities/invitation.html", context)


def _show(
    request: HttpRequest, membership: Membership, form: WordsForm, *, status: int = 200
) -> HttpResponse:
    who = companions(membership)
    shown = list(who[: SHOWN_COMPANIONS + 1])
    more = who.count() - SHOWN_COMPANIONS if len(shown) > SHOWN_COMPANIONS else 0
    context: dict[str, Any] = {
        **_told(membership),
        "is_asked": _is_asked(membership),
        "companions": shown[:SHOWN_COMPANIONS],
        "more": more,
        "words": membership.words.all(),
        "form": form,
        "addresses": _addresses(request, membership),
        "choices": [*choices(membership), *way_back(membership)],
    }
    return render(request, "communities/invitation.html", context, status=status)


def _told(membership: Membership) -> dict[str, Any]:
    """What the page tells of the place itself; sentences in the language in which it is drawn."""
    program = membership.community.program
    return {
        "membership": membership,
        "community": membership.community,
        "program": program,
        "why": wording.why(membership),
        "word": words_for(program).community,
    }


def _is_asked(membership: Membership) -> bool:
    return membership.state == Membership.State.INVITED and membership.is_open


def _addresses(request: HttpRequest, membership: Membership) -> Addresses:
    match = request.resolver_match
    kind, key = (
        ("invitation", match.kwargs["token"])
        if match and "token" in match.kwargs
        else ("membership", membership.pk)
    )

    def at(change: str) -> str:
        return reverse(f"communities:{kind}_{change}", args=[key])

    return Addresses(
        page=reverse(f"communities:{kind}", args=[key]),
        welcome=at("welcome"),
        acceptance=at("acceptance"),
        refusal=at("refusal"),
        words=at("words"),
        pause=at("pause"),
        departure=at("departure"),
    )
