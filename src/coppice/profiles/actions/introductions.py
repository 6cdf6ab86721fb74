"""Introducing somebody who needs something to somebody who offers it; both say yes first."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from coppice.history.actions import record
from coppice.profiles import notices
from coppice.profiles.errors import NoLongerWaiting, NotToBeAsked
from coppice.profiles.matching import candidates_for
from coppice.profiles.models import Expertise, Introduction, Need, Telling
from coppice.programs.models import Enrollment

WAITS = timedelta(days=30)
"""So long an introduction waits for both to say yes; then it is let go."""

ASKED_AFTER = timedelta(days=14)
"""So long after two people were introduced the one who needed is asked whether it helped; once."""


class Outcome(models.TextChoices):
    """What became of an introduction, as the one who needed says."""

    HELPED = "helped"
    NOT_YET = "not_yet"
    OVER = "over"


@transaction.atomic
def propose(need: Need, *, offer: Expertise, by: Any, people: Any = None) -> Introduction:
    """Ask both whether they want to be introduced: by mail link, without an account.

    Whoever needs it and asks for herself has said yes by that. `people` are those among whom whoever asks may
    choose, as with `candidates_for`. Raises NotToBeAsked when the offer is none that fits, or its person was
    asked often enough this month.
    """
    fitting = candidates_for(need, people=people, also_colleagues=True)
    if not fitting.filter(pk=offer.pk).exists():
        raise NotToBeAsked
    asks_herself = by.pk == need.enrollment.person_id
    introduction = Introduction(
        program=need.enrollment.program,
        need=need,
        offer=offer,
        asked_by=by,
        is_among_members=people is not None,
        need_agreed_at=timezone.now() if asks_herself else None,
    )
    introduction.keep_what_may_be_told()
    introduction.save()
    _record("introduction.proposed", introduction, by=by, about=need.enrollment.person)
    notices.may_we(introduction, to=offer.enrollment)
    if not asks_herself:
        notices.may_we(introduction, to=need.enrollment)
    return introduction


@transaction.atomic
def introduce(need: Need, *, offer: Expertise, by: Any) -> Introduction:
    """Introduce two who have both said yes already, to each other and by name, such as in a room.

    Each learns by mail how to reach the other, as after two answers. What is told is what each shares with a
    community. Twice is once. Raises NotToBeAsked when one of the two has taken theirs away or left.
    """
    known = Introduction.objects.filter(need=need, offer=offer, introduced_at__isnull=False).first()
    if known is not None:
        return known
    now = timezone.now()
    introduction, _is_new = Introduction.objects.get_or_create(
        need=need,
        offer=offer,
        defaults={"program": need.enrollment.program, "asked_by": by, "is_among_members": True},
    )
    introduction.need_agreed_at = introduction.need_agreed_at or now
    introduction.offer_agreed_at = introduction.offer_agreed_at or now
    introduction.keep_what_may_be_told()
    if not introduction.is_open:
        raise NotToBeAsked
    introduction.state, introduction.introduced_at = Introduction.State.INTRODUCED, now
    _settle(introduction, Telling.About.ASKED)
    introduction.save()
    _record("introduction.proposed", introduction, by=by, about=need.enrollment.person)
    for each in _both(introduction):
        notices.here_you_are(introduction, to=each)
    return introduction


@transaction.atomic
def agree(introduction: Introduction, *, enrollment: Enrollment, by: Any) -> Introduction:
    """Say yes for one of the two; once both did, each learns by mail who the other is.

    Saying yes twice changes nothing. Raises NoLongerWaiting when the other said no, or it is over.
    """
    introduction = _held(introduction)
    agreed = "need_agreed_at" if _needs(introduction, enrollment) else "offer_agreed_at"
    if getattr(introduction, agreed) is not None and introduction.state != Introduction.State.DECLINED:
        return introduction
    if not introduction.is_open:
        raise NoLongerWaiting
    setattr(introduction, agreed, timezone.now())
    _settle(introduction, Telling.About.ASKED, enrollment=enrollment)
    _record_answer(introduction, enrollment=enrollment, by=by)
    if introduction.need_agreed_at and introduction.offer_agreed_at:
        introduction.state, introduction.introduced_at = Introduction.State.INTRODUCED, timezone.now()
        introduction.leave_out_what_is_kept_now()
        for each in _both(introduction):
            notices.here_you_are(introduction, to=each)
    introduction.save()
    return introduction


@transaction.atomic
def decline(introduction: Introduction, *, enrollment: Enrollment, by: Any) -> Introduction:
    """Say no for one of the two, without a reason; the other hears it kindly if they had said yes.

    Saying no twice changes nothing. Raises NoLongerWaiting when it was made already or is over.
    """
    introduction = _held(introduction)
    if introduction.state == Introduction.State.DECLINED:
        return introduction
    if not introduction.is_open:
        raise NoLongerWaiting
    _record_answer(introduction, enrollment=enrollment, by=by)
    _end(introduction, whose=enrollment)
    return introduction


@transaction.atomic
def end_waiting(*, whose: Enrollment, row: Need | Expertise | None = None) -> None:
    """End what waits for a yes because somebody left the roster, or took one need or offer (`row`) away.

    Whoever had said yes hears that it does not work out, as with a no.
    """
    waiting = Introduction.objects.of_person(whose).filter(state=Introduction.State.PROPOSED)
    if row is not None:
        waiting = waiting.filter(need=row) if isinstance(row, Need) else waiting.filter(offer=row)
    for each in waiting:
        _end(_held(each), whose=whose)


@transaction.atomic
def end_between(person: Any, other: Any) -> None:
    """End what waits for a yes between two people who are not to be introduced to each other any more.

    Whoever had said yes hears that it does not work out, as with a no; nobody learns whose it was.
    """
    here, there = "need__enrollment__person", "offer__enrollment__person"
    between = Q(**{here: person, there: other}) | Q(**{here: other, there: person})
    for each in Introduction.objects.filter(between, state=Introduction.State.PROPOSED):
        _end(_held(each))


@transaction.atomic
def tell_outcome(introduction: Introduction, *, outcome: str, by: Any) -> Introduction:
    """Say for the one who needed what became of it: helped, not yet, or no longer needed.

    The need follows: helped, it is addressed; no longer needed, it is off the lists; not yet, it stands. It
    can be said anew. Raises NoLongerWaiting when the two were never introduced or one of them is gone.
    """
    introduction = _held(introduction)
    need = introduction.need
    if not introduction.was_made or need is None:
        raise NoLongerWaiting
    state, of_need = {
        Outcome.HELPED: (Introduction.State.HELPED, Need.State.ADDRESSED),
        Outcome.OVER: (Introduction.State.OVER, Need.State.RETIRED),
        Outcome.NOT_YET: (Introduction.State.INTRODUCED, Need.State.RAISED),
    }[Outcome(outcome)]
    now = timezone.now()
    introduction.asked_whether_at = introduction.asked_whether_at or now
    is_new = introduction.state != state
    introduction.state = state
    introduction.ended_at = None if state == Introduction.State.INTRODUCED else now
    introduction.save()
    if is_new:
        need.state = of_need
        need.save(update_fields=["state"])
        if not need.is_open:
            end_waiting(whose=need.enrollment, row=need)
        _settle(introduction, Telling.About.HELPED)
        _record(f"introduction.{Outcome(outcome)}", introduction, by=by, about=need.enrollment.person)
    if is_new and state == Introduction.State.HELPED and introduction.offer is not None:
        notices.it_helped(introduction)
    return introduction


@transaction.atomic
def ask_whether_helped(introduction: Introduction) -> None:
    """Ask the one who needed whether it helped, by mail, else by the staff; a second time changes nothing.

    Without a mail they are asked only once staff say so (`tell_by_staff`).
    """
    introduction = _held(introduction)
    if introduction.asked_whether_at is not None or introduction.state != Introduction.State.INTRODUCED:
        return
    need, offer = introduction.need, introduction.offer
    if need is not None and offer is not None:
        notices.did_it_help(introduction)
    if not introduction.tellings.filter(about=Telling.About.HELPED).exists():
        introduction.asked_whether_at = timezone.now()
        introduction.save(update_fields=["asked_whether_at"])


@transaction.atomic
def tell_by_staff(telling: Telling, *, by: Any) -> None:
    """Note that staff told or asked somebody whom no mail reaches; a second time changes nothing."""
    now = timezone.now()
    if not Telling.objects.filter(pk=telling.pk, told_at=None).update(told_at=now):
        return
    introduction = _held(telling.introduction)
    if telling.about == Telling.About.HELPED and introduction.asked_whether_at is None:
        introduction.asked_whether_at = now
        introduction.save(update_fields=["asked_whether_at"])
    _record("introduction.told", introduction, by=by, about=telling.enrollment.person)


@transaction.atomic
def let_go(*, at: datetime) -> int:
    """End what has waited too long for a yes, and return how many; whoever had said yes hears of it."""
    waiting = Introduction.objects.filter(state=Introduction.State.PROPOSED, proposed_at__lte=at - WAITS)
    ended = list(waiting)
    for each in ended:
        _end(_held(each), state=Introduction.State.LAPSED)
    return len(ended)


def _end(
    introduction: Introduction,
    *,
    state: Introduction.State = Introduction.State.DECLINED,
    whose: Enrollment | None = None,
) -> None:
    """End what waits; whoever said yes hears of it, save the one (`whose`) with whom it ends."""
    introduction.state, introduction.ended_at = state, timezone.now()
    introduction.save(update_fields=["state", "ended_at"])
    _settle(introduction, Telling.About.ASKED)
    for each in _both(introduction):
        agreed = introduction.need_agreed_at if _needs(introduction, each) else introduction.offer_agreed_at
        if each != whose and agreed and each.ended_at is None:
            notices.not_this_time(introduction, to=each)


def _settle(
    introduction: Introduction, about: Telling.About, *, enrollment: Enrollment | None = None
) -> None:
    """Take from the staff what an answer made needless to ask."""
    asked = introduction.tellings.filter(about=about, told_at=None)
    (asked if enrollment is None else asked.filter(enrollment=enrollment)).delete()


def _held(introduction: Introduction) -> Introduction:
    """The introduction as it is now, kept from others until the transaction ends."""
    Introduction.objects.select_for_update().get(pk=introduction.pk)
    rows = Introduction.objects.select_related(
        "program__provider",
        "need__topic",
        "need__enrollment__person",
        "need__enrollment__program",
        "offer__topic",
        "offer__enrollment__person",
        "offer__enrollment__program",
    )
    return rows.get(pk=introduction.pk)


def _needs(introduction: Introduction, enrollment: Enrollment) -> bool:
    need = introduction.need
    return need is not None and need.enrollment_id == enrollment.pk


def _both(introduction: Introduction) -> list[Enrollment]:
    return [row.enrollment for row in (introduction.need, introduction.offer) if row is not None]


def _record_answer(introduction: Introduction, *, enrollment: Enrollment, by: Any) -> None:
    """The record says that an answer came, not whose it was or which: else it told whose the no was.

    It names whoever enters the answer of somebody else.
    """
    entered_by = by if by.pk != enrollment.person_id else None
    _record("introduction.answered", introduction, by=entered_by, about=None)


def _record(verb: str, introduction: Introduction, *, by: Any, about: Any) -> None:
    record(verb, scope=introduction.program.scope, by=by, subject=introduction, about=about)
