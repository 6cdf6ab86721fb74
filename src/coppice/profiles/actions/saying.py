"""What one person says: a need, an offer, what stands for what they know; changed and taken away again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from coppice.history.actions import record
from coppice.profiles.actions.introductions import end_waiting
from coppice.profiles.errors import NothingSaid, TooMuchSaid, TopicOfAnother
from coppice.profiles.models import OPEN_NEEDS, OPEN_OFFERS, Audience, Expertise, Need, Profile, Source
from coppice.programs.models import Enrollment, Topic
from coppice.search.actions import mark_rows

MOST_OPEN = 30
"""So many needs, and so many offers, one person keeps open in a program: more, nobody reads."""


@dataclass(frozen=True)
class NeedSaid:
    """A need as somebody says it, before it is kept."""

    topic: Topic | None = None
    text: str = ""
    urgency: str = Need.Urgency.SOON
    audience: str = Audience.COMMUNITIES


@dataclass(frozen=True)
class OfferSaid:
    """An offer as somebody says it, before it is kept; `availability` is "" where they did not say it."""

    topic: Topic | None = None
    text: str = ""
    level: str = Expertise.Level.DOES
    availability: str = ""
    audience: str = Audience.COMMUNITIES


@transaction.atomic
def voice_need(
    enrollment: Enrollment,
    *,
    by: Any,
    topic: Topic | None = None,
    text: str = "",
    urgency: str = Need.Urgency.SOON,
    audience: str = Audience.COMMUNITIES,
    source: str = Source.SELF,
    source_key: str = "",
) -> Need:
    """Keep a need of somebody on a program's roster: about one of its topics, in their own words, or both.

    `source` says how it came here. `source_key` (up to 80 letters, such as "activity:12:answer:44") names
    what wrote it: the same key for the same person again returns the need that it made, whatever became of
    it since. Raises NothingSaid, TopicOfAnother, TooMuchSaid.
    """
    known = Need.objects.filter(enrollment=enrollment, source_key=source_key).first() if source_key else None
    if known is not None:
        return known
    need = Need(enrollment=enrollment, urgency=urgency, source=source, source_key=source_key)
    _put(need, topic=topic, text=text, audience=audience)
    _refuse_too_much(Need.objects.filter(enrollment=enrollment, state__in=OPEN_NEEDS).count())
    need.save()
    _note("need.voiced", need, by=by)
    return need


@transaction.atomic
def offer_help(
    enrollment: Enrollment,
    *,
    by: Any,
    topic: Topic | None = None,
    text: str = "",
    level: str = Expertise.Level.DOES,
    availability: str = Expertise.Availability.CALL,
    audience: str = Audience.COMMUNITIES,
    source: str = Source.SELF,
    source_key: str = "",
) -> Expertise:
    """Keep what somebody on a program's roster offers help with; the rest is as with `voice_need`."""
    kept = Expertise.objects.filter(enrollment=enrollment)
    known = kept.filter(source_key=source_key).first() if source_key else None
    if known is not None:
        return known
    offer = Expertise(
        enrollment=enrollment, level=level, availability=availability, source=source, source_key=source_key
    )
    _put(offer, topic=topic, text=text, audience=audience)
    _refuse_too_much(kept.filter(state__in=OPEN_OFFERS).count())
    offer.save()
    _note("offer.made", offer, by=by)
    return offer


@transaction.atomic
def tell(
    enrollment: Enrollment,
    *,
    by: Any,
    needs: Sequence[NeedSaid] = (),
    offers: Sequence[OfferSaid] = (),
    source: str = Source.SELF,
) -> tuple[list[Need], list[Expertise]]:
    """Keep several needs and offers that somebody says at once; returns those that are new.

    What they say already, about the same topic in the same words, takes what they say of it now: how soon or
    how well, and who sees it. Raises what `voice_need` raises, and keeps nothing then.
    """
    said = _kept(Need.objects.filter(enrollment=enrollment, state__in=OPEN_NEEDS))
    offered = _kept(Expertise.objects.filter(enrollment=enrollment, state__in=OPEN_OFFERS))
    new_needs, new_offers = [], []
    for need in needs:
        if _key(need) in said:
            _say_anew(said[_key(need)], by=by, urgency=need.urgency, audience=need.audience)
        else:
            new_needs.append(voice_need(enrollment, by=by, source=source, **vars(need)))
    for offer in offers:
        if _key(offer) in offered:
            now = {"level": offer.level, "availability": offer.availability, "audience": offer.audience}
            _say_anew(offered[_key(offer)], by=by, **now)
        else:
            fields = {**vars(offer), "availability": offer.availability or Expertise.Availability.CALL}
            new_offers.append(offer_help(enrollment, by=by, source=source, **fields))
    return new_needs, new_offers


@transaction.atomic
def change_need(
    need: Need, *, by: Any, topic: Topic | None, text: str, urgency: str, audience: str, state: str
) -> Need:
    """Change what somebody needs, or where it stands; raises NothingSaid, TopicOfAnother, TooMuchSaid."""
    _refuse_one_more(need, state)
    need.urgency, need.state = urgency, state
    _put(need, topic=topic, text=text, audience=audience)
    need.save()
    _note("need.changed", need, by=by)
    _end_with(need)
    return need


@transaction.atomic
def change_offer(
    offer: Expertise,
    *,
    by: Any,
    topic: Topic | None,
    text: str,
    level: str,
    availability: str,
    audience: str,
    state: str,
) -> Expertise:
    """Change what somebody offers, or whether they may be asked now.

    Raises NothingSaid, TopicOfAnother, TooMuchSaid.
    """
    _refuse_one_more(offer, state)
    offer.level, offer.availability, offer.state = level, availability, state
    _put(offer, topic=topic, text=text, audience=audience)
    offer.save()
    _note("offer.changed", offer, by=by)
    _end_with(offer)
    return offer


@transaction.atomic
def put_first(need: Need, *, by: Any) -> None:
    """Put a need first, as its community says; one that does not stand, or is first, stays as it is."""
    _turn(need, Need.State.RAISED, Need.State.PRIORITIZED, verb="need.put_first", by=by)


@transaction.atomic
def put_back(need: Need, *, by: Any) -> None:
    """Put a need that was first back among the others; another stays as it is."""
    _turn(need, Need.State.PRIORITIZED, Need.State.RAISED, verb="need.put_back", by=by)


@transaction.atomic
def retire(row: Need | Expertise, *, by: Any) -> None:
    """Take a need or an offer off every list; it can be brought back. Doing it twice changes nothing."""
    if row.state == row.State.RETIRED:
        return
    row.state = row.State.RETIRED
    row.save(update_fields=["state"])
    _note("need.retired" if isinstance(row, Need) else "offer.retired", row, by=by)
    _end_with(row)


@transaction.atomic
def bring_back(row: Need | Expertise, *, by: Any) -> None:
    """Say a need or an offer again that was taken away; one that stands is left as it is.

    Raises TooMuchSaid.
    """
    if row.is_open:
        return
    opened = OPEN_NEEDS if isinstance(row, Need) else OPEN_OFFERS
    _refuse_one_more(row, opened[0])
    row.state = opened[0]
    row.save(update_fields=["state"])
    _note("need.brought_back" if isinstance(row, Need) else "offer.brought_back", row, by=by)


@transaction.atomic
def remove(row: Need | Expertise, *, by: Any) -> None:
    """Delete a need or an offer for good; the record keeps that it was, without its words."""
    _note("need.removed" if isinstance(row, Need) else "offer.removed", row, by=by)
    end_waiting(whose=row.enrollment, row=row)
    row.delete()


@transaction.atomic
def change_profile(enrollment: Enrollment, *, by: Any, **fields: str) -> Profile:
    """Keep the object that stands for what somebody knows, its story, and who sees what of their page.

    `fields` are fields of Profile. The record tells which changed, never the words.
    """
    profile, _is_new = Profile.objects.get_or_create(enrollment=enrollment)
    changed = sorted(name for name, value in fields.items() if getattr(profile, name) != value)
    for name in changed:
        setattr(profile, name, fields[name])
    if changed:
        profile.save(update_fields=changed)
        record(
            "profile.changed",
            scope=enrollment.program.scope,
            by=by,
            subject=enrollment,
            about=enrollment.person,
            detail={"changed": changed},
        )
    return profile


def _turn(need: Need, before: Need.State, after: Need.State, *, verb: str, by: Any) -> None:
    if Need.objects.filter(pk=need.pk, state=before).update(state=after):
        need.state = after
        mark_rows([need])
        _note(verb, need, by=by)


def _end_with(row: Need | Expertise) -> None:
    """End the introductions that wait for what stands no longer."""
    if not row.is_open:
        end_waiting(whose=row.enrollment, row=row)


def _put(row: Need | Expertise, *, topic: Topic | None, text: str, audience: str) -> None:
    text = text.strip()
    if topic is not None and topic.program_id != row.enrollment.program_id:
        raise TopicOfAnother
    if topic is None and not text:
        raise NothingSaid
    row.topic, row.text, row.audience = topic, text, audience
    row.topic_said = topic.name if topic is not None else ""


def _kept[Row: (Need, Expertise)](rows: QuerySet[Row]) -> dict[tuple[int | None, str], Row]:
    return {
        (row.topic_id, row.text): row for row in rows.select_related("topic", "enrollment__program__provider")
    }


def _say_anew(row: Need | Expertise, *, by: Any, **fields: str) -> None:
    """Put what was said of a row now, where anything was; the record hears only of changes."""
    changed = [name for name, value in fields.items() if value and getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    if changed:
        row.save(update_fields=changed)
        _note("need.changed" if isinstance(row, Need) else "offer.changed", row, by=by)


def _key(said: NeedSaid | OfferSaid) -> tuple[int | None, str]:
    return said.topic.pk if said.topic else None, said.text.strip()


def _refuse_too_much(kept: int) -> None:
    if kept >= MOST_OPEN:
        raise TooMuchSaid


def _refuse_one_more(row: Need | Expertise, state: str) -> None:
    """Refuse to make a row open that is not, where its person keeps as many as may be."""
    opened = OPEN_NEEDS if isinstance(row, Need) else OPEN_OFFERS
    if state in opened and not row.is_open:
        others = type(row)._default_manager.filter(enrollment=row.enrollment_id, state__in=opened)
        _refuse_too_much(others.count())


def _note(verb: str, row: Need | Expertise, *, by: Any) -> None:
    record(verb, scope=row.program.scope, by=by, subject=row, about=row.enrollment.person)
