"""The page that looks."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coppice.lib.access import access, signed_in
from coppice.search import filters
from coppice.search.forms import wish_from
from coppice.search.models import Document
from coppice.search.queries import MOST, look
from coppice.search.results import near_words, results

A_PAGE = 20
NEAR_SHOWN = 3


# GET /search/?q=…&kind=…&community=…&since=…&page=…
@access(signed_in)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    wish = wish_from(request.GET, now=now)
    answer = look(request.user, wish, now=now)
    page = Paginator(answer.document_ids, A_PAGE).get_page(request.GET.get("page"))
    kept = Document.objects.in_bulk(page.object_list)
    documents = [kept[pk] for pk in page if pk in kept]
    return render(
        request,
        "search/search.html",
        {
            "wish": wish,
            "answer": answer,
            "page": page,
            "results": results(request.user, documents, answer.terms),
            "near": near_words(documents, answer.terms)[:NEAR_SHOWN] if answer.is_near else [],
            "filters": filters.of(request.user, wish, answer, asked=request.GET),
            "most": MOST,
        },
    )
