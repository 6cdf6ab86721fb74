"""The demo's front page and its doors."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from coppice.accounts.models import Person
from coppice.demo.doors import Door, door_of, doors
from coppice.lib.access import access, anyone
from coppice.live.models import Room

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


# GET /demo/
@access(anyone, signed_out=True)
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    rooms = Room.objects.going_on().order_by("pk")
    return render(request, "demo/demo.html", {"doors": doors(), "room": rooms.first()})


# GET, POST /demo/sign-in/<key>/
@access(anyone, on=door_of, signed_out=True)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, found: tuple[Door, Person]) -> HttpResponse:
    door, person = found
    if request.method == "POST":
        login(request, person, backend=BACKEND)
        return redirect("home:home")
    return render(request, "demo/sign_in.html", {"door": door, "person": person})
