"""The directory, what staff change there, paper, and answering what people wrote."""

from datetime import date

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coppice.communities.models import Community, InvitationWord, Membership
from coppice.communities.tests.factories import (
    add_member,
    enroll,
    make_community,
    make_person,
    make_program,
    make_staff,
)
from coppice.history.models import Entry
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db
State = Membership.State


@pytest.fixture
def community():
    return make_community(name="Rural transport")


@pytest.fixture
def staff(community):
    return make_staff(community.program)


def at(name: str, *args: object) -> str:
    return reverse(f"communities:{name}", args=args)


def test_members_see_who_is_here_and_only_staff_see_who_declined(client, community, staff):
    member = add_member(community, enrollment=enroll(community.program, "Ana", organization="Bus for all"))
    add_member(community, "Tom", state=State.INVITED)
    add_member(community, "Lin", state=State.DECLINED)

    client.force_login(member.person)
    for_member = client.get(at("people", community.pk)).content.decode()
    client.force_login(staff)
    for_staff = client.get(at("people", community.pk)).content.decode()

    seen = ("Ana", "Bus for all", "Tom", "Lin", "Make a leader", "Pause or leave")
    assert [word in for_member for word in seen] == [True, True, True, False, False, True]
    assert [word in for_staff for word in seen] == [True, True, True, True, True, False]
    assert "1 person is in, 1 has not answered yet." in " ".join(for_member.split())


def test_an_invitation_alone_opens_no_page_of_the_community(client, community):
    client.force_login(add_member(community, state=State.INVITED).person)

    assert client.get(at("people", community.pk)).status_code == 403


@pytest.mark.parametrize("name", ["people", "paper", "invitations", "edit"])
def test_another_provider_does_not_find_the_community(client, community, name):
    client.force_login(make_staff(make_program()))

    assert client.get(at(name, community.pk)).status_code == 404


def test_queries_do_not_grow_with_people(client, community, staff, django_assert_max_num_queries):
    client.force_login(staff)
    for number in range(60):
        add_member(
            community,
            state=State.INVITED,
            enrollment=enroll(community.program, organization=f"House {number}", contact_mode="phone"),
        )

    for name in ("people", "paper"):
        with django_assert_max_num_queries(12):
            page = client.get(at(name, community.pk)).content.decode()
        assert "1 to 50 of 60" in page


def test_staff_name_leaders_take_invitations_back_and_undo_it(client, community, staff):
    membership = add_member(community, "Ana", state=State.INVITED)
    client.force_login(staff)
    states = []

    for change in ("leadership", "leadership_end", "leadership", "withdrawal", "renewal"):
        page = client.post(at(change, membership.pk), follow=True).content.decode()
        membership.refresh_from_db()
        states.append((membership.role, membership.state, ">Undo</button>" in page))

    assert states == [
        ("leader", "invited", True),
        ("member", "invited", True),
        ("leader", "invited", True),
        ("leader", "withdrawn", True),
        ("leader", "invited", True),
    ]


def test_a_refused_change_says_why(client, community, staff):
    client.force_login(staff)

    page = client.post(at("withdrawal", add_member(community).pk), follow=True).content.decode()

    assert "This person has joined already" in page


def test_members_change_nobody(client, community):
    other = add_member(community)
    client.force_login(add_member(community, role=Membership.Role.LEADER).person)

    codes = [
        client.post(at(change, other.pk)).status_code
        for change in ("leadership", "leadership_end", "withdrawal", "renewal", "paper_answer")
    ]

    assert codes == [403] * 5


def test_staff_find_somebody_on_the_roster_and_invite_them(client, community, staff):
    ana = enroll(community.program, "Ana Ruiz", organization="Bus for all")
    here = add_member(community, enrollment=enroll(community.program, "Anatole", organization="Bus for all"))
    stranger = enroll(make_program(), "Ana Stranger")
    client.force_login(staff)

    found = client.get(at("invitations", community.pk), {"q": "bus for"}).context["found"]
    nobody = client.get(at("invitations", community.pk), {"q": "zzz"}).content.decode()
    empty = client.get(at("invitations", community.pk)).context["found"]
    client.post(at("invitations", community.pk), {"enrollment": ana.pk})
    refused = [
        client.post(at("invitations", community.pk), {"enrollment": wrong}).status_code
        for wrong in (stranger.pk, "", "9" * 30, "x")
    ]

    assert (found, empty, refused) == ([ana], [], [404] * 4)
    assert "Nobody on the roster fits" in nobody
    assert set(community.memberships.values_list("person", "state")) == {
        (ana.person_id, "invited"),
        (here.person_id, "active"),
    }


def test_people_without_email_get_a_sheet_whose_link_works_and_an_answer_from_paper(client, community, staff):
    tom = add_member(
        community,
        state=State.INVITED,
        enrollment=enroll(community.program, "Tom", email="", phone="555 0100"),
    )
    add_member(community, "Ana", state=State.INVITED)
    client.force_login(staff)

    sheet = client.get(at("paper", community.pk))
    link = sheet.context["sheets"][0][1]
    client.logout()
    by_link = client.get(link.removeprefix(settings.BASE_URL))
    client.force_login(staff)
    wrong = client.post(at("paper_answer", tom.pk), {"answer": "maybe"}, follow=True).content.decode()
    client.post(at("paper_answer", tom.pk), {"answer": "accept"})

    tom.refresh_from_db()
    assert ("555 0100" in sheet.content.decode(), link in sheet.content.decode()) == (True, True)
    assert "Ana" not in sheet.content.decode()
    assert "Tom" in by_link.content.decode()
    assert "Choose what they answered" in wrong
    assert (tom.state, Entry.objects.get().actor, Message.objects.count()) == (State.ACTIVE, staff, 0)
    welcome = client.get(link.removeprefix(settings.BASE_URL) + "welcome/").content.decode()
    assert "We tell you when it is." in welcome


def test_an_answer_from_paper_that_comes_too_late_is_refused(client, community, staff):
    gone = add_member(community, state=State.WITHDRAWN)
    client.force_login(staff)

    page = client.post(at("paper_answer", gone.pk), {"answer": "accept"}, follow=True).content.decode()

    assert "no longer open" in page


def test_staff_edit_the_frame_and_wrong_dates_come_back(client, community, staff):
    client.force_login(staff)
    shown = client.get(at("edit", community.pk))
    fields = {
        "name": "City transport",
        "purpose": "",
        "asked": "",
        "hours_per_month": "2",
        "benefit": "",
        "starts_on": "2026-12-01",
        "ends_on": "2027-06-01",
        "time_zone": "Europe/Dublin",
        "stage": "coalescing",
    }

    wrong = client.post(at("edit", community.pk), {**fields, "ends_on": "2026-12-01"})
    right = client.post(at("edit", community.pk), fields)

    community.refresh_from_db()
    assert (shown.status_code, wrong.status_code, right.status_code) == (200, 422, 302)
    assert "The end comes after the start" in wrong.content.decode()
    assert (community.name, community.time_zone, community.stage) == (
        "City transport",
        "Europe/Dublin",
        "coalescing",
    )
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "community.edited",
        "community.stage_set",
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"hours_per_month": "-1"}, "Give 0.1 or more."),
        ({"hours_per_month": "0"}, "Give 0.1 or more."),
        ({"hours_per_month": "100.1"}, "Give 100 or less."),
        ({"starts_on": "0001-01-01"}, "Give a day from the year 2000 to 2100."),
        ({"ends_on": "9999-12-31"}, "Give a day from the year 2000 to 2100."),
    ],
)
def test_a_frame_out_of_reach_is_refused_beside_its_field(client, community, staff, wrong, sentence):
    client.force_login(staff)
    fields = {
        "name": "City transport",
        "starts_on": "2026-12-01",
        "ends_on": "2027-06-01",
        "time_zone": "Europe/Dublin",
        "stage": "coalescing",
    }

    refused = client.post(at("edit", community.pk), {**fields, **wrong})

    assert refused.status_code == 422
    assert sentence in refused.content.decode()


@pytest.mark.parametrize("wrong", [{"hours_per_month": -1}, {"ends_on": date(2101, 1, 1)}])
def test_the_database_refuses_a_frame_out_of_reach(community, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Community.objects.filter(pk=community.pk).update(**wrong)


def test_staff_read_what_waits_first_and_answer_it(client, community, staff, django_assert_max_num_queries):
    membership = add_member(community, "Ana", state=State.INVITED)
    old = InvitationWord.objects.create(membership=membership, kind="question", text="How often?")
    why = InvitationWord.objects.create(membership=membership, kind="declining", text="No time")
    done = InvitationWord.objects.create(
        membership=membership, kind="worry", text="Dull?", answer="No.", answered_at=membership.invited_at
    )
    client.force_login(staff)

    with django_assert_max_num_queries(12):
        page = client.get(at("words", community.program_id))
    form = client.get(at("word_answer", old.pk))
    empty = client.post(at("word_answer", old.pk), {"answer": " "})
    client.post(at("word_answer", old.pk), {"answer": "Once a month."})

    assert list(page.context["page"]) == [old, done, why]
    assert list(InvitationWord.objects.unanswered()) == []
    assert (form.status_code, empty.status_code) == (200, 422)
    assert Message.objects.get().recipient == membership.person


def test_an_answer_to_somebody_without_mail_asks_staff_to_tell_them(client, community, staff):
    tom = add_member(community, state=State.INVITED, enrollment=enroll(community.program, "Tom", email=""))
    word = InvitationWord.objects.create(membership=tom, kind="question", text="How often?")
    client.force_login(staff)

    page = client.post(at("word_answer", word.pk), {"answer": "Monthly."}, follow=True).content.decode()

    assert "Mail does not reach Tom: please tell them." in page


def test_words_are_for_staff_alone(client, community):
    member = add_member(community)
    word = InvitationWord.objects.create(membership=member, kind="question", text="How often?")
    codes = []

    for person in (member.person, make_person()):
        client.force_login(person)
        codes.append(
            [
                client.get(path).status_code
                for path in (at("words", community.program_id), at("word_answer", word.pk))
            ]
        )

    assert codes == [[403, 404], [404, 404]]
    client.force_login(make_staff(community.program))


def test_pages_without_rows_say_what_will_be_there(client, community, staff):
    client.force_login(staff)

    pages = [
        client.get(path).content.decode()
        for path in (at("words", community.program_id), at("people", community.pk), at("paper", community.pk))
    ]

    assert [
        words in page
        for words, page in zip(
            ("Nobody has written yet", "Nobody is here yet", "Mail reaches everybody here"),
            pages,
            strict=True,
        )
    ] == [True, True, True]


def without_email(community, name, **fields):
    phone = {"email": "", "phone": "+1 555 010 0100", "contact_mode": "phone"}
    return enroll(community.program, name, **{**phone, **fields})


def test_everybody_who_has_yet_to_answer_without_email_stands_in_one_list(client, community, staff):
    program = community.program
    other = make_community(program, name="First grants")
    tom = add_member(community, enrollment=without_email(community, "Tom"), state=State.INVITED)
    una = add_member(
        other,
        enrollment=without_email(other, "Una", phone="", contact_mode="paper"),
        state=State.INVITED,
        role=Membership.Role.LEADER,
    )
    ext = add_member(
        other, enrollment=without_email(other, "Val", phone="ask the front desk"), state=State.INVITED
    )
    add_member(other, enrollment=without_email(other, "Answered"), state=State.ACTIVE)
    add_member(other, enrollment=without_email(other, "Declined"), state=State.DECLINED)
    add_member(other, "Mailed", state=State.INVITED)
    gone = without_email(other, "Gone")
    add_member(other, enrollment=gone, state=State.INVITED)
    gone.ended_at = "2026-01-01T00:00:00Z"
    gone.save()
    ended = make_community(program, name="Ended", ended_at="2026-01-01T00:00:00Z")
    add_member(ended, enrollment=without_email(ended, "Late"), state=State.INVITED)
    client.force_login(staff)

    page = client.get(at("without_mail", program.pk))
    text = " ".join(page.content.decode().split())

    assert [membership for membership, _link in page.context["lines"]] == [tom, una, ext]
    assert "3 people take part by phone or on paper, and have yet to answer." in text
    assert 'href="tel:+15550100100"' in text
    assert "ask the front desk" in text
    assert "asked to lead" in text
    for membership, link in page.context["lines"]:
        assert f'value="{link}" readonly' in text
        assert client.get(link.removeprefix(settings.BASE_URL)).status_code == 200
        sheet = client.get(at("paper", membership.community_id), {"only": membership.pk})
        assert f"{at('paper', membership.community_id)}?only={membership.pk}" in text
        assert [each for each, _link in sheet.context["sheets"]] == [membership]


def test_a_sheet_that_is_asked_for_in_nonsense_shows_them_all(client, community, staff):
    for name in ("Tom", "Una"):
        add_member(community, enrollment=without_email(community, name), state=State.INVITED)
    client.force_login(staff)

    sheets = [
        len(client.get(at("paper", community.pk), {"only": only}).context["sheets"])
        for only in ("", "x", "9" * 40, "-1")
    ]

    assert sheets == [2, 2, 2, 2]


def test_the_list_asks_the_database_as_often_for_forty_as_for_one(client, community, staff):
    client.force_login(staff)
    counted = []
    for people in (1, 39):
        for number in range(people):
            enrollment = without_email(community, f"Person {number} of {people}")
            add_member(community, enrollment=enrollment, state=State.INVITED)
        with CaptureQueriesContext(connection) as queries:
            client.get(at("without_mail", community.program_id))
        counted.append(len(queries))

    assert counted[0] == counted[1] <= 12


def test_nobody_without_email_is_a_page_that_says_so(client, community, staff):
    client.force_login(staff)

    assert "Nobody waits here" in client.get(at("without_mail", community.program_id)).content.decode()


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("email", "Fay is asked to lead, by mail."),
        ("paper", "Fay is asked to lead. Mail does not reach them: please tell them."),
    ],
)
def test_who_is_only_invited_is_asked_to_lead(client, community, staff, mode, said):
    fay = add_member(
        community, state=State.INVITED, enrollment=enroll(community.program, "Fay", contact_mode=mode)
    )
    client.force_login(staff)

    assert "Ask to lead" in client.get(at("people", community.pk)).text
    page = client.post(at("leadership", fay.pk), follow=True).text

    assert said in page
    assert "leads now" not in page
    assert Message.objects.filter(recipient=fay.person).count() == (mode == "email")
