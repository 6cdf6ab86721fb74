"""Conversations by mail."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from coppice.communities.tests.factories import make_staff
from coppice.conversations import errors, files, inbound
from coppice.conversations.actions import posts
from coppice.conversations.models import Post, Thread
from coppice.conversations.tests.factories import begin, make_circle
from coppice.notifications.inbound import Incoming, IncomingFile, Place, addresses, handling, taking
from coppice.notifications.inbound.registry import registry
from coppice.notifications.tests.factories import make_message
from coppice.notifications.tests.mails import make_mail
from coppice.photos.tests.factories import content

pytestmark = pytest.mark.django_db


def mail(text: str = "I can.", *, subject: str = "Re: Rides", mail_id: int = 1, files=()) -> Incoming:
    kept = [
        IncomingFile(name, "text/plain", default_storage.save("in", ContentFile(content)), len(content))
        for name, content in files
    ]
    return Incoming(text, "", subject, tuple(kept), mail_id, f"<{mail_id}@example.org>", timezone.now())


def test_a_reply_is_a_post_once_with_its_files():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    reply = mail(files=[("list.csv", b"a,b"), ("run.exe", b"MZ")])

    for _time in range(2):
        registry.purposes["thread"].receive(ben.person, thread.pk, reply)

    post = thread.posts.last()
    assert thread.posts.count() == 2
    assert (post.author, post.via, post.mail_id) == (ben.person, Post.Via.MAIL, 1)
    assert post.markdown == "I can.\n\n(Not taken along: run.exe)"
    assert [each.name for each in post.attachments.all()] == ["list.csv"]


def test_a_reply_with_files_alone_says_their_names():
    ana, _ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)

    inbound.receive_reply(ana.person, thread.pk, mail("", files=[("list.csv", b"a,b")]))

    assert thread.posts.last().markdown == "list.csv"
    with pytest.raises(errors.NothingSaid):
        inbound.receive_reply(ana.person, thread.pk, mail(" ", mail_id=2))


def test_whoever_is_out_posts_nothing():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    ben.state = "left"
    ben.save()

    with pytest.raises(errors.NotYourConversation):
        inbound.receive_reply(ben.person, thread.pk, mail())
    with pytest.raises(errors.NotYourConversation):
        inbound.receive_reply(ben.person, thread.pk + 1, mail())
    with pytest.raises(errors.NotYourConversation):
        inbound.receive_new(ben.person, ana.community_id, mail())
    with pytest.raises(errors.NotYourConversation):
        inbound.receive_new(ben.person, 0, mail())


@pytest.mark.parametrize(
    ("subject", "title", "kind"),
    [
        ("Fwd: RE: Who has a van?", "Who has a van?", "question"),
        ("Van found", "Van found", "update"),
        ("¿Quién maneja?", "¿Quién maneja?", "question"),
        ("Re: ", "I can.", "update"),
    ],
)
def test_a_mail_to_the_community_begins_a_conversation(subject, title, kind):
    (ana,) = make_circle("Ana Ruiz")

    registry.addresses["community"].receive(ana.person, ana.community_id, mail(subject=subject))

    thread = Thread.objects.get()
    assert (thread.title, thread.kind, thread.posts.get().via) == (title, kind, "mail")


def test_a_community_has_an_address_and_knows_its_people_by_theirs():
    (ana,) = make_circle("Ana Ruiz")
    staff = make_staff(ana.community.program)
    (stranger,) = make_circle("Dan Poe")
    mailbox = inbound.local_part(ana.community_id)

    assert mailbox == f"rural-transport-{ana.community_id}"
    assert inbound.local_part(0) == "community-0"
    assert inbound.find(mailbox, ana.person.email) == Place(ana.community_id, ana.person)
    assert inbound.find(f"an-old-name-{ana.community_id}", staff.email) == Place(ana.community_id, staff)
    assert inbound.find(mailbox, stranger.person.email) == Place(ana.community_id, None)
    assert inbound.find("rural-transport", ana.person.email) is None
    assert inbound.find("rural-transport-0", ana.person.email) is None


def test_originals_are_for_those_who_lead():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ben)

    of_thread = registry.purposes["thread"].may_read
    of_community = registry.addresses["community"].may_read
    assert [of_thread(each.person, thread.pk) for each in (ana, ben)] == [True, False]
    assert [of_community(each.person, ana.community_id) for each in (ana, ben)] == [True, False]
    assert not inbound.may_read_thread(ana.person, 0)
    assert not inbound.may_read_community(ana.person, 0)


def test_the_original_of_a_post_is_read_no_longer_than_the_post(settings, client):
    settings.MAIL_INBOUND_DOMAIN = "in.coppice.example"
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    letter = make_message(ben.person, reply_to=f"thread:{thread.pk}", to_address=ben.mail_address)
    reply = addresses.address(addresses.Use.REPLY, letter)
    place = f"{inbound.local_part(ana.community_id)}@in.coppice.example"
    for to in (reply, place):
        taking.take(make_mail(to=to, sender=ben.mail_address), mail_from=ben.mail_address, rcpt_tos=[to])
    handling.handle_due()
    written = list(Post.objects.filter(via="mail").order_by("mail_id"))
    paths = [reverse("notifications:received", args=[each.mail_id]) for each in written]

    def seen() -> list[int]:
        return [client.get(path).status_code for path in paths]

    client.force_login(ana.person)
    assert seen() == [200, 200]
    for each in written:
        posts.take_back(each, by=ben.person)
    assert seen() == [404, 404]
    assert paths[0] not in client.get(thread.get_absolute_url()).text
    client.force_login(ben.person)
    assert seen() == [200, 200]


def test_pictures_are_unpacked_before_the_transaction(settings, monkeypatch):
    settings.MAIL_INBOUND_DOMAIN = "in.coppice.example"
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    letter = make_message(ben.person, reply_to=f"thread:{begin(ana).pk}", to_address=ben.mail_address)
    reply = addresses.address(addresses.Use.REPLY, letter)
    place = f"{inbound.local_part(ana.community_id)}@in.coppice.example"
    van = (("van.jpg", "image/jpeg", content()),)
    for to, sender in ((place, ben.mail_address), (reply, ben.mail_address), (reply, "eve@example.org")):
        taking.take(make_mail(to=to, sender=sender, files=van), mail_from=sender, rcpt_tos=[to])
    depth, unpack, seen = len(connection.savepoint_ids), files.pictures_of, []
    monkeypatch.setattr(
        files, "pictures_of", lambda raw: seen.append(len(connection.savepoint_ids) - depth) or unpack(raw)
    )

    handling.handle_due()

    assert seen == [0, 0]
    assert [post.attachments.count() for post in Post.objects.filter(via=Post.Via.MAIL)] == [1, 1]
