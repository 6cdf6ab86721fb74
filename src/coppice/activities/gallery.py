"""The expertise gallery: everybody brings an object that stands for what they know; all walk past them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.activities import queries, wall, what_next
from coppice.activities.actions import cards
from coppice.activities.forms import CardPhotoForm
from coppice.activities.models import LONGEST_STORY, Card, Wish
from coppice.lib.ids import id_in
from coppice.live import links
from coppice.live.kinds import Act, HostAct, Kind, Line, Next, OwnMarks, Result, Row
from coppice.live.models import Participant, Step
from coppice.profiles.audiences import audiences_of
from coppice.profiles.models import Audience, Profile
from coppice.programs.models import Enrollment, Topic

ON_THE_WALL = 8
"""So many cards, the latest, hang on the wall while people bring theirs."""

MOST_ON_THE_WALL = 40
MOST_THINGS = 40


class Bring(Kind):
    """Everybody makes a card of their object: what it is, its story, topics, and a photo."""

    key = wall.BRINGING
    label = gettext_lazy("Gallery: bring an object")
    purpose = gettext_lazy(
        "Everybody shows an object that stands for what they know: a photo, its story, topics."
    )
    phone_template = "activities/gallery/bring_phone.html"
    projector_template = "activities/gallery/bring_projector.html"
    host_template = "activities/gallery/bring_host.html"
    own_template = "activities/gallery/bring_own.html"
    afterwards_template = "activities/gallery/bring_afterwards.html"
    stylesheet = "photos/photos.css"
    kept_in = ("cards__topics",)

    @property
    def acts(self) -> Mapping[str, Act]:
        return {
            "card": self.card,
            "drop_photo": self.drop_photo,
            "take_away": self.take_away,
            "keep": self.keep,
        }

    @property
    def host_acts(self) -> Mapping[str, HostAct]:
        return {"hide": self.hide, "show": self.show}

    def look(self, step: Step) -> Mapping[str, Any]:
        every = wall.cards_of(step)
        hung = [card for card in every if not card.is_hidden and wall.shows(card)]
        return {
            "count": len(hung),
            "latest": [wall.exhibit_of(card, size="small") for card in reversed(hung[-ON_THE_WALL:])],
            "hung": hung,
            "hidden": [card for card in every if card.is_hidden],
            "own": OwnMarks("bring", _marks(every)),
        }

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        own = wall.cards_of(step, participant=participant)
        card = next((each for each in own if not each.is_second), None)
        enrollment = queries.enrollment_of(participant) if card is not None else None
        program = step.room.program
        return {
            "card": card,
            "token": links.token_of_page(participant),
            "photo": wall.photo_of(card) if card is not None else None,
            "exhibit": wall.exhibit_of(card, size="small") if card is not None else None,
            "seconds": [(each, wall.exhibit_of(each, size="small")) for each in own if each.is_second],
            "topics": _ticked(program.topics.all(), card),
            "longest_thing": cards.LONGEST_THING,
            "longest_story": LONGEST_STORY,
            "enrollment": enrollment,
            "audiences": audiences_of(program, is_own=True) if enrollment is not None else [],
            "usual": _usual(enrollment),
            "withdrawn": cards.withdrawn_topics(enrollment, card) if enrollment and card else [],
            "form": CardPhotoForm(
                auto_id=f"photo-{step.pk}-%s",
                use_required_attribute=False,
                kept=wall.photo_of(card) if card is not None else None,
            ),
            "takes": step.room.takes_answers,
        }

    def afterwards(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        """Show one's own card, to keep it, and while late ones are taken to bring or change it."""
        own = self.own(step, participant)
        return own if own["card"] is not None or own["takes"] else None

    def goes_with(self, participant: Participant) -> list[str]:
        cards = participant.cards.count()
        wishes = Wish.objects.filter(card__participant=participant).count()
        if not cards:
            return []
        said = {"cards": cards, "wishes": wishes}
        return [_("Cards of theirs: %(cards)d, with wishes of others to hear more: %(wishes)d.") % said]

    def comes_next(self, step: Step) -> Iterable[Next]:
        return [what_next.gallery(step.room)]

    def result(self, step: Step) -> Result | None:
        """Count objects by topic; the objects stand there with their stories and without their owners."""
        shown = [card for card in step.cards.all() if not card.is_hidden and card.thing]
        if not shown:
            return None
        finding = ngettext(
            "%(count)d object stands for what people here know",
            "%(count)d objects stand for what people here know",
            len(shown),
        )
        topics = Counter(topic.name for card in shown for topic in card.topics.all())
        lines = tuple(
            Line(name, str(count), count / len(shown))
            for name, count in sorted(topics.items(), key=lambda each: (-each[1], each[0]))
        )
        texts = tuple(sorted(_told(card) for card in shown))[:MOST_THINGS]
        owners = (reverse("activities:cards", args=[step.pk]), _("The cards with their owners"))
        return Result(
            finding % {"count": len(shown)}, (_("Topic"), _("Objects")), lines, texts, host_page=owners
        )

    def rows(self, step: Step) -> Iterable[Row]:
        """Each object with its topics, in an order that tells nobody's name."""
        for card in sorted(step.cards.all(), key=lambda card: (card.thing.casefold(), card.pk)):
            if card.thing and not card.is_hidden:
                yield Row(1, card.thing, note=", ".join(sorted(topic.name for topic in card.topics.all())))

    def card(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Say what one's object is and what it tells."""
        cards.bring(
            step,
            participant=participant,
            round=round,
            thing=said.get("thing", ""),
            story=said.get("story", ""),
            topics=[id_in(each) for each in said.getlist("topics")],
            alt=said.get("alt"),
        )

    def drop_photo(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Take the photo off one's card."""
        cards.drop_photo(step, participant=participant)

    def take_away(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Take one's object away."""
        cards.take_away(step, participant=participant, card_id=id_in(said.get("card", "")))

    def keep(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Put one's object on one's profile."""
        cards.keep_on_profile(
            step,
            participant=participant,
            audience=said.get("audience", ""),
            offers_topics="offers" in said,
        )

    def hide(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Take a card off the wall."""
        cards.set_hidden(step, card_id=id_in(said.get("card", "")), is_hidden=True, by=by)

    def show(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Hang a card up again."""
        cards.set_hidden(step, card_id=id_in(said.get("card", "")), is_hidden=False, by=by)


class WalkThrough(Kind):
    """All look at one card after the other, then at the whole wall, and say from whom they want to hear."""

    key = "walk"
    label = gettext_lazy("Gallery: walk past the objects")
    purpose = gettext_lazy(
        "The objects of the step before, one by one on the wall, then all together. People say from whom "
        "they would like to hear more."
    )
    phone_template = "activities/gallery/walk_phone.html"
    projector_template = "activities/gallery/walk_projector.html"
    host_template = "activities/gallery/walk_host.html"
    own_template = "activities/gallery/walk_own.html"
    afterwards_template = "activities/gallery/walk_afterwards.html"
    stylesheet = "activities/css/gallery.css"
    kept_in = ("wishes__card",)

    @property
    def acts(self) -> Mapping[str, Act]:
        return {"more": self.more, "less": self.less}

    @property
    def host_acts(self) -> Mapping[str, HostAct]:
        return {"forth": self.forth, "back": self.back, "to": self.to}

    def gather(self, step: Step) -> None:
        cards.begin_walk(step)

    def look(self, step: Step) -> Mapping[str, Any]:
        hung = wall.cards_to_walk(step)
        card = next((each for each in hung if getattr(each, "stands", False)), None)
        wishes = list(_wishes(step).filter(round=step.round).values_list("participant", "pk"))
        mine: dict[int, list[int]] = {}
        for participant, wish in wishes:
            mine.setdefault(participant, []).append(wish)
        return {
            "card": card,
            "exhibit": wall.exhibit_of(card) if card else None,
            "place": hung.index(card) + 1 if card else 0,
            "count": len(hung),
            "phone_exhibit": wall.exhibit_of(card, size="small") if card else None,
            "hung": [(each, wall.exhibit_of(each, size="small")) for each in hung[:MOST_ON_THE_WALL]],
            "wishes": len(wishes),
            "own": OwnMarks("walk", {each: f"{max(made)}-{len(made)}" for each, made in mine.items()}),
        }

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """From whom one would like to hear more."""
        wishes = _wishes(step).filter(round=step.round, participant=participant)
        return {
            "wanted": _wanted(wishes),
            "brought": list(Card.objects.filter(step__room=step.room_id, participant=participant)),
            "takes": step.room.takes_answers,
        }

    def afterwards(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        """From whom one would like to hear more, and who from oneself, in whichever walk they said so."""
        wanted = _wanted(_wishes(step).filter(participant=participant))
        asking = _wishes(step).filter(card__participant=participant).select_related("participant")
        heard = [str(each) for each in dict.fromkeys(wish.participant for wish in asking)]
        takes = step.room.takes_answers
        return {"wanted": wanted, "takes": takes, "heard": heard} if wanted or heard else None

    def result(self, step: Step) -> Result | None:
        """Rank objects by how many would like to hear more about them."""
        counts = _counted(wish.card for wish in step.wishes.all() if wish.round == step.round)
        if not counts:
            return None
        whole = sum(count for _thing, count in counts)
        finding = ngettext(
            "%(count)d wish to hear more about an object",
            "%(count)d wishes to hear more about objects",
            whole,
        )
        lines = tuple(Line(thing, str(count), count / whole) for thing, count in counts)
        return Result(finding % {"count": whole}, (_("Object"), _("Would like to hear more")), lines)

    def rows(self, step: Step) -> Iterable[Row]:
        """Each object with how many would like to hear more about it, round by round."""
        for number in sorted({wish.round for wish in step.wishes.all()}):
            counts = _counted(wish.card for wish in step.wishes.all() if wish.round == number)
            yield from (Row(number, thing, count) for thing, count in counts)

    def more(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Say that one would like to hear more."""
        cards.wish(step, participant=participant, round=round, card_id=id_in(said.get("card", "")))

    def less(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Take that back."""
        cards.unwish(step, participant=participant, round=round, card_id=id_in(said.get("card", "")))

    def forth(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Walk on."""
        cards.go(step, forth=True)

    def back(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Walk back."""
        cards.go(step, forth=False)

    def to(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Walk to one card, or step back before the whole wall."""
        cards.go_to(step, card_id=id_in(said.get("card", "")))


def _told(card: Card) -> str:
    """Return an object with its story, as results have it: whose it is they do not say."""
    return f"{card.thing}: {card.story}" if card.story else card.thing


def _marks(cards: Iterable[Card]) -> dict[int, int | str]:
    """Return what tells whose phone that something of theirs was brought, changed or taken away."""
    marks: dict[int, int | str] = {}
    for card in cards:
        before = marks.get(card.participant_id)
        marks[card.participant_id] = f"{before}-{card.changes}" if before else card.changes
    return marks


def _ticked(topics: Iterable[Topic], card: Card | None) -> list[tuple[Topic, bool]]:
    known = {topic.pk for topic in card.topics.all()} if card is not None else set()
    return [(topic, topic.pk in known) for topic in topics]


def _usual(enrollment: Enrollment | None) -> str:
    """Return who sees the object on somebody's profile now, or would if they change nothing."""
    profile = Profile.objects.filter(enrollment=enrollment).first() if enrollment is not None else None
    return profile.object_audience if profile is not None else Audience.COMMUNITIES


def _wishes(step: Step) -> QuerySet[Wish]:
    """Return the wishes of all walks so far that are for a card which no host has hidden."""
    return Wish.objects.filter(step=step, round__lte=step.round, card__is_hidden=False).order_by("pk")


def _wanted(wishes: QuerySet[Wish]) -> list[Card]:
    """Return for which cards wishes are, each once."""
    return list(dict.fromkeys(wish.card for wish in wishes.select_related("card__participant")))


def _counted(shown: Iterable[Card]) -> list[tuple[str, int]]:
    """Return objects with how often they were asked about, most first; the same name is the same line."""
    counts = Counter(str(card) for card in shown if not card.is_hidden)
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))
