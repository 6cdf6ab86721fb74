"""Doors that the tests of receipts knock at: each adds one entry, then answers in its own way."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from coppice.history.actions import record
from coppice.history.middleware import without_receipt
from coppice.history.models import Entry, Receipt


@transaction.atomic
def note(request: HttpRequest, detail: Any = None) -> Entry:
    return record(
        "test.noted", scope="program:1", by=request.user, subject=Receipt(pk=1), detail={"said": detail}
    )


def page(request: HttpRequest) -> HttpResponse:
    entry = note(request, request.POST.get("said"))
    return HttpResponse(f"entry {entry.pk} · ñ", headers={"HX-Trigger": "noted"})


def moved(request: HttpRequest) -> HttpResponse:
    response = redirect(f"/there/{note(request).pk}/")
    response.headers["HX-Trigger"], response.headers["X-Other"] = "noted", "1"
    response.set_cookie("crumb", "1")
    return response


def template(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "history/done_already.html", {"entry": note(request)})


def refused(request: HttpRequest) -> HttpResponse:
    note(request)
    return HttpResponse("look again", status=422)


def forbidden(request: HttpRequest) -> HttpResponse:
    note(request)
    raise PermissionDenied


def broken(request: HttpRequest) -> HttpResponse:
    note(request)
    raise IntegrityError("the view's own")


def streamed(request: HttpRequest) -> StreamingHttpResponse:
    note(request)
    return StreamingHttpResponse(iter(["a", "b"]))


def upload(request: HttpRequest) -> HttpResponse:
    return HttpResponse(note(request, request.FILES["file"].read().decode()).detail["said"])


@without_receipt
def unkept(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(note(request).pk))


def binary(request: HttpRequest) -> HttpResponse:
    note(request)
    headers = {"Content-Disposition": 'attachment; filename="a.zip"'}
    return HttpResponse(b"\x00\xff", content_type="application/zip", headers=headers)


urlpatterns = [
    path(f"{door.__name__}/", door)
    for door in (page, moved, template, refused, forbidden, broken, streamed, upload, unkept, binary)
]
