"""The ten questions in a live room: proposals, who would take what, and what goes into the plan."""

import re

import pytest
from django.urls import reverse

from coppice.activities.actions import agreeing
from coppice.activities.agreeing import form_of
from coppice.activities.agreeing_agenda import agree_how_we_work
from coppice.activities.errors import NoCommunityHere, NoSuchPoint, NotOfTheGroup, PlanIsFull
from coppice.activities.models import Point
from coppice.communities.actions import plans
from coppice.communities.commitment_models import Commitment
from coppice.communities.plan_models import LONGEST_PLAN_ANSWER, PlanAnswer, PlanFrame
from coppice.communities.role_models import Role
from coppice.communities.tests.factories import add_member, make_community, make_person, make_staff
from coppice.history.models import Entry
from coppice.live import agendas, links
from coppice.live.actions import moves, rooms
from coppice.live.actions.rooms import Plan
from coppice.live.kinds import kind_of
from coppice.live.models import Participant, Step
from coppice.live.tests.factories import fresh, make_participant, make_room, opened
from coppice.meetings.models import Meeting
from coppice.meetings.tests.factories import make_meeting
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db

Question = PlanAnswer.Question


@pytest.fixture
def community():
    return make_community(time_zone="UTC")


@pytest.fixture
def host(client, community):
    client.force_login(make_staff(community.program))
    return client


def asking(community, question: str) -> Step:
    """An open step that asks one of the ten questions in a room of the community."""
    plan = Plan(kind="plan_question", title="Q", prompt="Ask", settings={"question": question})
    return opened(make_room(community.program, community=community, steps=[plan]))


def proposed(step: Step, who: Participant, words: str) -> Point:
    kind_of(step).acts["add"](step, participant=who, round=1, said={"words": words})
    return step.points.get(words=words, participant=who)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def act(client, step: Step, who: Participant, name: str, **fields):
    return client.post(f"{links.phone_path(who)}steps/{step.pk}/{name}/", {"round": step.round, **fields})


def host_act(client, step: Step, name: str, **fields):
    return client.post(reverse("live:host_act", args=[step.pk, name]), fields, headers={"X-Live": "1"})


def answer_of(community, question: str) -> str:
    return PlanAnswer.objects.get(community=community, question=question).text


def test_the_agenda_asks_all_ten_in_order():
    steps = agree_how_we_work()

    assert [each.settings["question"] for each in steps if each.kind == "plan_question"] == list(Question)
    assert sum(each.minutes for each in steps) == 88
    assert all(each.script for each in steps)
    assert "agree_how_we_work" in [each.key for each in agendas.agendas()]


def test_phones_propose_and_say_what_they_would_take(client, community):
    step = asking(community, Question.POTENTIAL)
    ana, bo = (make_participant(step.room, name) for name in ("Ana", "Bo"))

    act(client, step, ana, "add", words="We know every shelter")
    point = step.points.get()
    shown = text(client.get(links.phone_path(bo) + "own/"))
    act(client, step, bo, "support", point=point.pk)
    act(client, step, bo, "support", point=point.pk)

    assert "We know every shelter" in shown
    assert "Ana" not in shown
    assert step.answers.get().picks == [point.pk]
    assert "Rather not" in text(client.get(links.phone_path(bo) + "own/"))
    assert text(client.get(links.phone_path(ana) + "own/")).count("We know every shelter") == 2


def test_who_would_not_take_it_after_all_takes_their_word_back(client, community):
    step = asking(community, Question.POTENTIAL)
    ana, bo = (make_participant(step.room, name) for name in ("Ana", "Bo"))
    one, other = proposed(step, ana, "Shelter"), proposed(step, ana, "A shelter")
    act(client, step, bo, "support", point=other.pk)
    kind_of(step).merge(step, by=None, said={"point": str(other.pk), "into": str(one.pk)})

    act(client, step, bo, "leave", point=one.pk)

    assert step.answers.get().picks == []


def test_nobody_takes_what_is_hidden_or_elsewhere(client, community):
    step = asking(community, Question.POTENTIAL)
    ana, bo = (make_participant(step.room, name) for name in ("Ana", "Bo"))
    point = proposed(step, ana, "Shelter")
    kind_of(step).hide(step, by=None, said={"point": str(point.pk)})

    with pytest.raises(NoSuchPoint):
        agreeing.support(step, participant=bo, round=1, point_id=point.pk)
    with pytest.raises(NoSuchPoint):
        agreeing.take_up(step, point_id=point.pk, by=None)

    kind_of(step).show(step, by=None, said={"point": str(point.pk)})
    agreeing.support(step, participant=bo, round=1, point_id=point.pk)
    assert step.answers.get().picks == [point.pk]


def test_a_proposal_of_ones_own_is_taken_back(client, community):
    step = asking(community, Question.POTENTIAL)
    ana = make_participant(step.room, "Ana")
    point = proposed(step, ana, "Shelter")

    act(client, step, ana, "drop", point=point.pk)

    assert not step.points.exists()


def test_the_wall_shows_counts_when_the_step_is_closed_and_never_names(client, community):
    step = asking(community, Question.POTENTIAL)
    ana, bo = (make_participant(step.room, name) for name in ("Ana", "Bo"))
    proposed(step, ana, "Few")
    most = proposed(step, ana, "Most")
    act(client, step, bo, "support", point=most.pk)
    before = text(client.get(links.projector_path(step.room)))

    moves.close_step(step, by=None)
    after = text(client.get(links.projector_path(fresh(step.room))))

    assert "would take it" not in before
    assert re.search(r"Most\s+2 would take it\s+Few\s+1 would take it", after)
    assert "Ana" not in before + after


def test_a_line_is_added_to_what_stands_in_the_plan(host, community):
    plans.answer(community, question="potential", text="It stands", by=None)
    step = asking(community, Question.POTENTIAL)
    point = proposed(step, make_participant(step.room, "Ana"), "We know every shelter")

    shown = host_act(host, step, "take", point=point.pk)
    host_act(host, step, "take", point=point.pk)

    assert "In the plan" in text(shown)
    assert answer_of(community, "potential") == "It stands\nWe know every shelter"
    assert Entry.objects.filter(verb="plan.answered").count() == 2


def test_a_goal_taken_up_is_a_goal_once(community):
    step = asking(community, Question.GOALS)
    point = proposed(step, make_participant(step.room, "Ana"), "Half of them stay")

    agreeing.take_up(step, point_id=point.pk, by=None)
    agreeing.take_up(step, point_id=point.pk, by=None)

    assert [goal.words for goal in community.goals.all()] == ["Half of them stay"]
    assert kind_of(step).look(step)["proposals"][0].is_taken


def test_a_role_taken_up_is_the_usual_one_or_their_own(community):
    step = asking(community, Question.ROLES)
    ana = make_participant(step.room, "Ana")
    long = "Keeps the list of everybody who ever came to a meeting, with how to reach them, up to date"
    points = [proposed(step, ana, words) for words in ("reporter", "Cake bringer", long)]

    for point in (*points, points[0]):
        agreeing.take_up(step, point_id=point.pk, by=None)

    assert [(role.kind, role.name, role.what) for role in community.roles.all()] == [
        (Role.Kind.REPORTER, "", ""),
        (Role.Kind.OWN, "Cake bringer", ""),
        (Role.Kind.OWN, long[:79], long),
    ]


def test_a_commitment_is_that_of_whoever_wrote_it(host, community):
    tom = add_member(community, "Tom Whitehorse")
    step = asking(community, Question.COMMITMENTS)
    point = proposed(step, make_participant(step.room, "Tom", person=tom.person), "I ask five people")

    shown = host_act(host, step, "take", point=point.pk)
    host_act(host, step, "take", point=point.pk)

    assert "Tom" in text(shown)
    made = Commitment.objects.get()
    assert (made.membership, made.what, made.source) == (tom, "I ask five people", "room")
    assert (made.word, Message.objects.count()) == ("", 0)
    assert kind_of(step).look(step)["proposals"][0].is_taken


def test_a_guest_commits_to_nothing(community):
    step = asking(community, Question.COMMITMENTS)
    point = proposed(step, make_participant(step.room, "A guest"), "I ask five people")
    outsider = make_participant(step.room, "Una", person=make_person("Una Outside"))

    with pytest.raises(NotOfTheGroup):
        agreeing.take_up(step, point_id=point.pk, by=None)
    with pytest.raises(NotOfTheGroup):
        agreeing.take_up(step, point_id=proposed(step, outsider, "I too").pk, by=None)


def test_an_answer_has_an_end(community):
    plans.answer(community, question="potential", text="x" * LONGEST_PLAN_ANSWER, by=None)
    step = asking(community, Question.POTENTIAL)

    with pytest.raises(PlanIsFull):
        agreeing.take_up(
            step, point_id=proposed(step, make_participant(step.room, "Ana"), "More").pk, by=None
        )


def test_a_room_of_a_whole_program_has_no_plan(host, community):
    plan = Plan(kind="plan_question", title="Q", settings={"question": "potential"})
    step = opened(make_room(community.program, steps=[plan]))
    point = proposed(step, make_participant(step.room, "Ana"), "Shelter")

    shown = text(host.get(step.room.get_absolute_url()))
    refused = host_act(host, step, "write", text="Words")

    assert "This room belongs to no community" in shown
    assert "Take it into the plan" not in shown
    assert (refused.status_code, refused.content.decode()) == (422, str(NoCommunityHere.sentence))
    with pytest.raises(NoCommunityHere):
        agreeing.take_up(step, point_id=point.pk, by=None)
    assert kind_of(step).result(step).community_page == ("", "")
    assert kind_of(step).comes_next(step) == []


def test_the_host_writes_words_and_what_is_typed(host, community):
    step = asking(community, Question.RHYTHM)
    prefix = form_of(step).prefix
    fields = {"text": "Once a month", "rhythm": "monthly", "minutes": "60", "means": "online"}

    done = host_act(
        host, step, "write", prefix=prefix, **{f"{prefix}-{name}": value for name, value in fields.items()}
    )

    assert done.status_code == 200
    assert answer_of(community, "rhythm") == "Once a month"
    frame = PlanFrame.objects.get(community=community)
    assert (frame.rhythm, frame.minutes, frame.means) == ("monthly", 60, "online")
    assert "Once a month, on the same weekday" in text(done)


def test_what_cannot_be_typed_is_said(host, community):
    step = asking(community, Question.RHYTHM)
    prefix = form_of(step).prefix

    refused = host_act(host, step, "write", prefix=prefix, **{f"{prefix}-minutes": "2"})

    assert refused.status_code == 422
    assert "10" in refused.content.decode()
    assert not PlanFrame.objects.exists()


def test_an_older_form_overwrites_nobody(host, community):
    plans.answer(community, question="meeting", text="Then", by=None)
    step = asking(community, Question.MEETING)
    form = form_of(step)
    opened_with = re.search(r'name="opened_with" value="([^"]+)"', str(form.opened_with))[1]
    plans.answer(community, question="meeting", text="Somebody else's", by=None)

    refused = host_act(
        host,
        step,
        "write",
        prefix=form.prefix,
        opened_with=opened_with,
        **{f"{form.prefix}-text": "Mine"},
    )

    assert refused.status_code == 422
    assert "Somebody else&#x27;s" in refused.content.decode() or "Somebody else's" in refused.content.decode()
    assert answer_of(community, "meeting") == "Somebody else's"
    assert form_of(step).prefix != form.prefix


def test_what_would_change_meetings_is_done_on_the_page_of_the_plan(host, community):
    plans.answer(community, question="rhythm", text="", typed={"rhythm": "weekly"}, by=None)
    make_meeting(community)
    step = asking(community, Question.RHYTHM)
    prefix = form_of(step).prefix

    refused = host_act(host, step, "write", prefix=prefix, **{f"{prefix}-rhythm": "monthly"})

    assert Meeting.objects.count() == 1
    assert refused.status_code == 422
    assert "Nothing is saved. Change it on the page of the plan" in refused.content.decode()
    assert PlanFrame.objects.get().rhythm == "weekly"


def test_the_same_proposals_count_together(community):
    step = asking(community, Question.POTENTIAL)
    ana, bo = (make_participant(step.room, name) for name in ("Ana", "Bo"))
    one, other = proposed(step, ana, "Shelter"), proposed(step, bo, "A shelter")
    kind_of(step).merge(step, by=None, said={"point": str(other.pk), "into": str(one.pk)})

    (found,) = kind_of(step).look(step)["proposals"]
    kind_of(step).part(step, by=None, said={"point": str(one.pk)})

    assert (found.words, found.count) == ("Shelter", 2)
    assert len(kind_of(step).look(step)["proposals"]) == 2


def test_results_are_a_table_with_what_is_in_the_plan(host, community):
    step = asking(community, Question.POTENTIAL)
    ana, bo = (make_participant(step.room, name) for name in ("Ana", "Bo"))
    proposed(step, ana, "Few")
    most = proposed(step, ana, "Most")
    agreeing.support(step, participant=bo, round=1, point_id=most.pk)
    agreeing.take_up(step, point_id=most.pk, by=None)
    rooms.end(step.room, by=None)

    page = text(host.get(reverse("live:results", args=[step.room.pk])))

    assert "2 proposals, 1 in the plan" in page
    assert re.search(r"Most\s+In the plan\s+2\s+Few\s+1", page)
    assert "See the whole plan" in page
    assert "Read the plan, and propose it as a charter" in page
    rows = [(row.answer, row.value) for row in kind_of(step).rows(step)]
    assert rows == [("Most", 2), ("Few", 1)]


def test_a_question_that_nobody_answered_has_no_result(community):
    step = asking(community, Question.POTENTIAL)

    assert kind_of(step).result(step) is None
    assert list(kind_of(step).rows(step)) == []


def test_screens_show_what_is_already_agreed(client, community):
    plans.add_goal(community, words="Half of them stay", by=None)
    step = asking(community, Question.GOALS)
    ana = make_participant(step.room, "Ana")

    wall = text(client.get(links.projector_path(step.room)))
    phone = text(client.get(links.phone_path(ana)))

    assert "Three are enough." in wall
    assert "Half of them stay" in wall
    assert "Half of them stay" in phone


def test_the_run_sheet_has_all_questions_with_the_hosts_notes(host, community):
    room = make_room(community.program, community=community, steps=agree_how_we_work())

    page = text(host.get(reverse("live:run_sheet", args=[room.pk])))

    assert "11. How we share and keep things" in page
    assert "Ask what will be different, not what you will do." in page


def test_a_question_without_proposals_tells_what_the_plan_says(host, community):
    plans.answer(community, question="rhythm", text="At noon", typed={"rhythm": "monthly"}, by=None)
    step = asking(community, Question.RHYTHM)

    result = kind_of(step).result(step)

    assert [line.label for line in result.lines] == ["Once a month, on the same weekday", "At noon"]


def test_results_of_ten_questions_ask_the_database_as_often_as_of_two(
    host, community, django_assert_max_num_queries
):
    room = make_room(community.program, community=community, steps=agree_how_we_work())
    ana = make_participant(room, "Ana")
    for step in room.steps.filter(kind="plan_question"):
        moves.open_step(step, by=None)
        proposed(fresh(step), ana, f"Answer {step.pk}")
    rooms.end(fresh(room), by=None)

    with django_assert_max_num_queries(12):
        page = text(host.get(reverse("live:results", args=[room.pk])))

    assert page.count("1 proposal, 0 in the plan") == 10


@pytest.mark.parametrize("question", [Question.GOALS, Question.ROLES, Question.COMMITMENTS, Question.DATES])
def test_screens_of_a_question_ask_the_database_twelve_times_at_most(
    host, community, question, django_assert_max_num_queries
):
    step = asking(community, question)
    people = [make_participant(step.room, f"Person {number}") for number in range(4)]
    for who in people:
        agreeing.support(
            step, participant=people[0], round=1, point_id=proposed(step, who, f"Mine {who.pk}").pk
        )
    paths = [
        step.room.get_absolute_url(),
        links.projector_path(step.room),
        links.phone_path(people[0]),
        links.phone_path(people[0]) + "own/",
    ]

    for path in paths:
        with django_assert_max_num_queries(12):
            assert "Mine" in text(host.get(path))
