"""How well a proposal keeps its rules, and what became better or worse from one to another, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.formation.comparing import Comparison, Measure, Move
from coppice.formation.models import Formation, ProposedCommunity
from coppice.formation.wording import rule_sentence
from coppice.programs.models import Enrollment
from coppice.programs.wording import words_for


@dataclass(frozen=True)
class Row:
    """One thing that is compared: the figures of both in words, and what became of it, with its tone."""

    label: str
    before: str
    after: str
    change: str
    tone: str = ""


def sizes_sentence(formation: Formation) -> str:
    """Return the sizes that were asked for."""
    if formation.is_whole_cohort:
        return _("Everybody in one")
    values = {"minimum": formation.minimum, "maximum": formation.maximum}
    return _("%(minimum)d to %(maximum)d people each") % values


def label_of(formation: Formation, measure: Measure) -> str:
    """Return what is measured; `formation` has the terms of the time."""
    return rule_sentence(measure.rule) if measure.rule else sizes_sentence(formation)


def figure_of(measure: Measure) -> str:
    """Return how well a rule is kept: a score of 100, or whether it holds."""
    if not measure.must_hold and measure.percent is None:
        return _("nobody has answered this")
    if not measure.must_hold:
        return _("%(score)d of 100") % {"score": measure.percent}
    if not measure.broken:
        return _("holds")
    return ngettext("broken once", "broken %(times)d times", measure.broken) % {"times": measure.broken}


def rows_of(found: Comparison) -> list[Row]:
    """Return what two proposals have reached: in all, where they are weakest, and rule by rule."""
    first, second = found.first, found.second
    keys = dict.fromkeys([*first.measures, *second.measures])
    measured = [(first.measures.get(key), second.measures.get(key)) for key in keys]
    musts = [pair for pair in measured if any(each is not None and each.must_hold for each in pair)]
    aims = [pair for pair in measured if pair not in musts]
    return [
        _row(_("In all, of 100"), first.proposal.percent, second.proposal.percent),
        _weakest(found),
        *(_measured(found, *pair) for pair in [*musts, *aims]),
    ]


def change_of(before: int | None, after: int | None) -> tuple[str, str]:
    """Return what became of a figure that is better when higher, in words, and the tone to say it in."""
    if before is None or after is None:
        return "", ""
    if before == after:
        return _("the same"), ""
    if after > before:
        return _("%(points)d better") % {"points": after - before}, "leaf"
    return _("%(points)d worse") % {"points": before - after}, "foxglove"


def percent_of(community: ProposedCommunity | None) -> int | None:
    """Return a community's score of 100; None when it has none."""
    return None if community is None or community.score is None else round(100 * community.score)


def finding_of(found: Comparison) -> str:
    """Return in one sentence what the second proposal does beside the first."""
    before, after = found.first.proposal.percent or 0, found.second.proposal.percent or 0
    values = {"second": found.second.proposal, "first": found.first.proposal, "points": abs(after - before)}
    if not found.asks_the_same:
        return (
            _("%(second)s and %(first)s were asked for different sizes or rules: read them rule by rule.")
            % values
        )
    if after == before:
        return _("%(second)s scores the same as %(first)s.") % values
    if after > before:
        return (
            ngettext(
                "%(second)s scores one point more than %(first)s.",
                "%(second)s scores %(points)d points more than %(first)s.",
                after - before,
            )
            % values
        )
    return (
        ngettext(
            "%(second)s scores one point less than %(first)s.",
            "%(second)s scores %(points)d points less than %(first)s.",
            before - after,
        )
        % values
    )


def name_of(move: Move) -> str:
    """Return somebody's name, or what stands for it when it is erased."""
    return move.name or str(Enrollment())


def place_name(found: Comparison, community: ProposedCommunity | None) -> str:
    """Return a community's name; of one in the second by the name of another in the first, which that was."""
    if community is None:
        return ""
    if community.pk not in found.renamed:
        return community.name
    origin, first = found.renamed[community.pk], found.first.proposal
    if origin is None:
        return _("%(name)s (a new one)") % {"name": community}
    told = {"name": community, "before": origin, "proposal": first}
    return _("%(name)s (%(before)s in %(proposal)s)") % told


def happened(move: Move) -> str:
    """Return what became of somebody's place."""
    if move.origin is None:
        return _("has come")
    if move.target is None:
        return _("is no longer there")
    return _("moved") if move.is_moved else _("stays")


def _weakest(found: Comparison) -> Row:
    formation = found.second.proposal.formation
    weakest = (found.first.weakest, found.second.weakest)
    scores = [percent_of(each) for each in weakest]
    before, after = [
        _("%(score)d, %(name)s") % {"score": score, "name": place_name(found, each)}
        if score is not None
        else ""
        for each, score in zip(weakest, scores, strict=True)
    ]
    label = _("Weakest %(community)s") % {"community": words_for(formation.program).community}
    change, tone = change_of(scores[0], scores[1])
    return Row(label, before, after, change, tone)


def _measured(found: Comparison, before: Measure | None, after: Measure | None) -> Row:
    first, second = (side.proposal.formation_then() for side in (found.first, found.second))
    if before is None:
        assert after is not None  # one of the two has the rule
        return Row(label_of(second, after), "", figure_of(after), _only_in(found.second.proposal))
    if after is None:
        return Row(label_of(first, before), figure_of(before), "", _only_in(found.first.proposal))
    shown = (figure_of(before), figure_of(after))
    figures = (-before.broken, -after.broken) if after.must_hold else (before.percent, after.percent)
    change, tone = change_of(*figures)
    label = label_of(second, after)
    if after.rule is None and label != label_of(first, before):
        shown = (f"{label_of(first, before)}: {shown[0]}", f"{label}: {shown[1]}")
        label = _("Sizes")
    return Row(label, shown[0], shown[1], change, tone)


def _only_in(proposal: object) -> str:
    return _("asked only in %(proposal)s") % {"proposal": proposal}


def _row(label: str, before: int | None, after: int | None) -> Row:
    change, tone = change_of(before, after)
    return Row(label, str(before), str(after), change, tone)
