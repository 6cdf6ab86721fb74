"""Signed links: a participant's own page, a room's projector, and the streams that both listen to."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from coppice.lib.ids import id_in
from coppice.live.models import Participant, Room

STREAM_AGE = timedelta(days=1)
STREAM_SALT = "coppice.live.stream"


def token_of(participant: Participant) -> str:
    """Return the token of one participant's page; it holds until they are taken out or stop their links."""
    return _signer(participant).sign(str(participant.pk))


def phone_path(participant: Participant) -> str:
    """Return the path of one participant's own page."""
    return reverse("live:phone", args=[token_of(participant)])


WHOLE_PAGE = ("room__program", "room__community", "room__current", "person")
ACT_ALONE = ("room", "person")


def participant_behind(token: str, *, needed: tuple[str, ...] = WHOLE_PAGE) -> Participant:
    """Return the participant of a token, with what is `needed` of their room; raises Http404 otherwise.

    A thousand phones act within seconds, and most of what an act costs is the width of what it reads.
    """
    found = Participant.objects.select_related(*needed).filter(pk=id_in(token.partition(":")[0]))
    participant = next(iter(found.exclude(secret="").order_by()), None)
    if participant is None or (participant.person and not participant.person.is_active):
        raise Http404
    try:
        _signer(participant).unsign(token)
    except BadSignature:
        raise Http404 from None
    return participant


def projector_path(room: Room) -> str:
    """Return the path of the room's projector: whoever has the link sees what everybody in the room sees."""
    return reverse("live:projector", args=[_projector_signer().sign(str(room.pk))])


def room_behind(token: str) -> Room:
    """Return the room of a projector's token; raises Http404 otherwise."""
    try:
        room_id = _projector_signer().unsign(token)
    except BadSignature:
        raise Http404 from None
    room = Room.objects.select_related("program", "community", "current").filter(pk=room_id).first()
    if room is None:
        raise Http404
    return room


@dataclass(frozen=True)
class Stream:
    """One open stream: to which screen of which room, in what language, and whose it is.

    `audience` is "projector", "host" or "phone"; `who` is the id of the participant or of the person hosting,
    and 0 for a projector.
    """

    audience: str
    room_id: int
    language: str
    who: int = 0


def stream_path(stream: Stream) -> str:
    """Return the path at which a screen listens; it can be opened anew for a day (STREAM_AGE)."""
    said = [stream.audience, stream.room_id, stream.language, stream.who]
    return reverse("live:events", args=[signing.dumps(said, salt=STREAM_SALT)])


def stream_behind(token: str) -> Stream | None:
    """Return the stream of a token, without asking the database; None when it does not hold."""
    try:
        return Stream(*signing.loads(token, salt=STREAM_SALT, max_age=STREAM_AGE))
    except BadSignature:
        return None


def _signer(participant: Participant) -> Signer:
    # Somebody known who stops all their links, or has themself erased, stops this one too.
    own = participant.person.link_secret if participant.person else ""
    return Signer(salt=f"coppice.live.participant.{participant.secret}.{own}")


def _projector_signer() -> Signer:
    return Signer(salt="coppice.live.projector")
