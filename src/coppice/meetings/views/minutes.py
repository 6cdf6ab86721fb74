"""What is written down at a meeting: kept, taken back, put back; and all of it as a table."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coppice.communities.models import Membership
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.ids import id_in
from coppice.meetings.actions import minutes
from coppice.meetings.actions.minutes import own_notes
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.hands import (
    Hand,
    Writing,
    WrittenRow,
    can_follow,
    can_take_back,
    can_write,
    hand_of,
    row_by_link,
    row_of,
    writing_by_link,
    writing_of,
)
from coppice.meetings.minutes_board import as_table, board_of
from coppice.meetings.minutes_forms import FORMS
from coppice.meetings.minutes_models import Decision, Lesson
from coppice.meetings.views.links import by_link
from coppice.meetings.views.running import show
from coppice.ui.toasts import offer_undo


# POST /meetings/<id>/written/<kind>/
@access(can_write, on=writing_of)
@require_POST
def written(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Keep one's notes, a decision, a commitment, a need or a lesson."""
    return _written(request, writing)


# POST /meeting-answers/<token>/written/<kind>/
@by_link(writing_by_link)
@require_POST
def written_by_link(request: HttpRequest, writing: Writing, membership: Membership) -> HttpResponse:
    """The same under a member's link."""
    return _written(request, writing)


def _written(request: HttpRequest, writing: Writing) -> HttpResponse:
    hand = writing.hand
    pk = id_in(request.POST.get("item", ""))
    item = hand.meeting.agenda.filter(pk=pk).first() if pk else None
    stands = own_notes(hand).filter(item=item).first() if writing.kind == "note" else None
    initial = {"text": stands.text} if stands else {}
    form = FORMS[writing.kind](request.POST, hand=hand, item=item, initial=initial)
    if form.is_valid():
        try:
            form.keep()
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Kept.") if writing.kind == "note" else _("Written down."))
            return redirect(_back(request, hand, item))
    return show(request, hand, typed=form, item=item, status=422)


def _back(request: HttpRequest, hand: Hand, item: AgendaItem | None) -> str:
    """Return where somebody goes on: at the close, or under the item that they wrote under."""
    if request.POST.get("from") == "close" and hand.leads and not hand.token:
        return hand.address("close")
    return f"{hand.address('run')}?item={item.pk if item else 0}#write"


# POST /meetings/<id>/written/<kind>/<row>/removal/
@access(can_take_back, on=row_of)
@require_POST
def removal(request: HttpRequest, written: WrittenRow) -> HttpResponse:
    """Take back what was written."""
    return _removal(request, written)


# POST /meeting-answers/<token>/written/<kind>/<row>/removal/
@by_link(row_by_link)
@require_POST
def removal_by_link(request: HttpRequest, written: WrittenRow, membership: Membership) -> HttpResponse:
    """The same under a member's link."""
    return _removal(request, written)


def _removal(request: HttpRequest, written: WrittenRow) -> HttpResponse:
    hand, row = written.hand, written.row
    pk = row.pk
    try:
        minutes.take_back(hand, row)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
    else:
        if isinstance(row, Decision | Lesson):
            kind = "decision" if isinstance(row, Decision) else "lesson"
            offer_undo(request, _("Taken back."), url=hand.address("return", kind, pk))
        else:
            messages.success(request, _("Deleted."))
    return redirect(f"{hand.address('run')}#written")


# POST /meetings/<id>/written/<kind>/<row>/return/
@access(can_take_back, on=row_of)
@require_POST
def returning(request: HttpRequest, written: WrittenRow) -> HttpResponse:
    """Undo taking back a decision or a lesson."""
    return _returning(request, written)


# POST /meeting-answers/<token>/written/<kind>/<row>/return/
@by_link(row_by_link)
@require_POST
def return_by_link(request: HttpRequest, written: WrittenRow, membership: Membership) -> HttpResponse:
    """The same under a member's link."""
    return _returning(request, written)


def _returning(request: HttpRequest, written: WrittenRow) -> HttpResponse:
    if isinstance(written.row, Decision | Lesson):
        try:
            minutes.put_back(written.hand, written.row)
        except DomainError as refused:
            messages.error(request, str(refused.sentence))
    return redirect(f"{written.hand.address('run')}#written")


# GET /meetings/<id>/minutes.csv
@access(can_follow, on=hand_of)
@require_safe
def minutes_file(request: HttpRequest, hand: Hand) -> HttpResponse:
    """Decisions, commitments, needs and lessons as a table."""
    return HttpResponse(
        as_table(board_of(hand)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="minutes.csv"', "Cache-Control": "no-store"},
    )
