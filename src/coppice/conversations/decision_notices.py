"""What deciding writes to people: asked, reminded, what was decided, and an objection with its answer."""

import hashlib
from functools import partial
from html import unescape
from typing import Any

from django.db.models import Q
from django.utils.html import strip_tags
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Membership
from coppice.conversations.decision_links import answer_path
from coppice.conversations.decision_models import Ballot, Decision
from coppice.lib.markdown import to_words
from coppice.notifications.actions import Letter, send
from coppice.notifications.lines import DigestLine
from coppice.notifications.models import Line, Message
from coppice.ui.dates import local_time

HOW_TO_REPLY = {
    Decision.Kind.ONE: _(
        "You can also reply to this mail: write the number of your answer, and then why, if you like."
    ),
    Decision.Kind.SEVERAL: _(
        "You can also reply to this mail: write the numbers of your answers, such as “1, 3”, and then why."
    ),
    Decision.Kind.DOTS: _(
        "You can also reply to this mail: write the number of an answer and its dots, such as “1: 3, 4: 2”."
    ),
    Decision.Kind.RANKING: _(
        "You can also reply to this mail: write the numbers in your order, the best first, such as “2, 1, 3”."
    ),
    Decision.Kind.CONSENT: _(
        "You can also reply to this mail: write “yes” to agree, “aside” to stand aside, or “no” and your "
        "reason."
    ),
}


def asked_occasion(decision: Decision) -> str:
    """What the outbox calls the mail that asks: one a person."""
    return f"decision-asked:{decision.pk}"


def reminder_occasion(decision: Decision) -> str:
    """What the outbox calls a reminder: one a person for each time at which it closes."""
    return f"decision-reminder:{decision.pk}:{decision.closes_at:%Y%m%d%H%M}"


def outcome_occasion(decision: Decision) -> str:
    """What the outbox calls the mail with the outcome."""
    return f"decision-outcome:{decision.pk}"


def again_occasion(decision: Decision) -> str:
    """What the outbox calls the mail to whoever is asked again, once for each change."""
    edited_at = decision.edited_at or decision.opened_at
    return f"decision-again:{decision.pk}:{edited_at:%Y%m%d%H%M%S%f}"


def untell(decision: Decision, *, outcome_only: bool = False, ballot: Ballot | None = None) -> bool:
    """Let no mail and no line of a digest leave that holds words of a decision and has not left yet.

    All of it, or the outcome alone, or what tells of one objection. Returns whether there was one.
    """
    if ballot is not None:
        told = Q(occasion__in=[f"decision-objection:{ballot.pk}", f"decision-objection-answered:{ballot.pk}"])
    elif outcome_only:
        told = Q(occasion=outcome_occasion(decision))
    else:
        told = Q(occasion__in=[asked_occasion(decision), outcome_occasion(decision)])
        for kind in ("reminder", "again", "wanted"):
            told |= Q(occasion__startswith=f"decision-{kind}:{decision.pk}:")
        for pk in decision.ballots.filter(stance=Ballot.Stance.OBJECT).values_list("pk", flat=True):
            told |= Q(occasion__in=[f"decision-objection:{pk}", f"decision-objection-answered:{pk}"])
    mails, _rows = Message.objects.filter(told, state=Message.State.WAITING).delete()
    lines, _rows = Line.objects.waiting().filter(told).delete()
    return bool(mails or lines)


def asks(decision: Decision, *, to: Membership, author: str, why: str = "asked") -> Letter:
    """Return the mail that asks a member, asks "again" after a change, or is a "reminder".

    `author` is the name of who opened it. Asks no database where the options are fetched.
    """
    closes = partial(_closes, decision, to)
    words = format_lazy(_("{name} asks you to decide."), name=author)
    context = {
        "author": author,
        "do_path": answer_path(decision, to),
        "why": why,
        "closes": closes,
        "other_closes": partial(_closes_for_organizer, decision, to),
        "options": list(decision.options.all()),
        "background": to_words(decision.background),
        "do_label": _("Say what you think"),
        "reply_hint": HOW_TO_REPLY[Decision.Kind(decision.kind)],
    }
    letter = _letter("conversations/email/decision_asked", context, decision, to=to)
    letter["about"] = decision.opened_by
    letter["reply_to"] = f"decision:{decision.pk}"
    letter["digest"] = _line(decision, Line.Section.ANSWER, words, path=answer_path(decision, to))
    return letter


def outcome(decision: Decision, *, to: Membership, author: str, answered: int) -> Letter:
    """Return the mail that tells a member what was decided; `author` wrote it down."""
    context = {
        "author": author,
        "answered": answered,
        "do_label": _("See who said what") if decision.has_names else _("See the answers"),
    }
    letter = _letter("conversations/email/decision_outcome", context, decision, to=to)
    letter["about"] = decision.outcome_by
    letter["digest"] = _line(decision, Line.Section.DECISIONS, decision.outcome)
    return letter


def outcome_wanted(decision: Decision, *, to: Membership, answered: int, asked: int) -> Message | None:
    """Ask whoever keeps a decision that is over for its outcome in words."""
    context = {"answered": answered, "asked": asked, "do_label": _("Write what was decided")}
    return _send(
        to,
        f"decision-wanted:{decision.pk}:{decision.closes_at:%Y%m%d%H%M}",
        _letter("conversations/email/decision_wanted", context, decision, to=to),
        period=str(decision.wanted),
    )


def objection_raised(ballot: Ballot, *, to: Any) -> Message | None:
    """Tell somebody who keeps a decision that a member objects, once for each wording."""
    decision = ballot.decision
    membership = _membership(to, decision)
    if membership is None:
        return None
    context = {
        "ballot": ballot,
        "name": ballot.membership.enrollment.name,
        "do_label": _("See it and answer"),
    }
    letter = _letter("conversations/email/decision_objection", context, decision, to=membership)
    letter["about"] = ballot.membership.person
    period = hashlib.blake2b(f"{ballot.words}:{ballot.proposal}".encode(), digest_size=8).hexdigest()
    return _send(membership, f"decision-objection:{ballot.pk}", letter, period=period)


def objection_answered(ballot: Ballot) -> Message | None:
    """Ask whoever objected whether the answer resolves it; once for each answer."""
    context = {
        "ballot": ballot,
        "do_path": answer_path(ballot.decision, ballot.membership),
        "do_label": _("Say whether it is resolved"),
    }
    letter = _letter(
        "conversations/email/decision_objection_answered", context, ballot.decision, to=ballot.membership
    )
    period = hashlib.blake2b(f"{ballot.way}:{ballot.reply}".encode(), digest_size=8).hexdigest()
    return _send(ballot.membership, f"decision-objection-answered:{ballot.pk}", letter, period=period)


def _membership(person: Any, decision: Decision) -> Membership | None:
    community = decision.thread.community
    found = (
        Membership.objects.taking_part()
        .filter(community=community, person=person)
        .select_related("person", "enrollment")
        .first()
    )
    if found is not None:
        found.community = community
    return found


def _send(to: Membership, occasion: str, letter: Letter, *, period: str) -> Message | None:
    if not to.mail_address:
        return None
    letter["period"] = period
    return send(recipient=to.person, occasion=occasion, **letter)


def _letter(template: str, context: dict[str, Any], decision: Decision, *, to: Membership) -> Letter:
    thread, community = decision.thread, decision.thread.community
    return {
        "template": template,
        "context": {
            "decision": decision,
            "thread": thread,
            "community": community,
            "do_path": decision.get_absolute_url(),
            "reason": format_lazy(_("You get this because you are in {name}."), name=community.name),
            **context,
        },
        "scope": community.program.scope,
        "list_key": community.list_key,
        "list_name": community.name,
        "thread": f"thread-{thread.pk}",
        "to_address": to.mail_address,
        "language": to.language,
        "time_zone": str(to.zone),
    }


def _line(decision: Decision, section: Line.Section, words: Any, *, path: str = "") -> DigestLine:
    return DigestLine(
        section=section,
        title=decision.question,
        words=words,
        path=path or decision.get_absolute_url(),
        object_key=f"decision:{decision.pk}",
        kind="decision",
        until=decision.closes_at if section == Line.Section.ANSWER else None,
    )


def _closes(decision: Decision, to: Membership) -> str:
    return _plain(decision, to.zone, yours=True)


def _closes_for_organizer(decision: Decision, to: Membership) -> str:
    """The same by the organizer's clock, where it shows another time."""
    at = decision.closes_at
    if at.astimezone(decision.zone).utcoffset() == at.astimezone(to.zone).utcoffset():
        return ""
    return _plain(decision, decision.zone, yours=False)


def _plain(decision: Decision, zone: Any, *, yours: bool) -> str:
    return unescape(strip_tags(local_time(decision.closes_at, zone=zone, yours=yours)))
