"""The pages of conversations."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from coppice.communities.models import Community
from coppice.conversations.actions import peace, readings
from coppice.conversations.actions import posts as actions
from coppice.conversations.files import given
from coppice.conversations.models import Attachment, Help, Post, PostVersion, Thread
from coppice.conversations.reading_models import Draft, ThreadReading
from coppice.conversations.tests.factories import begin, make_circle, say
from coppice.photos.tests.factories import content
from coppice.profiles.tests.factories import make_topic

pytestmark = pytest.mark.django_db


def key() -> str:
    return uuid.uuid4().hex


def test_a_member_asks_another_answers_and_the_asker_marks_it_answered(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    topic = make_topic(ana.community.program, "Rides")
    client.force_login(ana.person)
    new = reverse("conversations:new", args=[ana.community_id])
    assert "1 member and 0 people of the program's staff can read this." in client.get(new).text
    question = {"kind": "question", "title": "Who drives?", "markdown": "Sundays, @Ben Ode", "once": key()}

    sent, again = (client.post(new, {**question, "topic": topic.pk}) for _time in range(2))
    thread = Thread.objects.get()
    client.force_login(ben.person)
    page = client.get(thread.get_absolute_url()).text
    reply = client.post(
        reverse("conversations:reply", args=[thread.pk]),
        {"markdown": "I **do**", "quoted": thread.posts.get().pk, "quoted_text": "Sundays", "once": key()},
    )
    client.force_login(ana.person)
    post = thread.posts.last()
    client.post(reverse("conversations:settling", args=[thread.pk]), {"post": post.pk, "once": key()})

    assert sent.headers["Location"] == again.headers["Location"] == thread.get_absolute_url()
    assert "<strong>@Ben Ode</strong>" in page
    assert reply.headers["Location"] == post.get_absolute_url()
    assert Help.objects.get().helper == ben.person
    page = client.get(thread.get_absolute_url()).text
    assert "answered the question" in page
    assert "<strong>do</strong>" in page
    assert f'<a href="{thread.posts.first().get_absolute_url()}">Ana Ruiz</a>' in page
    client.post(reverse("conversations:unsettling", args=[thread.pk]))
    assert not Help.objects.exists()


def test_a_first_name_that_two_have_is_asked_about_once(client):
    ana, ben, _other = make_circle("Ana Ruiz", "Ben Ode", "Ben Abe")
    client.force_login(ana.person)
    new = reverse("conversations:new", args=[ana.community_id])
    said = {"kind": "ask", "title": "Rides", "markdown": "@Ben?", "once": key()}

    asked = client.post(new, said)
    sent = client.post(new, {**said, "who_ben": ben.person_id, "mentions": []})

    assert (asked.status_code, sent.status_code) == (422, 302)
    assert "Whom do you mean by @Ben?" in asked.text
    assert [each.person for each in Post.objects.get().mentions.all()] == [ben.person]


def test_whoever_is_chosen_by_hand_is_told_and_a_stranger_cannot_be(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    (stranger,) = make_circle("Dan Poe")
    client.force_login(ana.person)
    new = reverse("conversations:new", args=[ana.community_id])
    said = {"kind": "ask", "title": "Rides", "markdown": "Who?"}

    assert client.post(new, {**said, "mentions": [stranger.person_id]}).status_code == 422
    assert client.post(new, {**said, "mentions": [ben.person_id]}).status_code == 302
    assert [each.person for each in Post.objects.get().mentions.all()] == [ben.person]


def test_files_come_with_a_post_and_are_given_out_behind_its_door(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    (stranger,) = make_circle("Dan Poe")
    client.force_login(ana.person)
    new = reverse("conversations:new", args=[ana.community_id])
    said = {"kind": "resource", "title": "Map", "markdown": "Here", "once": key()}
    bad = SimpleUploadedFile("x.html", b"<script>")

    refused = client.post(new, {**said, "file_1": bad})
    client.post(
        new,
        {
            **said,
            "file_1": SimpleUploadedFile("map.png", content()),
            "alt_1": "A map",
            "file_2": SimpleUploadedFile("plan & map.csv", b"a,b"),
        },
    )

    picture, table = Attachment.objects.all()
    shown, kept = (
        client.get(reverse("conversations:picture", args=[picture.pk, "small"])),
        client.get(reverse("conversations:attachment", args=[table.pk])),
    )
    assert refused.status_code == 422
    assert "This file cannot be taken." in refused.text
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert kept.headers["Content-Disposition"] == 'attachment; filename="plan & map.csv"'
    assert (kept.content, kept.headers["X-Content-Type-Options"]) == (b"a,b", "nosniff")
    assert 'alt="A map"' in client.get(picture.post.thread.get_absolute_url()).text
    assert client.get(reverse("conversations:picture", args=[table.pk, "small"])).status_code == 404
    assert client.get(reverse("conversations:picture", args=[picture.pk, "huge"])).status_code == 404
    assert client.get(reverse("conversations:attachment", args=[picture.pk])).status_code == 302
    Post.objects.update(hidden_at=timezone.now())
    assert client.get(reverse("conversations:attachment", args=[table.pk])).status_code == 200
    client.force_login(ben.person)
    assert client.get(reverse("conversations:attachment", args=[table.pk])).status_code == 403
    client.force_login(stranger.person)
    assert client.get(reverse("conversations:attachment", args=[table.pk])).status_code == 404


def test_a_lost_file_is_not_there(client):
    (ana,) = make_circle("Ana Ruiz")
    attachment = begin(ana, files=[given("a.txt", b"a")]).posts.get().attachments.get()
    attachment.file.storage.delete(attachment.file.name)
    client.force_login(ana.person)

    assert client.get(reverse("conversations:attachment", args=[attachment.pk])).status_code == 404


def test_too_many_files_within_ten_minutes(client, settings):
    settings.PHOTO_LIMITS = {"giver": "0/10m/key"}
    (ana,) = make_circle("Ana Ruiz")
    client.force_login(ana.person)

    sent = client.post(
        reverse("conversations:new", args=[ana.community_id]),
        {"kind": "ask", "title": "A", "markdown": "B", "file_1": SimpleUploadedFile("a.txt", b"a")},
    )

    assert sent.status_code == 422
    assert "Wait ten minutes" in sent.text


def test_drafts_are_kept_by_a_button_and_as_one_types(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    client.force_login(ben.person)
    new, reply = (
        reverse("conversations:draft", args=[ana.community_id]),
        reverse("conversations:reply_draft", args=[thread.pk]),
    )

    client.post(new, {"kind": "ask", "title": "Begun", "markdown": "Half"})
    typed = client.post(
        reply,
        {"markdown": "Hal", "quoted": thread.posts.get().pk, "quoted_text": "two"},
        headers={"hx-request": "true"},
    )

    assert "Draft kept at" in typed.text
    assert "Go on with your draft" in client.get(f"/communities/{ana.community_id}/talk/").text
    assert 'value="Begun"' in client.get(reverse("conversations:new", args=[ana.community_id])).text
    page = client.get(thread.get_absolute_url()).text
    assert ">\nHal</textarea>" in page
    assert ">\ntwo</textarea>" in page
    client.post(new, {"drop": "1"})
    client.post(reply, {"markdown": ""}, headers={"hx-request": "true"})
    assert not Draft.objects.exists()


def test_words_that_quote_what_is_gone_are_sent_without_it(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    quoted = say(thread, ana, "By the way, who has a van?")
    other = say(thread, ana, "Who has time?")
    client.force_login(ben.person)
    given = {"quoted": quoted.pk, "quoted_text": "By the way", "markdown": "I have one.", "once": key()}
    for each in (quoted, other):
        client.post(reverse("conversations:reply_draft", args=[thread.pk]), {**given, "quoted": each.pk})
        peace.split(each, by=ana.person, title="Who?")
        assert Draft.objects.get().quoted is None

    refused = client.post(reverse("conversations:reply", args=[thread.pk]), given)
    form = refused.context["form"]
    again = given | {name: form[name].value() for name in ("quoted", "quoted_text")}
    sent = client.post(reverse("conversations:reply", args=[thread.pk]), again)

    assert (refused.status_code, sent.status_code) == (422, 302)
    assert "The post that you quote is here no longer." in refused.text
    assert thread.posts.get(author=ben.person).markdown == "I have one."


def test_quoting_begins_with_the_words_that_are_quoted(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana, markdown="We **need** two")
    client.force_login(ben.person)

    page = client.get(f"{thread.get_absolute_url()}?quote={thread.posts.get().pk}").text

    assert ">\nWe need two</textarea>" in page


def test_a_page_is_read_by_a_button_or_by_itself(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    client.force_login(ben.person)
    address = reverse("conversations:reading", args=[thread.pk])
    until = thread.posts.get().written_at.isoformat()
    assert f'value="{until}"' in client.get(thread.get_absolute_url()).text

    by_itself = client.post(address, {"until": until}, headers={"hx-request": "true"})
    by_button = client.post(address, {"until": "nonsense"})

    assert "You have read everything on this page." in by_itself.text
    assert by_button.status_code == 302
    assert ThreadReading.objects.get(person=ben.person).read_until > thread.posts.get().written_at
    assert "Mark as read" not in client.get(thread.get_absolute_url()).text
    say(thread, ana)
    client.post(reverse("conversations:all_read", args=[ana.community_id]))
    assert "New since you were here" not in client.get(f"/communities/{ana.community_id}/talk/").text


def test_muting_and_reacting(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    client.force_login(ben.person)

    client.post(reverse("conversations:muting", args=[thread.pk]))
    assert "Hear of this again" in client.get(thread.get_absolute_url()).text
    client.post(reverse("conversations:unmuting", args=[thread.pk]))
    for kind in ("thanks", "angry"):
        client.post(reverse("conversations:reactions", args=[thread.posts.get().pk]), {"kind": kind})
    page = client.get(thread.get_absolute_url()).text

    assert "Hear no more of this" in page
    assert "Thank you: Ben Ode" in page


def test_names_of_all_sorts_stand_as_they_are_in_every_part_of_a_post(client):
    ana, rough = make_circle("Ana Ruiz", "{pk} <b>O'Neil</b> {name}")
    thread = begin(ana, kind="ask")
    post = say(thread, rough, "{once} & <i>me</i>")
    actions.react(post, by=rough.person, kind="thanks")
    client.force_login(ana.person)

    page = client.get(thread.get_absolute_url()).text

    name = "{pk} &lt;b&gt;O&#x27;Neil&lt;/b&gt; {name}"
    assert f'<h3 id="by-{post.pk}">{name}</h3>' in page
    for label, url in (
        ("Quote", f"{thread.get_absolute_url()}?quote={post.pk}#reply"),
        ("Flag", reverse("conversations:flagging", args=[post.pk])),
        ("Mute or block", reverse("conversations:person", args=[ana.community_id, rough.person_id])),
        ("Split off", reverse("conversations:splitting", args=[post.pk])),
        ("Hide", reverse("conversations:hiding", args=[post.pk])),
    ):
        assert f'href="{url}">{label}<span class="unseen"> {name}</span></a>' in page
    assert f'<p class="fine">Thank you: {name}</p>' in page
    assert "<p>{once} &amp; &lt;i&gt;me&lt;/i&gt;</p>" in page
    keys = re.findall(r'name="once" value="([^"]*)"', page)
    assert len(keys) == len(set(keys)) > 4


def test_own_words_can_be_changed_and_taken_back(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    post = say(thread, ben, "Ye")
    client.force_login(ben.person)
    edit, removal = (reverse(f"conversations:{name}", args=[post.pk]) for name in ("edit", "removal"))

    assert client.post(edit, {"markdown": ""}).status_code == 422
    client.post(edit, {"markdown": "Yes"})
    versions = client.get(reverse("conversations:versions", args=[post.pk])).text
    client.force_login(ana.person)
    assert client.post(edit, {"markdown": "No"}).status_code == 403
    client.force_login(ben.person)
    assert "That something was here stays" in client.get(removal).text
    client.post(removal)

    assert "<p>Ye</p>" in versions
    assert "Taken back by whoever wrote it." in client.get(thread.get_absolute_url()).text
    client.force_login(ana.person)
    only = begin(ana, title="Alone").posts.get()
    gone = client.post(reverse("conversations:removal", args=[only.pk]))
    assert gone.headers["Location"] == f"/communities/{ana.community_id}/talk/"


def test_the_title_is_corrected_by_who_began_it_or_leads(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    thread = begin(ben)
    address = reverse("conversations:title", args=[thread.pk])

    for member, status in ((cora, 403), (ben, 302), (ana, 302)):
        client.force_login(member.person)
        sent = client.post(address, {"kind": "ask", "title": f"By {member.enrollment.name}", "topic": ""})
        assert sent.status_code == status

    thread.refresh_from_db()
    assert (thread.kind, thread.title) == ("ask", "By Ana Ruiz")
    assert client.post(address, {"kind": "ask", "title": ""}).status_code == 422


def test_the_list_by_kind_and_what_an_ended_community_shows(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    begin(ana, title="Who?"), begin(ana, title="Look", kind="story")
    client.force_login(ben.person)
    address = reverse("conversations:threads", args=[ana.community_id])

    assert "Who?" not in client.get(f"{address}?kind=story").text
    assert "Nothing of this kind yet" in client.get(f"{address}?kind=offer").text
    Community.objects.update(ended_at=timezone.now())
    assert "Start a conversation" not in client.get(address).text
    assert client.get(reverse("conversations:new", args=[ana.community_id])).status_code == 403
    thread = Thread.objects.first()
    assert "nothing can be added" in client.get(thread.get_absolute_url()).text
    assert client.post(reverse("conversations:reply", args=[thread.pk])).status_code == 403


def test_what_is_empty_or_erased_says_so(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    client.force_login(ben.person)
    address = reverse("conversations:threads", args=[ana.community_id])
    assert "Nobody has written yet" in client.get(address).text
    thread = begin(ana)
    Post.objects.update(markdown="")
    Thread.objects.update(title="")

    page = client.get(thread.get_absolute_url()).text

    assert "Whoever wrote this had themself erased." in page
    assert "A conversation of somebody who had themself erased" in page
    readings.read(thread, by=ben.person)
    assert client.get(address).status_code == 200


def test_a_form_that_is_wrong_comes_again_on_the_page(client):
    ana, _ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    client.force_login(ana.person)

    empty = client.post(reverse("conversations:reply", args=[thread.pk]), {"markdown": ""})
    wrong = client.post(reverse("conversations:settling", args=[thread.pk]), {"post": "0"})

    assert (empty.status_code, wrong.status_code) == (422, 302)
    assert "Write something first." in empty.text
    assert not Thread.objects.get().is_settled


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "x", "2026-01-01"]
)
def test_a_moment_that_is_none_is_left_out(client, moment):
    [ana] = make_circle("Ana Ruiz")
    thread = begin(ana)
    client.force_login(ana.person)

    page = client.get(reverse("conversations:threads", args=[ana.community_id]), {"after": f"{moment}_1"})
    read = client.post(reverse("conversations:reading", args=[thread.pk]), {"until": moment})

    assert (page.status_code, read.status_code) == (200, 302)


def test_a_draft_that_grows_too_long_is_not_thrown_away(client):
    [ana] = make_circle("Ana Ruiz")
    thread = begin(ana)
    client.force_login(ana.person)
    draft = reverse("conversations:reply_draft", args=[thread.pk])

    for typed in ("Half", f"Half\0{'a' * 30_000}"):
        client.post(draft, {"markdown": typed})

    assert Draft.objects.get().markdown == "Half".ljust(20_000, "a")


def test_a_post_that_was_changed_over_and_over_shows_some_versions_at_a_time(client):
    [ana] = make_circle("Ana Ruiz")
    post = begin(ana).posts.get()
    PostVersion.objects.bulk_create(PostVersion(post=post, markdown=f"Version {n};") for n in range(30))
    client.force_login(ana.person)
    address = reverse("conversations:versions", args=[post.pk])

    first, second = (client.get(address, {"page": page}).text for page in (1, 2))

    assert (first.count("Version "), second.count("Version ")) == (20, 10)
    assert "Version 29;" in first
