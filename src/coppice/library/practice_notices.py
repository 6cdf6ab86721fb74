"""What people read of practices by mail or in a digest: it is out, and what waits for somebody's answer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Membership
from coppice.communities.notices import write_to
from coppice.lib.markdown import to_words
from coppice.library.practice_links import voice_path
from coppice.library.practice_models import Practice, PracticeReview, PracticeVoice
from coppice.notifications.actions import Letter, compose
from coppice.notifications.lines import DigestLine, compose_line
from coppice.notifications.models import Line, Message
from coppice.notifications.reach import reach

TEMPLATE = "library/email/practice"
Section = Line.Section
SHORT = 300
ASKED_AT_ONCE = 3


def published(practice: Practice) -> tuple[list[Message], list[Line]]:
    """Compose what tells the community's people, but its writer, that a practice is out: mails, and lines.

    A fixed number of queries; changes nothing.
    """
    community = practice.community
    occasion = f"practice-published:{practice.pk}"
    others = (each for each in _members(practice) if each.pk != practice.added_by_id and each.mail_address)
    members = {each.person_id: each for each in others}
    found = reach([each.person for each in members.values()], list_key=community.list_key, occasion=occasion)
    letters = {pk: _news(practice, to=each) for pk, each in members.items()}
    messages = [compose(recipient=each, occasion=occasion, **letters[each.pk]) for each in found.at_once]
    lines = [
        compose_line(recipient=each, occasion=occasion, rhythm=pace, **letters[each.pk])
        for each, pace in found.later
    ]
    return [each for each in messages if each], [each for each in lines if each]


def voice_asked(voice: PracticeVoice, *, by: Membership) -> Message | None:
    """Ask somebody whether their story may be told."""
    return _write(
        voice.practice,
        to=voice.membership,
        occasion=f"practice-voice:{voice.pk}",
        kind="voice",
        said=format_lazy(
            _("{name} wrote down a story in which you are. May it be told?"), name=by.enrollment.name
        ),
        label=_("Read it, and answer"),
        path=voice_path(voice),
        about=by.person,
    )


def voice_changed(voice: PracticeVoice, *, by: Membership) -> Message | None:
    """Tell somebody who said yes that the words have changed since; once a day."""
    return _write(
        voice.practice,
        to=voice.membership,
        occasion=f"practice-voice-changed:{voice.pk}",
        period=timezone.localdate().isoformat(),
        kind="changed",
        said=format_lazy(
            _("{name} changed a story in which you are. You can change your answer, too."),
            name=by.enrollment.name,
        ),
        label=_("Read it"),
        path=voice_path(voice),
        about=by.person,
    )


def review_asked(practice: Practice, *, by: Membership) -> list[Message | None]:
    """Ask who leads to read a practice before it is out; where nobody else leads, three members in turn."""
    others = [each for each in _members(practice) if each.pk != by.pk]
    leaders = [each for each in others if each.is_leader]
    turn = practice.pk % (len(others) or 1)
    some = (others[turn:] + others[:turn])[:ASKED_AT_ONCE]
    return [
        _write(
            practice,
            to=each,
            occasion=f"practice-review:{practice.pk}",
            period=str(practice.reviews.count()),
            kind="review",
            said=format_lazy(
                _("{name} asks you to read this before everybody does."), name=by.enrollment.name
            ),
            label=_("Read it, and say what you think"),
            about=by.person,
        )
        for each in leaders or some
    ]


def reviewed(review: PracticeReview) -> Message | None:
    """Tell the writer of a practice what somebody says of it."""
    practice, by = review.practice, review.membership
    to = _writer(practice)
    if to is None or by is None or to.pk == by.pk:
        return None
    said = (
        _("{name} read it: it is ready. Publish it.")
        if review.is_ready
        else _("{name} read it, and something is missing.")
    )
    return _write(
        practice,
        to=to,
        occasion=f"practice-reviewed:{review.pk}",
        kind="reviewed",
        said=format_lazy(said, name=by.enrollment.name),
        words=[each for each in (review.good, review.missing) if each],
        label=_("Publish it") if review.is_ready else _("Go on writing"),
        about=by.person,
    )


def not_to_be_told(practice: Practice, *, by: Membership, at: datetime) -> Message | None:
    """Tell the writer of a practice that somebody, who is not named, does not want their story told."""
    to = _writer(practice)
    if to is None or to.pk == by.pk:
        return None
    return _write(
        practice,
        to=to,
        occasion=f"practice-refused:{practice.pk}",
        period=f"{at:%Y%m%d%H%M%S}",
        kind="refused",
        said=_(
            "Somebody whose story this is does not want it told. Only you, who leads and whose story it is "
            "can read it now."
        ),
        label=_("See it"),
    )


def still_true(practice: Practice) -> list[Message | None]:
    """Ask whoever cares for a practice whether it still holds, once for each time it was looked at."""
    writer = _writer(practice)
    keepers = [writer] if writer else [each for each in _members(practice) if each.is_leader]
    return [
        _write(
            practice,
            to=each,
            occasion=f"practice-stale:{practice.pk}",
            period=f"{practice.looked_at:%Y%m%d%H%M%S}",
            kind="stale",
            said=_("Is this still true? Say so, change it, or put it aside."),
            label=_("Look at it"),
        )
        for each in keepers
    ]


def _news(practice: Practice, *, to: Membership) -> Letter:
    writer = practice.added_by
    said = format_lazy(
        _("New among your practices: {kind}, by {name}"),
        kind=Practice.Kind(practice.kind).label,
        name=writer.enrollment.name if writer else "",
    )
    community = practice.community
    return {
        "template": TEMPLATE,
        "context": _context(practice, said=said, words=[_short(practice)], label=_("Read it"))
        | {"reason": format_lazy(_("You get this because you are in {name}."), name=community.name)},
        "scope": community.program.scope,
        "list_key": community.list_key,
        "list_name": community.name,
        "thread": f"practice-{practice.pk}",
        "to_address": to.mail_address,
        "language": to.language,
        "time_zone": str(to.zone),
        "about": writer.person if writer else None,
        "digest": DigestLine(
            section=Section.PRACTICES,
            title=practice.title,
            words=_short(practice),
            path=practice.get_absolute_url(),
            object_key=practice.object_key,
            kind="practice",
        ),
    }


def _write(
    practice: Practice,
    *,
    to: Membership,
    occasion: str,
    kind: str,
    said: Any,
    label: Any,
    words: Iterable[str] = (),
    path: str = "",
    period: str = "",
    about: Any = None,
) -> Message | None:
    to.community = practice.community
    return write_to(
        to,
        occasion=occasion,
        period=period,
        template=TEMPLATE,
        context=_context(practice, said=said, words=list(words), label=label)
        | {"do_path": path or practice.get_absolute_url()},
        thread=f"practice-{practice.pk}",
        about=about,
        digest=DigestLine(
            section=Section.ANSWER,
            title=practice.title,
            words=said,
            path=path or practice.get_absolute_url(),
            object_key=practice.object_key,
            kind=kind,
        ),
    )


def _context(practice: Practice, *, said: Any, words: list[str], label: Any) -> dict[str, Any]:
    return {
        "practice": practice,
        "said": said,
        "words": words,
        "do_path": practice.get_absolute_url(),
        "do_label": label,
    }


def _short(practice: Practice) -> str:
    return Truncator(to_words(practice.done)).chars(SHORT)


def _members(practice: Practice) -> list[Membership]:
    rows = Membership.objects.active().filter(community=practice.community_id)
    members = list(rows.select_related("person", "enrollment").order_by("pk"))
    for each in members:
        each.community = practice.community
    return members


def _writer(practice: Practice) -> Membership | None:
    return next((each for each in _members(practice) if each.pk == practice.added_by_id), None)
