"""From somebody who was found to the page on which this reader reads about them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from coppice.communities.finding_people import page_of_person
from coppice.lib.access import access, signed_in


def page_of(person: Any, *, enrollment_id: int) -> str:
    """Return the page on which the person reads about somebody; raises Http404 where there is none."""
    page = page_of_person(person, enrollment_id)
    if not page:
        raise Http404
    return page


# GET /people/<enrollment>/
@access(signed_in, on=page_of)
@require_safe
def person(request: HttpRequest, page: str) -> HttpResponse:
    """Lead on to the page: which one it is depends on who asks."""
    return redirect(page)
