"""Pages in states that their doors alone do not show: empty, at work, with a message, refused, used up."""

import uuid
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.accounts.links import make_sign_in_token
from coppice.communities.links import token_of
from coppice.communities.models import Community, Membership
from coppice.formation.models import Formation
from coppice.history.models import Receipt
from coppice.lib import progress
from coppice.meetings import links
from coppice.meetings.actions import check_ins, minutes, running
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.hands import Hand
from coppice.meetings.models import Meeting, MeetingSeries
from coppice.profiles import actions as needs
from coppice.profiles.models import NeedsAssessment
from coppice.programs.models import Organization, Program, RosterImport, Topic
from coppice.surveys import actions as surveys
from coppice.surveys.links import answering_path
from coppice.surveys.links import token_of as survey_token_of
from coppice.surveys.models import Answer, Participant, Response, Wave
from coppice.surveys.tests.factories import make_instrument
from tests.cast import Cast, enroll, join, make_community, make_meeting, make_person, make_program

pytestmark = pytest.mark.browser

EMPTY = "Empty"


@pytest.fixture(scope="package")
def empty(cast: Cast) -> tuple[Program, Community]:
    """A program and a community of our provider that have nothing yet."""
    program = make_program(cast.ours.provider, EMPTY, today=timezone.localdate())
    community = make_community(program, EMPTY, today=timezone.localdate())
    return program, community


@pytest.mark.parametrize(
    "page",
    [
        "home:board",
        "home:calls",
        "home:setup",
        "home:summary",
        "programs:people",
        "programs:imports",
        "programs:history",
        "programs:mail",
        "programs:funders",
        "formation:formations",
        "communities:words",
        "communities:without_mail",
        "surveys:surveys",
        "profiles:needs",
        "profiles:gallery",
        "meetings:program_hours",
    ],
)
def test_a_program_with_nothing_is_for_everyone(window_of, empty, page):
    seen = window_of("provider_admin")

    seen.open(reverse(page, args=[empty[0].pk]))

    seen.assert_right()


@pytest.mark.parametrize(
    "page",
    [
        "home:now",
        "communities:people",
        "communities:gallery",
        "communities:invitations",
        "communities:paper",
        "meetings:meetings",
        "meetings:hours",
    ],
)
def test_a_community_with_nothing_is_for_everyone(window_of, empty, page):
    seen = window_of("provider_admin")

    seen.open(reverse(page, args=[empty[1].pk]))

    seen.assert_right()


@pytest.mark.parametrize("page", ["home:home", "home:communities", "notifications:preferences"])
def test_somebody_with_nothing_finds_a_page_for_everyone(enter, page):
    seen = enter(make_person(f"nobody of {page}", EMPTY))

    seen.open(reverse(page))

    seen.assert_right()


@pytest.mark.parametrize(
    "state", [RosterImport.State.APPLYING, RosterImport.State.APPLIED, RosterImport.State.REFUSED]
)
def test_a_roster_at_work_is_for_everyone(window_of, cast, state):
    seen = window_of("provider_admin")
    roster_import = RosterImport.objects.create(
        program=cast.ours.program,
        by=cast.people["provider_admin"],
        filename="roster.csv",
        content=b"Name,Email\nAna,ana@example.org\n",
        columns=["full_name", "email"],
        plan_counts={"add": 1, "change": 0, "unchanged": 0, "skip": 0},
        state=state,
        applied_at=timezone.now(),
    )
    progress.report(f"roster-import-{roster_import.pk}", done=40, total=100, doing="writing")

    seen.open(reverse("programs:import_preview", args=[roster_import.pk]))

    assert seen.page.locator(".progress").count() == 1
    seen.assert_right()


@pytest.mark.parametrize(
    "state",
    [Formation.State.OPEN, Formation.State.PROPOSING, Formation.State.IMPOSSIBLE, Formation.State.PUBLISHED],
)
def test_a_formation_at_work_is_for_everyone(window_of, cast, state):
    seen = window_of("provider_admin")
    formation = Formation.objects.create(
        program=cast.ours.program,
        name="At work",
        reason=Community.Reason.STABLE_TEAM,
        state=state,
    )

    seen.open(reverse("formation:formation", args=[formation.pk]))

    seen.assert_right()


@pytest.fixture(scope="package")
def assessment(cast: Cast) -> NeedsAssessment:
    """A needs assessment of our provider that is over, which all six of an organization have answered."""
    by = cast.people["provider_admin"]
    program = make_program(cast.ours.provider, "Assessed", today=timezone.localdate())
    organization = Organization.objects.create(program=program, name="Assessed organization")
    topics = [Topic.objects.create(program=program, name=f"Assessed topic {number}") for number in range(3)]
    for number in range(6):
        enroll(program, make_person(f"assessed {number}", "Assessed"), organization=organization)
    begun = needs.begin_assessment(
        program, name="Assessed", closes_on=timezone.localdate() + timedelta(days=9), by=by
    )
    questions = list(begun.wave.instrument.document.questions)
    for number, participant in enumerate(begun.wave.participants.all()):
        answers = {
            question.key: {f"topic_{topic.pk}": 1 + (number + turn) % 5 for topic in topics}
            for turn, question in enumerate(questions)
        }
        surveys.save_answers(participant, questions=questions, answers=answers)
        surveys.send(participant)
    surveys.close(begun.wave, by=by)
    return begun


def test_what_an_assessment_says_is_for_everyone(window_of, assessment):
    seen = window_of("provider_admin")

    seen.open(assessment.get_absolute_url())

    assert seen.page.locator(".gaps-bars svg").count() == 3
    assert seen.page.get_by_role("rowheader", name="Assessed organization").count() == 1
    seen.assert_right()


def test_what_a_survey_says_is_for_everyone(window_of, assessment):
    seen = window_of("provider_admin")

    seen.open(assessment.wave.get_absolute_url())

    assert seen.page.get_by_role("rowheader", name="Assessed topic 0").count() == 2
    seen.assert_right()


def test_thanks_after_the_end_are_for_everyone(window_of, assessment):
    seen = window_of("signed_out")

    seen.open(answering_path(assessment.wave.participants.first()))

    assert seen.page.get_by_role("heading", name="Your answers count").count() == 1
    seen.assert_right()


@pytest.mark.parametrize("screen", [1, 2, 3])
def test_every_kind_of_question_is_for_everyone(window_of, cast, screen):
    seen = window_of("signed_out")
    kept = make_instrument(cast.ours.program, by=cast.people["provider_admin"])
    wave = Wave.objects.create(
        program=kept.program, instrument=kept, name="Kinds", closes_at=timezone.now() + timedelta(days=9)
    )
    participant = Participant.objects.create(wave=wave, enrollment=cast.ours.enrollment)
    begun = Response.objects.create(wave=wave, participant=participant)
    Answer.objects.create(response=begun, question="role", item="office")

    seen.open(reverse("surveys:screen", args=[survey_token_of(participant), screen]))

    assert seen.page.locator("form .field").count() > 0
    seen.assert_right()


def test_messages_with_and_without_a_way_back_are_for_everyone(window_of, cast):
    seen = window_of("provider_admin")

    seen.open(reverse("communities:people", args=[cast.ours.community.pk]))
    seen.send(reverse("stewardship:snooze", args=[cast.ours.community.pk]))

    assert seen.page.locator(".toast").count() == 1
    seen.assert_right()


@pytest.mark.parametrize(
    ("kind", "page", "status"),
    [
        ("signed_out", "/nowhere/", 404),
        ("provider_admin", "/nowhere/", 404),
        ("member", "home:board", 403),
        ("outsider", "home:now", 404),
    ],
)
def test_a_refusal_is_for_everyone(window_of, cast, kind, page, status):
    seen = window_of(kind)
    thing = cast.ours.program if page == "home:board" else cast.ours.community

    answer = seen.open(page if page.startswith("/") else reverse(page, args=[thing.pk]))

    assert answer.status == status
    seen.assert_right()


def test_a_form_without_its_token_is_refused_for_everyone(window_of):
    seen = window_of("provider_admin")

    answer = seen.send(reverse("accounts:me"), csrfmiddlewaretoken="wrong")

    assert answer.status == 403
    seen.assert_right()


def test_too_many_tries_are_refused_for_everyone(enter, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/m/ip"}
    seen = enter()

    for _attempt in range(2):
        answer = seen.send(reverse("accounts:password"), login="ana@example.org", password="wrong")

    assert answer.status == 429
    seen.assert_right()


def test_what_breaks_says_so_for_everyone(enter, settings):
    settings.ROOT_URLCONF = "coppice.ui.tests.addresses"
    seen = enter()

    answer = seen.open("/breaks/")

    assert answer.status == 500
    seen.assert_right()


def test_a_form_whose_answer_was_a_page_says_that_it_is_done(window_of, cast):
    seen = window_of("provider_admin")
    once = uuid.uuid4().hex
    snooze = reverse("stewardship:snooze", args=[cast.ours.community.pk])
    seen.send(snooze, once=once)
    Receipt.objects.filter(person_id=cast.people["provider_admin"].pk).update(had_body=True)

    seen.send(snooze, once=once)

    assert "This was done already" in seen.page.locator("h1").inner_text()
    seen.assert_right()


def test_a_used_sign_in_link_says_so_for_everyone(enter):
    person = make_person("twice", EMPTY)
    link = reverse("accounts:sign_in", args=[make_sign_in_token(person)])
    person.last_login = timezone.now()
    person.save()
    seen = enter()

    answer = seen.open(link)

    assert answer.status == 410
    seen.assert_right()


@pytest.mark.parametrize("state", [each for each in Membership.State if each != Membership.State.INVITED])
def test_an_invitation_that_was_answered_is_for_everyone(enter, cast, state):
    membership = join(cast.ours.community, enroll(cast.ours.program, make_person(state, EMPTY)), state=state)
    seen = enter()

    seen.open(reverse("communities:invitation", args=[token_of(membership)]))

    seen.assert_right()


@pytest.mark.parametrize("page", ["accounts:sign_in", "communities:invitation", "notifications:unsubscribe"])
def test_a_link_that_nobody_made_is_refused_for_everyone(enter, page):
    seen = enter()

    answer = seen.open(reverse(page, args=["1-1:made-up"]))

    assert answer.status in {404, 410}
    seen.assert_right()


def test_finding_a_time_is_for_everyone_in_each_state(window_of, enter, cast):
    house, seen, guest = cast.ours, window_of("leader"), enter()
    poll, own = house.time_poll, links.times_path(house.time_poll, house.memberships["member"])
    first = timezone.localdate() + timedelta(days=7)
    asked = {"title": EMPTY, "minutes": 60, "first": first, "last": first, "time_zone": "UTC"}

    seen.open(f"{reverse('meetings:find_time', args=[house.community.pk])}?{urlencode(asked)}")
    seen.assert_right()
    poll.closes_on = timezone.localdate() - timedelta(days=2)
    poll.save()
    for page in (seen, guest):
        page.open(poll.get_absolute_url() if page is seen else own)
        page.assert_right()
    poll.closed_at, poll.meeting = timezone.now(), house.meeting
    poll.save()
    guest.open(own)
    guest.assert_right()
    for address in (
        poll.get_absolute_url(),
        reverse("meetings:plan_time", args=[poll.times.all()[0].pk]),
        reverse("meetings:times_for_somebody", args=[poll.pk, house.memberships["member"].pk]),
    ):
        seen.open(address)
        seen.assert_right()


def test_a_meeting_that_was_cancelled_is_for_everyone(window_of, enter, cast):
    meeting = make_meeting(cast.ours.community, EMPTY, starts_at=timezone.now() + timedelta(days=2))
    meeting.cancelled_at = timezone.now()
    meeting.save()
    guest = enter()

    guest.open(links.answer_path(meeting, cast.ours.memberships["member"]))
    guest.assert_right()
    for kind in ("member", "leader"):
        seen = window_of(kind)
        seen.open(reverse("meetings:meeting", args=[meeting.pk]))
        seen.assert_right()


def test_a_meeting_that_goes_on_is_for_everyone(window_of, enter, cast):
    members = cast.ours.memberships
    meeting = make_meeting(cast.ours.community, EMPTY, starts_at=timezone.now() - timedelta(minutes=55))
    item = AgendaItem.objects.create(
        meeting=meeting, position=1, title="What is new", owner=members["leader"]
    )
    AgendaItem.objects.create(meeting=meeting, position=2, title="Closing round")
    leader, member, guest = window_of("leader"), window_of("member"), enter()
    run = reverse("meetings:run", args=[meeting.pk])
    link = f"{links.answer_path(meeting, members['member'])}"
    pages = ((leader, run), (member, run), (guest, link), (guest, f"{link}run/"))
    for seen, address in pages:
        seen.open(address)
        seen.assert_right()

    hand = Hand(meeting, members["leader"], by=members["leader"].person, leads=True)
    running.open_meeting(meeting, by=hand.by)
    Meeting.objects.filter(pk=meeting.pk).update(item_began_at=meeting.starts_at)
    for each in ("leader", "member"):
        check_ins.check_in(meeting, membership=members[each], how="code", by=hand.by)
    minutes.write_note(hand, item=item, text="Notes")
    minutes.decide(hand, item=item, text="Decided", reason="Why")
    minutes.learn(hand, item=None, text="Learned")
    minutes.commit(hand, item=item, membership=members["member"], what="Call", due_on=None)
    minutes.need(hand, item=item, membership=members["member"], text="Rides")
    close, people = (reverse(f"meetings:{name}", args=[meeting.pk]) for name in ("close", "check_in_people"))
    for seen, address in (*pages, (leader, close), (leader, people), (leader, f"{people}?q=nobody")):
        seen.open(address)
        seen.assert_right()

    running.close(meeting, by=hand.by)
    for seen, address in (*pages, (leader, close), (leader, people), (leader, meeting.get_absolute_url())):
        seen.open(address)
        seen.assert_right()


def test_a_series_is_for_everyone_in_each_state(window_of, enter, cast):
    house, seen, guest = cast.ours, window_of("leader"), enter()
    first = timezone.localdate() + timedelta(days=7)
    rule = {"title": EMPTY, "first": first, "clock": "02:30", "minutes": 60, "time_zone": "America/New_York"}
    weekly = {
        "rhythm": "weekly",
        "every": 1,
        "weekdays": 6,
        "last": first + timedelta(days=300),
        "instead": "skip",
    }
    asked = urlencode({**rule, **weekly, "other_clock": "20:00", "free_days": first + timedelta(days=7)})
    wanted = urlencode({**rule, "every": 2, "meetings": 12, "in_turn": "on"})

    seen.open(f"{reverse('meetings:plan_series', args=[house.community.pk])}?{asked}")
    seen.assert_right()
    seen.open(f"{reverse('meetings:plan_series', args=[house.community.pk])}?{urlencode(rule)}&rhythm=x")
    seen.assert_right()
    seen.open(f"{reverse('meetings:find_series', args=[house.community.pk])}?{wanted}")
    seen.assert_right()
    series = copy_of(house.series)
    for page in (seen, guest):
        address = series.get_absolute_url()
        page.open(address if page is seen else links.series_path(series, house.memberships["member"]))
        page.assert_right()


def copy_of(series):
    """Another series that ended early, without a meeting to come."""
    series = MeetingSeries.objects.get(pk=series.pk)
    series.pk, series.uid, series.ended_at = None, uuid.uuid4(), timezone.now()
    series._state.adding = True
    series.save()
    return series
