"""One version of a charter as a paper to take away: whether it holds, its words, consent, who does what."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coppice.communities.charter_board import Poll, parts_of, poll_of
from coppice.communities.charter_models import Charter
from coppice.communities.plan_board import GoalLine
from coppice.communities.plan_paper import goal_blocks
from coppice.communities.who_does_what import (
    WhoDoesWhat,
    leading,
    promise_table,
    role_table,
    who_does_what,
)
from coppice.lib.papers import Block, Callout, Fact, Heading, Paper, Paragraph, Tone, size_in

State = Charter.State
TONES: dict[str, Tone] = {
    State.PROPOSED: "bluebell",
    State.ADOPTED: "leaf",
    State.NOT_ADOPTED: "foxglove",
    State.REPLACED: "hazel",
}


def charter_paper(charter: Charter) -> Paper:
    """Return one version, in the language and time zone that are active; in five queries.

    What its people said is told by numbers, without names: a charter goes to sponsors as well. A version
    that holds, or that everybody is asked about, brings the goals, roles and commitments of today.
    """
    community, poll = charter.community, poll_of(charter)
    people = who_does_what(community)
    parts = [
        block
        for part in parts_of(charter, charter.plan)
        for block in (Heading(part.title), Paragraph(part.text))
    ]
    holds = charter.state in {State.PROPOSED, State.ADOPTED}
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
            *leading(people.leaders),
        ],
        blocks=[
            Callout(_told(charter), outcome_of(poll, charter), TONES[charter.state]),
            *parts,
            *(_today(charter, people) if holds else []),
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


def _today(charter: Charter, people: WhoDoesWhat) -> list[Block]:
    """Goals, roles and commitments as they are today, which a version's own words do not hold."""
    community = charter.community
    blocks = goal_blocks([GoalLine(goal, None, None) for goal in community.goals.all()])
    if people.roles:
        blocks += [Heading(_("Roles")), role_table(people.roles)]
    if people.promises:
        blocks += [Heading(_("Commitments")), promise_table(people.promises)]
    if blocks:
        day = date_format(timezone.localdate(timezone=community.zone))
        told = _("These tables tell how things stand on %(day)s.") % {"day": day}
        blocks.append(Paragraph(told, is_faint=True))
    return blocks
