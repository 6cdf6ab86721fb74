"""A web with its names for hosts and those who were there, and entering one from a drawing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coppice.activities import webs
from coppice.activities.actions import webs as actions
from coppice.activities.web import shown
from coppice.activities.web_forms import DrawingForm
from coppice.activities.webs import can_enter_web, can_see_web, web_step_of
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.tables import write_csv
from coppice.live.models import Step


# GET /live-webs/<id>/
@access(can_see_web, on=web_step_of)
@require_safe
def web(request: HttpRequest, step: Step) -> HttpResponse:
    """The web of a step's last round that has any, with its names, as picture and table."""
    context = {**shown(webs.last_web_of(step)), "step": step, "room": step.room}
    return render(request, "activities/web/page.html", context)


# GET, POST /live-webs/<id>/drawing/
@access(can_enter_web, on=web_step_of)
@require_http_methods(["GET", "HEAD", "POST"])
def drawing(request: HttpRequest, step: Step) -> HttpResponse:
    """Enter one need after the other as they stand on a drawing."""
    form = DrawingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            strand = actions.enter(step, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("It is in the web: %(need)s") % {"need": strand})
            return redirect("activities:web_drawing", step.pk)
    context = {**shown(webs.last_web_of(step)), "step": step, "room": step.room, "form": form}
    return render(request, "activities/web/drawing.html", context, status=422 if form.errors else 200)


# GET /live-webs/<id>/web.csv
@access(can_enter_web, on=web_step_of)
@require_safe
def file(request: HttpRequest, step: Step) -> HttpResponse:
    """Who needs what and who helps how in each round, one row for each tie, with names as hosts know them."""
    header = [_("Round"), _("Who needs"), _("What"), _("Who helps"), _("How")]
    rows = [
        [
            str(number),
            str(knot.who),
            knot.need,
            str(tie.participant) if tie else "",
            tie.how if tie else "",
        ]
        for number in range(1, step.round + 1)
        for knot in webs.web_of(step, round=number).knots
        for tie in knot.ties or (None,)
    ]
    return HttpResponse(
        write_csv(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="web-{step.pk}.csv"'},
    )
