"""Giving out a file, once a view's door has said that this reader may have it."""

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase

from coppice.library.kinds import PDF, SHOWN_WITHIN, TEXTS
from coppice.library.models import Version

NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'"


def file_answer(version: Version, *, within: bool) -> HttpResponseBase:
    """Answer with a version's file, to be saved; `within` the browser only for kinds in which nothing runs.

    Raises Http404 when the file is lost.
    """
    try:
        file = version.file.open()
    except FileNotFoundError:
        raise Http404 from None
    shown = within and version.content_type in SHOWN_WITHIN
    content_type = "text/plain; charset=utf-8" if version.content_type in TEXTS else version.content_type
    answer = FileResponse(file, as_attachment=not shown, filename=version.name, content_type=content_type)
    return safely(answer, sandbox=version.content_type != PDF)


def safely[Answer: (HttpResponse, FileResponse)](answer: Answer, *, sandbox: bool = True) -> Answer:
    """Mark what people put in as something in which nothing runs and that nobody frames.

    Browsers draw a PDF by a program of their own, apart from us, which a sandbox keeps from starting.
    """
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = f"{NOTHING_RUNS}; sandbox" if sandbox else NOTHING_RUNS
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
