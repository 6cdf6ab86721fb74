"""Papers to take away from a community, as PDF and as Word: plan, charter, roles and their notes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coppice.communities.charter_models import Charter
from coppice.communities.charter_paper import charter_paper
from coppice.communities.hand_over_paper import hand_over_paper, told_term
from coppice.communities.links import own_charter_of
from coppice.communities.models import Community, Membership
from coppice.communities.permissions import can_read_charter, can_read_role, can_take_part
from coppice.communities.plan_paper import plan_paper
from coppice.communities.queries import community_of
from coppice.communities.role_models import Role
from coppice.communities.role_paper import role_paper
from coppice.communities.views.charters import charter_of
from coppice.communities.views.roles import role_of
from coppice.lib.access import access, anyone
from coppice.lib.languages import answer_in
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


# GET /roles/<id>/hand-over.pdf
@access(can_read_role, on=role_of)
@require_safe
def hand_over_pdf(request: HttpRequest, role: Role) -> HttpResponse:
    """What one hands over with a role, as PDF."""
    return _hand_over(role, "pdf")


# GET /roles/<id>/hand-over.docx
@access(can_read_role, on=role_of)
@require_safe
def hand_over_docx(request: HttpRequest, role: Role) -> HttpResponse:
    """What one hands over with a role, for Word."""
    return _hand_over(role, "docx")


# GET /own-charters/<token>/charter.pdf
@access(anyone, on=own_charter_of, signed_out=True)
@never_cache
@require_safe
def own_charter_pdf(request: HttpRequest, asked: tuple[Charter, Membership]) -> HttpResponse:
    """The version that a mail asks about, as PDF."""
    return answer_in(asked[1].language, _charter, asked[0], "pdf")


# GET /own-charters/<token>/charter.docx
@access(anyone, on=own_charter_of, signed_out=True)
@never_cache
@require_safe
def own_charter_docx(request: HttpRequest, asked: tuple[Charter, Membership]) -> HttpResponse:
    """The version that a mail asks about, for Word."""
    return answer_in(asked[1].language, _charter, asked[0], "docx")


def _hand_over(role: Role, ending: str) -> HttpResponse:
    term = told_term(role)
    if term is None:
        raise Http404
    return paper_response(hand_over_paper(role, term), ending)


def _charter(charter: Charter, ending: str) -> HttpResponse:
    return paper_response(charter_paper(charter), ending)
