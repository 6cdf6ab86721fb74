"""A practice from its draft to what others say of it: who reads it, who is asked, what stays of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.accounts.actions import erase
from coppice.communities import news
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community, make_staff
from coppice.history.models import Entry
from coppice.library import tasks
from coppice.library.actions import practice_care as care
from coppice.library.actions import practice_voices as voices
from coppice.library.actions import practices as actions
from coppice.library.errors import NotThere, NotToBeTold, VoicesMissing
from coppice.library.news import for_invited, things
from coppice.library.practice_links import voice_path
from coppice.library.practice_models import FRESH_FOR, Practice, PracticeTrial, PracticeVoice
from coppice.library.practice_queries import practice_of
from coppice.library.tests.factories import answers, publish_practice, write_practice
from coppice.notifications import digests
from coppice.notifications.models import Line, Message, Rhythm
from coppice.search import indexing
from coppice.search.models import Document
from coppice.search.queries import Wish, look

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Any:
    return make_community()


@pytest.fixture
def ana(community: Any) -> Membership:
    return add_member(community, name="Ana Ruiz")


@pytest.fixture
def ben(community: Any) -> Membership:
    return add_member(community, name="Ben Okafor")


@pytest.fixture
def cora(community: Any) -> Membership:
    return add_member(community, name="Cora Lind", role=Membership.Role.LEADER)


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def sees(person: Any, practice: Practice) -> bool:
    return signed_in(person).get(practice.get_absolute_url()).status_code == 200


def sent(**others: Any) -> dict[str, Any]:
    return {**answers(), "licence": "own", "topics": "Volunteers, first week", **others}


def now_is(practice: Practice) -> Practice:
    return Practice.objects.get(pk=practice.pk)


def test_a_member_writes_one_down_and_only_those_it_concerns_read_the_draft(community, ana, ben, cora):
    dora, staff = add_member(community, name="Dora Vance"), make_staff(community.program)
    address = reverse("library:practice_new", args=[community.pk])

    written = signed_in(ana.person).post(f"{address}?kind=lesson", sent(voices=[str(dora.pk), str(ana.pk)]))

    practice = Practice.objects.get()
    assert written["Location"] == practice.get_absolute_url()
    assert [each.name for each in practice.topics.all()] == ["Volunteers", "first week"]
    assert {each.membership: each.answer for each in practice.voices.all()} == {dora: "asked", ana: "named"}
    readers = {each: sees(each.person, practice) for each in (ana, ben, cora, dora)}
    assert readers == {ana: True, ben: False, cora: True, dora: True}
    assert not sees(staff, practice)
    shown = signed_in(ben.person).get(reverse("library:practices", args=[community.pk])).text
    assert "No practice is published yet" in shown
    assert Entry.objects.get(verb="practice.written").detail == {"community": community.pk, "kind": "lesson"}


def test_what_was_studied_by_others_names_who(community, ana):
    address = f"{reverse('library:practice_new', args=[community.pk])}?kind=case"

    refused = signed_in(ana.person).post(address, sent(evidence="studied", source=""))

    assert (refused.status_code, Practice.objects.count()) == (422, 0)
    assert "Say who studied it, or where that stands." in refused.text


def test_it_is_read_by_another_sent_back_read_again_and_published(community, ana, ben, cora):
    practice = write_practice(ana)
    writer, leader = signed_in(ana.person), signed_in(cora.person)
    review = reverse("library:practice_review", args=[practice.pk])

    writer.post(reverse("library:practice_asking", args=[practice.pk]))
    assert writer.get(review).status_code == 403
    assert sees(ben.person, practice)
    assert list(Message.objects.values_list("recipient", "subject")) == [
        (cora.person_id, "Practice: Call on the same evening")
    ]
    empty = leader.post(review, {"verdict": "missing", "missing": ""})
    assert "Say what is missing" in empty.text
    leader.post(review, {"verdict": "missing", "missing": "For how many?"})
    assert now_is(practice).state == "draft"
    assert "For how many?" in writer.get(practice.get_absolute_url()).text
    assert "For how many?" in Message.objects.get(recipient=ana.person).text
    with pytest.raises(NotThere):
        actions.publish(practice, by=ana)
    actions.ask_review(practice, by=ana)
    leader.post(review, {"verdict": "ready", "good": "Short"})
    published = writer.post(reverse("library:practice_publication", args=[practice.pk]), follow=True)

    assert "It is published, and everybody hears of it." in published.text
    assert now_is(practice).versions.count() == 1
    assert "Cora Lind" in signed_in(ben.person).get(practice.get_absolute_url()).text  # who reviewed it
    assert list(
        Entry.objects.filter(verb__startswith="practice.").order_by("pk").values_list("verb", flat=True)
    ) == [
        "practice.written",
        "practice.review_asked",
        "practice.sent_back",
        "practice.review_asked",
        "practice.reviewed",
        "practice.published",
    ]


def test_no_name_shows_before_its_yes_and_a_no_takes_the_story_back(community, ana, ben, cora):
    dora = add_member(community, name="Dora Vance")
    practice = write_practice(ana, voices=[dora])
    actions.ask_review(practice, by=ana)
    actions.review(practice, by=cora, is_ready=True)
    voice = practice.voices.get()
    own = voice_path(voice)
    asked = Message.objects.get(recipient=dora.person)
    assert own in asked.text

    with pytest.raises(VoicesMissing):
        actions.publish(practice, by=ana)
    shown = signed_in(ben.person).get(practice.get_absolute_url()).text
    assert "Dora Vance" not in shown
    read = Client().get(own).text.partition('name="read" value="')[2].partition('"')[0]
    Client().post(own, {"answer": "named", "read": read})
    actions.publish(practice, by=ana)
    assert "Dora Vance" in signed_in(ben.person).get(practice.get_absolute_url()).text
    Client().post(own, {"answer": "no", "read": read})

    assert (now_is(practice).state, sees(ben.person, practice)) == ("draft", False)
    assert (
        Message.objects.filter(recipient=ana.person, occasion=f"practice-refused:{practice.pk}").count() == 1
    )
    with pytest.raises(NotToBeTold):
        actions.ask_review(practice, by=ana)
    actions.change(practice, by=ana, words=answers(), licence="own", voices=[])
    assert practice.voices.get().answer == "no"  # nobody else takes a no back


def test_a_yes_is_to_the_words_it_was_given_to(community, ana, ben):
    practice = write_practice(ana, voices=[ben])
    own = voice_path(practice.voices.get())
    read = Client().get(own).text.partition('name="read" value="')[2].partition('"')[0]
    actions.change(practice, by=ana, words=answers("Ben forgot to call"), licence="own", voices=[ben])

    late = Client().post(own, {"answer": "named", "read": read})
    voices.answer(practice.voices.get(), answer="nameless")
    actions.change(practice, by=ana, words=answers("Ben forgot it twice"), licence="own", voices=[ben])

    assert (late.status_code, "Read it again" in late.text) == (422, True)
    assert Message.objects.filter(occasion__startswith="practice-voice-changed").count() == 1


def test_two_weeks_without_an_answer_publish_it_without_the_name(community, ana, ben, cora):
    practice = write_practice(ana, voices=[ben])
    actions.ask_review(practice, by=ana)
    actions.review(practice, by=cora, is_ready=True)
    PracticeVoice.objects.update(asked_at=timezone.now() - timedelta(days=15))

    actions.publish(practice, by=ana)

    assert now_is(practice).is_out
    assert (
        "Ben Okafor"
        not in signed_in(cora.person).get(reverse("library:practice_to_keep", args=[practice.pk, "md"])).text
    )


def test_everybody_is_told_once_at_once_or_in_their_digest(community, ana, ben, cora):
    Rhythm.objects.create(person=ben.person, list_key=community.list_key, rhythm="weekly")
    practice = publish_practice(ana, cora)
    Message.objects.all().delete()

    assert (care.tell(practice.pk), care.tell(practice.pk)) == (2, 0)

    assert list(Message.objects.values_list("recipient", flat=True)) == [cora.person_id]
    line = Line.objects.get()
    assert (line.person, line.section, line.title) == (ben.person, "practices", practice.title)
    Line.objects.update(due_at=timezone.now())
    digests.tell_due()
    digest = Message.objects.get(recipient=ben.person)
    assert "New practices" in digest.text
    assert practice.title in digest.text


def test_steps_taken_twice_are_one_and_an_overtaken_job_tells_nobody(community, ana, ben, cora, monkeypatch):
    practice = write_practice(ana, voices=[ben])
    for _turn in range(2):
        voices.answer(practice.voices.get(), answer="named")
        actions.ask_review(practice, by=ana)
    actions.review(practice, by=cora, is_ready=True)
    for _turn in range(2):
        actions.publish(practice, by=ana)
    compose = care.notices.published

    def slowly(found: Practice) -> Any:
        composed = compose(found)
        Practice.objects.update(told_at=timezone.now())
        return composed

    monkeypatch.setattr(care.notices, "published", slowly)

    assert care.tell(practice.pk) == 0
    assert not Message.objects.filter(occasion__startswith="practice-published").exists()
    verbs = list(Entry.objects.values_list("verb", flat=True))
    assert (verbs.count("practice.review_asked"), verbs.count("practice.published")) == (1, 1)


def test_a_digest_tells_nothing_of_what_was_put_aside_meanwhile(community, ana, ben, cora):
    Rhythm.objects.create(person=ben.person, list_key=community.list_key, rhythm="daily")
    practice = publish_practice(ana, cora)
    tasks.tend_practices.func()  # a lost job's
    assert Line.objects.filter(person=ben.person).count() == 1
    Practice.objects.update(state="aside")
    Line.objects.update(due_at=timezone.now())

    digests.tell_due()

    assert not Message.objects.filter(recipient=ben.person).exists()
    assert now_is(practice).told_at is not None


def test_a_change_after_publishing_keeps_what_it_said(community, ana, ben, cora):
    practice = publish_practice(ana, cora)
    edit = reverse("library:practice_edit", args=[practice.pk])
    client = signed_in(ana.person)

    client.post(edit, sent(done="Call before noon"))
    client.post(edit, sent(done="Call before noon"))

    assert [each.done for each in practice.versions.all()] == ["Call before noon", "Call on the same evening"]
    page = signed_in(ben.person).get(reverse("library:practice_version", args=[practice.pk, 2])).text
    assert '<ins><span class="unseen">added: </span>before noon' in page
    assert sees(ben.person, practice)
    first = signed_in(ben.person).get(reverse("library:practice_version", args=[practice.pk, 1])).text
    assert "Call on the same evening" in first


def test_members_say_that_they_tried_it_and_take_it_back(community, ana, ben, cora):
    practice = publish_practice(ana, cora)
    address = reverse("library:practice_trial", args=[practice.pk])
    client = signed_in(ben.person)

    client.post(address, {"words": "Three of four stayed", "once": "1"})
    client.post(address, {"words": "All four stayed", "once": "2"})
    shown = signed_in(ana.person).get(practice.get_absolute_url()).text
    assert ("1 member tried it." in shown, "All four stayed" in shown, "Three of four" in shown) == (
        True,
        True,
        False,
    )
    too_long = client.post(address, {"words": "x" * 400, "once": "3"})
    assert (too_long.status_code, PracticeTrial.objects.get().words) == (422, "All four stayed")
    table = client.get(reverse("library:practices_file", args=[community.pk])).content.decode("utf-8-sig")
    assert [row.split(",")[:2] for row in table.splitlines()][1] == [practice.title, "Promising practice"]
    client.post(reverse("library:practice_trial_removal", args=[practice.pk]))
    client.post(reverse("library:practice_trial_removal", args=[practice.pk]))

    assert PracticeTrial.objects.count() == 0
    assert Entry.objects.filter(verb__in=["practice.tried", "practice.not_tried"]).count() == 2
    assert signed_in(ana.person).post(address, {"words": "Mine"}).status_code == 403  # who wrote it
    care.put_aside(practice, by=ana)
    with pytest.raises(NotThere):
        care.say_tried(practice, by=ben)
    assert client.post(address, {"words": "Late"}).status_code == 404


def test_after_eighteen_months_whoever_cares_for_it_is_asked_once(community, ana, ben, cora):
    practice = publish_practice(ana, cora)
    Practice.objects.update(told_at=timezone.now())
    Message.objects.all().delete()

    later = timezone.now() + FRESH_FOR + timedelta(hours=1)
    assert (care.age(now=later), care.age(now=later)) == (1, 0)

    assert list(Message.objects.values_list("recipient", flat=True)) == [ana.person_id]
    assert "May be out of date" in signed_in(ben.person).get(practice.get_absolute_url()).text
    signed_in(ana.person).post(reverse("library:practice_confirmation", args=[practice.pk]))
    assert (now_is(practice).state, now_is(practice).asked_at) == ("published", None)


def test_a_member_doubts_it_and_who_leads_is_asked_where_its_writer_is_gone(community, ana, ben, cora):
    practice = publish_practice(ana, cora)
    Membership.objects.filter(pk=ana.pk).update(state=Membership.State.LEFT)
    Message.objects.all().delete()

    doubt = reverse("library:practice_doubt", args=[practice.pk])
    signed_in(ben.person).post(doubt)
    again = signed_in(ben.person).post(doubt)

    assert (now_is(practice).state, again.status_code) == ("stale", 403)
    assert list(Message.objects.values_list("recipient", flat=True)) == [cora.person_id]
    care.doubt(practice, by=ben)
    actions.change(practice, by=cora, words=answers("Call twice"), licence="own")
    assert now_is(practice).state == "published"


def test_what_was_put_aside_is_taken_up_as_it_was(community, ana, ben, cora):
    practice, draft = publish_practice(ana, cora), write_practice(ana)
    for each in (practice, draft):
        signed_in(ana.person).post(reverse("library:practice_aside", args=[each.pk]))
        care.put_aside(each, by=ana)
    assert not sees(ben.person, practice)
    with pytest.raises(NotThere):
        actions.confirm(practice, by=ana)

    signed_in(cora.person).post(reverse("library:practice_return", args=[practice.pk]))
    actions.take_up(draft, by=ana)
    actions.take_up(draft, by=ana)

    assert (now_is(practice).state, now_is(draft).state) == ("published", "draft")


def test_search_finds_what_is_published_for_those_of_the_community(community, ana, ben, cora):
    staff, outsider = make_staff(community.program), add_member(make_community())
    practice = publish_practice(ana, cora, topics=["Buddies"], words=answers("Ring them up"))
    write_practice(ana, words=answers("Ring them never"))

    def found(person: Any) -> list[str]:
        indexing.refresh()
        return [page.path for page in results_of(person, "ring")]

    assert (found(ben.person), found(staff), found(outsider.person)) == (
        [practice.get_absolute_url()],
        [practice.get_absolute_url()],
        [],
    )
    care.put_aside(practice, by=ana)
    assert found(ben.person) == []


def results_of(person: Any, words: str) -> list[Any]:
    answer = look(person, Wish(words), now=timezone.now())
    return list(Document.objects.filter(pk__in=answer.document_ids))


def test_a_feed_of_the_library_tells_of_it(community, ana, cora):
    practice = publish_practice(ana, cora)
    write_practice(ana, words=answers("Not out"))

    told = things(cora.person, [community], news.Start(), 30)

    assert [(each.kind, each.title, each.author) for each in told] == [
        ("practice", practice.title, "Ana Ruiz")
    ]


def test_who_is_invited_hears_how_many_there_are_and_no_more(community, ana, cora):
    publish_practice(ana, cora)
    publish_practice(ana, cora)
    since = timezone.now() - timedelta(days=7)

    told = for_invited([community, make_community()], since)

    assert {pk: [(each.section, each.words()) for each in news] for pk, news in told.items()} == {
        community.pk: [("practices", "2 new practices")]
    }


def test_names_go_with_their_person_and_the_practice_stays(community, ana, ben, cora):
    practice = publish_practice(ana, cora, voices=[ana])
    dora = add_member(community, name="Dora Vance")
    care.say_tried(practice, by=dora, words="Dora says it works")

    for member in (ana, dora):
        erase(member.person, by=member.person)

    page = signed_in(ben.person).get(practice.get_absolute_url()).text
    shown = {
        words: words in page for words in ("Ana", "Dora", "Call on the same evening", "1 member tried it.")
    }
    assert list(shown.values()) == [False, False, True, True]
    assert practice.voices.count() == 0


def test_paused_and_former_members_change_nothing_and_files_of_drafts_are_nobodys(community, ana, ben, cora):
    practice = write_practice(ana)

    assert (
        signed_in(ben.person).get(reverse("library:practice_to_keep", args=[practice.pk, "pdf"])).status_code
        == 404
    )
    assert (
        signed_in(ana.person).get(reverse("library:practice_to_keep", args=[practice.pk, "txt"])).status_code
        == 404
    )
    paper = signed_in(ana.person).get(reverse("library:practice_to_keep", args=[practice.pk, "docx"]))
    assert paper.status_code == 200
    Membership.objects.filter(pk=ana.pk).update(state=Membership.State.PAUSED)
    assert signed_in(ana.person).get(reverse("library:practice_edit", args=[practice.pk])).status_code == 403
    community.ended_at = timezone.now()
    community.save()
    assert signed_in(cora.person).get(reverse("library:practice_edit", args=[practice.pk])).status_code == 403
    assert practice_of(cora.person, practice_id=practice.pk) == practice


def test_the_list_is_narrowed_by_kind_topic_and_words(community, ana, cora):
    publish_practice(ana, cora, kind="lesson", topics=["Buddies"], words=answers(title="Lessons of May"))
    publish_practice(ana, cora, topics=["Rides"], words=answers(title="Ask for a ride"))
    address = reverse("library:practices", args=[community.pk])
    client = signed_in(ana.person)

    pages = {
        wish: client.get(f"{address}?{wish}").text
        for wish in ("kind=lesson", "topic=rides", "q=buddies", "q=zzz")
    }

    assert {wish: ("Lessons of May" in page, "Ask for a ride" in page) for wish, page in pages.items()} == {
        "kind=lesson": (True, False),
        "topic=rides": (False, True),
        "q=buddies": (True, False),
        "q=zzz": (False, False),
    }
