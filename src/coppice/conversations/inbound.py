"""What comes by mail: a reply is a post in its conversation, a mail to a community's address begins one."""

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from coppice.accounts.models import Person
from coppice.communities.models import Community, Membership
from coppice.conversations.actions import posts
from coppice.conversations.actions.posts import Words
from coppice.conversations.errors import NothingSaid, NotYourConversation
from coppice.conversations.files import LARGEST_BYTES, GivenFile, those_taken
from coppice.conversations.importing import subjects
from coppice.conversations.models import LONGEST_POST, LONGEST_TITLE, Post, Thread
from coppice.conversations.permissions import can_lead_talk, can_read_post, can_reply, can_start
from coppice.lib.ids import id_in
from coppice.lib.lines import one_line
from coppice.notifications.inbound import Incoming, IncomingFile, Place, register, register_address
from coppice.programs.models import Staff

ADDRESS = re.compile(r"[a-z0-9_.-]+-([0-9]{1,18})")
LONGEST_NAME = 40


def register_all() -> None:
    """Let replies and mails to communities come in; called from AppConfig.ready()."""
    register("thread", receive_reply, may_read=may_read_thread, prepare=files_of, shows=shows)
    register_address(
        "community",
        find,
        receive_new,
        may_read=may_read_community,
        local_part=local_part,
        prepare=files_of,
        shows=shows,
    )


def receive_reply(person: Any, thread_id: int, mail: Incoming) -> None:
    """Post what somebody replied; the same mail twice is one post.

    Raises NotYourConversation, and what `posts.reply` raises.
    """
    threads = Thread.objects.select_related("community__program__provider")
    thread = threads.filter(pk=thread_id).first()
    if thread is None or not can_reply(person, thread):
        raise NotYourConversation
    posts.reply(thread, by=person, words=_words(mail))


def receive_new(person: Any, community_id: int, mail: Incoming) -> None:
    """Begin a conversation with what somebody wrote to a community; a question when its subject asks one.

    Raises NotYourConversation, and what `posts.start` raises.
    """
    community = Community.objects.select_related("program__provider").filter(pk=community_id).first()
    if community is None or not can_start(person, community):
        raise NotYourConversation
    words = _words(mail)
    title = subjects.plain(mail.subject)[0] or one_line(words.markdown)
    is_question = title.rstrip(" \"'»”)").endswith(("?", "？", "؟"))
    posts.start(
        community,
        by=person,
        kind=Thread.Kind.QUESTION if is_question else Thread.Kind.UPDATE,
        title=title[:LONGEST_TITLE],
        words=words,
    )


def find(mailbox: str, sender: str) -> Place | None:
    """Return the community of an address such as "rural-transport-3", and who the sender is there."""
    found = ADDRESS.fullmatch(mailbox)
    community_id = id_in(found[1]) if found else 0
    community = Community.objects.select_related("program").filter(pk=community_id).first()
    if community is None:
        return None
    members = Membership.objects.taking_part().filter(community=community)
    by_address = Q(enrollment__email__iexact=sender) | Q(person__email__iexact=sender)
    person_id = members.filter(by_address).values_list("person", flat=True).first()
    if person_id is None:
        staff = Staff.objects.active().filter(provider=community.program.provider_id)
        by_address = Q(email__iexact=sender) | Q(person__email__iexact=sender)
        person_id = staff.filter(by_address).values_list("person", flat=True).first()
    return Place(community.pk, Person.objects.filter(pk=person_id).first())


def local_part(community_id: int) -> str:
    """Return what stands before the @ of a community's address: its name in plain letters, and its number."""
    name = Community.objects.filter(pk=community_id).values_list("name", flat=True).first()
    return f"{slugify(name or '')[:LONGEST_NAME].strip('-') or 'community'}-{community_id}"


def may_read_thread(person: Any, thread_id: int) -> bool:
    """Say whether somebody beside the sender may read the original of a reply: who leads there."""
    thread = Thread.objects.select_related("community__program").filter(pk=thread_id).first()
    return thread is not None and can_lead_talk(person, thread.community)


def may_read_community(person: Any, community_id: int) -> bool:
    """Say the same of a mail to a community."""
    community = Community.objects.select_related("program").filter(pk=community_id).first()
    return community is not None and can_lead_talk(person, community)


def shows(person: Any, mail_id: int) -> bool:
    """Say whether a mail is still to be read: as the post that it became, never once that is taken back.

    Nor once it may quote what can be read no more.
    """
    post = Post.objects.select_related("community__program").filter(mail_id=mail_id).first()
    return post is not None and can_read_post(person, post) and not post.may_quote_gone


def _words(mail: Incoming) -> Words:
    files, refused = mail.prepared if mail.prepared is not None else files_of(mail.attachments)
    text = mail.text.strip()[:LONGEST_POST]
    if not text and not mail.attachments:
        raise NothingSaid
    names = ", ".join(each.name for each in mail.attachments)
    text = text or names
    if refused:
        note = str(_("(Not taken along: %(names)s)")) % {"names": ", ".join(refused)}
        text = f"{text[: LONGEST_POST - len(note) - 2]}\n\n{note}"
    return Words(text, files=files, via=Post.Via.MAIL, mail_id=mail.mail_id)


def files_of(attachments: Sequence[IncomingFile]) -> tuple[list[GivenFile], list[str]]:
    """Return the files of a mail that may be kept, and the names of those that may not.

    It unpacks pictures: a mail's files are prepared before its transaction.
    """
    light = [each for each in attachments if each.size <= LARGEST_BYTES]
    heavy = [each.name for each in attachments if each.size > LARGEST_BYTES]
    taken, refused = those_taken([(each.name, each.read()) for each in light])
    return taken, [*refused, *heavy]
