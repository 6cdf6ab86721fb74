"""Writing in conversations."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from coppice.conversations import errors
from coppice.conversations.actions import posts, readings, telling
from coppice.conversations.files import GivenFile, given
from coppice.conversations.import_models import Archive, Brought, Writer
from coppice.conversations.models import Attachment, Mention, Post, Reaction, Thread
from coppice.conversations.reading_models import Draft
from coppice.conversations.tests.factories import begin, make_circle, say
from coppice.history.models import Entry
from coppice.notifications.models import Line, Message, Rhythm
from coppice.photos.tests.factories import content

pytestmark = pytest.mark.django_db


def test_a_thread_keeps_when_it_was_last_written_in_and_how_often():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)

    reply = say(thread, ben)

    thread.refresh_from_db()
    assert (thread.post_count, thread.last_post_at) == (2, reply.written_at)
    assert Entry.objects.filter(verb="thread.started", actor=ana.person).count() == 1


def test_the_same_form_or_mail_twice_is_one_post():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")

    first, again = (begin(ana, source_key="form:1") for _time in range(2))
    reply, same = (say(first, ben, mail_id=7) for _time in range(2))

    assert (first, reply) == (again, same)
    assert Post.objects.count() == 2


def test_what_cannot_be_written():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread, other = begin(ana), begin(ben)

    with pytest.raises(errors.NothingSaid):
        say(thread, ben, "  \n ")
    with pytest.raises(errors.NoTitle):
        begin(ana, title=" \u200b ")
    with pytest.raises(errors.NotOfThisThread):
        say(thread, ben, quoted=other.posts.get())
    with pytest.raises(errors.TooManyFiles):
        say(thread, ben, files=[GivenFile("a.txt", "text/plain", b"a")] * 6)
    with pytest.raises(errors.NoSuchReaction):
        posts.react(thread.posts.get(), by=ben.person, kind="angry")
    ana.community.ended_at = timezone.now()
    thread.community = ana.community
    with pytest.raises(errors.TalkIsOver):
        say(thread, ben)


def test_names_in_a_post_are_mentions_and_a_name_that_two_have_is_not():
    ana, ben, _anabel, _ben = make_circle("Ana Ruiz", "Ben Ode", "Anabel Ruiz", "Ben Abe")

    post = begin(ana, markdown="@ben ode and @Anabel, not a@Ana, nor @Ben or @Ana Ruiz herself").posts.get()

    assert set(post.mentions.values_list("person", flat=True)) == {ben.person_id, _anabel.person_id}


def test_a_changed_post_keeps_what_it_said():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    post = begin(ana).posts.get()

    posts.change(post, by=ana.person, markdown="We need two people, @Ben Ode.")
    posts.change(post, by=ana.person, markdown="We need two people, @Ben Ode. ")

    post.refresh_from_db()
    assert [each.markdown for each in post.versions.all()] == ["We need two people."]
    assert post.edited_at is not None
    assert Mention.objects.get().person == ben.person
    with pytest.raises(errors.NothingSaid):
        posts.change(post, by=ana.person, markdown=" ")


def test_what_is_taken_back_leaves_no_words(django_capture_on_commit_callbacks):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    reply = say(thread, ben, "Secret", files=[given("list.txt", b"Names")])
    quote = say(thread, ana, quoted=reply, quoted_text="Secret")
    posts.change(reply, by=ben.person, markdown="Other")
    stored = reply.attachments.get().file.name
    writer = Writer.objects.create(community=thread.community, digest="1")
    archive = Archive.objects.create(
        community=thread.community, by=ana.person, key="1", name="1.mbox", kind="mail", size=1
    )
    brought = Brought.objects.create(archive=archive, post=reply, writer=writer, original="Secret, and more")

    with django_capture_on_commit_callbacks(execute=True):
        posts.take_back(reply, by=ben.person)

    thread.refresh_from_db()
    reply.refresh_from_db()
    quote.refresh_from_db()
    brought.refresh_from_db()
    assert (reply.markdown, reply.versions.count(), quote.quoted_text) == ("", 0, "")
    assert brought.original == ""
    assert (thread.post_count, thread.last_post_at) == (2, quote.written_at)
    assert not default_storage.exists(stored)


def test_taking_back_the_only_post_takes_the_thread():
    (ana,) = make_circle("Ana Ruiz")
    thread = begin(ana)

    posts.take_back(thread.posts.get(), by=ana.person)

    assert not Thread.objects.exists()


def test_a_reaction_is_said_once_and_taken_back_the_same_way():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    post = begin(ana).posts.get()

    said = [posts.react(post, by=ben.person, kind=Reaction.Kind.SAME) for _time in range(3)]

    assert said == [True, False, True]
    assert Reaction.objects.count() == 1


def test_files_are_known_by_their_content():
    ana, _ben = make_circle("Ana Ruiz", "Ben Ode")
    picture = given("../holiday.txt", content(), alt="A bus")

    post = begin(ana, files=[picture, given("a\\b.PDF", b"%PDF-1.7")]).posts.get()

    shown, document = post.attachments.all()
    assert (shown.picture.alt, shown.content_type, bool(shown.file)) == ("A bus", "image/jpeg", False)
    assert (document.name, document.content_type) == ("a b.PDF", "application/pdf")
    assert document.file.name.startswith("talk/")
    assert "b" not in document.file.name.rpartition("/")[2].partition(".")[2]


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.html", b"<script>"), ("x.pdf", b"<script>"), ("x.txt", b"\x00"), ("x.txt", b"\xff"), ("x.txt", b"")],
)
def test_other_files_are_refused(name, content):
    with pytest.raises(errors.FileRefused):
        given(name, content)


def test_a_draft_is_one_until_it_is_posted_or_emptied():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    mine = {"community": ana.community, "by": ben.person}

    readings.keep_draft(**mine, markdown="New", title="Title", kind="ask")
    readings.keep_draft(**mine, thread=thread, markdown="I")
    readings.keep_draft(**mine, thread=thread, markdown="I can", quoted=thread.posts.get(), quoted_text="two")

    assert set(Draft.objects.values_list("markdown", "quoted_text")) == {("New", ""), ("I can", "two")}
    say(thread, ben, "I can")
    assert Draft.objects.get().markdown == "New"
    assert readings.keep_draft(**mine, markdown=" ") is None
    assert not Draft.objects.exists()


def test_what_came_from_an_archive_keeps_its_day_and_tells_nobody():
    ana, _ben = make_circle("Ana Ruiz", "Ben Ode")
    then = timezone.now() - timedelta(days=400)

    post = begin(ana, via=Post.Via.ARCHIVE, written_at=then, source_key="mbox:1").posts.get()

    assert (post.written_at, post.thread.started_at, post.thread.last_post_at) == (then, then, then)
    assert post.told_at is not None


def test_no_attachment_is_left_when_writing_fails():
    ana, _ben = make_circle("Ana Ruiz", "Ben Ode")

    with pytest.raises(errors.NothingSaid):
        begin(ana, markdown="", files=[given("a.txt", b"a")])

    assert not Attachment.objects.exists()


def test_what_is_taken_back_is_told_no_more_and_is_in_no_draft():
    ana, ben, cora, dan = make_circle("Ana Ruiz", "Ben Ode", "Cora Li", "Dan Poe")
    Rhythm.objects.create(person=cora.person, list_key=ana.community.list_key, rhythm="daily")
    thread = begin(ana)
    reply = say(thread, ben, "Secret")
    readings.keep_draft(
        ana.community, by=dan.person, thread=thread, markdown="No", quoted=reply, quoted_text="Secret"
    )
    telling.tell(reply.pk)
    occasion = {"occasion": f"post:{reply.pk}"}
    Message.objects.filter(**occasion, recipient=ana.person).update(state=Message.State.SENT)
    late = Post.objects.get(pk=reply.pk)

    for _time in range(2):
        posts.take_back(reply, by=ben.person)

    assert [each.recipient for each in Message.objects.filter(**occasion)] == [ana.person]
    assert not Line.objects.filter(**occasion).exists()
    assert Draft.objects.get().quoted_text == ""
    assert Entry.objects.filter(verb="post.taken_back").count() == 1
    with pytest.raises(errors.PostIsGone):
        posts.change(late, by=ben.person, markdown="Secret again")


def test_nobody_is_quoted_with_words_that_they_did_not_write():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana, markdown="We need **two** people.\n\nOn [Sundays](https://a.example), if it rains.")
    first = thread.posts.get()

    whole = "We need two people.\nOn Sundays (a.example), if it rains."
    for part in (whole, "> we need  two", "We need … Sundays", "need **two** people", "On Sundays [...]", ""):
        assert say(thread, ben, quoted=first, quoted_text=part).quoted_text == part.strip()
    for part in ("We need nobody", "We need two people. Ben is lazy."):
        with pytest.raises(errors.NotSaidThere):
            say(thread, ben, quoted=first, quoted_text=part)
    posts.change(first, by=ana.person, markdown="We need three people.")
    first.refresh_from_db()
    assert say(thread, ben, quoted=first, quoted_text="two people").quoted_text == "two people"
