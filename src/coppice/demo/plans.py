"""How one community works: answers, goals, roles, commitments; and the charter that another adopted."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from coppice.accounts.models import Person
from coppice.communities.actions import charters, commitments, plans, roles
from coppice.communities.charter_models import Consent
from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Community
from coppice.communities.plan_models import PlanAnswer
from coppice.communities.role_models import Role
from coppice.meetings.queries import active_members

Question, Kind, State = PlanAnswer.Question, Role.Kind, Commitment.State

ANSWERS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        Question.POTENTIAL,
        "Six of us run volunteer programs with ten paid hours a week. Together we have tried nearly "
        "everything once, so nobody here has to begin at nothing.",
        {},
    ),
    (Question.GOALS, "Two are enough for a year.", {}),
    (Question.SIGNS, "Each of us counts on the first of the month and writes it down here.", {}),
    (
        Question.FORMAT,
        "We begin with a round. Every second time somebody brings a problem, else a practice.",
        {"formats": ["practice", "problem"]},
    ),
    (Question.RHYTHM, "", {"rhythm": "monthly", "minutes": 60, "means": "online"}),
    (Question.DATES, "", {"weekday": 1, "week_of_month": 2, "starts_at": time(14), "months_off": [8]}),
    (Question.ROLES, "Nobody has two. Whoever begins gets an hour with whoever ends.", {}),
)
GOALS: tuple[tuple[str, str, int, int, tuple[tuple[int, int, str], ...]], ...] = (
    (
        "Half of the volunteers who begin in spring are still with us in autumn",
        "Volunteers of spring who still come, of 40",
        12,
        20,
        (
            (56, 13, "First count, by phone"),
            (28, 15, "The exit questions told us about rides"),
            (2, 17, "Two came back"),
        ),
    ),
    (
        "Every new volunteer has somebody to ask in the first week",
        "Organizations with a buddy for beginners",
        1,
        6,
        ((28, 2, "Casa Verde begins"),),
    ),
)
ROLES: tuple[tuple[str, str, int, int | None], ...] = (
    (Kind.AGENDA, "Asks everybody a week before what they bring, and writes the agenda.", 30, 1),
    (Kind.KEEPER, "Calls whoever was not there twice, and welcomes whoever is new.", 45, 2),
    (Kind.REPORTER, "Writes down in ten lines what came of a meeting.", 20, None),
)
COMMITMENTS: tuple[tuple[int, str, int, str, str], ...] = (
    (1, "Send everybody the letter by which I say no kindly", -20, State.DONE, "Three of us use it now."),
    (2, "Ask five volunteers why they stay", -6, State.TRIED, "Three so far. Two were away."),
    (3, "Ask the county for its training room", -3, State.DROPPED, "It closed; we meet at Casa Verde."),
    (1, "Bring the sign-up sheets of two years", 9, State.MADE, ""),
    (4, "Try the buddy list with two beginners", 16, State.MADE, ""),
)

WRITTEN_BY_THE_LEADER = "Ask two who left in summer what would bring them back"
LOOKED_AT_AGAIN_IN = 24


def tell(community: Community, *, by: Person, on: date) -> None:
    """Write it all down as its leader; `on` is today."""
    members = list(active_members(community))
    for question, text, typed in ANSWERS:
        plans.answer(community, question=question, text=text, typed=typed, by=by)
    plans.answer(
        community,
        question=Question.DATES,
        text="",
        typed={"renews_on": on + timedelta(days=LOOKED_AT_AGAIN_IN)},
        by=by,
    )
    for words, indicator, baseline, target, notes in GOALS:
        goal = plans.add_goal(
            community,
            words=words,
            indicator=indicator,
            baseline=Decimal(baseline),
            target=Decimal(target),
            due_on=on + timedelta(weeks=26),
            by=by,
        )
        for days_ago, value, note in notes:
            plans.note_progress(
                goal, on=on - timedelta(days=days_ago), value=Decimal(value), note=note, by=by
            )
    for kind, what, minutes, place in ROLES:
        role = roles.add_role(community, kind=kind, what=what, minutes_a_month=minutes, by=by)
        if place is None:
            roles.offer(role, membership=members[-1], by=members[-1].person)
            continue
        roles.give(
            role,
            holder=members[place],
            backup=members[place + 3],
            starts_on=on - timedelta(weeks=9),
            until=on + timedelta(weeks=2 if place == 1 else 17),
            by=by,
        )
    for place, what, days, state, outcome in COMMITMENTS:
        made = commitments.make(
            members[place],
            what=what,
            due_on=on + timedelta(days=days),
            source=Commitment.Source.PLAN,
            by=members[place].person,
        )
        commitments.tell(made, state=state, outcome=outcome, by=members[place].person)
    commitments.make(members[5], what=WRITTEN_BY_THE_LEADER, due_on=on + timedelta(days=12), by=by)


def adopt(community: Community, *, by: Person, on: date) -> None:
    """Let a community adopt its charter in the second version: an objection to the first changed it."""
    members = list(active_members(community))
    plans.answer(
        community,
        question=Question.POTENTIAL,
        text="Boards that do more than meet, and chairs who call each other before it burns.",
        by=by,
    )
    plans.answer(
        community,
        question=Question.SHARING,
        text="Our papers lie in the folder of the network. Minutes of a board never leave its own house.",
        by=by,
    )
    parts = {
        "mission": "We help each other to lead boards that do more than meet.",
        "scope": "Boards of our own organizations. We advise nobody else.",
        "sponsor": "The Healthy Start TTA Center, for the room and the line.",
        "norms": "We ask before we advise. Whoever brings a case has the last word.",
        "confidentiality": "What is said here stays here.",
    }
    charters.draft(community, by=by, **parts)
    first = charters.propose(community, closes_on=on + timedelta(days=14), by=by)
    objection = charters.consent(
        first,
        membership=members[2],
        answer=Consent.Answer.OBJECT,
        words="My chair has to hear of what concerns her.",
        proposal="Names stay here; what we learn may travel.",
        by=members[2].person,
    )
    charters.work_through(
        objection, way=Consent.Way.CHANGE, reply="You are right. The next version says so.", by=by
    )
    charters.resolve(objection, is_resolved=True, by=members[2].person)
    charters.draft(
        community, by=by, **{**parts, "confidentiality": "Names stay here; what we learn may travel."}
    )
    second = charters.propose(community, closes_on=on + timedelta(days=14), by=by)
    for place, each in enumerate(members):
        charters.consent(
            second,
            membership=each,
            answer=Consent.Answer.NOTE if place == 3 else Consent.Answer.AGREE,
            words="Let us read it aloud once a year." if place == 3 else "",
            by=each.person,
        )
    charters.close(second, by=by)
