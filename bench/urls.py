"""Two bare pages, and all of Coppice."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from coppice.accounts.models import Person
from coppice.lib.access import access, anyone

ROWS = engines["django"].from_string(
    "<!doctype html><title>People</title><ul>{% for person in people %}"
    "<li><a href='/people/{{ person.pk }}/'>{{ person.name }}</a> {{ person.email }}</li>"
    "{% endfor %}</ul>"
)


# GET /bench/one-query/
@access(anyone, signed_out=True)
def one_query(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"There are {Person.objects.count()} people.")


# GET /bench/twenty-rows/
@access(anyone, signed_out=True)
def twenty_rows(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROWS.render({"people": Person.objects.order_by("pk")[:20]}, request))


urlpatterns = [
    path("bench/one-query/", one_query),
    path("bench/twenty-rows/", twenty_rows),
    path("", include("coppice.urls")),
]
