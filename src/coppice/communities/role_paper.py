"""The roles of a community as a paper: who has which, what each takes, notes for whoever comes next."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coppice.communities.models import Community, Membership
from coppice.communities.role_board import RoleLine, people_of, roles_of
from coppice.communities.who_does_what import held, leading, role_table
from coppice.lib.papers import Block, Fact, Heading, Paper, Paragraph, size_in

ACTIVE = Membership.State.ACTIVE


def role_paper(community: Community) -> Paper:
    """Return all roles with their hand-over notes, in the language and time zone that are active."""
    people = people_of(community)
    lines = roles_of(community, people=people)
    leaders = [each.enrollment.name for each in people if each.is_leader and each.state == ACTIVE]
    blocks: list[Block] = (
        [role_table([held(line) for line in lines])] if lines else [Paragraph(_("There are no roles yet."))]
    )
    return Paper(
        title=_("Roles"),
        subtitle=community.name,
        kicker=community.program.name,
        language=get_language() or "en",
        size=size_in(community.time_zone),
        made_at=timezone.now(),
        facts=[
            Fact(_("As of"), date_format(timezone.localdate(timezone=community.zone))),
            Fact(_("Open roles"), str(sum(line.term is None for line in lines))),
            *leading(leaders),
        ],
        blocks=[*blocks, *(block for line in lines for block in _told(line))],
        foot=f"{community.name} · {_('Roles')}",
    )


def _told(line: RoleLine) -> list[Block]:
    """What a role takes, and the note of whoever has it, else of whoever had it last."""
    noted = next((term for term in (line.term, line.last) if term and term.hand_over), None)
    if not line.role.what and not noted:
        return []
    blocks: list[Block] = [Heading(str(line.role))]
    if line.role.what:
        blocks.append(Paragraph(line.role.what))
    if noted:
        name = noted.holder.enrollment.name
        blocks += [
            Heading(_("What %(name)s hands over") % {"name": name}, level=2),
            Paragraph(noted.hand_over),
        ]
    return blocks
