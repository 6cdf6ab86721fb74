"""What was done in a program, and the mail that could not be sent: why, and once more."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from coppice.history.models import Entry
from coppice.lib.access import access
from coppice.notifications.errors import NotFailed
from coppice.programs import actions
from coppice.programs.models import Program
from coppice.programs.permissions import can_run, can_run_program_of
from coppice.programs.queries import (
    NOBODY,
    ProgramAddress,
    ProgramMessage,
    address_now,
    address_of,
    failed_mail,
    known_as,
    mail_of,
    message_of,
    paused_addresses,
    program_of,
)
from coppice.programs.verbs import lines_of

MOST_PAUSED = 200


# GET /programs/<id>/history/
@access(can_run, on=program_of)
@require_safe
def history(request: HttpRequest, program: Program) -> HttpResponse:
    page = Paginator(Entry.objects.of(program.scope), 50).get_page(request.GET.get("page"))
    context = {"program": program, "page": page, "lines": lines_of(program, page)}
    return render(request, "programs/history.html", context)


# GET /programs/<id>/mail/
@access(can_run, on=program_of)
@require_safe
def mail(request: HttpRequest, program: Program) -> HttpResponse:
    counts = (
        mail_of(program)
        .order_by()
        .aggregate(**{state: Count("pk", filter=Q(state=state)) for state in ("sent", "waiting", "failed")})
    )
    page = Paginator(failed_mail(program), 50).get_page(request.GET.get("page"))
    known = known_as(program, (message.recipient_id for message in page))
    lines = [
        {"message": message, "reader": reader, "address_now": address_now(message, reader)}
        for message in page
        for reader in [known.get(message.recipient_id, NOBODY)]
    ]
    context = {
        "program": program,
        "page": page,
        "lines": lines,
        "counts": counts,
        "paused": _paused(program),
    }
    return render(request, "programs/mail.html", context)


def _paused(program: Program) -> list[dict[str, Any]]:
    standings = list(paused_addresses(program)[:MOST_PAUSED])
    known = known_as(program, (standing.person_id for standing in standings))
    return [{"standing": each, "reader": known.get(each.person_id, NOBODY)} for each in standings]


# POST /programs/<id>/mail/addresses/<standing_id>/trial/
@access(can_run_program_of, on=address_of)
@require_POST
def address_trial(request: HttpRequest, found: ProgramAddress) -> HttpResponse:
    count = actions.try_address_again(found.program, found.standing, by=request.user)
    said = ngettext(
        "Mail goes there again, and %(count)d that waited is on its way.",
        "Mail goes there again, and %(count)d that waited are on their way.",
        count,
    )
    messages.success(request, said % {"count": count} if count else _("Mail goes there again."))
    return redirect("programs:mail", found.program.pk)


# POST /programs/<id>/mail/resending/
@access(can_run, on=program_of)
@require_POST
def mail_resending(request: HttpRequest, program: Program) -> HttpResponse:
    count = actions.send_all_again(program, by=request.user)
    if count:
        said = ngettext(
            "%(count)d mail is on its way again.", "%(count)d mails are on their way again.", count
        )
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("There is nothing to send again."))
    return redirect("programs:mail", program.pk)


# POST /programs/<id>/mail/<message_id>/resending/
@access(can_run_program_of, on=message_of)
@require_POST
def message_resending(request: HttpRequest, found: ProgramMessage) -> HttpResponse:
    try:
        message = actions.send_again(found.program, found.message, by=request.user)
    except NotFailed as refusal:
        messages.info(request, str(refusal.sentence))
    else:
        messages.success(request, _("On its way again, to %(address)s.") % {"address": message.to_address})
    return redirect("programs:mail", found.program.pk)
