"""The addresses that the tests of `ui` need, whatever the rooms above have."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def breaks(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [path("", include("coppice.ui.urls")), path("breaks/", breaks)]
