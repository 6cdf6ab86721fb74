"""Signed links: a participant's own page, a room's projector, and the streams that both listen to."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from coppice.accounts.links import make_token
from coppice.lib.ids import id_in
from coppice.live.models import FormerPlace, Participant, Room

STREAM_AGE = timedelta(days=1)
STREAM_SALT = "coppice.live.stream"


def token_of(participant: Participant) -> str:
    """Return the token of one participant's page; it holds until they are taken out or stop their links."""
    return _signer(participant).sign(str(participant.pk))


def token_of_page(participant: Participant) -> str:
    """Return the token by which a participant's page was opened, for what it sends.

    Whoever came by a guest's link of before gets no other: their own token says more of the person.
    """
    return participant.came_by or token_of(participant)


def phone_path(participant: Participant) -> str:
    """Return the path of one participant's own page."""
    return reverse("live:phone", args=[token_of_page(participant)])


WHOLE_PAGE = ("room__program", "room__community", "room__current", "person")
ACT_ALONE = ("room", "person")


def participant_behind(token: str, *, needed: tuple[str, ...] = WHOLE_PAGE) -> Participant:
    """Return the participant of a token, with what is `needed` of their room; raises Http404 otherwise.

    A thousand phones act within seconds, and most of what an act costs is the width of what it reads.
    """
    found = Participant.objects.select_related(*needed).filter(pk=id_in(token.partition(":")[0]))
    participant = next(iter(found.exclude(secret="").order_by()), None)
    signer = _signer(participant) if participant else None
    if participant is None:
        participant, signer = _merged_behind(token, needed)
    if participant is None or signer is None or (participant.person and not participant.person.is_active):
        raise Http404
    try:
        signer.unsign(token)
    except BadSignature:
        raise Http404 from None
    return participant


def _merged_behind(token: str, needed: tuple[str, ...]) -> tuple[Participant | None, Signer | None]:
    """Return the place that a guest's place was merged into, and what the guest's link was signed with."""
    place = FormerPlace.objects.filter(old_id=id_in(token.partition(":")[0])).first()
    if place is None:
        return None, None
    participant = Participant.objects.select_related(*needed).get(pk=place.participant_id)
    if not _still_holds(place.claimed_with, participant):
        return None, None
    participant.came_by, participant.came_confirmed = token, place.is_confirmed
    return participant, _guest_signer(place.secret)


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


CLAIM = "live-claim"
"""The purpose of links by which somebody says that a guest was they."""


LINK = "live-room"
"""The purpose of links by which somebody known joins a room from a mail."""


def link_path(room: Room, person: Any) -> str:
    """Return the path by which this person joins the room without an account."""
    return reverse("live:link", args=[make_token(LINK, person=person, subject_id=room.pk)])


def claim_path(participant: Participant, person: Any) -> str:
    """Return the path of the page that asks this person whether the guest was they."""
    token = make_token(CLAIM, person=person, subject_id=participant.pk)
    return reverse("live:claim", args=[token])


def claimed_with(person: Any) -> str:
    """Return a digest of what a guest's link must not outlive once the place is this person's."""
    return salted_hmac("coppice.live.claim", person.link_secret, algorithm="sha256").hexdigest()


def _signer(participant: Participant) -> Signer:
    # Somebody known who stops all their links, or has themself erased, stops this one too.
    if participant.person is None or _still_holds(participant.claimed_with, participant):
        return _guest_signer(participant.secret)
    return Signer(salt=f"coppice.live.participant.{participant.secret}.{participant.person.link_secret}")


def _guest_signer(secret: str) -> Signer:
    return Signer(salt=f"coppice.live.participant.{secret}.")


def _still_holds(digest: str, participant: Participant) -> bool:
    person = participant.person
    return bool(digest) and person is not None and constant_time_compare(digest, claimed_with(person))


def _projector_signer() -> Signer:
    return Signer(salt="coppice.live.projector")
