"""Pages that join rooms."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coppice.communities.agreement import agreement_of, waiting_steps
from coppice.communities.models import Community, Membership
from coppice.communities.next_steps import choices
from coppice.communities.queries import community_of
from coppice.conversations import decision_steps
from coppice.conversations.lists import NEWS_SHOWN
from coppice.conversations.lists import news as talk_news
from coppice.conversations.moderation_queue import waiting_steps as moderation_steps
from coppice.formation.market_board import open_marketplaces
from coppice.formation.waiting import waiting_of
from coppice.home import board as board_lines
from coppice.home import counts, queries
from coppice.home import rows as board_rows
from coppice.home.navigation import know_calls
from coppice.home.permissions import can_read_board, can_read_now, can_read_organization, can_read_summary
from coppice.home.setup_steps import steps, test_mail_of
from coppice.home.waiting import chosen_on, waiting_for
from coppice.lib.access import access, anyone, signed_in
from coppice.lib.tables import write_csv
from coppice.programs.models import Organization, Program
from coppice.programs.queries import organization_of, program_of
from coppice.programs.wording import words_for
from coppice.stewardship.queries import coming_calls, next_call_on, to_call

A_PAGE = 20
CALLS_SHOWN = 3


# GET /
@access(anyone, signed_out=True)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "home/welcome.html")
    programs = queries.my_programs(request.user)
    context = {
        "memberships": queries.knowing_news(queries.my_memberships(request.user)),
        "meetings": queries.my_next_meetings(request.user),
        "marketplaces": chosen_on(open_marketplaces(request.user), request.user),
        "waiting": waiting_for(request.user),
        "programs": programs,
        "posts": queries.my_posts(request.user),
    }
    return render(request, "home/home.html", context)


# GET /communities/
@access(signed_in)
@require_safe
def communities(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.my_memberships(request.user), 50).get_page(request.GET.get("page"))
    memberships = queries.knowing_news(page)
    context = {
        "page": page,
        "memberships": memberships,
        "programs": queries.my_programs(request.user) if not memberships else [],
    }
    return render(request, "home/communities.html", context)


# GET /programs/<id>/
@access(can_read_board, on=program_of)
@require_safe
def board(request: HttpRequest, program: Program) -> HttpResponse:
    today = timezone.localdate(timezone=program.zone)
    numbers = queries.program_counts(program)
    page = Paginator(queries.living(program), A_PAGE).get_page(request.GET.get("page"))
    due = to_call(program, on=today)
    calls = due[:CALLS_SHOWN]
    know_calls(request, {program.pk: len(due)})
    lines = board_lines.lines(program, {*page, *calls}, on=today)
    words = words_for(program)
    labels = board_rows.labels(words)
    context = {
        "program": program,
        "words": words,
        "counts": numbers,
        "week": program.week(today),
        "page": page,
        "labels": labels,
        "rows": board_rows.rows((lines[pk] for pk in page if pk in lines), labels),
        "calls": [lines[pk] for pk in calls if pk in lines],
        "next_call_on": next_call_on(program, on=today) if not calls else None,
        "setup": steps(program) if not numbers.communities else None,
        "waiting": waiting_of(program),
    }
    return render(request, "home/board.html", context)


# GET /programs/<id>/leader-calls/
@access(can_read_board, on=program_of)
@require_safe
def calls(request: HttpRequest, program: Program) -> HttpResponse:
    today = timezone.localdate(timezone=program.zone)
    due = to_call(program, on=today)
    page = Paginator(due, A_PAGE).get_page(request.GET.get("page"))
    know_calls(request, {program.pk: len(due)})
    lines = board_lines.lines(program, list(page), on=today)
    context = {
        "program": program,
        "page": page,
        "lines": [lines[pk] for pk in page if pk in lines],
        "coming": coming_calls(program, on=today)[:A_PAGE],
    }
    return render(request, "home/calls.html", context)


# GET /programs/<id>/setup/
@access(can_read_board, on=program_of)
@require_safe
def setup(request: HttpRequest, program: Program) -> HttpResponse:
    program_steps = steps(program)
    context = {
        "program": program,
        "words": words_for(program),
        "steps": program_steps,
        "next": next((step for step in program_steps if not step.is_done), None),
        "done": sum(step.is_done for step in program_steps),
        "test_mail": test_mail_of(program, request.user) if not program.mail_tested_at else None,
    }
    return render(request, "home/setup.html", context)


# GET /programs/<id>/summary/
@access(can_read_summary, on=program_of)
@require_safe
def summary(request: HttpRequest, program: Program) -> HttpResponse:
    numbers, reach = queries.program_counts(program), queries.program_reach(program)
    today = timezone.localdate(timezone=program.zone)
    context = {
        "program": program,
        "measures": counts.program_measures(program, numbers, reach),
        "sentences": counts.sentences(program, numbers, reach, on=today),
        "week": program.week(today),
        "today": today,
        "smallest": queries.SMALLEST_GROUP,
    }
    return render(request, "home/summary.html", context)


# GET /programs/<id>/summary.csv
@access(can_read_summary, on=program_of)
@require_safe
def summary_file(request: HttpRequest, program: Program) -> HttpResponse:
    measures = counts.program_measures(
        program, queries.program_counts(program), queries.program_reach(program)
    )
    today = timezone.localdate(timezone=program.zone)
    header, *rows = counts.file_rows(program, measures, on=today)
    return HttpResponse(
        write_csv([str(title) for title in header], rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="counts-{program.pk}-{today}.csv"'},
    )


# GET /organizations/<id>/
@access(can_read_organization, on=organization_of)
@require_safe
def organization(request: HttpRequest, organization: Organization) -> HttpResponse:
    reach = queries.organization_reach(organization)
    context = {
        "organization": organization,
        "reach": reach,
        "measures": counts.reach_measures(reach),
        "communities": list(queries.communities_of_organization(organization)[:100]),
        "smallest": queries.SMALLEST_GROUP,
    }
    return render(request, "home/organization.html", context)


# GET /communities/<id>/
@access(can_read_now, on=community_of)
@require_safe
def now(request: HttpRequest, community: Community) -> HttpResponse:
    last_meeting, meeting = queries.around_now(community)
    standing = queries.standing(community, request.user)
    agreement = agreement_of(community, request.user.pk)
    takes_part = standing.mine is not None and standing.mine.state == Membership.State.ACTIVE
    context = {
        "community": community,
        "tab": "now",
        "week": community.week(timezone.localdate(timezone=community.program.zone)),
        "meeting": meeting,
        "to_record": queries.to_record(last_meeting, meeting) if standing.leads else None,
        "mine": standing.mine,
        "zone": standing.mine.zone if standing.mine else None,
        "leaders": standing.leaders,
        "last_meeting": last_meeting,
        "figure": queries.attendance(community),
        "leads": standing.leads,
        "is_staff": standing.is_staff,
        "agreement": agreement,
        "may_ask": takes_part and not standing.is_stopped and community.ended_at is None,
        "waiting": [
            *waiting_steps(agreement, community, leads=standing.leads, takes_part=takes_part),
            *(moderation_steps(community, request.user) if standing.leads else []),
            *(decision_steps.steps_in(community, unanswered=standing.unanswered) if takes_part else []),
        ],
        "choices": choices(standing.mine) if standing.mine and not standing.leads else [],
        "counts": queries.headcount(community, meeting, request.user),
        "talk": talk_news(community, request.user, most=NEWS_SHOWN),
    }
    return render(request, "home/now.html", context)
