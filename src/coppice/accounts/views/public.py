"""Pages of accounts for whoever is not signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coppice.lib.access import access, anyone


# GET /erased/
@access(anyone, signed_out=True)
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/erased.html")
