"""Flags, hidden posts and first posts: who decides, who sees what, who is told."""

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.accounts.actions import erase
from coppice.communities.models import Community, Membership
from coppice.communities.tabs import tabs, waiting_in, with_counts
from coppice.communities.tests.factories import add_member, make_staff
from coppice.conversations import tasks
from coppice.conversations.actions import moderation, posts, readings
from coppice.conversations.actions.holding import tell_deciders
from coppice.conversations.errors import NoReason, NotTheirs, PostIsGone, TalkIsOver
from coppice.conversations.lists import talk
from coppice.conversations.models import Post
from coppice.conversations.moderation_models import Flag, HeldPost
from coppice.conversations.moderation_queue import decided, queue, waiting_steps
from coppice.conversations.queries import count_new
from coppice.conversations.tests.factories import begin, make_circle, say
from coppice.history.models import Entry
from coppice.notifications.models import Line, Message, Rhythm
from coppice.search.models import Document

pytestmark = pytest.mark.django_db


def mails(prefix: str) -> list[tuple[str, str]]:
    found = Message.objects.filter(occasion__startswith=prefix).order_by("pk")
    return [(each.recipient.name, each.occasion.partition(":")[0]) for each in found]


def queued(person, community) -> list[int]:
    community.__dict__.pop("known_circle", None)
    return [each.post.pk for each in queue(community, person)]


def test_a_flag_goes_to_who_leads_and_the_author_never_learns_who(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    staff = make_staff(ana.community.program, "Gus Moe")
    post = begin(ben).posts.get()
    client.force_login(cora.person)
    address = reverse("conversations:flagging", args=[post.pk])

    client.post(address, {"reason": "private", "words": "It names Mrs K."})
    client.post(address, {"reason": "hurts", "words": "It names Mrs K."})
    assert "You flagged it." in client.get(address).text

    assert [(each.reason, each.words) for each in Flag.objects.all()] == [("hurts", "It names Mrs K.")]
    assert mails("to-decide") == [("Ana Ruiz", "to-decide")]
    assert "Mrs K." not in Message.objects.get(occasion__startswith="to-decide").text
    seen = {each.name: queued(each, ana.community) for each in (ana.person, ben.person, cora.person, staff)}
    assert seen == {"Ana Ruiz": [post.pk], "Ben Ode": [], "Cora Li": [], "Gus Moe": [post.pk]}
    [entry] = Entry.objects.filter(verb="post.flagged")
    assert (entry.actor, entry.about, "Mrs K." in str(entry.detail)) == (None, ben.person, False)
    client.force_login(ben.person)
    assert "flag" not in client.get(post.get_absolute_url()).text.casefold()
    client.force_login(ana.person)
    page = client.get(reverse("conversations:queue", args=[ana.community_id])).text
    assert "It names Mrs K." in page
    assert "flagged by Cora Li" in page
    assert "1 post waits for a decision." in client.get(ana.community.get_absolute_url()).text


def test_who_decides_hears_once_a_day_and_of_the_rest_on_the_next():
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    thread = begin(ben)
    later = say(thread, ben)
    moderation.flag(thread.posts.first(), by=cora.person, reason="sells")
    moderation.flag(later, by=cora.person, reason="sells")
    assert len(mails("to-decide")) == 1

    tasks.tell_who_decides.func()
    assert len(mails("to-decide")) == 1
    Message.objects.update(period="2020-01-01")
    tasks.tell_who_decides.func()

    assert len(mails("to-decide")) == 2
    assert tell_deciders(ana.community) == 0


def test_about_a_leader_decides_the_staff_and_nobody_about_themself(django_assert_num_queries):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    co = add_member(ana.community, "Dan Poe", role=Membership.Role.LEADER)
    staff, other = (make_staff(ana.community.program, name) for name in ("Gus Moe", "Ida Fry"))
    by_leader = begin(ana).posts.get()
    by_staff = posts.reply(by_leader.thread, by=staff, words=posts.Words("Hello."))

    for post in (by_leader, by_staff):
        moderation.flag(post, by=ben.person, reason="wrong")

    everybody = (ana.person, co.person, staff, other)
    assert [queued(each, ana.community) for each in everybody] == [
        [by_staff.pk],
        [by_staff.pk],
        [by_leader.pk],
        [by_leader.pk, by_staff.pk],
    ]
    assert sorted(mails("to-decide")) == [
        ("Ana Ruiz", "to-decide"),
        ("Dan Poe", "to-decide"),
        ("Gus Moe", "to-decide"),
        ("Ida Fry", "to-decide"),
    ]
    for person in (ana.person, co.person):
        with pytest.raises(NotTheirs):
            moderation.hide(by_leader, by=person, reason="No.")
    for person, count in zip(everybody, (1, 1, 1, 2), strict=True):
        read_all(person, ana.community)
        assert count_new(person, ana.community) == count
        row = with_counts(Community.objects.all(), person).get(pk=ana.community_id)
        [talk_tab] = [tab for tab in tabs() if tab.key == "talk"]
        with django_assert_num_queries(0):
            assert waiting_in(talk_tab, row, person) == count
            [known] = waiting_steps(row, person)
        assert waiting_steps(ana.community, person) == [known]


def read_all(person, community):
    readings.read_all(community, by=person)


def test_a_hidden_post_is_nowhere_but_with_its_author_until_it_is_put_back(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    thread = begin(ana)
    post = say(thread, ben, "Mrs K. owes rent.")
    answer = say(thread, ana, "Please not here.", quoted=post, quoted_text="owes rent")
    moderation.flag(post, by=cora.person, reason="private")
    with pytest.raises(NoReason):
        moderation.hide(post, by=ana.person, reason=" ")

    moderation.hide(post, by=ana.person, reason="It names a client.")
    for each in (post, answer):
        tasks.tell.func(each.pk)

    assert mails("post-") == [("Ben Ode", "post-hidden")]
    told = Message.objects.get(occasion=f"post-hidden:{post.pk}")
    assert "It names a client." in told.text
    assert not Message.objects.filter(text__contains="owes rent").exists()
    assert not Document.objects.filter(kind="post", object_id=post.pk).exists()
    thread.refresh_from_db()
    assert thread.post_count == 2
    shown = {}
    for each in (ana, ben, cora):
        client.force_login(each.person)
        page = client.get(thread.get_absolute_url()).text
        shown[each.person.name] = ("owes rent" in page, "It names a client." in page, "Show it again" in page)
    assert shown == {
        "Ana Ruiz": (True, True, True),
        "Ben Ode": (True, True, False),
        "Cora Li": (False, True, False),
    }
    versions = reverse("conversations:versions", args=[post.pk])
    assert client.get(versions).status_code == 403
    assert [each.post for each in decided(ana.community, ana.person)] == [post]
    client.force_login(ana.person)
    assert client.get(versions).status_code == 200

    client.post(reverse("conversations:showing", args=[post.pk]))

    assert mails("post-") == [("Ben Ode", "post-hidden"), ("Ben Ode", "post-put_back")]
    assert Post.objects.visible().filter(pk=post.pk).exists()
    tasks.tell.func(post.pk)
    assert Message.objects.filter(text__contains="owes rent", occasion=f"post:{post.pk}").exists()
    verbs = list(Entry.objects.filter(verb__startswith="post.").values_list("verb", flat=True).order_by("pk"))
    assert verbs == ["post.flagged", "post.hidden", "post.put_back"]


def test_a_flag_is_left_looked_at_again_and_taken_back(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    post = begin(ben).posts.get()
    moderation.flag(post, by=cora.person, reason="other")
    client.force_login(ana.person)

    client.post(reverse("conversations:leaving", args=[post.pk]))
    assert queued(ana.person, ana.community) == []
    assert Flag.objects.get().decision == "left"
    moderation.leave(post, by=ana.person)
    client.post(reverse("conversations:looking_again", args=[post.pk]))
    moderation.look_again(post, by=ana.person)
    assert queued(ana.person, ana.community) == [post.pk]
    client.force_login(cora.person)
    client.post(reverse("conversations:unflagging", args=[post.pk]))
    moderation.unflag(post, by=cora.person)

    assert not Flag.objects.exists()
    posts.take_back(say(post.thread, ben), by=ben.person)
    gone = Post.objects.get(taken_back_at__isnull=False)
    with pytest.raises(PostIsGone):
        moderation.flag(gone, by=cora.person, reason="other")
    with pytest.raises(PostIsGone):
        moderation.hide(gone, by=ana.person, reason="No.")


def test_a_first_post_waits_unseen_until_it_is_let_out(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    old = begin(cora)
    client.force_login(ana.person)
    for _time in range(2):
        client.post(reverse("conversations:first_posts", args=[ana.community_id]), {"wanted": "yes"})
    client.force_login(ben.person)
    new = reverse("conversations:new", args=[ana.community_id])
    said = {"kind": "ask", "title": "Zebra rides", "markdown": "Who has a zebra?"}

    page = client.post(new, said, follow=True).text
    thread = ben.community.threads.get(title="Zebra rides")
    post = thread.posts.get()
    client.post(reverse("conversations:reply", args=[old.pk]), {"markdown": "A second zebra."})
    tasks.tell_what_is_left.func()

    assert "It waits until whoever leads has read it" in page
    assert client.post(reverse("conversations:reply", args=[thread.pk]), {"markdown": "x"}).status_code == 403
    assert [each.thread for each in talk(ana.community, ben.person).lines if "Zebra" in str(each.thread)]
    client.force_login(cora.person)
    talk_page = reverse("conversations:threads", args=[ana.community_id])
    assert "ebra" not in client.get(talk_page).text
    assert "ebra" not in client.get(old.get_absolute_url()).text
    for name, pk in (("thread", thread.pk), ("versions", post.pk), ("flagging", post.pk)):
        assert client.get(reverse(f"conversations:{name}", args=[pk])).status_code == 404
    assert count_new(cora.person, ana.community) == 0
    assert not Message.objects.filter(text__contains="ebra").exists()
    assert not Document.objects.filter(words__contains="ebra").exists()
    assert len(queued(ana.person, ana.community)) == 2
    client.force_login(ana.person)
    assert "Who has a zebra?" in client.get(thread.get_absolute_url()).text

    for _time in range(2):
        client.post(reverse("conversations:approval", args=[post.pk]))
    tasks.tell.func(post.pk)

    assert mails("post-") == [("Ben Ode", "post-approved")]
    assert mails(f"post:{post.pk}") == [("Ana Ruiz", "post"), ("Cora Li", "post")]
    assert count_new(cora.person, ana.community) == 1
    assert say(thread, ben, "A third.").hidden_at is None


def test_a_first_post_is_answered_by_mail_and_can_be_let_out_later():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    moderation.hold_first_posts(ana.community, by=ana.person, wanted=True)
    post = say(thread, ben, "Buy my zebra.", via=Post.Via.MAIL, mail_id=1)

    moderation.hide(post, by=ana.person, reason="We sell nothing here.")
    moderation.answer(post, by=ana.person, reason="We sell nothing here.")
    with pytest.raises(NoReason):
        moderation.answer(post, by=ana.person, reason="")

    assert mails("post-") == [("Ben Ode", "post-waits"), ("Ben Ode", "post-answered")]
    assert HeldPost.objects.get().state == "answered"
    assert queued(ana.person, ana.community) == []
    moderation.put_back(post, by=ana.person)
    moderation.put_back(post, by=ana.person)
    assert HeldPost.objects.get().state == "approved"
    moderation.hold_first_posts(ana.community, by=ana.person, wanted=False)
    assert mails("post-")[2:] == [("Ben Ode", "post-approved")]


def test_a_hidden_post_can_be_taken_back_by_its_author_and_changed_by_nobody(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    post = say(thread, ben)
    moderation.hide(post, by=ana.person, reason="No.")
    client.force_login(ben.person)

    assert client.get(reverse("conversations:edit", args=[post.pk])).status_code == 403
    assert client.post(reverse("conversations:removal", args=[post.pk])).status_code == 302

    assert decided(ana.community, ana.person) == []
    client.force_login(ana.person)
    page = client.post(reverse("conversations:hiding", args=[thread.posts.first().pk]), {"reason": "x"})
    assert page.status_code == 403


def test_nothing_waits_of_who_had_themself_erased(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    moderation.flag(begin(ben).posts.get(), by=cora.person, reason="hurts")
    moderation.hold_first_posts(ana.community, by=ana.person, wanted=True)
    dan = add_member(ana.community, "Dan Poe")
    begin(dan)
    for each in (ben, dan):
        each.state = Membership.State.LEFT
        each.save()
        erase(each.person, by=each.person)

    assert queued(ana.person, ana.community) == []
    assert waiting_steps(ana.community, ana.person) == []
    read_all(ana.person, ana.community)
    assert count_new(ana.person, ana.community) == 0


def test_who_waits_for_a_digest_is_told_of_a_post_that_was_hidden_for_a_moment():
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    Rhythm.objects.create(person=cora.person, list_key=ana.community.list_key, rhythm="daily")
    post = begin(ben).posts.get()
    tasks.tell.func(post.pk)
    Message.objects.update(state=Message.State.SENT)

    moderation.hide(post, by=ana.person, reason="No.")
    lines = Line.objects.filter(occasion=f"post:{post.pk}")
    assert not lines.exists()
    moderation.put_back(post, by=ana.person)
    tasks.tell.func(post.pk)

    assert [each.person for each in lines] == [cora.person]
    assert Message.objects.filter(occasion=f"post:{post.pk}").count() == 1


@pytest.mark.parametrize("is_hidden", [True, False])
def test_a_mail_that_quotes_what_is_gone_leaves_without_it(is_hidden, django_capture_on_commit_callbacks):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    thread = begin(ana)
    post = say(thread, ben, "Mrs K. owes rent.")
    answer = say(thread, ana, "Please not here.", quoted=post, quoted_text="Mrs K. owes rent.")
    tasks.tell.func(answer.pk)
    Message.objects.filter(recipient=ben.person).update(state=Message.State.SENT)

    with django_capture_on_commit_callbacks(execute=True):
        if is_hidden:
            moderation.hide(post, by=ana.person, reason="It names a client.")
        else:
            posts.take_back(post, by=ben.person)
    tasks.tell.func(answer.pk)

    mails = Message.objects.filter(occasion=f"post:{answer.pk}")
    assert {each.recipient: "owes rent" in each.text for each in mails} == {
        ben.person: True,
        cora.person: False,
    }


def test_no_first_post_is_let_out_where_the_talk_is_over(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    moderation.hold_first_posts(ana.community, by=ana.person, wanted=True)
    post = begin(ben).posts.get()
    Community.objects.update(ended_at=timezone.now())

    with pytest.raises(TalkIsOver):
        moderation.approve(post, by=ana.person)
    client.force_login(ana.person)
    page = client.post(reverse("conversations:approval", args=[post.pk]), follow=True)
    assert "This community has ended." in page.text
    moderation.answer(post, by=ana.person, reason="We have ended.")
    assert HeldPost.objects.get().state == HeldPost.State.ANSWERED
