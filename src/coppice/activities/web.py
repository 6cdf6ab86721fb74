"""The web of needs and expertise: a need is voiced, whoever can help says how, until everybody is tied in."""

import zlib
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.activities import queries, webs, what_next
from coppice.activities.actions import webs as actions
from coppice.activities.errors import NothingTicked
from coppice.activities.forms import KeepWebForm
from coppice.activities.models import LONGEST_HOW, LONGEST_NEED, Tie
from coppice.lib.ids import id_in
from coppice.live.kinds import Act, HostAct, Kind, Line, Next, OwnMarks, Result, Row
from coppice.live.models import Participant, Step
from coppice.ui import networks

ON_THE_WALL = 5
"""So many needs are in the table on the wall, the latest first; all are in the picture."""


class WebOfNeeds(Kind):
    """Whoever holds the thread voices a need; it goes on to somebody who can help."""

    key = webs.KIND
    label = gettext_lazy("Web of needs and expertise")
    purpose = gettext_lazy(
        "One voices a need, whoever can help says how, and the thread goes on to one of them. The web "
        "grows on the wall, with names."
    )
    phone_template = "activities/web/phone.html"
    projector_template = "activities/web/projector.html"
    host_template = "activities/web/host.html"
    own_template = "activities/web/own.html"
    afterwards_template = "activities/web/afterwards.html"
    stylesheet = "activities/css/web.css"
    kept_in = ("strands__ties",)

    @property
    def acts(self) -> Mapping[str, Act]:
        return {
            "voice": self.voice,
            "help": self.help,
            "back": self.back,
            "pass": self.pass_on,
            "keep": self.keep,
        }

    @property
    def host_acts(self) -> Mapping[str, HostAct]:
        return {
            "send": self.send,
            "voice": self.voice_for,
            "help": self.help_for,
            "off": partial(self.set_off, is_off=True),
            "on": partial(self.set_off, is_off=False),
        }

    def look(self, step: Step) -> Mapping[str, Any]:
        web = webs.web_of(step)
        return {
            **shown(web),
            "latest": web.knots[: -ON_THE_WALL - 1 : -1],
            "earlier": max(0, len(web.knots) - ON_THE_WALL),
            "longest_need": LONGEST_NEED,
            "longest_how": LONGEST_HOW,
            "own": OwnMarks(_base(web), _each(web), len(web.people)),
        }

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        web = look["web"] if look else webs.web_of(step)
        holder = web.holder
        is_mine = holder is not None and holder.pk == participant.pk
        is_going = step.is_open and not step.room.is_ended
        others = [knot for knot in web.knots if knot.who.pk != participant.pk]
        asked = web.asked if is_going and web.asked in others else None
        said = webs.said_by(step, participant)
        return {
            "web": web,
            "takes": step.room.takes_answers,
            "may_voice": not is_going or holder is None or (is_mine and web.asked is None),
            "is_first": is_going and holder is None,
            "passing": web.asked if is_going and is_mine else None,
            "asked": (asked, _tie_of(asked, participant)) if asked else None,
            "others": [(knot, _tie_of(knot, participant)) for knot in reversed(others) if knot is not asked],
            "mine": [knot for knot in web.knots if knot.who.pk == participant.pk],
            "said": said,
            "keeping": self._keeping(step, participant, said),
            "is_kept": bool(said.needs or said.offers) and not said.not_kept and not said.withdrawn,
            "is_withdrawn": said.withdrawn > 0 and not said.not_kept,
            "longest_need": LONGEST_NEED,
            "longest_how": LONGEST_HOW,
        }

    def _keeping(self, step: Step, participant: Participant, said: webs.SaidInWeb) -> KeepWebForm | None:
        """A form for what is not on their profile; None without anything, and for whom nobody knows."""
        enrollment = queries.enrollment_of(participant) if said.not_kept else None
        if enrollment is None:
            return None
        return KeepWebForm(program=enrollment.program, step_id=step.pk, said=said.not_kept)

    def afterwards(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        """The web with names, for who was there, and what they can still add or keep."""
        kept = shown(webs.last_web_of(step))
        return {**kept, "own": self.own(step, participant, kept)}

    def goes_with(self, participant: Participant) -> list[str]:
        needs = participant.strands.count()
        words = Tie.objects.filter(strand__participant=participant).exclude(participant=participant).count()
        offers = participant.ties.count()
        if not needs + offers:
            return []
        said = {"needs": needs, "words": words, "offers": offers}
        return [_("Needs: %(needs)d, with what others said to them: %(words)d. Offers: %(offers)d.") % said]

    def comes_next(self, step: Step) -> Iterable[Next]:
        return [what_next.needs_and_offers(step.room)]

    def result(self, step: Step) -> Result | None:
        """Each need with how many can help: who said it is on the page of those who were there."""
        number = webs.last_round(step.strands.all(), step)
        knots = webs.knots_of(each for each in step.strands.all() if each.round == number)
        web = webs.Web((), knots)
        most = max((len(knot.ties) for knot in knots), default=1) or 1
        lines = tuple(
            Line(knot.need, str(len(knot.ties)), len(knot.ties) / most, note=knot.hows) for knot in knots
        )
        page = reverse("activities:web", args=[step.pk])
        return Result(_counted(web), (_("Need"), _("Who can help")), lines, page=page)

    def rows(self, step: Step) -> Iterable[Row]:
        """Each need of every round with how many can help, and how; nobody's name."""
        ended = step.room.ended_at
        for strand in step.strands.all():
            for knot in webs.knots_of([strand]):
                is_late = ended is not None and strand.at > ended
                yield Row(strand.round, knot.need, len(knot.ties), is_late, knot.hows)

    def voice(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Voice a need."""
        actions.voice(step, participant=participant, round=round, need=said.get("need", ""))

    def help(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Say how one can help."""
        number = id_in(said.get("strand", ""))
        how = said.get(f"how-{number}", "")
        actions.help_with(step, participant=participant, round=round, strand_id=number, how=how)

    def back(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Take back what one said oneself."""
        strand, tie = id_in(said.get("strand", "")), id_in(said.get("tie", ""))
        actions.take_back(step, participant=participant, strand_id=strand, tie_id=tie)

    def pass_on(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Pass the thread to somebody who can help."""
        to = id_in(said.get("participant", ""))
        actions.pass_on(step, participant=participant, round=round, to_id=to)

    def keep(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Put what one chose of what one said on one's profile."""
        words = webs.said_by(step, participant)
        form = KeepWebForm(
            said, program=step.room.program, step_id=step.pk, said=(*words.needs, *words.offers)
        )
        if not form.is_valid():
            raise NothingTicked
        told = form.cleaned_data
        actions.keep(step, participant=participant, keys=told["things"], audience=told["audience"])

    def send(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Send the thread to somebody."""
        actions.send(step, to_id=id_in(said.get("participant", "")))

    def voice_for(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Write down a need for somebody without a phone."""
        who = id_in(said.get("participant", ""))
        actions.voice_for(step, participant_id=who, need=said.get("need", ""), by=by)

    def help_for(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Write down for somebody without a phone how they can help."""
        who, strand = id_in(said.get("helper", "")), id_in(said.get("strand", ""))
        actions.help_for(step, participant_id=who, strand_id=strand, how=said.get("how", ""), by=by)

    def set_off(self, step: Step, *, by: Any, said: QueryDict, is_off: bool) -> None:
        """Take a need or a tie off the web, or put it back."""
        strand, tie = id_in(said.get("strand", "")), id_in(said.get("tie", ""))
        actions.set_off(step, strand_id=strand, tie_id=tie, is_off=is_off, by=by)


def shown(web: webs.Web) -> dict[str, Any]:
    """Return what every screen shows of a web: itself, its picture, and what that says in a sentence."""
    return {"web": web, "network": picture_of(web), "says": says(web), "unseen": unseen_in(web)}


def picture_of(web: webs.Web) -> networks.Network:
    """Draw a web: arrows go from who helps to who needs. Of many people those who are tied in come first."""
    people = list(web.people)
    if len(people) > networks.MOST:
        people.sort(key=lambda each: each.pk not in web.tied)
    now = web.holder.pk if web.holder else 0
    points = [
        networks.Point(
            each.pk, str(each), "now" if each.pk == now else "" if each.pk in web.tied else "loose"
        )
        for each in people
    ]
    lines = [
        networks.Line(tie.participant_id, knot.who.pk, is_now=knot is web.asked)
        for knot in web.knots
        for tie in knot.ties
    ]
    return networks.drawn(points, lines)


def unseen_in(web: webs.Web) -> int:
    """Return how many people the picture has no place for."""
    return max(0, len(web.people) - networks.MOST)


def says(web: webs.Web) -> str:
    """Return in a sentence how far the web goes."""
    if web.is_whole:
        return ngettext(
            "Everybody is tied in, by %(count)d offer of help",
            "Everybody is tied in, by %(count)d offers of help",
            len(web.ties),
        ) % {"count": len(web.ties)}
    return ngettext(
        "%(tied)d of %(people)d person is tied in",
        "%(tied)d of %(people)d people are tied in",
        len(web.people),
    ) % {"tied": len(web.tied), "people": len(web.people)}


def _counted(web: webs.Web) -> str:
    """Return how many people a web ties together, where nobody asks who is left."""
    return ngettext(
        "%(count)d offer of help ties %(people)d people in",
        "%(count)d offers of help tie %(people)d people in",
        len(web.ties),
    ) % {"count": len(web.ties), "people": len(web.tied)}


def _base(web: webs.Web) -> str:
    """What changes the own part of everybody's phone: the thread goes on, a need comes or goes."""
    holder = web.holder.pk if web.holder else 0
    needs = ",".join(str(knot.strand.pk) for knot in web.knots)
    asked = web.asked.strand.pk if web.asked else 0
    return f"{holder}-{asked}-{zlib.crc32(needs.encode()):x}"


def _each(web: webs.Web) -> dict[int, str]:
    """What changes single phones: who can help with their needs, and what they said themself."""
    said: dict[int, list[str]] = {}
    for knot in web.knots:
        for tie in knot.ties:
            for who in (knot.who.pk, tie.participant_id):
                said.setdefault(who, []).append(f"{tie.pk} {tie.how}")
    return {who: f"{zlib.crc32('/'.join(words).encode()):x}" for who, words in said.items()}


def _tie_of(knot: webs.Knot, participant: Participant) -> Any:
    return next((tie for tie in knot.ties if tie.participant_id == participant.pk), None)
