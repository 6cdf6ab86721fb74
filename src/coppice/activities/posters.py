"""Poster clusters: notes and photos on a wall, gathered under themes that people can work on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from zlib import crc32

from django import forms
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.activities import poster_wall as wall
from coppice.activities.actions import posters
from coppice.activities.poster_forms import PosterPhotoForm
from coppice.activities.poster_models import LONGEST_POSTER, LONGEST_THEME, Bundle, Poster, photo_of
from coppice.lib.ids import id_in
from coppice.live import links
from coppice.live.kinds import Act, HostAct, Kind, Line, OwnMarks, Proposed, Result, Row
from coppice.live.models import Participant, Step

LATEST = 12
"""So many posters, the latest, are on the wall while people put theirs up."""

MOST_UNDER_A_THEME = 6
MOST_LOOSE = 12
MOST_ON_A_PHONE = 60
KEYS = 9
"""So many themes have a key of their own, 1 to 9."""


class PosterStep(Kind):
    """What both steps share."""

    stylesheet = "activities/css/posters.css"

    def hide(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Take a poster off the wall."""
        self._set_hidden(step, said, is_hidden=True, by=by)

    def show(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Hang a poster up again."""
        self._set_hidden(step, said, is_hidden=False, by=by)

    def _set_hidden(self, step: Step, said: QueryDict, *, is_hidden: bool, by: Any) -> None:
        number = id_in(said.get("poster", ""))
        posters.set_hidden(self.hanging(step), poster_id=number, is_hidden=is_hidden, by=by)

    def hanging(self, step: Step) -> Step:
        """Return the step at which the posters were put up."""
        return step


class PutUp(PosterStep):
    """Everybody puts up notes and photos, as many as the host says."""

    key = wall.HANGING
    label = gettext_lazy("Posters: put them up")
    purpose = gettext_lazy("Everybody puts a few words or a photo on the wall, several if they like.")
    projector_template = "activities/posters/put_up_projector.html"
    phone_template = "activities/posters/put_up_phone.html"
    host_template = "activities/posters/put_up_host.html"
    own_template = "activities/posters/put_up_own.html"
    afterwards_template = "activities/posters/put_up_afterwards.html"
    kept_in = ("posters__photo",)

    @property
    def acts(self) -> Mapping[str, Act]:
        return {"note": self.note, "take_down": self.take_down}

    @property
    def host_acts(self) -> Mapping[str, HostAct]:
        return {"hide": self.hide, "show": self.show}

    def fields(self) -> dict[str, forms.Field]:
        most = forms.IntegerField(
            label=gettext_lazy("Posters for each person"),
            min_value=1,
            max_value=posters.MOST_POSTERS,
            initial=posters.USUAL_POSTERS,
        )
        return {"most": most}

    def look(self, step: Step) -> Mapping[str, Any]:
        hangs = wall.wall_of(step)
        own: dict[int, list[Any]] = defaultdict(list)
        for poster in (*hangs.hung, *hangs.hidden):
            photo = photo_of(poster)
            own[poster.participant_id].append((poster.pk, poster.is_hidden, photo and photo.version))
        marks = {participant: _mark(each) for participant, each in own.items()}
        return {
            "count": len(hangs.hung),
            "latest": [wall.shown(each) for each in reversed(hangs.hung[-LATEST:])],
            "hung": hangs.hung,
            "hidden": hangs.hidden,
            "own": OwnMarks("posters", marks),
        }

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """One's own posters, and the forms for one more while there is room."""
        own = wall.posters_of(step, participant)
        return {
            "posters": [wall.shown(each) for each in own],
            "left": max(0, step.settings.get("most", posters.USUAL_POSTERS) - len(own)),
            "token": links.token_of_page(participant),
            "longest": LONGEST_POSTER,
            "form": PosterPhotoForm(auto_id=f"photo-{step.pk}-%s", use_required_attribute=False),
            "takes": step.room.takes_answers,
        }

    def afterwards(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        """Show one's own posters, and while late ones are taken put one up."""
        own = self.own(step, participant)
        return own if own["posters"] or own["takes"] else None

    def result(self, step: Step) -> Result | None:
        """Count posters; what they say stands there without names."""
        hung = [each for each in step.posters.all() if not each.is_hidden]
        if not hung:
            return None
        with_photo = sum(photo_of(each) is not None for each in hung)
        counts = ((_("Words alone"), len(hung) - with_photo), (_("With a photo"), with_photo))
        finding = ngettext("%(count)d poster hangs here", "%(count)d posters hang here", len(hung))
        lines = tuple(Line(label, str(count), count / len(hung)) for label, count in counts)
        return Result(
            finding % {"count": len(hung)},
            (_("What"), _("Posters")),
            lines,
            tuple(sorted(map(str, hung))),
            host_page=wall.sheet_of(step),
        )

    def rows(self, step: Step) -> Iterable[Row]:
        """Each poster, in an order that tells nobody's name."""
        hung = [each for each in step.posters.all() if not each.is_hidden]
        return [Row(1, str(each)) for each in sorted(hung, key=lambda each: (str(each).casefold(), each.pk))]

    def goes_with(self, participant: Participant) -> list[str]:
        hung = participant.posters.count()
        return [_("Posters of theirs: %(count)d, with their photos.") % {"count": hung}] if hung else []

    def note(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Put a few words up."""
        posters.put_up(step, participant=participant, round=round, words=said.get("words", ""))

    def take_down(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Take a poster of one's own down."""
        posters.take_down(step, participant=participant, poster_id=id_in(said.get("poster", "")))


class Gather(PosterStep):
    """People say on their phones what belongs together; the host hangs posters under themes."""

    key = "poster_themes"
    label = gettext_lazy("Posters: gather them under themes")
    purpose = gettext_lazy(
        "People say which posters belong together; you gather them under themes, which can become topics."
    )
    projector_template = "activities/posters/gather_projector.html"
    phone_template = "activities/posters/gather_phone.html"
    host_template = "activities/posters/gather_host.html"
    own_template = "activities/posters/gather_own.html"
    kept_in = ("room__steps__themes", "room__steps__posters__photo")

    @property
    def acts(self) -> Mapping[str, Act]:
        return {"together": self.together, "apart": self.apart}

    @property
    def host_acts(self) -> Mapping[str, HostAct]:
        return {
            "hide": self.hide,
            "show": self.show,
            "gather": self.gather_under,
            "join": self.join,
            "out": self.out,
            "later": self.later,
            "rename": self.rename,
            "dissolve": self.dissolve,
        }

    def hanging(self, step: Step) -> Step:
        return wall.wall_before(step) or step

    def look(self, step: Step) -> Mapping[str, Any]:
        hanging = wall.wall_before(step)
        if hanging is None:
            return {"wall": None}
        hangs = wall.wall_of(hanging)
        at_hand = hangs.loose[0] if hangs.loose else None
        return {
            "wall": hangs,
            "at_hand": wall.shown(at_hand) if at_hand else None,
            "keyed": list(enumerate(hangs.themes[:KEYS], 1)),
            "themes": [_drawn(each) for each in hangs.themes],
            "loose": [wall.shown(each) for each in hangs.loose[:MOST_LOOSE]],
            "more": max(0, len(hangs.loose) - MOST_LOOSE),
            "listed": partial(_listed, hangs),
            "pairs": partial(wall.pairs_said, step, hangs),
            "longest": LONGEST_THEME,
            "own": OwnMarks("gather", _marks(step, {each.pk for each in hangs.hung})),
        }

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """What one said belongs together."""
        return {"bundles": wall.bundles_of(step, participant), "takes": step.room.takes_answers}

    def result(self, step: Step) -> Result | None:
        """Rank themes by their posters, and count what is under none."""
        hangs = _kept(step)
        if hangs is None or not hangs.hung:
            return None
        whole = len(hangs.hung)
        finding = ngettext(
            "%(whole)d poster, themes: %(themes)d", "%(whole)d posters, themes: %(themes)d", whole
        )
        lines = tuple(
            Line(label, str(len(hung)), len(hung) / whole, note=" · ".join(map(str, hung)))
            for label, hung in _labelled(hangs)
        )
        said = {"themes": len(hangs.filled), "whole": whole}
        head = (_("Theme"), _("Posters"))
        return Result(finding % said, head, lines, host_page=wall.sheet_of(hangs.step))

    def rows(self, step: Step) -> Iterable[Row]:
        """Each poster with its theme, theme by theme."""
        hangs = _kept(step)
        if hangs is None:
            return []
        return [
            Row(1, theme, note=str(poster))
            for theme, hung in _labelled(hangs)
            for poster in sorted(hung, key=lambda poster: (str(poster).casefold(), poster.pk))
        ]

    def goes_with(self, participant: Participant) -> list[str]:
        told = participant.bundles.count()
        words = _("What they said of posters that belong together: %(count)d.")
        return [words % {"count": told}] if told else []

    def topics(self, step: Step) -> Iterable[Proposed]:
        """Offer each theme under which something hangs as a topic."""
        hangs = _kept(step)
        with translation.override(step.room.language):
            return [
                Proposed(
                    f"theme:{each.theme.pk}",
                    str(each.theme),
                    ngettext(
                        "From the wall of posters: %(count)d is about it.",
                        "From the wall of posters: %(count)d are about it.",
                        len(each.posters),
                    )
                    % {"count": len(each.posters)},
                )
                for each in (hangs.filled if hangs else ())
            ]

    def together(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Say that posters belong together."""
        numbers = [id_in(each) for each in said.getlist("posters")]
        posters.bundle(step, participant=participant, round=round, poster_ids=numbers)

    def apart(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Take that back."""
        posters.unbundle(step, participant=participant, bundle_id=id_in(said.get("bundle", "")))

    def gather_under(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Hang posters under a theme, or under a new one.

        The field of its name is called after what it was shown with, so that it comes back empty.
        """
        named = next((str(said[field]) for field in said if field.startswith("name-")), "")
        posters.gather(
            step,
            poster_ids=[id_in(each) for each in said.getlist("poster")],
            theme_id=id_in(said.get("into", "")),
            words=named,
            by=by,
        )

    def join(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Hang two posters together."""
        one, other = id_in(said.get("poster", "")), id_in(said.get("into", ""))
        posters.join(step, one_id=one, other_id=other, by=by)

    def out(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Take a poster out of its theme."""
        posters.take_out(step, poster_id=id_in(said.get("poster", "")), by=by)

    def later(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Leave a poster for later."""
        posters.put_off(step, poster_id=id_in(said.get("poster", "")))

    def rename(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Give a theme another name."""
        number = id_in(said.get("theme", ""))
        posters.rename(step, theme_id=number, words=said.get(f"theme-{number}", ""), by=by)

    def dissolve(self, step: Step, *, by: Any, said: QueryDict) -> None:
        """Take a theme off the wall; its posters stay."""
        posters.dissolve(step, theme_id=id_in(said.get("theme", "")), by=by)


def _drawn(gathered: wall.Gathered) -> dict[str, Any]:
    """A theme as the wall draws it: its posters, and how many more there are."""
    return {
        "theme": gathered.theme,
        "count": len(gathered.posters),
        "posters": [wall.shown(each) for each in gathered.posters[:MOST_UNDER_A_THEME]],
        "more": max(0, len(gathered.posters) - MOST_UNDER_A_THEME),
        "all": gathered.posters,
    }


def _listed(hangs: wall.Wall) -> list[wall.Shown]:
    """What phones can tick: what is under no theme first."""
    themed = [poster for each in hangs.themes for poster in each.posters]
    return [wall.shown(each) for each in (*hangs.loose, *themed)[:MOST_ON_A_PHONE]]


def _marks(step: Step, hung: set[int]) -> dict[int, int | str]:
    """How what each participant said stands, of posters that hang."""
    told: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = Bundle.objects.filter(step=step).order_by("pk", "posters")
    for participant, bundle, poster in rows.values_list("participant", "pk", "posters"):
        if poster in hung:
            told[participant].append((bundle, poster))
    return {participant: _mark(each) for participant, each in told.items()}


def _mark(told: list[Any]) -> str:
    return f"{crc32(repr(told).encode()):x}"


def _kept(step: Step) -> wall.Wall | None:
    """The wall before a step, of rows that may be fetched."""
    hanging = wall.wall_before(step)
    return wall.walled(hanging, hanging.themes.all(), hanging.posters.all()) if hanging else None


def _labelled(hangs: wall.Wall) -> list[tuple[str, Sequence[Poster]]]:
    """Themes with their posters, the largest first, and at the end what is under none."""
    named = [(str(each.theme), each.posters) for each in hangs.filled]
    return [*named, (_("Under no theme"), hangs.loose)] if hangs.loose else named
