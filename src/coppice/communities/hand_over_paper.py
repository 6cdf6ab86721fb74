"""The hand-over note of one role as a paper: what the role takes, who had it, what to know for the next."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coppice.communities.role_models import Role, RoleTerm
from coppice.lib.papers import Block, Callout, Fact, Heading, Paper, Paragraph, size_in


def told_term(role: Role) -> RoleTerm | None:
    """Return whose note of a role is read: the holder's, else the last written, else the newest term."""
    rows = role.terms.select_related("holder__enrollment", "backup__enrollment").order_by("-starts_on", "-pk")
    terms = list(rows)
    noted = [term for term in terms if term.hand_over]
    return next((term for term in noted if term.ended_on is None), None) or next(iter(noted or terms), None)


def hand_over_paper(role: Role, term: RoleTerm) -> Paper:
    """Return what one term of a role hands over, in the language and time zone that are active."""
    community = role.community
    return Paper(
        title=str(role),
        subtitle=community.name,
        kicker=community.program.name,
        language=get_language() or "en",
        size=size_in(community.time_zone),
        made_at=timezone.now(),
        state=_("Hand-over note"),
        tone="bluebell",
        facts=_facts(role, term),
        blocks=_blocks(role, term),
        foot=f"{community.name} · {role} · {_('Hand-over note')}",
    )


def _facts(role: Role, term: RoleTerm) -> list[Fact]:
    end = term.ended_on or term.until
    facts = [
        Fact(_("Who has it") if term.ended_on is None else _("Who had it"), term.holder.enrollment.name),
        Fact(_("Since"), date_format(term.starts_on)),
    ]
    if end:
        facts.append(Fact(_("Until"), date_format(end)))
    if term.backup:
        facts.append(Fact(_("Who steps in"), term.backup.enrollment.name))
    if role.minutes_a_month:
        count = role.minutes_a_month
        told = ngettext("%(count)s minute a month", "%(count)s minutes a month", count) % {"count": count}
        facts.append(Fact(_("What it takes"), told))
    return facts


def _blocks(role: Role, term: RoleTerm) -> list[Block]:
    blocks: list[Block] = [Heading(_("What one does in it")), Paragraph(role.what)] if role.what else []
    if term.hand_over:
        name = term.holder.enrollment.name
        title = _("What %(name)s hands over") % {"name": name}
        return [*blocks, Heading(title), Paragraph(term.hand_over)]
    told = _("Whoever has the role writes it on the page of roles, by Hand over.")
    return [*blocks, Callout(_("Nothing is handed over in writing yet"), told, "hazel")]
