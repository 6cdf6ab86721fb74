"""The offers and needs market: notes written in silence, groups that read them, and who found whom."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.activities import matches, queries, what_next
from coppice.activities.actions import draws
from coppice.activities.actions import market as actions
from coppice.activities.models import LONGEST_NEED, Match, Slip
from coppice.activities.pairs import Paired
from coppice.lib.ids import id_in
from coppice.live.kinds import Act, HostAct, Kind, Line, Next, OwnMarks, Result, Row
from coppice.live.models import Participant, Step
from coppice.profiles.links import profile_path
from coppice.profiles.models import Expertise, Need

MOST_ON_THE_WALL = 8
MOST_LISTED = 60


class Writing(Kind):
    """Everybody writes needs with how soon, and offers with how much, alone."""

    key = "market_notes"
    label = gettext_lazy("Market: write needs and offers")
    purpose = gettext_lazy("Everybody writes alone what they need, how soon, and what they offer, how much.")
    phone_template = "activities/market/phone.html"
    projector_template = "activities/market/counts.html"
    host_template = "activities/market/notes_host.html"
    own_template = "activities/market/notes_own.html"
    afterwards_template = "activities/market/notes_afterwards.html"
    stylesheet = "activities/css/activities.css"
    kept_in = (Prefetch("slips", Slip.objects.select_related("topic")), "slips__matches")

    @property
    def acts(self) -> Mapping[str, Act]:
        return {
            "need": partial(self.write, kind=Slip.Kind.NEED),
            "offer": partial(self.write, kind=Slip.Kind.OFFER),
            "drop": self.drop,
            "keep": self.keep,
        }

    @property
    def host_acts(self) -> Mapping[str, HostAct]:
        return {
            "hide": partial(self.set_hidden, is_hidden=True),
            "show": partial(self.set_hidden, is_hidden=False),
        }

    def look(self, step: Step) -> Mapping[str, Any]:
        every = list(Slip.objects.filter(step=step).select_related("topic"))
        own: dict[int, list[int]] = {}
        for slip in every:
            own.setdefault(slip.participant_id, []).append(slip.pk)
        shown = [slip for slip in every if not slip.is_hidden]
        counts = Counter(slip.kind for slip in shown)
        return {
            "needs": counts[Slip.Kind.NEED],
            "offers": counts[Slip.Kind.OFFER],
            "writers": len({slip.participant_id for slip in shown}),
            "slips": shown[:MOST_LISTED],
            "hidden": [slip for slip in every if slip.is_hidden],
            "own": OwnMarks("notes", {who: f"{max(ids)}-{len(ids)}" for who, ids in own.items()}),
        }

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """What one wrote, and two forms for more."""
        return {
            "slips": list(Slip.objects.filter(step=step, participant=participant).select_related("topic")),
            "takes": step.room.takes_answers,
            "topics": list(step.room.program.topics.all()),
            "urgencies": Need.Urgency.choices,
            "usual_urgency": Need.Urgency.SOON,
            "availabilities": Expertise.Availability.choices,
            "usual_availability": Expertise.Availability.CALL,
            "longest": LONGEST_NEED,
        }

    def afterwards(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        """What one wrote: to keep it on one's profile, and to add to it while late answers are taken."""
        own = self.own(step, participant)
        if not own["slips"] and not own["takes"]:
            return None
        enrollment = queries.enrollment_of(participant)
        return {
            "own": own,
            "is_known": enrollment is not None,
            "is_kept": enrollment is not None and matches.are_kept(own["slips"], enrollment),
            "profile": profile_path(enrollment) if enrollment else "",
        }

    def goes_with(self, participant: Participant) -> list[str]:
        slips = participant.slips.count()
        found = Match.objects.filter(slip__participant=participant).exclude(participant=participant).count()
        marked = participant.matches.count()
        if not slips + marked:
            return []
        said = {"slips": slips, "found": found, "marked": marked}
        words = _(
            "Needs and offers on the market: %(slips)d, with matches of others: %(found)d. "
            "What they matched themselves: %(marked)d."
        )
        return [words % said]

    def comes_next(self, step: Step) -> Iterable[Next]:
        return [what_next.needs_and_offers(step.room), *what_next.introductions(step.room)]

    def result(self, step: Step) -> Result | None:
        """Each need and offer with how many it brings together, without a name."""
        market = _market_of(step)
        if not market.slips:
            return None
        needs = ngettext(
            "%(met)d of %(count)d need has somebody who can help",
            "%(met)d of %(count)d needs have somebody who can help",
            len(market.needs),
        ) % {"met": market.met_needs, "count": len(market.needs)}
        offers = ngettext(
            "%(wanted)d of %(count)d offer is wanted",
            "%(wanted)d of %(count)d offers are wanted",
            len(market.offers),
        ) % {"wanted": market.wanted_offers, "count": len(market.offers)}
        listed = _by_matches(market)
        most = max(len(matches.found_by(slip)) for slip in listed) or 1
        lines = tuple(
            Line(
                f"{slip.get_kind_display()}: {slip.words}",
                str(len(matches.found_by(slip))),
                len(matches.found_by(slip)) / most,
                note=_told(slip),
            )
            for slip in listed
        )
        head = (_("Need or offer"), _("People who found it"))
        return Result(_("%(needs)s; %(offers)s") % {"needs": needs, "offers": offers}, head, lines)

    def rows(self, step: Step) -> Iterable[Row]:
        """Each need and offer with how many found it, in an order that tells nobody's name."""
        ended = step.room.ended_at
        for slip in _by_matches(_market_of(step)):
            is_late = ended is not None and slip.at > ended
            found = len(matches.found_by(slip))
            yield Row(1, f"{slip.get_kind_display()}: {slip.words}", found, is_late, _told(slip))

    def write(
        self, step: Step, *, participant: Participant, round: int, said: QueryDict, kind: Slip.Kind
    ) -> None:
        """Put a need or an offer on the market."""
        actions.write(
            step,
            participant=participant,
            round=round,
            kind=kind,
            words=said.get(f"{kind}-words", ""),
            topic_id=id_in(said.get(f"{kind}-topic", "")),
            how=said.get(f"{kind}-how", ""),
        )

    def drop(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Take one's own need or offer away."""
        actions.drop(step, participant=participant, slip_id=id_in(said.get("slip", "")))

    def keep(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Put what one wrote on one's profile."""
        actions.keep(step, participant=participant)

    def set_hidden(self, step: Step, *, by: Any, said: QueryDict, is_hidden: bool) -> None:
        """Take a need or an offer off the market, or put it back."""
        actions.set_hidden(step, slip_id=id_in(said.get("slip", "")), is_hidden=is_hidden, by=by)


class Reading(Paired):
    """Groups of three or four, drawn anew, that read what each of them wrote and mark what fits."""

    key = "market_table"
    label = gettext_lazy("Market: groups read and mark")
    purpose = gettext_lazy(
        "Groups of three or four read each other's needs and offers, and mark what they can "
        "help with or need."
    )
    own_template = "activities/market/table_own.html"
    afterwards_template = "activities/pairs/afterwards.html"

    @property
    def acts(self) -> Mapping[str, Act]:
        return {**super().acts, **finding()}

    def fields(self) -> dict[str, forms.Field]:
        return {"where": super().fields()["where"]}

    def gather(self, step: Step) -> None:
        draws.gather(step, size=4, joins=False)

    def look(self, step: Step) -> Mapping[str, Any]:
        look = super().look(step)
        tables = look["drawn"].tables if look["drawn"] else ()
        return {**look, "own": look["own"].with_more(matches.marks_at(tables, step.room))}

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        own = super().own(step, participant, look)
        table = own["table"]
        found = set(participant.matches.values_list("slip", flat=True))
        read = matches.slips_of(table.others) if table else []
        return {
            **own,
            "slips": [(slip, slip.pk in found) for slip in read],
            "mine": matches.slips_of([participant]),
            "takes": step.room.takes_answers,
        }


class MatchList(Kind):
    """What was found, in counts for all, and with names for each of the two."""

    key = "market_matches"
    label = gettext_lazy("Market: who found whom")
    purpose = gettext_lazy(
        "The wall counts what was found; each phone says who can help its owner, and whom they can help."
    )
    phone_template = "activities/market/left.html"
    projector_template = "activities/market/matches_projector.html"
    host_template = "activities/market/matches_host.html"
    own_template = "activities/market/matches_own.html"
    afterwards_template = "activities/market/matches_afterwards.html"
    stylesheet = "activities/css/activities.css"

    @property
    def acts(self) -> Mapping[str, Act]:
        return {**finding(), "agree": self.agree}

    def look(self, step: Step) -> Mapping[str, Any]:
        market = matches.market_in(step.room)
        left = market.unmatched
        return {
            "market": market,
            "left": left[:MOST_ON_THE_WALL],
            "more": max(0, len(left) - MOST_ON_THE_WALL),
            "own": OwnMarks("matches", matches.marks_of_matches(market)),
        }

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """With whom one was found, and what both said to that."""
        enrollment = queries.enrollment_of(participant)
        return {
            "sides": matches.sides_of(participant),
            "is_known": enrollment is not None,
            "profile": profile_path(enrollment) if enrollment else "",
            "takes": step.room.takes_answers,
            "longest": LONGEST_NEED,
        }

    def afterwards(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        """The same: a yes can be said later."""
        own = self.own(step, participant)
        return {"own": own} if own["sides"] else None

    def agree(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Say that one wants to be introduced."""
        number = id_in(said.get("match", ""))
        actions.agree(step, participant=participant, match_id=number, words=said.get(f"words-{number}", ""))


def finding() -> Mapping[str, Act]:
    """Return what people can do with what others wrote, in any step that shows it."""

    def find(step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        actions.find(step, participant=participant, round=round, slip_id=id_in(said.get("slip", "")))

    def unfind(step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        actions.take_back(step, participant=participant, slip_id=id_in(said.get("slip", "")))

    return {"find": find, "unfind": unfind}


def _market_of(step: Step) -> matches.Market:
    """The market that was written in a step, out of what was fetched with it."""
    return matches.Market(tuple(slip for slip in step.slips.all() if not slip.is_hidden))


def _by_matches(market: matches.Market) -> list[Slip]:
    """Needs first, those that most people found before others; then by their words."""
    return sorted(
        market.slips,
        key=lambda slip: (not slip.is_need, -len(matches.found_by(slip)), slip.words.casefold()),
    )


def _told(slip: Slip) -> str:
    return " · ".join(str(each) for each in (slip.topic, slip.how) if each)
