"""The action plan: ten answers, older forms, what a change would change, goals and how far they are."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities.actions import plans
from coppice.communities.errors import NothingSaid, TooManyGoals
from coppice.communities.permissions import can_keep_goal, can_read_goal
from coppice.communities.plan_board import chart_of, facts_of, frame_of, plan_of
from coppice.communities.plan_models import Goal, PlanAnswer, PlanFrame
from coppice.communities.plan_questions import ASKED, after, before
from coppice.communities.tests.factories import add_member, make_community, make_person, make_staff
from coppice.history.models import Entry
from coppice.meetings.tests.factories import make_meeting
from coppice.ui.dates import place

pytestmark = pytest.mark.django_db

Q = PlanAnswer.Question


@pytest.fixture
def community():
    return make_community()


@pytest.fixture
def leader(community):
    return add_member(community, "Rosa Medina", role="leader").person


@pytest.fixture
def by_leader(client, leader):
    client.force_login(leader)
    return client


def at(community, question):
    return reverse("communities:plan_question", args=[community.pk, question])


def verbs():
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def test_ten_questions_follow_each_other():
    assert [each.number for each in ASKED.values()] == list(range(1, 11))
    assert list(ASKED) == Q.values
    assert after(Q.POTENTIAL) is ASKED[Q.GOALS]
    assert before(Q.GOALS) is ASKED[Q.POTENTIAL]
    assert (after(Q.SHARING), before(Q.POTENTIAL)) == (None, None)


def test_an_answer_is_one_row_and_each_change_its_next_version(community, leader):
    first = plans.answer(community, question=Q.POTENTIAL, text="We share", by=leader)
    again = plans.answer(community, question=Q.POTENTIAL, text="We share", by=leader)
    changed = plans.answer(community, question=Q.POTENTIAL, text="We share more", by=leader)

    assert (first.version, again.version, changed.version) == (1, 1, 2)
    assert list(community.plan_answers.values_list("text", flat=True)) == ["We share more"]
    assert verbs() == ["plan.answered", "plan.answered"]


def test_an_empty_answer_to_an_unanswered_question_is_no_answer(community, leader):
    assert plans.answer(community, question=Q.POTENTIAL, text="", by=leader) is None
    assert (community.plan_answers.count(), verbs()) == (0, [])


def test_a_typed_answer_counts_without_words(community, leader):
    said = plans.answer(
        community, question=Q.RHYTHM, text="", typed={"rhythm": "monthly", "minutes": 60}, by=leader
    )

    assert said is None
    assert facts_of(frame_of(community), Q.RHYTHM) == [
        "Once a month, on the same weekday",
        "60 minutes each time",
    ]
    plan = plan_of(community)
    assert (plan.count, plan.next.asked.question) == (1, Q.POTENTIAL)
    assert plan.of(Q.RHYTHM).is_answered


def test_dates_are_told_as_people_read_them(community):
    frame = PlanFrame(
        community=community,
        formats=["check_in", "problem"],
        weekday=1,
        week_of_month=2,
        starts_at=time(14),
        first_on=date(2027, 1, 12),
        months_off=[8],
        renews_on=date(2027, 3, 1),
    )

    assert facts_of(frame, Q.DATES) == [
        "Tuesday, the second of the month",
        f"At 14:00 ({place(community.zone)} time)",
        "For the first time on 12 January 2027",
        "Not in: August",
        "We look at this plan again on 1 March 2027",
    ]
    assert facts_of(frame, Q.FORMAT) == ["An informal check-in", "We solve somebody's problem together"]
    assert facts_of(PlanFrame(weekday=0), Q.DATES) == ["Monday"]
    assert facts_of(frame, Q.MEETING) == []


def test_a_leader_answers_and_goes_on_to_the_next_question(by_leader, community):
    page = by_leader.get(at(community, Q.POTENTIAL))
    assert "Question 1 of 10" in page.text

    sent = by_leader.post(at(community, Q.POTENTIAL), {"text": "We share"})
    assert sent.url == at(community, Q.GOALS)

    stays = by_leader.post(at(community, Q.POTENTIAL), {"text": "We do", "stay": "1"}, follow=True)
    assert "We do" in stays.text
    assert "1 of 10 answered" in stays.text
    last = by_leader.post(at(community, Q.SHARING), {"text": "In a folder"})
    assert last.url == reverse("communities:plan", args=[community.pk])


def test_dates_and_formats_are_kept_typed(by_leader, community):
    by_leader.post(at(community, Q.FORMAT), {"formats": ["training", "practice"], "text": ""})
    by_leader.post(
        at(community, Q.DATES),
        {"weekday": "3", "week_of_month": "-1", "starts_at": "09:30", "months_off": ["7", "8"]},
    )

    frame = frame_of(community)
    assert frame.formats == ["training", "practice"]
    assert (frame.weekday, frame.week_of_month, frame.starts_at) == (3, -1, time(9, 30))
    assert (frame.months_off, frame.first_on, frame.renews_on) == ([7, 8], None, None)


def test_a_question_that_is_none_of_the_ten_does_not_exist(by_leader, community):
    assert by_leader.get(at(community, "why")).status_code == 404


def test_two_people_who_answer_at_once_see_both_texts(by_leader, community):
    opened = by_leader.get(at(community, Q.POTENTIAL)).text
    mark = opened.split('name="opened_with" value="')[1].split('"')[0]
    plans.answer(community, question=Q.POTENTIAL, text="Theirs", by=None)

    older = by_leader.post(at(community, Q.POTENTIAL), {"text": "Mine", "opened_with": mark})

    assert older.status_code == 422
    assert "Theirs" in older.text
    assert "Mine" in older.text
    renewed = older.text.split('name="opened_with" value="')[1].split('"')[0]
    knowing = by_leader.post(at(community, Q.POTENTIAL), {"text": "Both", "opened_with": renewed})
    assert knowing.status_code == 302
    assert community.plan_answers.get().version == 2


def test_another_rhythm_says_what_it_changes_and_asks(by_leader, community):
    path, monthly = at(community, Q.RHYTHM), {"rhythm": "monthly", "minutes": "60", "means": ""}
    by_leader.post(path, monthly)
    make_meeting(community)

    asked = by_leader.post(path, {**monthly, "rhythm": "weekly"})

    assert asked.status_code == 422
    assert "1 meeting is planned by what you agreed before." in asked.text
    assert frame_of(community).rhythm == "monthly"
    agreed = asked.text.split('name="agreed" value="')[1].split('"')[0]
    assert by_leader.post(path, {**monthly, "rhythm": "weekly", "agreed": agreed}).status_code == 302
    assert frame_of(community).rhythm == "weekly"


def test_what_touches_no_meeting_is_changed_without_asking(by_leader, community):
    path = at(community, Q.DATES)
    by_leader.post(path, {"renews_on": "2027-03-01", "weekday": "1"})

    assert by_leader.post(path, {"renews_on": "2027-04-01", "weekday": "1"}).status_code == 302
    assert by_leader.post(path, {"renews_on": "2027-04-01", "weekday": "2"}).status_code == 302
    assert frame_of(community).renews_on == date(2027, 4, 1)


def test_members_read_the_plan_and_do_not_change_it(client, community, leader):
    plans.answer(community, question=Q.POTENTIAL, text="We share", by=leader)
    client.force_login(add_member(community, "Tom").person)

    page = client.get(reverse("communities:plan", args=[community.pk]))

    assert "We share" in page.text
    assert at(community, Q.POTENTIAL) not in page.text
    assert client.post(at(community, Q.POTENTIAL), {"text": "Mine"}).status_code == 403


def test_a_member_of_an_empty_plan_reads_who_answers(client, community):
    client.force_login(add_member(community, "Tom").person)

    assert "Whoever leads here answers" in client.get(reverse("communities:plan", args=[community.pk])).text


def test_goals_and_their_signs_count_as_answers(community, leader):
    plans.add_goal(community, words="People stay", by=leader)
    assert [each.asked.question for each in plan_of(community).answers if each.is_answered] == [Q.GOALS]

    plans.add_goal(community, words="More rides", indicator="Rides", target=Decimal(10), by=leader)
    assert plan_of(community).of(Q.SIGNS).is_answered


def test_a_goal_without_words_and_a_thirteenth_are_refused(community, leader):
    with pytest.raises(NothingSaid):
        plans.add_goal(community, words=" ", by=leader)
    for number in range(plans.MOST_GOALS):
        plans.add_goal(community, words=f"Goal {number}", by=leader)

    with pytest.raises(TooManyGoals):
        plans.add_goal(community, words="One more", by=leader)


def test_a_leader_sets_a_goal_and_says_how_far_it_is(by_leader, community):
    new = reverse("communities:new_goal", args=[community.pk])
    assert "Set the goal" in by_leader.get(new).text
    by_leader.post(new, {"words": "People stay", "indicator": "Who stays", "baseline": "12", "target": "20"})
    goal = community.goals.get()
    progress = reverse("communities:goal_progress", args=[goal.pk])

    assert by_leader.post(progress, {"on": "2027-01-01"}).status_code == 422
    by_leader.post(progress, {"on": "2027-01-01", "value": "14"})
    by_leader.post(progress, {"on": "2027-02-01", "value": "16", "note": "Four more"})

    page = by_leader.get(goal.get_absolute_url()).text
    assert "50 % of the way" in page
    assert "Four more" in page
    assert verbs() == ["goal.set", "goal.progress_noted", "goal.progress_noted"]


def test_a_thirteenth_goal_is_refused_in_the_form(by_leader, community, leader):
    for number in range(plans.MOST_GOALS):
        plans.add_goal(community, words=f"Goal {number}", by=leader)

    refused = by_leader.post(reverse("communities:new_goal", args=[community.pk]), {"words": "More"})

    assert refused.status_code == 422
    assert "many goals" in refused.text


def test_a_goal_is_changed_with_a_word_about_its_figures(by_leader, community, leader):
    goal = plans.add_goal(community, words="Stay", indicator="Who", target=Decimal(9), by=leader)
    plans.note_progress(goal, on=timezone.localdate(), value=Decimal(3), by=leader)
    edit = reverse("communities:goal_edit", args=[goal.pk])
    sent = {"words": "Stay longer", "indicator": "Who", "target": "9", "state": "reached"}

    assert "1 figure was noted for this goal" in by_leader.get(edit).text
    by_leader.post(edit, sent)
    by_leader.post(edit, sent)

    goal.refresh_from_db()
    assert (goal.words, goal.state) == ("Stay longer", Goal.State.REACHED)
    assert verbs().count("goal.changed") == 1


def test_a_note_says_something(community, leader):
    goal = plans.add_goal(community, words="Stay", by=leader)

    with pytest.raises(NothingSaid):
        plans.note_progress(goal, on=timezone.localdate(), by=leader)


def test_how_far_a_goal_is_stays_between_nothing_and_all():
    rising = Goal(baseline=Decimal(10), target=Decimal(20))
    falling = Goal(baseline=Decimal(20), target=Decimal(10))

    assert [rising.share_of(Decimal(each)) for each in (5, 10, 15, 25)] == [0, 0, 50, 100]
    assert falling.share_of(Decimal(15)) == 50
    assert rising.share_of(None) is None
    assert Goal(target=Decimal(0)).share_of(Decimal(1)) is None
    assert Goal().share_of(Decimal(1)) is None


def test_a_drawing_shows_figures_from_the_first_day_to_the_last(community, leader):
    today = timezone.localdate()
    goal = plans.add_goal(community, words="Stay", indicator="Who", target=Decimal(10), by=leader)
    assert chart_of(goal, []) is None
    for days, value in ((0, 0), (10, 10)):
        plans.note_progress(goal, on=today + timedelta(days=days), value=Decimal(value), by=leader)
    plans.note_progress(goal, on=today, note="Only a word", by=leader)

    chart = chart_of(goal, list(goal.notes.all()))

    assert [(dot.x, dot.y) for dot in chart.dots] == [(12.0, 168.0), (548.0, 12.0)]
    assert (chart.target, chart.baseline) == (12.0, 168.0)
    assert chart.line == "12.0,168.0 548.0,12.0"
    flat = chart_of(Goal(target=Decimal(0)), [goal.notes.all()[0]])
    assert [(dot.x, dot.y) for dot in flat.dots] == [(12.0, 90.0)]


def test_who_may_read_and_keep_a_goal(community, leader):
    goal = plans.add_goal(community, words="Stay", by=leader)
    member = add_member(community, "Tom").person
    staff, outsider = make_staff(community.program), make_person()

    assert [can_read_goal(each, goal) for each in (leader, member, staff, outsider)] == [True] * 3 + [False]
    assert [can_keep_goal(each, goal) for each in (leader, member, staff, outsider)] == [
        True,
        False,
        True,
        False,
    ]


def test_the_first_meeting_falls_on_the_weekday(client, community, leader):
    client.force_login(leader)
    wednesday = date(2099, 12, 9)

    refused = client.post(at(community, "dates"), {"weekday": "1", "first_on": wednesday})
    taken = client.post(at(community, "dates"), {"weekday": "2", "first_on": wednesday})

    assert refused.status_code == 422
    assert "This day is a Wednesday." in refused.text
    assert taken.status_code == 302


def test_a_goal_is_set_for_a_day_to_come_and_may_keep_one_that_went_by(client, community, leader):
    client.force_login(leader)
    gone = timezone.localdate() - timedelta(days=3)

    refused = client.post(
        reverse("communities:new_goal", args=[community.pk]), {"words": "Half of them stay", "due_on": gone}
    )
    goal = Goal.objects.create(community=community, words="Half of them stay", due_on=gone)
    kept = client.post(
        reverse("communities:goal_edit", args=[goal.pk]),
        {"words": "Most of them stay", "due_on": gone, "state": "open"},
    )

    assert refused.status_code == 422
    assert "This day is over. Choose today or a later one." in refused.text
    assert kept.status_code == 302
