"""The page that looks."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coppice.lib.access import access, signed_in
from coppice.search import filters, readers
from coppice.search.forms import wish_from
from coppice.search.models import Document
from coppice.search.queries import A_PAGE, MOST, look
from coppice.search.results import near_words, results
from coppice.search.sources import sources

NEAR_SHOWN = 3


# GET /search/?q=…&kind=…&community=…&since=…&page=…
@access(signed_in)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    wish = wish_from(request.GET, now=now)
    answer = look(request.user, wish, now=now)
    page = Paginator(answer.pages, A_PAGE).get_page(request.GET.get("page"))
    more = {fold.document_id: fold.more for fold in page}
    kept = Document.objects.in_bulk(list(more))
    documents = [kept[pk] for pk in more if pk in kept]
    circles = {document.community_id for document in documents} | set(filters.communities_of(wish, answer))
    names = readers.names_of(request.user, [pk for pk in circles if pk is not None]) if circles else {}
    return render(
        request,
        "search/search.html",
        {
            "wish": wish,
            "answer": answer,
            "page": page,
            "results": results(request.user, documents, answer.terms, names=names, more=more),
            "near": near_words(documents, answer.terms)[:NEAR_SHOWN] if answer.is_near else [],
            "filters": filters.of(wish, answer, names=names, asked=request.GET),
            "kept": [(name, request.GET[name]) for name in filters.NAMES if request.GET.get(name)],
            "everywhere": f"?{urlencode({'q': wish.text})}",
            "sources": sources(),
            "most": MOST,
            "found": len(answer.document_ids),
        },
    )
