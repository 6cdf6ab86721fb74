"""A person's profile by their link, signed in, and entered by staff from paper."""

import pytest
from django.urls import reverse

from coppice.communities.tests.factories import enroll, make_person, make_program, make_staff
from coppice.history.models import Entry
from coppice.profiles import actions, week
from coppice.profiles.languages import in_words, languages_of, read
from coppice.profiles.links import profile_path, start_path
from coppice.profiles.models import Expertise, Need, Profile
from coppice.profiles.tests.factories import make_topic, need, offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    made = make_program()
    for name in ("Grants", "Boards"):
        make_topic(made, name)
    return made


@pytest.fixture
def rosa(program):
    return enroll(program, "Rosa Medina")


def start_answers(program, **said):
    topics = {
        name: [str(program.topics.get(name=each).pk) for each in said.pop(name, ())]
        for name in ("needs", "offers")
    }
    return {"urgency": "soon", "level": "does", "audience": "communities", **topics, **said}


def test_somebody_without_an_account_says_two_needs_and_an_offer_on_one_page(client, program, rosa):
    shown = client.get(start_path(rosa))
    sent = client.post(
        start_path(rosa),
        start_answers(
            program, needs=["Grants"], need_words="A van", offers=["Boards"], level="shows", urgency="now"
        ),
        follow=True,
    )

    assert (shown.status_code, sent.redirect_chain) == (200, [(profile_path(rosa), 302)])
    assert [(each.words, each.urgency, each.source) for each in Need.objects.all()] == [
        ("Grants", "now", "self"),
        ("A van", "now", "self"),
    ]
    assert [(each.words, each.level) for each in Expertise.objects.all()] == [("Boards", "shows")]
    assert {entry.actor for entry in Entry.objects.all()} == {rosa.person}
    assert ("A van" in sent.text, "seen by your communities" in sent.text) == (True, True)


def test_what_is_ticked_again_takes_who_sees_it_now(client, program, rosa):
    client.post(start_path(rosa), start_answers(program, needs=["Grants"]))

    client.post(start_path(rosa), start_answers(program, needs=["Grants"], urgency="now", audience="staff"))

    assert list(Need.objects.values_list("urgency", "audience")) == [("now", "staff")]


def test_an_empty_page_says_what_is_missing(client, program, rosa):
    answer = client.post(start_path(rosa), start_answers(program))

    assert (answer.status_code, Need.objects.count()) == (422, 0)
    assert "Tick a topic, or write one line." in answer.text


def test_a_refusal_is_shown_in_the_form(client, program, rosa, monkeypatch):
    monkeypatch.setattr(actions.saying, "MOST_OPEN", 0)
    said = start_answers(program, needs=["Grants"])

    both = (
        client.post(start_path(rosa), said),
        client.post(f"{profile_path(rosa)}needs/new/", said | {"text": "A van"}),
    )

    assert [answer.status_code for answer in both] == [422, 422]
    assert all("more than anybody can read" in answer.text for answer in both)


def test_what_the_roster_says_already_is_ticked(client, program):
    somebody = enroll(program, "Tom", attributes={"needs": ["grants", "Elsewhere"], "expertise": "Boards"})

    form = client.get(start_path(somebody)).context["form"]

    assert [topic.name for topic in form["needs"].initial] == ["Grants"]
    assert form["offers"].initial == []
    need(somebody, audience="staff")
    assert client.get(start_path(somebody)).context["form"]["needs"].initial == []


def test_a_program_without_topics_asks_for_words(client):
    somebody = enroll(make_program(), "Ana")

    shown = client.get(start_path(somebody))
    client.post(
        start_path(somebody), {"need_words": "A van", "urgency": "soon", "level": "does", "audience": "staff"}
    )

    assert "What do you need most?" not in shown.text
    assert [(each.words, each.audience) for each in Need.objects.all()] == [("A van", "staff")]


def test_staff_enter_what_somebody_wrote_on_paper_in_the_same_lists(client, program, rosa):
    staff = make_staff(program)
    client.force_login(staff)
    path = reverse("profiles:profile", args=[rosa.pk])

    client.post(f"{path}start/", start_answers(program, needs=["Grants"]))
    client.post(
        f"{path}offers/new/", {"text": "Maps", "level": "does", "availability": "call", "audience": "program"}
    )

    assert [(each.words, each.source) for each in (Need.objects.get(), Expertise.objects.get())] == [
        ("Grants", "paper"),
        ("Maps", "paper"),
    ]
    assert {entry.actor for entry in Entry.objects.all()} == {staff}
    assert "You enter this for them" in client.get(path).text
    for page in ("start/", "about/", "needs/new/", f"needs/{Need.objects.get().pk}/", "offers/new/"):
        asked = client.get(f"{path}{page}").text
        assert "Their communities" in asked
        assert "Only they and the people who run the program" in asked
        assert "Only me" not in asked


def test_nobody_else_opens_a_profile(client, program, rosa):
    friend = enroll(program, "Friend")
    gone = enroll(program, "Gone")
    path, link = profile_path(gone), reverse("profiles:profile", args=[rosa.pk])
    type(gone).objects.filter(pk=gone.pk).update(ended_at=gone.enrolled_at)

    codes = [
        client.get(path).status_code,
        client.get(path.replace(f"/{gone.pk}-", f"/{rosa.pk}-")).status_code,
    ]
    for person in (friend.person, make_person()):
        client.force_login(person)
        codes.append(client.get(link).status_code)
    client.force_login(rosa.person)
    codes.append(client.get(link).status_code)

    assert codes == [404, 404, 404, 404, 200]


def test_another_persons_need_cannot_be_changed_under_ones_own_link(client, program, rosa):
    other = need(enroll(program, "Other"))
    other_offer = offer(enroll(program, "Third"))

    answers = [
        client.get(f"{profile_path(rosa)}needs/{other.pk}/"),
        client.post(f"{profile_path(rosa)}offers/{other_offer.pk}/retirement/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_a_need_and_an_offer_are_changed_each_on_their_page(client, rosa):
    said, offered = need(rosa, text="A reader"), offer(rosa)
    path = profile_path(rosa)

    client.post(
        f"{path}needs/{said.pk}/",
        {"topic": "", "text": "A quick reader", "urgency": "now", "state": "addressed", "audience": "staff"},
    )
    client.post(
        f"{path}offers/{offered.pk}/",
        {
            "topic": offered.topic_id,
            "text": "",
            "level": "begun",
            "availability": "more",
            "state": "paused",
            "audience": "staff",
        },
    )
    wordless = client.post(
        f"{path}needs/{said.pk}/",
        {"topic": "", "text": " ", "urgency": "now", "state": "raised", "audience": "staff"},
    )
    page = client.get(path).text

    said.refresh_from_db()
    offered.refresh_from_db()
    assert (said.words, said.topic, said.urgency, said.state, said.audience) == (
        "A quick reader",
        None,
        "now",
        "addressed",
        "staff",
    )
    assert (offered.words, offered.level, offered.availability, offered.state) == (
        "Grants",
        "begun",
        "more",
        "paused",
    )
    assert (wordless.status_code, "Choose a topic, or say it in your own words." in wordless.text) == (
        422,
        True,
    )
    assert ("Not at the moment" in page, "Helped" in page, "seen by the program" in page) == (
        True,
        True,
        True,
    )


def test_what_is_taken_off_comes_back_by_undo_and_goes_for_good_only_from_there(client, rosa, monkeypatch):
    said, offered = need(rosa), offer(rosa)
    path = profile_path(rosa)

    client.post(f"{path}needs/{said.pk}/removal/")
    still_there = Need.objects.count()
    off = client.post(f"{path}needs/{said.pk}/retirement/", follow=True).text
    client.post(f"{path}needs/{said.pk}/return/")
    back = Need.objects.get().state
    client.post(f"{path}offers/{offered.pk}/retirement/")
    monkeypatch.setattr(actions.saying, "MOST_OPEN", 0)
    refused = client.post(f"{path}offers/{offered.pk}/return/", follow=True).text
    client.post(f"{path}offers/{offered.pk}/removal/")

    assert (still_there, f"{path}needs/{said.pk}/return/" in off, "1 thing taken off the lists" in off) == (
        1,
        True,
        True,
    )
    assert (back, "more than anybody can read" in refused) == ("raised", True)
    assert (Need.objects.count(), Expertise.objects.count()) == (1, 0)


def test_the_rest_of_a_profile_goes_where_each_fact_has_its_place(client, program):
    rosa = enroll(
        program, "Rosa", language="en", attributes={"van": 1, "free_hours": ["mon-09", "tue-13", "sun-23"]}
    )
    path = f"{profile_path(rosa)}about/"
    audiences = {"object_audience": "program", "languages_audience": "staff", "hours_audience": "communities"}

    form = client.get(path).context["form"]
    client.post(
        path,
        {
            **audiences,
            "object_name": "A ladle",
            "object_story": "Nine years.",
            "languages": "English, español; Quechua, english",
            "time_zone": "America/Denver",
            "hours": ["mon-morning", "wed-evening"],
        },
    )
    client.post(
        path,
        {
            **audiences,
            "object_name": "A ladle",
            "object_story": "Nine years.",
            "languages": "English, Spanish, Quechua",
            "time_zone": "America/Denver",
            "hours": ["mon-morning", "wed-evening"],
        },
    )
    page = client.get(profile_path(rosa)).text

    rosa.refresh_from_db()
    assert (form["languages"].initial, form["hours"].initial) == ("English", ["mon-morning", "tue-afternoon"])
    assert (rosa.time_zone, rosa.attributes) == (
        "America/Denver",
        {
            "van": 1,
            "languages": ["en", "es", "Quechua"],
            "free_hours": ["mon-09", "wed-17", "wed-18", "wed-19", "wed-20", "sun-23"],
        },
    )
    profile = Profile.objects.get()
    assert (
        profile.object_name,
        profile.object_story,
        profile.object_audience,
        profile.languages_audience,
    ) == (
        "A ladle",
        "Nine years.",
        "program",
        "staff",
    )
    assert [each in page for each in ("A ladle", "English, Spanish, Quechua", "Mornings: Mon", "Denver")] == [
        True
    ] * 4
    assert Entry.objects.count() == 2


def test_free_hours_that_are_no_list_count_as_none(rosa):
    rosa.attributes = {"free_hours": "Mondays", "languages": []}

    assert (week.slots_of(rosa), languages_of(rosa), in_words([]), read(" , ")) == ([], [], "", [])
    assert [
        (str(free.part), free.days) for free in week.in_words(["mon-09", "tue-09", "fri-18", "sat-03"])
    ] == [
        ("Mornings", "Mon, Tue"),
        ("Evenings", "Fri"),
    ]


def test_staff_find_everybody_with_what_they_said(client, program, rosa):
    need(rosa)
    actions.retire(need(rosa, text="Gone"), by=rosa.person)
    offer(enroll(program, "Tom"))
    client.force_login(make_staff(program))
    path = reverse("profiles:people", args=[program.pk])

    everybody = client.get(path).context["page"]
    found = client.get(path, {"q": "rosa"})
    nobody = client.get(path, {"q": "zz"}).text
    empty = make_program(provider=program.provider)

    assert [(each.name, each.need_count, each.offer_count) for each in everybody] == [
        ("Rosa Medina", 1, 0),
        ("Tom", 0, 1),
    ]
    assert [each.name for each in found.context["page"]] == ["Rosa Medina"]
    assert ("fits “zz”" in nobody, reverse("profiles:profile", args=[rosa.pk]) in found.text) == (True, True)
    assert "Nobody is on the roster yet" in client.get(reverse("profiles:people", args=[empty.pk])).text
