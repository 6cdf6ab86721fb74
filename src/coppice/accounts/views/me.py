"""A person's own page and where they are signed in."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.accounts import actions, permissions, queries
from coppice.accounts.forms import PersonForm
from coppice.accounts.models import Person
from coppice.accounts.views import reader
from coppice.lib.access import access, signed_in


# GET, POST /me/
@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    written = Person.objects.get(pk=request.user.pk)  # the form writes on its copy before it is valid
    form = PersonForm(request.POST if request.method == "POST" else None, instance=written)
    if request.method == "POST" and form.is_valid():
        actions.change_person(reader(request), **form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("accounts:me")
    return render(request, "accounts/me.html", {"form": form}, status=422 if form.is_bound else 200)


# GET /me/security/sessions/
@access(signed_in)
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    context = {"sessions": queries.sessions_of(request.user), "current": request.session.session_key}
    return render(request, "accounts/sessions.html", context)


# POST /me/security/sessions/others/end/
@access(signed_in)
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    ended = actions.end_sessions(reader(request), keep=request.session.session_key or "", by=request.user)
    messages.success(
        request, _("Signed out elsewhere: %(count)d.") % {"count": ended} if ended else _("Nothing to end.")
    )
    return redirect("usersessions_list")


# POST /me/security/sessions/<session_id>/end/
@access(permissions.owns_session, on=queries.session_of)
@require_POST
def end_session(request: HttpRequest, session: UserSession) -> HttpResponse:
    is_this_one = session.session_key == request.session.session_key
    actions.end_session(session, by=request.user)
    if is_this_one:
        request.session.flush()
        return redirect("account_login")
    messages.success(request, _("Signed out there."))
    return redirect("usersessions_list")
