"""People whom no mail reaches, and introductions that end because somebody or something is gone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.accounts import actions as accounts
from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.history.models import Entry
from coppice.notifications.models import Message, Mute
from coppice.profiles import actions, tasks
from coppice.profiles.links import profile_path
from coppice.profiles.matching import candidates_for
from coppice.profiles.models import Expertise, Introduction, Need, Telling
from coppice.profiles.queries import counts_by_state
from coppice.profiles.tests.factories import need, offer
from coppice.programs import actions as programs
from coppice.programs.models import Enrollment

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return make_program(name="Healthy Start")


@pytest.fixture
def staff(program):
    return make_staff(program)


@pytest.fixture
def ingrid(program):
    return enroll(
        program, "Ingrid Berg", email="", phone="+1 555 0123", contact_mode=Enrollment.ContactMode.PHONE
    )


@pytest.fixture
def yara(program):
    return enroll(program, "Yara Haddad")


@pytest.fixture
def asked(program, ingrid, yara, staff):
    return actions.propose(need(ingrid), offer=offer(yara), by=staff)


def open_tellings() -> list[tuple[str, str]]:
    rows = Telling.objects.filter(told_at=None).select_related("enrollment")
    return [(row.about, row.enrollment.name) for row in rows]


def mails() -> list[tuple[str, str]]:
    rows = Message.objects.order_by("pk")
    return [(mail.occasion.partition(":")[0], mail.to_address) for mail in rows]


def test_whom_no_mail_reaches_staff_tell_from_the_page_of_introductions(
    client, program, staff, ingrid, yara, asked
):
    path = reverse("profiles:introductions", args=[program.pk])
    client.force_login(staff)

    to_ask = client.get(path).text
    actions.agree(asked, enrollment=ingrid, by=staff)
    between = open_tellings()
    actions.agree(asked, enrollment=yara, by=yara.person)
    telling = Telling.objects.get()
    to_tell = client.get(path).text
    for _twice in range(2):
        client.post(reverse("profiles:told", args=[telling.pk]))
    after = client.get(path).text

    assert ("Ask Ingrid Berg:" in to_ask, "+1 555 0123" in to_ask, "Enter the answer" in to_ask) == (
        True,
        True,
        True,
    )
    assert between == []
    assert ("Tell Ingrid Berg:" in to_tell, yara.email in to_tell, "Tell Ingrid Berg:" in after) == (
        True,
        True,
        False,
    )
    entries = Entry.objects.filter(verb="introduction.told")
    assert list(entries.values_list("actor", "about")) == [(staff.pk, ingrid.person_id)]
    assert (str(telling), telling.other) == ("made", yara)


def test_a_telling_is_nothing_for_staff_of_another_provider(client, asked):
    client.force_login(make_staff(make_program()))

    answer = client.post(reverse("profiles:told", args=[Telling.objects.get().pk]))

    assert (answer.status_code, len(open_tellings())) == (404, 1)


def test_whether_it_helped_counts_as_asked_once_staff_asked(program, staff, ingrid, yara, asked):
    actions.agree(asked, enrollment=ingrid, by=staff)
    actions.agree(asked, enrollment=yara, by=yara.person)
    Telling.objects.all().delete()

    for _twice in range(2):
        actions.ask_whether_helped(asked)
    asked.refresh_from_db()
    before = (asked.asked_whether_at, open_tellings())
    actions.tell_by_staff(Telling.objects.get(), by=staff)
    asked.refresh_from_db()

    assert before == (None, [("helped", "Ingrid Berg")])
    assert (asked.asked_whether_at is None, open_tellings()) == (False, [])


def test_an_answer_takes_the_question_whether_it_helped_from_the_staff(staff, ingrid, yara, asked):
    actions.agree(asked, enrollment=ingrid, by=staff)
    actions.agree(asked, enrollment=yara, by=yara.person)
    actions.ask_whether_helped(asked)

    actions.tell_outcome(asked, outcome="helped", by=staff)
    actions.tell_by_staff(Telling.objects.get(about="made"), by=staff)

    assert open_tellings() == []
    assert mails()[-1] == ("introduction-thanks", yara.email)


def test_staff_note_that_they_asked_after_the_answer_came_by_itself(staff, ingrid, yara, asked):
    actions.agree(asked, enrollment=ingrid, by=staff)
    actions.agree(asked, enrollment=yara, by=yara.person)
    actions.ask_whether_helped(asked)
    at = timezone.now() - timedelta(days=1)
    Introduction.objects.update(asked_whether_at=at)

    actions.tell_by_staff(Telling.objects.get(about="helped"), by=staff)

    assert Introduction.objects.get().asked_whether_at == at


def test_the_page_says_what_of_each_kind_is_to_tell(client, program, staff, ingrid, yara, asked):
    client.force_login(staff)
    path = reverse("profiles:introductions", args=[program.pk])
    Telling.objects.all().delete()
    for about in Telling.About:
        Telling.objects.create(introduction=asked, enrollment=ingrid, about=about)

    page = client.get(path).text
    accounts.erase(yara.person, by=yara.person)
    without = client.get(path).text

    wanted = [
        "they and Yara Haddad both said yes",
        "does not work out this time",
        "did it help to meet Yara Haddad",
        "Yara Haddad says that it helped",
        "may we introduce them",
    ]
    assert [words in page for words in wanted] == [True] * 5
    assert ("Yara" in without, "the other one is no longer here" in without) == (False, True)


@pytest.mark.parametrize(
    "gone", ["retired", "helped", "removed", "off the roster", "erased", "offer retired"]
)
def test_what_is_gone_ends_what_waits_at_once_and_whoever_said_yes_hears_of_it(program, staff, gone):
    rosa, mei = enroll(program, "Rosa"), enroll(program, "Mei")
    wanted, helping = need(rosa), offer(mei)
    asked = actions.propose(wanted, offer=helping, by=staff)
    is_offer = gone == "offer retired"
    agreed, leaver = (rosa, mei) if is_offer else (mei, rosa)
    actions.agree(asked, enrollment=agreed, by=agreed.person)
    other = actions.propose(need(rosa, "Boards"), offer=offer(mei, "Boards"), by=staff)

    said = {"topic": None, "text": "Said", "audience": "program"}
    {
        "retired": lambda: actions.retire(wanted, by=rosa.person),
        "helped": lambda: actions.change_need(
            wanted, by=rosa.person, urgency="now", state=Need.State.ADDRESSED, **said
        ),
        "removed": lambda: actions.remove(wanted, by=rosa.person),
        "off the roster": lambda: programs.end_enrollment(rosa, by=staff),
        "erased": lambda: accounts.erase(rosa.person, by=rosa.person),
        "offer retired": lambda: actions.change_offer(
            helping,
            by=mei.person,
            level="does",
            availability="call",
            state=Expertise.State.RETIRED,
            **said,
        ),
    }[gone]()

    asked.refresh_from_db()
    other.refresh_from_db()
    ends_all = gone in ("off the roster", "erased")
    assert (asked.state, other.state) == ("declined", "declined" if ends_all else "proposed")
    assert counts_by_state(program)["proposed"] == (0 if ends_all else 1)
    told = [mail for mail in mails() if mail[0] == "introduction-declined"]
    assert told == [("introduction-declined", agreed.email)]
    assert leaver.email not in dict(told).values()


def test_a_need_that_one_helped_with_is_asked_of_nobody_else(program, staff):
    rosa, mei, tom = (enroll(program, name) for name in ("Rosa", "Mei", "Tom"))
    wanted = need(rosa)
    first, second = (actions.propose(wanted, offer=offer(each), by=rosa.person) for each in (mei, tom))
    actions.agree(first, enrollment=mei, by=mei.person)

    actions.tell_outcome(first, outcome="helped", by=rosa.person)

    assert counts_by_state(program) | {"declined": 1, "helped": 1, "proposed": 0} == counts_by_state(program)
    second.refresh_from_db()
    assert second.state == "declined"


def test_whoever_said_yes_hears_that_nobody_answered(program, staff):
    rosa, mei = enroll(program, "Rosa"), enroll(program, "Mei")
    actions.propose(need(rosa), offer=offer(mei), by=rosa.person)
    Introduction.objects.update(proposed_at=timezone.now() - actions.WAITS)

    tasks.tend_introductions.call()

    assert Introduction.objects.get().state == "lapsed"
    assert mails() == [("introduction-asked", mei.email), ("introduction-declined", rosa.email)]


def test_whoever_stopped_these_mails_is_no_candidate(program, staff):
    rosa, mei, tom = (enroll(program, name) for name in ("Rosa", "Mei", "Tom"))
    wanted, stays, _left = need(rosa), offer(tom), offer(mei)
    for each in (mei, rosa):
        Mute.objects.create(person=each.person, list_key=f"introductions:{program.pk}")

    found = list(candidates_for(wanted))
    asked = actions.propose(wanted, offer=stays, by=staff)
    asks = open_tellings()
    actions.agree(asked, enrollment=rosa, by=staff)
    actions.agree(asked, enrollment=tom, by=tom.person)
    actions.ask_whether_helped(asked)

    assert (found, asks, open_tellings()) == ([stays], [("asked", "Rosa")], [])


def test_after_the_others_erasure_the_page_says_so(client, program):
    rosa, mei = enroll(program, "Rosa"), enroll(program, "Mei")
    asked = actions.propose(need(rosa), offer=offer(mei), by=rosa.person)
    actions.agree(asked, enrollment=mei, by=mei.person)
    actions.tell_outcome(asked, outcome="helped", by=rosa.person)
    accounts.erase(mei.person, by=mei.person)

    page = client.get(f"{profile_path(rosa)}introductions/{asked.pk}/").text

    assert (
        "You said that it helped" in page,
        "does not work out" in page,
        "no longer in the program" in page,
    ) == (
        True,
        False,
        True,
    )


def test_the_list_leads_to_nobody_who_is_off_the_roster(client, program, staff):
    rosa, mei = enroll(program, "Rosa"), enroll(program, "Mei")
    actions.propose(need(rosa), offer=offer(mei), by=rosa.person)
    Enrollment.objects.filter(pk=mei.pk).update(ended_at=timezone.now())
    client.force_login(staff)

    page = client.get(reverse("profiles:introductions", args=[program.pk])).text

    profiles = [reverse("profiles:profile", args=[each.pk]) in page for each in (rosa, mei)]
    assert (profiles, "Mei" in page) == ([True, False], True)
