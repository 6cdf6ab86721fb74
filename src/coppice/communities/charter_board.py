"""A charter as its pages read it: what it says, what is new in it word by word, and who said what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from coppice.communities.charter_models import PARTS, Charter, CharterDraft, CharterText, Consent
from coppice.communities.models import Community, Membership
from coppice.communities.plan_board import Plan, facts_of
from coppice.communities.plan_models import PlanAnswer
from coppice.lib.differences import Piece, differences

Answer, State = Consent.Answer, Charter.State


@dataclass(frozen=True)
class Part:
    """One part of a charter: title, text, and how it differs from an older one (empty if it does not)."""

    title: str
    text: str
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True)
class Poll:
    """Who said what about a version, and who has yet to answer."""

    agree: Sequence[Consent]
    notes: Sequence[Consent]
    objections: Sequence[Consent]
    waiting: Sequence[Membership]

    @property
    def answered(self) -> int:
        return len(self.agree) + len(self.notes) + len(self.objections)

    def of(self, membership: Membership | None) -> Consent | None:
        """Return what a member said, None where they have not, or for nobody."""
        said = (*self.agree, *self.notes, *self.objections)
        return next((each for each in said if membership and each.membership_id == membership.pk), None)

    @property
    def standing(self) -> int:
        """How many objections stand: their writers do not call them resolved."""
        return sum(each.stands for each in self.objections)

    @property
    def is_consent(self) -> bool:
        """Whether the version is adopted as things stand: somebody agrees, and no objection stands."""
        return self.answered > 0 and not self.standing


def draft_of(community: Community) -> CharterDraft:
    """Return what the next charter would say, an empty one without a row before that is said."""
    return CharterDraft.objects.filter(community=community).first() or CharterDraft(community=community)


def last_of(community: Community) -> Charter | None:
    """Return the latest version that was proposed."""
    return community.charters.first()


def lines_of_plan(plan: Plan) -> list[list[str]]:
    """Return the answers of a plan as a version keeps them: question and text, with goals by name."""
    lines = []
    for each in plan.answers:
        goals = [line.goal.words for line in plan.goals] if each.asked.question == "goals" else []
        text = "\n".join([*each.facts, *goals, *([each.text] if each.text else [])])
        if text:
            lines.append([str(each.asked.question.value), text])
    return lines


def still_says(charter: Charter, plan: Plan) -> bool:
    """Say whether the plan of a version is that of today.

    A version keeps what is typed in the words of whoever proposed it, so each language is tried.
    """
    return any(_in_language(code, plan) == charter.plan for code, _name in settings.LANGUAGES)


def _in_language(code: str, plan: Plan) -> list[list[str]]:
    with override(code):
        answers = [replace(each, facts=facts_of(plan.frame, each.asked.question)) for each in plan.answers]
        return lines_of_plan(replace(plan, answers=answers))


def parts_of(charter: CharterText, plan: Sequence[Sequence[str]], older: Charter | None = None) -> list[Part]:
    """Return the parts of a charter that say anything, and of an older one what is gone, with differences."""
    now = _texts(charter, plan)
    then = _texts(older, older.plan) if older else {}
    titles = [*now, *(title for title in then if title not in now)]
    return [
        Part(title, now.get(title, ""), differences(then.get(title, ""), now.get(title, "")) if older else ())
        for title in titles
    ]


def poll_of(charter: Charter) -> Poll:
    """Return who said what about a version, in two queries; of people who left, only what they said stays."""
    consents = list(
        charter.consents.select_related("membership__enrollment").order_by(
            "membership__enrollment__name", "pk"
        )
    )
    said = {each.membership_id for each in consents}
    members = Membership.objects.active().filter(community=charter.community_id).exclude(pk__in=said)
    return Poll(
        agree=[each for each in consents if each.answer == Answer.AGREE],
        notes=[each for each in consents if each.answer == Answer.NOTE],
        objections=[each for each in consents if each.answer == Answer.OBJECT],
        waiting=list(members.select_related("enrollment").order_by("enrollment__name", "pk"))
        if charter.is_open
        else [],
    )


def _texts(charter: CharterText, plan: Sequence[Sequence[str]]) -> dict[str, str]:
    titles = {
        "mission": _("Mission"),
        "scope": _("What belongs to it, and what does not"),
        "sponsor": _("Sponsor"),
        "norms": _("How we treat each other"),
        "confidentiality": _("What stays among us"),
    }
    own = {titles[name]: getattr(charter, name) for name in PARTS if getattr(charter, name)}
    return {**own, **{str(PlanAnswer.Question(key).label): text for key, text in plan}}
