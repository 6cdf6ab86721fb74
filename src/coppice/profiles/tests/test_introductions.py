"""Introducing two people: who fits, both say yes before either knows the other, and what became of it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.accounts import actions as accounts
from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.history.models import Entry
from coppice.notifications.inbound import Incoming, NotUnderstood
from coppice.notifications.models import Message
from coppice.profiles import actions, inbound, matching, notices, tasks
from coppice.profiles.errors import NoLongerWaiting, NotToBeAsked
from coppice.profiles.links import profile_path
from coppice.profiles.matching import candidates_for
from coppice.profiles.models import Expertise, Introduction, Need
from coppice.profiles.tests.factories import make_topic, need, offer
from coppice.programs.models import Enrollment

pytestmark = pytest.mark.django_db
State = Introduction.State


@pytest.fixture
def program():
    return make_program(name="Healthy Start")


@pytest.fixture
def rosa(program):
    return enroll(program, "Rosa Medina", organization="Casa Verde", phone="+1 555 0100")


@pytest.fixture
def mei(program):
    return enroll(program, "Mei Fofanah", organization="Harbor Clinic")


@pytest.fixture
def asked(rosa, mei):
    return actions.propose(
        need(rosa, text="A budget reader"), offer=offer(mei, audience="program"), by=rosa.person
    )


def told() -> list[tuple[str, str]]:
    mails = Message.objects.order_by("pk")
    return [(mail.occasion.partition(":")[0], mail.to_address) for mail in mails]


def made(asked, mei):
    actions.agree(asked, enrollment=mei, by=mei.person)
    asked.refresh_from_db()
    return asked


def test_who_could_help_offers_the_same_topic_may_be_asked_and_is_no_colleague(program, rosa, mei):
    wanted = need(rosa)
    deep, begun = (
        offer(mei, level=Expertise.Level.SHOWS),
        offer(enroll(program, "Tom"), level=Expertise.Level.BEGUN),
    )
    colleague = offer(enroll(program, "Ana", organization="Casa Verde"))
    offer(rosa)
    offer(mei, "Boards")
    offer(enroll(program, "Kept"), audience="staff")
    Expertise.objects.filter(pk=offer(enroll(program, "Away")).pk).update(state="paused")
    gone = enroll(program, "Gone")
    offer(gone)
    Enrollment.objects.filter(pk=gone.pk).update(ended_at=timezone.now())
    offer(enroll(make_program(), "Elsewhere"))

    assert list(candidates_for(wanted)) == [deep, begun]
    assert list(candidates_for(wanted, also_colleagues=True)) == [deep, colleague, begun]
    assert list(candidates_for(wanted, people=Enrollment.objects.filter(pk=mei.pk).values("pk"))) == [deep]
    assert list(candidates_for(need(rosa, topic="", text="A van"))) == []


def test_nobody_is_asked_too_often_in_a_month(program, rosa, mei, monkeypatch):
    monkeypatch.setattr(matching, "MOST_ASKED", 1)
    helping, wanted = offer(mei), need(enroll(program, "Tom"))
    actions.propose(need(rosa), offer=helping, by=rosa.person)

    with pytest.raises(NotToBeAsked):
        actions.propose(wanted, offer=helping, by=wanted.enrollment.person)
    Introduction.objects.update(proposed_at=timezone.now() - timedelta(days=31))

    assert list(candidates_for(wanted)) == [helping]


def test_whoever_asks_for_herself_has_said_yes_and_the_other_is_asked_without_her_name(rosa, mei, asked):
    mail = Message.objects.get()

    assert (asked.need_agreed_at is None, asked.offer_agreed_at) == (False, None)
    assert (mail.recipient, mail.about, mail.to_address) == (mei.person, rosa.person, mei.email)
    assert mail.subject == "Could you help somebody with Grants?"
    for text in (mail.text, mail.html):
        assert ("A budget reader" in text, "Rosa" in text, rosa.email in text) == (True, False, False)
    with pytest.raises(NotToBeAsked):
        actions.propose(asked.need, offer=asked.offer, by=rosa.person)


def test_both_learn_of_each_other_only_when_both_have_said_yes(program, rosa, mei):
    staff = make_staff(program)
    asked = actions.propose(need(rosa, text="SECRET"), offer=offer(mei, text="QUIET"), by=staff)
    to_mei, to_rosa = Message.objects.order_by("pk")
    first = ["SECRET" in to_mei.text, "QUIET" in to_rosa.text]

    actions.agree(asked, enrollment=rosa, by=rosa.person)
    before = told()
    for _twice in range(2):
        actions.agree(asked, enrollment=mei, by=mei.person)

    asked.refresh_from_db()
    assert first == [False, False]
    assert before == [("introduction-asked", mei.email), ("introduction-asked", rosa.email)]
    assert told()[2:] == [("introduction-made", rosa.email), ("introduction-made", mei.email)]
    to_rosa, to_mei = Message.objects.filter(occasion__startswith="introduction-made").order_by("pk")
    assert (to_rosa.subject, mei.email in to_rosa.text, "QUIET" in to_rosa.html) == (
        "You and Mei Fofanah",
        True,
        False,
    )
    assert (to_mei.subject, "+1 555 0100" in to_mei.text, "SECRET" in to_mei.text) == (
        "You and Rosa Medina",
        True,
        False,
    )
    assert (asked.state, asked.was_made) == ("introduced", True)
    entries = Entry.objects.filter(verb__startswith="introduction").order_by("pk")
    assert list(entries.values_list("verb", "actor")) == [
        ("introduction.proposed", staff.pk),
        ("introduction.answered", None),
        ("introduction.answered", None),
    ]


def test_a_no_is_kind_needs_no_reason_and_names_nobody(rosa, mei, asked):
    for _twice in range(2):
        actions.decline(asked, enrollment=mei, by=mei.person)

    mail = Message.objects.order_by("pk").last()
    entry = Entry.objects.order_by("pk").last()
    asked.refresh_from_db()
    assert asked.state == "declined"
    assert told()[1:] == [("introduction-declined", rosa.email)]
    assert (mail.about, "Mei" in mail.text) == (None, False)
    assert (entry.verb, entry.actor, entry.about) == ("introduction.answered", None, None)
    for person in (rosa, mei):
        with pytest.raises(NoLongerWaiting):
            actions.agree(asked, enrollment=person, by=person.person)


def test_whoever_has_not_answered_hears_nothing_of_a_no(program, rosa, mei):
    asked = actions.propose(need(rosa), offer=offer(mei), by=make_staff(program))

    actions.decline(asked, enrollment=rosa, by=rosa.person)

    assert told() == [("introduction-asked", mei.email), ("introduction-asked", rosa.email)]


def test_what_somebody_takes_off_the_lists_is_asked_for_no_more(client, rosa, mei, asked):
    place = f"{profile_path(mei)}introductions/{asked.pk}/"
    before = client.get(place).text
    actions.retire(asked.need, by=rosa.person)

    after = client.get(place).text

    assert ["Yes, introduce us" in page for page in (before, after)] == [True, False]
    with pytest.raises(NoLongerWaiting):
        actions.agree(asked, enrollment=mei, by=mei.person)
    actions.bring_back(asked.need, by=rosa.person)
    Enrollment.objects.filter(pk=rosa.pk).update(ended_at=timezone.now())
    with pytest.raises(NoLongerWaiting):
        actions.agree(asked, enrollment=mei, by=mei.person)


def test_what_was_made_is_not_declined_any_more(rosa, mei, asked):
    made(asked, mei)

    with pytest.raises(NoLongerWaiting):
        actions.decline(asked, enrollment=mei, by=mei.person)


@pytest.mark.parametrize(
    ("outcome", "state", "of_need"),
    [("helped", "helped", "addressed"), ("over", "over", "retired"), ("not_yet", "introduced", "raised")],
)
def test_the_one_who_needed_says_what_became_of_it_and_the_need_follows(
    rosa, mei, asked, outcome, state, of_need
):
    made(asked, mei)

    for _twice in range(2):
        actions.tell_outcome(asked, outcome=outcome, by=rosa.person)

    asked.refresh_from_db()
    thanks = [("introduction-thanks", mei.email)] if outcome == "helped" else []
    assert (asked.state, Need.objects.get().state, told()[3:]) == (state, of_need, thanks)
    assert (asked.ended_at is None) == (outcome == "not_yet")


def test_an_outcome_can_be_said_anew(rosa, mei, asked):
    made(asked, mei)

    for outcome in ("helped", "not_yet"):
        actions.tell_outcome(asked, outcome=outcome, by=rosa.person)

    asked.refresh_from_db()
    assert (asked.state, Need.objects.get().state) == ("introduced", "raised")
    assert [entry.verb for entry in Entry.objects.order_by("pk")][-2:] == [
        "introduction.helped",
        "introduction.not_yet",
    ]


def test_nothing_became_of_what_was_never_made(rosa, mei, asked):
    with pytest.raises(NoLongerWaiting):
        actions.tell_outcome(asked, outcome="helped", by=rosa.person)


def test_the_outcome_stands_when_whoever_helped_is_gone(rosa, mei, asked):
    made(asked, mei)
    accounts.erase(mei.person, by=mei.person)

    actions.tell_outcome(asked, outcome="helped", by=rosa.person)

    asked.refresh_from_db()
    assert (asked.state, asked.offer, asked.offer_words, "introduction-thanks" in dict(told())) == (
        "helped",
        None,
        "",
        False,
    )
    accounts.erase(rosa.person, by=rosa.person)
    asked.refresh_from_db()
    assert (asked.need, asked.need_words, asked.topic_name) == (None, "", "")


def test_two_weeks_later_by_day_the_one_who_needed_is_asked_once(rosa, mei, asked, monkeypatch):
    made(asked, mei)
    day = datetime(2026, 11, 25, tzinfo=ZoneInfo("UTC"))
    Introduction.objects.update(introduced_at=day - timedelta(days=14))
    asked_at = {}
    for hour in (3, 10, 11):
        monkeypatch.setattr(timezone, "now", lambda hour=hour: day + timedelta(hours=hour))
        tasks.tend_introductions.call()
        asked_at[hour] = len(told())
    actions.ask_whether_helped(asked)

    mail = Message.objects.order_by("pk").last()
    assert (asked_at, len(told())) == ({3: 3, 10: 4, 11: 4}, 4)
    assert (mail.subject, mail.to_address) == ("Did it help to meet Mei Fofanah?", rosa.email)


def test_nobody_is_asked_about_somebody_who_is_gone(rosa, mei, asked):
    made(asked, mei)
    asked.offer.delete()

    actions.ask_whether_helped(asked)

    assert len(told()) == 3


def test_whom_mail_does_not_reach_is_asked_on_their_page(client, program, rosa):
    paper = enroll(program, "Ivy", email="", contact_mode=Enrollment.ContactMode.PAPER)
    asked = actions.propose(need(rosa), offer=offer(paper), by=rosa.person)
    staff = make_staff(program)
    client.force_login(staff)
    path = reverse("profiles:profile", args=[paper.pk])

    page = client.get(path).text
    answered = client.post(f"{path}introductions/{asked.pk}/answer/", {"answer": "yes"}, follow=True)

    asked.refresh_from_db()
    assert (told(), "Waits for you" in page) == ([("introduction-made", rosa.email)], True)
    assert (asked.state, Entry.objects.order_by("pk").last().actor) == ("introduced", staff)
    assert rosa.email in answered.text


def test_the_pages_show_to_each_what_they_may_know(client, program, rosa, mei):
    wanted, helping = need(rosa, text="A reader"), offer(mei, text="Budgets", audience="program")
    of_rosa, of_mei = profile_path(rosa), profile_path(mei)
    asking = f"{of_rosa}needs/{wanted.pk}/introduction/"

    candidates = client.get(asking).text
    sent = client.post(asking, {"offer": helping.pk}, follow=True)
    again = client.post(asking, {"offer": helping.pk}, follow=True).text
    asked = Introduction.objects.get()
    place = f"introductions/{asked.pk}/"
    to_mei = client.get(of_mei + place).text
    client.post(f"{of_mei}{place}answer/", {"answer": "perhaps"})
    both = client.post(f"{of_mei}{place}answer/", {"answer": "yes"}, follow=True).text
    late = client.post(f"{of_mei}{place}answer/", {"answer": "no"}, follow=True).text
    client.post(f"{of_mei}{place}outcome/", {"outcome": "helped"})
    not_hers = Introduction.objects.get().state
    client.post(f"{of_rosa}{place}outcome/", {"outcome": "helped"}, follow=True)
    after = client.get(of_rosa).text

    assert ("Budgets" in candidates, "Mei" in candidates, "Ask this person" in candidates) == (
        True,
        False,
        True,
    )
    assert ("You said yes. Now we wait" in sent.text, "This was asked already." in again) == (
        True,
        True,
    )
    assert ("A reader" in to_mei, "Rosa" in to_mei, "Yes, introduce us" in to_mei) == (True, False, True)
    assert (rosa.email in both, "answered already" in late, not_hers) == (True, True, "introduced")
    assert (Introduction.objects.get().state, "Helped" in after, "Mei Fofanah" in after) == (
        "helped",
        True,
        True,
    )


def test_an_outcome_too_early_and_a_no_are_told_on_the_page(client, rosa, mei, asked):
    place = f"{profile_path(rosa)}introductions/{asked.pk}/"

    early = client.post(f"{place}outcome/", {"outcome": "helped"}, follow=True).text
    taken_back = client.post(f"{place}answer/", {"answer": "no"}, follow=True).text

    assert "Nothing else is needed from you." in early
    assert "It does not work out this time." in taken_back
    assert told() == [("introduction-asked", mei.email)]


def test_a_need_without_a_topic_and_one_that_nobody_can_help_with_say_so(client, rosa):
    bare, lonely = need(rosa, topic="", text="A van"), need(rosa, "Boards")
    path = profile_path(rosa)

    pages = [client.get(f"{path}needs/{each.pk}/introduction/").text for each in (bare, lonely)]

    assert ["This need has no topic." in page for page in pages] == [True, False]
    assert ["Nobody can be asked about this now" in page for page in pages] == [False, True]


def test_staff_see_every_introduction_those_that_wait_first(client, program, rosa, mei, asked):
    made(asked, mei)
    tom = enroll(program, "Tom")
    waiting = actions.propose(need(tom, "Boards"), offer=offer(mei, "Boards"), by=tom.person)
    client.force_login(make_staff(program))
    path = reverse("profiles:introductions", args=[program.pk])

    page = client.get(path)
    empty = client.get(
        reverse("profiles:introductions", args=[make_program(provider=program.provider).pk])
    ).text

    assert list(page.context["page"]) == [waiting, asked]
    assert [(str(label), count) for label, count in page.context["counts"]] == [
        ("Waiting for a yes", 1),
        ("Introduced", 1),
    ]
    assert ("has yet to answer" in page.text, "Nobody was introduced yet" in empty) == (True, True)


def test_staff_who_ask_both_land_on_the_list_and_answer_only_behind_a_disclosure(client, program, rosa, mei):
    ivy = enroll(program, "Ivy", email="", contact_mode=Enrollment.ContactMode.PAPER)
    wanted, helping, elsewhere = need(rosa), offer(mei), offer(ivy, "Boards")
    client.force_login(make_staff(program))
    path = reverse("profiles:profile_need_introduction", args=[rosa.pk, wanted.pk])

    asked = client.post(path, {"offer": helping.pk}, follow=True)
    made = Introduction.objects.get()
    pages = [client.get(reverse("profiles:profile_introduction", args=[rosa.pk, made.pk])).text]
    actions.agree(made, enrollment=rosa, by=rosa.person)
    pages.append(client.get(reverse("profiles:profile_introduction", args=[rosa.pk, made.pk])).text)
    of_ivy = actions.propose(need(rosa, "Boards"), offer=elsewhere, by=rosa.person)
    pages.append(client.get(reverse("profiles:profile_introduction", args=[ivy.pk, of_ivy.pk])).text)
    stale = client.post(path, {"offer": 0}, follow=True).text

    assert asked.redirect_chain == [(reverse("profiles:introductions", args=[program.pk]), 302)]
    assert ("We ask both." in asked.text, "You hear" in asked.text) == (True, False)
    assert ["Answer for Rosa Medina, as they told you" in page for page in pages] == [True, False, False]
    assert ["Rosa Medina said yes." in page for page in pages] == [False, True, False]
    assert ["Yes, introduce us" in page for page in pages] == [True, False, True]
    assert "cannot be asked at the moment" in stale


def test_ones_introductions_are_told_apart_by_day_and_side(client, rosa, mei, asked):
    Introduction.objects.update(proposed_at=datetime(2026, 3, 5, 12, tzinfo=ZoneInfo("UTC")))
    made(asked, mei)

    pages = [client.get(profile_path(each)).text for each in (rosa, mei)]

    assert ["2026" in page.partition("asked on")[2][:30] for page in pages] == [True, True]
    assert ["the one who helps" in page for page in pages] == [True, False]
    assert ["the one who needs it" in page for page in pages] == [False, True]


def test_leaving_the_mail_about_introductions_says_what_stays(rosa):
    assert "stays on its lists" in notices.standing_in(rosa.person_id, rosa.program_id)


def test_words_are_shared_with_the_other_only_once_both_said_yes_unless_she_asked_herself(program, rosa, mei):
    lead = make_staff(program)
    shared = [
        (by, audience) for by in (rosa.person, lead) for audience in ("staff", "communities", "program")
    ]
    seen = {}
    for by, audience in shared:
        for people in (None, Enrollment.objects.values("pk")):
            Introduction.objects.all().delete()
            wanted = need(rosa, text="A reader", audience=audience)
            helping = offer(mei, text="Budgets", audience="program" if audience == "staff" else audience)
            asked = actions.propose(wanted, offer=helping, by=by, people=people)
            before = (asked.need_words, asked.offer_words)
            actions.agree(asked, enrollment=rosa, by=rosa.person)
            asked = made(asked, mei)
            key = (by == rosa.person, audience, people is not None)
            seen[key] = (*before, asked.need_words, asked.offer_words)

    assert seen == {
        (True, "staff", False): ("A reader", "Budgets", "A reader", "Budgets"),
        (True, "staff", True): ("A reader", "Budgets", "A reader", "Budgets"),
        (True, "communities", False): ("A reader", "Grants", "A reader", "Grants"),
        (True, "communities", True): ("A reader", "Budgets", "A reader", "Budgets"),
        (True, "program", False): ("A reader", "Budgets", "A reader", "Budgets"),
        (True, "program", True): ("A reader", "Budgets", "A reader", "Budgets"),
        (False, "staff", False): ("Grants", "Grants", "Grants", "Budgets"),
        (False, "staff", True): ("Grants", "Grants", "Grants", "Budgets"),
        (False, "communities", False): ("Grants", "Grants", "Grants", "Grants"),
        (False, "communities", True): ("Grants", "Grants", "A reader", "Budgets"),
        (False, "program", False): ("Grants", "Grants", "A reader", "Budgets"),
        (False, "program", True): ("Grants", "Grants", "A reader", "Budgets"),
    }


def test_what_is_written_after_asking_reaches_nobody_by_an_introduction(client, rosa, mei, asked):
    place = f"{profile_path(mei)}introductions/{asked.pk}/"
    boards = make_topic(rosa.program, "Boards")
    later = {"topic": boards, "text": "LATER", "urgency": "now", "audience": "staff", "state": "raised"}
    seen = []
    for act in (lambda: None, lambda: actions.change_need(asked.need, by=rosa.person, **later)):
        act()
        seen.append(client.get(place).text)
    for state in ("declined", "lapsed", "introduced", "helped"):
        Introduction.objects.update(
            state=state, introduced_at=timezone.now() if state in ("introduced", "helped") else None
        )
        seen.extend((client.get(place).text, client.get(profile_path(mei)).text))

    assert ["LATER" in page or "Boards" in page for page in seen] == [False] * len(seen)
    assert ["A budget reader" in page for page in seen[:3]] == [True] * 3
    assert ["This week" in page for page in seen] == [False, True] + [False] * 8


def test_what_is_kept_to_fewer_people_before_the_second_yes_is_not_told(program, rosa, mei):
    wanted, helping = (
        need(rosa, text="SECRET", audience="program"),
        offer(mei, text="QUIET", audience="program"),
    )
    asked = actions.propose(wanted, offer=helping, by=make_staff(program))
    Need.objects.update(audience="staff")
    Expertise.objects.update(audience="staff")
    actions.agree(asked, enrollment=rosa, by=rosa.person)

    asked = made(asked, mei)
    actions.tell_outcome(asked, outcome="helped", by=rosa.person)

    mails = [mail.text + mail.html for mail in Message.objects.exclude(recipient=rosa.person)]
    assert (asked.need_words, asked.offer_words) == ("Grants", "Grants")
    assert any("It was about: Grants" in mail for mail in mails)
    assert ["SECRET" in mail for mail in mails] == [False] * 3


def test_the_thanks_tell_no_more_than_was_told(rosa, mei, asked):
    made(asked, mei)
    later = {"topic": asked.need.topic, "urgency": "now", "audience": "staff", "state": "raised"}
    actions.change_need(asked.need, by=rosa.person, text="LATER", **later)

    actions.tell_outcome(asked, outcome="helped", by=rosa.person)

    mail = Message.objects.order_by("pk").last()
    assert ("A budget reader" in mail.text, "LATER" in mail.text) == (True, False)


def test_what_was_told_goes_with_the_need_and_the_offer(rosa, mei, asked):
    Introduction.objects.update(offer_said="Budgets")

    actions.remove(asked.need, by=rosa.person)
    asked.refresh_from_db()
    after_need = (asked.need, asked.need_said, asked.offer_said, asked.topic_name)
    accounts.erase(mei.person, by=mei.person)
    asked.refresh_from_db()

    assert after_need == (None, "", "", "Grants")
    assert (asked.offer, asked.need_said, asked.offer_said, asked.topic_name) == (None, "", "", "")


def test_who_left_the_roster_is_shown_to_nobody_any_more(client, rosa, mei, asked):
    made(asked, mei)
    place = f"{profile_path(mei)}introductions/{asked.pk}/"
    before = client.get(place).text
    Enrollment.objects.filter(pk=rosa.pk).update(ended_at=timezone.now())

    after = client.get(place).text + client.get(profile_path(mei)).text

    assert [each in before for each in ("Rosa Medina", rosa.email, rosa.phone)] == [True] * 3
    assert [each in after for each in ("Rosa", rosa.email, rosa.phone)] == [False] * 3
    assert "They are no longer in the program" in after


def test_the_record_tells_that_an_answer_came_and_not_whose_or_which(program, rosa, mei):
    staff = make_staff(program)
    said = {}
    for name, act in (("yes", actions.agree), ("no", actions.decline)):
        asked = actions.propose(need(rosa), offer=offer(mei), by=staff)
        act(asked, enrollment=mei, by=mei.person)
        by_mei = Entry.objects.order_by("pk").last()
        Introduction.objects.update(state="proposed")
        act(asked, enrollment=rosa, by=staff)
        said[name] = [
            (each.verb, each.actor, each.about) for each in (by_mei, Entry.objects.order_by("pk").last())
        ]

    assert said["yes"] == said["no"]
    assert said["no"] == [("introduction.answered", None, None), ("introduction.answered", staff, None)]


def mail(text: str) -> Incoming:
    return Incoming(
        text=text, html="", subject="", attachments=(), mail_id=1, message_id="", at=timezone.now()
    )


def test_an_introduction_is_answered_by_a_reply(asked, rosa, mei):
    [question] = Message.objects.filter(recipient=mei.person)
    assert question.reply_to == f"introduction-asked:{asked.pk}"
    with pytest.raises(NotUnderstood):
        inbound.answer_asked(mei.person, asked.pk, mail("Who is it?"))
    with pytest.raises(NotUnderstood):
        inbound.answer_asked(enroll(rosa.program, "Tom").person, asked.pk, mail("yes"))

    inbound.answer_asked(mei.person, asked.pk, mail("Yes, gladly"))
    for person, text in ((mei.person, "It helped"), (rosa.person, "Well")):
        with pytest.raises(NotUnderstood):
            inbound.answer_helped(person, asked.pk, mail(text))
    states = []
    for text in ("Not yet, she is away", "Yes!"):
        inbound.answer_helped(rosa.person, asked.pk, mail(text))
        asked.refresh_from_db()
        states.append(asked.state)

    assert states == [State.INTRODUCED, State.HELPED]


def test_an_introduction_is_declined_by_a_reply(asked, mei):
    inbound.answer_asked(mei.person, asked.pk, mail("No, not now"))

    asked.refresh_from_db()
    assert asked.state == State.DECLINED
