"""A practice is written, changed, reviewed and published."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.lib.jobs import after_commit
from coppice.library import practice_notices as notices
from coppice.library.actions.noting import note_down
from coppice.library.actions.practice_voices import set_voices, tell_of_change
from coppice.library.errors import NotThere, NotToBeTold, VoicesMissing
from coppice.library.practice_models import WORDS, Practice, PracticeReview, PracticeVersion, PracticeVoice
from coppice.library.topics import set_topics

State = Practice.State


@transaction.atomic
def write(
    community: Community,
    *,
    kind: str,
    by: Membership,
    words: Mapping[str, str],
    licence: str,
    topics: Iterable[str] = (),
    voices: Iterable[Membership] = (),
    origin: str = "",
) -> Practice:
    """Write a practice down as a draft; `words` are the answers by their names, `voices` whose story it is.

    Each of these is asked whether it may be told. `by` is the active membership of its writer.
    """
    practice = Practice.objects.create(
        community=community, kind=kind, licence=licence, added_by=by, origin=origin, **words
    )
    set_topics(practice, topics)
    set_voices(practice, voices, by=by)
    note_down("practice.written", practice, by=by)
    return practice


@transaction.atomic
def change(
    practice: Practice,
    *,
    by: Membership,
    words: Mapping[str, str],
    licence: str,
    topics: Iterable[str] = (),
    voices: Iterable[Membership] = (),
) -> Practice:
    """Answer anew; the same changes nothing. What was published before stays as a version.

    Whoever changes what is published has looked at it: it does not count as out of date any more.
    """
    now = held(practice)
    said = {**words, "licence": licence}
    changed = [name for name, value in said.items() if getattr(now, name) != value]
    for name in changed:
        setattr(now, name, said[name])
    others = [set_topics(now, topics), set_voices(now, voices, by=by)]
    if changed:
        now.changed_at = timezone.now()
        if now.is_out:
            _is_true(now)
        now.save()
        if now.is_out:
            _keep_version(now, by=by)
        tell_of_change(now, by=by)
    if changed or any(others):
        note_down("practice.changed", now, by=by)
    return now


@transaction.atomic
def ask_review(practice: Practice, *, by: Membership) -> Practice:
    """Ask the others to read a draft; who leads hears of it. Twice changes nothing.

    Raises NotToBeTold, NotThere.
    """
    now = held(practice)
    if now.state == State.ASKED:
        return now
    _must_be(now, State.DRAFT)
    _may_be_told(now)
    _go(now, State.ASKED)
    note_down("practice.review_asked", now, by=by)
    notices.review_asked(now, by=by)
    return now


@transaction.atomic
def review(
    practice: Practice, *, by: Membership, is_ready: bool, good: str = "", missing: str = ""
) -> PracticeReview:
    """Say what is good and what is missing: ready to be published, or sent back. Raises NotThere."""
    now = held(practice)
    _must_be(now, State.ASKED)
    said = PracticeReview.objects.create(
        practice=now, membership=by, is_ready=is_ready, good=good, missing=missing
    )
    _go(now, State.REVIEWED if is_ready else State.DRAFT)
    note_down("practice.reviewed" if is_ready else "practice.sent_back", now, by=by)
    notices.reviewed(said)
    return said


@transaction.atomic
def publish(practice: Practice, *, by: Membership) -> Practice:
    """Have everybody of the community find it, and tell them after the commit. Twice changes nothing.

    Raises NotThere, NotToBeTold, VoicesMissing.
    """
    now = held(practice)
    if now.is_out:
        return now
    _must_be(now, State.REVIEWED)
    _may_be_told(now)
    if any(each.is_waiting() for each in now.voices.all()):
        raise VoicesMissing
    now.state = State.PUBLISHED
    now.published_at = now.changed_at = timezone.now()
    _is_true(now)
    now.save()
    _keep_version(now, by=by)
    note_down("practice.published", now, by=by)
    after_commit("coppice.library.tasks.tell_practice", practice_id=now.pk)
    return now


@transaction.atomic
def confirm(practice: Practice, *, by: Membership) -> Practice:
    """Say that what is published still holds. Raises NotThere."""
    now = held(practice)
    _must_be(now, *Practice.OUT)
    _is_true(now)
    now.save()
    note_down("practice.confirmed", now, by=by)
    return now


@transaction.atomic
def take_up(practice: Practice, *, by: Membership) -> Practice:
    """Take up what was put aside: as published, where it was and may be told, else as a draft.

    Twice changes nothing.
    """
    now = held(practice)
    if now.state != State.ASIDE:
        return now
    is_refused = now.voices.filter(answer=PracticeVoice.Answer.NO).exists()
    if now.versions.exists() and not is_refused:
        now.state = State.PUBLISHED
        _is_true(now)
    else:
        now.state = State.DRAFT
    now.save()
    note_down("practice.taken_up", now, by=by)
    return now


def held(practice: Practice) -> Practice:
    """The practice as it is now, held until the transaction ends."""
    rows = Practice.objects.select_for_update(of=("self",))
    return rows.select_related("community__program", "added_by").get(pk=practice.pk)


def _must_be(practice: Practice, *states: State) -> None:
    if practice.state not in states:
        raise NotThere


def _may_be_told(practice: Practice) -> None:
    if practice.voices.filter(answer=PracticeVoice.Answer.NO).exists():
        raise NotToBeTold


def _go(practice: Practice, state: State) -> None:
    practice.state = state
    practice.save(update_fields=["state"])


def _is_true(practice: Practice) -> None:
    """It holds as of now; nobody needs to ask that for a while."""
    if practice.state == State.STALE:
        practice.state = State.PUBLISHED
    practice.looked_at, practice.asked_at = timezone.now(), None


def _keep_version(practice: Practice, *, by: Any) -> None:
    """Keep the words of what is published; the same ones again make no version."""
    words = {name: getattr(practice, name) for name in WORDS}
    newest = practice.versions.first()
    if newest is None or any(getattr(newest, name) != said for name, said in words.items()):
        number = newest.number + 1 if newest else 1
        PracticeVersion.objects.create(practice=practice, number=number, added_by=by, **words)
