"""One version of a charter as a paper to take away: whether it holds, its words, consent, who does what."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coppice.communities.charter_board import Poll, parts_of, poll_of
from coppice.communities.charter_models import Charter
from coppice.communities.plan_board import goals_of
from coppice.communities.plan_paper import commitment_blocks, goal_blocks, leading, role_table
from coppice.communities.role_board import roles_of
from coppice.lib.papers import Block, Callout, Fact, Heading, Paper, Paragraph, Tone, size_in

State = Charter.State
TONES: dict[str, Tone] = {
    State.PROPOSED: "bluebell",
    State.ADOPTED: "leaf",
    State.NOT_ADOPTED: "foxglove",
    State.REPLACED: "hazel",
}


def charter_paper(charter: Charter) -> Paper:
    """Return one version, in the language and time zone that are active; about ten queries.

    What its people said is told by numbers, without names: a charter goes to sponsors as well. A version
    that holds, or that everybody is asked about, brings the goals, roles and commitments of today.
    """
    community, poll = charter.community, poll_of(charter)
    parts = [
        block
        for part in parts_of(charter, charter.plan)
        for block in (Heading(part.title), Paragraph(part.text))
    ]
    today = charter.state in {State.PROPOSED, State.ADOPTED}
    state = _state(charter)
    return Paper(
        title=_("Charter"),
        subtitle=community.name,
        kicker=community.program.name,
        language=get_language() or "en",
        size=size_in(community.time_zone),
        made_at=timezone.now(),
        state=state,
        tone=TONES[charter.state],
        facts=[
            Fact(_("Version"), str(charter.number)),
            Fact(_("Proposed on"), date_format(timezone.localtime(charter.proposed_at))),
            _end(charter),
            *leading(community),
        ],
        blocks=[
            Callout(_told(charter), outcome_of(poll, charter), TONES[charter.state]),
            *parts,
            *(_who_does_what(charter) if today else []),
        ],
        foot=f"{community.name} · {charter} · {state}",
    )


def outcome_of(poll: Poll, charter: Charter) -> str:
    """Return in one sentence how many said what."""
    counted = [
        ngettext("%(count)s agrees", "%(count)s agree", len(poll.agree)) % {"count": len(poll.agree)},
        ngettext("%(count)s agrees with a note", "%(count)s agree with a note", len(poll.notes))
        % {"count": len(poll.notes)},
        ngettext("%(count)s objects", "%(count)s object", len(poll.objections))
        % {"count": len(poll.objections)},
    ]
    if poll.objections:
        resolved = len(poll.objections) - poll.standing
        counted.append(
            ngettext("%(count)s objection is resolved", "%(count)s objections are resolved", resolved)
            % {"count": resolved}
        )
    if charter.is_open:
        waiting = len(poll.waiting)
        counted.append(
            ngettext("%(count)s has yet to answer", "%(count)s have yet to answer", waiting)
            % {"count": waiting}
        )
    return ", ".join(counted) + "."


def _state(charter: Charter) -> str:
    if charter.state == State.PROPOSED:
        return _("Draft, everybody is asked")
    return str(charter.get_state_display())


def _told(charter: Charter) -> str:
    return {
        State.PROPOSED: _("This is a draft: members are still answering"),
        State.ADOPTED: _("This charter is adopted by consent"),
        State.NOT_ADOPTED: _("This version was not adopted"),
        State.REPLACED: _("A newer version has replaced this one"),
    }[State(charter.state)]


def _end(charter: Charter) -> Fact:
    if charter.closed_at is None:
        return Fact(_("People answer until"), date_format(charter.closes_on))
    day = date_format(timezone.localtime(charter.closed_at))
    return Fact(_("Adopted on") if charter.state == State.ADOPTED else _("Closed on"), day)


def _who_does_what(charter: Charter) -> list[Block]:
    """Goals, roles and commitments as they are today, which a version's own words do not hold."""
    community = charter.community
    day = date_format(timezone.localdate(timezone=community.zone))
    roles, promised = roles_of(community, people=()), commitment_blocks(community)
    blocks = goal_blocks(goals_of(community))
    if roles:
        blocks += [Heading(_("Roles")), role_table(roles)]
    if promised:
        blocks += [Heading(_("Commitments")), *promised]
    if blocks:
        blocks.append(
            Paragraph(_("These tables tell how things stand on %(day)s.") % {"day": day}, is_faint=True)
        )
    return blocks
