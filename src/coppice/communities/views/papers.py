"""Papers to take away from a community, as PDF and as Word: its plan, its charter, its roles."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from coppice.communities.charter_models import Charter
from coppice.communities.charter_paper import charter_paper
from coppice.communities.models import Community
from coppice.communities.permissions import can_read_charter, can_take_part
from coppice.communities.plan_paper import plan_paper
from coppice.communities.queries import community_of
from coppice.communities.role_paper import role_paper
from coppice.communities.views.charters import charter_of
from coppice.lib.access import access
from coppice.lib.papers import paper_response


# GET /communities/<id>/plan.pdf
@access(can_take_part, on=community_of)
@require_safe
def plan_pdf(request: HttpRequest, community: Community) -> HttpResponse:
    """The plan as it stands, as PDF."""
    return paper_response(plan_paper(community), "pdf")


# GET /communities/<id>/plan.docx
@access(can_take_part, on=community_of)
@require_safe
def plan_docx(request: HttpRequest, community: Community) -> HttpResponse:
    """The plan as it stands, for Word."""
    return paper_response(plan_paper(community), "docx")


# GET /charters/<id>/charter.pdf
@access(can_read_charter, on=charter_of)
@require_safe
def charter_pdf(request: HttpRequest, charter: Charter) -> HttpResponse:
    """One version of a charter, as PDF."""
    return paper_response(charter_paper(charter), "pdf")


# GET /charters/<id>/charter.docx
@access(can_read_charter, on=charter_of)
@require_safe
def charter_docx(request: HttpRequest, charter: Charter) -> HttpResponse:
    """One version of a charter, for Word."""
    return paper_response(charter_paper(charter), "docx")


# GET /communities/<id>/roles.pdf
@access(can_take_part, on=community_of)
@require_safe
def roles_pdf(request: HttpRequest, community: Community) -> HttpResponse:
    """Who has which role, with hand-over notes, as PDF."""
    return paper_response(role_paper(community), "pdf")


# GET /communities/<id>/roles.docx
@access(can_take_part, on=community_of)
@require_safe
def roles_docx(request: HttpRequest, community: Community) -> HttpResponse:
    """Who has which role, with hand-over notes, for Word."""
    return paper_response(role_paper(community), "docx")
