"""House law: every word on a page or in a mail can be translated, and each reads in the reader's language.

The made-up language en-xa has an accent on every letter of a message. A plain letter on such a page is
somebody's own words (the cast's are known) or a string that gettext never saw.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as the_settings
from django.forms import BaseForm
from django.test.signals import template_rendered
from django.utils import timezone, translation

from coppice.accounts import notices as account_notices
from coppice.accounts.adapter import CHANGES, AccountAdapter
from coppice.activities import notices as activity_notices
from coppice.communities import charter_notices, trials
from coppice.communities import notices as community_notices
from coppice.communities.plan_renewal import Renewal
from coppice.conversations import archive_notices, decision_notices, moderation_notices
from coppice.conversations import notices as conversation_notices
from coppice.conversations.decision_models import Ballot
from coppice.conversations.decision_models import Decision as Asked
from coppice.conversations.decision_words import Words
from coppice.conversations.models import Thread
from coppice.conversations.notices import Reader
from coppice.conversations.peace_models import TalkStop
from coppice.conversations.remark_models import Remark
from coppice.formation import market_notices
from coppice.formation import notices as formation_notices
from coppice.formation.market_board import Chooser, cards_of
from coppice.formation.models import Offerer, SwapRequest
from coppice.lib import pseudo
from coppice.lib.errors import DomainError
from coppice.library import practice_notices
from coppice.library.practice_models import Practice, PracticeReview
from coppice.live import notices as live_notices
from coppice.live.models import Participant
from coppice.meetings import after_notices, series_notices, starter_notices, summary_notices
from coppice.meetings import notices as meeting_notices
from coppice.meetings.minutes_models import Decision, Lesson
from coppice.meetings.summaries import summary_of
from coppice.meetings.timetable import timetable_of
from coppice.notifications import digests, wishes
from coppice.notifications.actions import compose, post, send
from coppice.notifications.inbound import NotUnderstood, returning
from coppice.notifications.inbound_models import ReceivedMail, ReturnNote
from coppice.notifications.models import Line, Message, Pace
from coppice.notifications.text_models import Phone
from coppice.notifications.texts import phones
from coppice.profiles import notices as profile_notices
from coppice.programs import notices as program_notices
from coppice.surveys import notices as survey_notices
from tests.house.doors import every_door, walk_round
from tests.house.words import is_plain, read, untranslated, words_of_the_cast

SRC = Path(__file__).resolve().parents[2] / "src" / "coppice"
TEMPLATES = sorted(
    path for kind in ("html", "txt") for path in SRC.glob(f"*/templates/**/*.{kind}") if path.is_file()
)
MAILS = {
    path.relative_to(path.parents[2]).as_posix() for path in TEMPLATES if path.name.endswith(".subject.txt")
}

# Those who see the most between them.
KINDS = ("signed_out", "member", "leader", "organization_lead", "provider_admin", "funder")

# Names of made-up people among the components, and endings of files.
NO_WORDS = re.compile(r"Tom Whitehorse|Amara Obi|Jo Kim|\.json, \.csv")
OURS = re.compile(r"coppice\.(?!.*\.tests\b|ui\.samples)")  # without made-up forms on the page of components
PLACES = re.compile(r"{\w+}|%\(\w+\)\w|<[^>]+>")

# What a template says to the machine, and the messages in it.
TEMPLATE_LANGUAGE = re.compile(
    r"{% (blocktrans(?:late)?|comment)\b.*?{% end\1 %}|{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL
)


@pytest.fixture
def made_up(settings, db):
    """Offer the made-up languages, as COPPICE_PSEUDO_LOCALES does."""
    settings.LANGUAGES = [*the_settings.LANGUAGES, *pseudo.LANGUAGES]
    pseudo.install()


@pytest.fixture
def own(db):
    """Find people's own words; asked for before the cast, which is made and undone for it."""
    return words_of_the_cast()


# Pages


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_shows_a_word_that_nobody_translated(own, made_up, kind):
    pages = [visit for visit in walk_round(kind, "en-xa").at_ours if visit.page]

    plain = {f"{visit.door}: {words}" for visit in pages for words in untranslated(visit.page, own=own)}

    assert (sorted(plain), len(pages) > 20) == ([], True)


def test_a_word_that_nobody_translated_would_be_found():
    own = re.compile("Ana")
    page = '<p>⟦Šîîĝñ îîñ⟧, Ana</p><p title="Sign out">Coppice 2026</p><p>Save <b>⟦ñööŵ⟧</b></p>'

    assert list(untranslated(page, own=own)) == ["p title: Sign out", "p: Save"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(SRC).as_posix())
def test_no_template_holds_a_word_outside_gettext(template):
    """Pages in states that the walk does not meet are read in their source."""
    source = TEMPLATE_LANGUAGE.sub("", template.read_text())
    shown = read(source).shown if template.suffix == ".html" else [("", source)]

    assert [text for _where, text in shown if is_plain(text, own=NO_WORDS)] == []


def test_no_template_writes_dates_in_the_order_of_one_language():
    fixed = re.compile(r"""\|(?:date|time):["'](?!\w*FORMAT["'])[^"']*["']""")
    found = {path.name: fixed.findall(path.read_text()) for path in TEMPLATES}

    assert {name: formats for name, formats in found.items() if formats} == {}


@pytest.mark.parametrize("kind", ["signed_out", "member", "provider_admin"])
def test_every_page_can_run_from_right_to_left(made_up, kind):
    pages = {visit.page for visit in walk_round(kind, "ar-xb").at_ours if "<html" in visit.page}

    said = {(read(page).element["lang"], read(page).element["dir"]) for page in pages}

    assert (said, len(pages) > 20) == ({("ar-xb", "rtl")}, True)


# Words that no page shows yet


def test_every_refusal_can_be_translated(made_up):
    refusals = ours_below(DomainError)
    with translation.override("en-xa"):
        plain = [each for each in refusals if is_plain(str(each.sentence), own=PLACES)]

    assert (plain, len(refusals) > 30) == ([], True)


def test_every_choice_can_be_translated(made_up):
    models = [model for model in apps.get_models() if model.__module__.startswith("coppice.")]
    fields = chain.from_iterable(model._meta.get_fields() for model in models)
    with translation.override("en-xa"):
        labels = {str(label) for field in fields for _value, label in getattr(field, "flatchoices", [])}

    plain = {label for label in labels if is_plain(label, own=PLACES)}
    assert (plain, len(labels) > 40) == (set(), True)


def test_every_form_asks_in_words_that_can_be_translated(made_up):
    every_door()  # has all rooms loaded
    fields = [field for form in ours_below(BaseForm) for field in getattr(form, "base_fields", {}).values()]
    with translation.override("en-xa"):
        words = {str(words) for field in fields for words in (field.label, field.help_text) if words}

    plain = {each for each in words if is_plain(each, own=PLACES)}
    assert (plain, len(words) > 40) == (set(), True)


def ours_below(kind):
    """Return the classes of Coppice below one, at any depth, but those that people never meet."""
    below = chain.from_iterable((each, *ours_below(each)) for each in kind.__subclasses__())
    return [each for each in below if OURS.match(each.__module__)]


# Mail


def test_no_mail_says_a_word_that_nobody_translated(own, made_up, cast):
    seen = set()

    def note(sender, **_rest):
        seen.add(sender.name)

    Message.objects.all().delete()
    staff = [post.person for post in cast.ours.provider.staff.select_related("person")]
    for person in [*cast.ours.people.values(), *staff]:
        person.language = "en-xa"
        person.save()
    template_rendered.connect(note)
    try:
        send_every_mail(cast.ours)
        send_back(cast.ours)
    finally:
        template_rendered.disconnect(note)

    plain = set()
    for message in Message.objects.all():
        lines = [message.subject, *message.text.splitlines()]
        plain |= {f"{message.occasion}: {line}" for line in lines if is_plain(line, own=own)}
        plain |= {f"{message.occasion}: {words}" for words in untranslated(message.html, own=own)}
    for answer in ReturnNote.objects.all():
        plain |= {line for line in [answer.subject, *answer.text.splitlines()] if is_plain(line, own=own)}
    assert MAILS - seen == set()
    assert sorted(plain) == []


def send_back(house):
    """Answer mails with which nothing can be done, for each reason."""
    for number, why in enumerate(ReceivedMail.Outcome):
        mail = ReceivedMail(envelope_from=f"{number}@example.com", subject=house.community.name)
        returning.return_to_sender(mail, why=why, language="en-xa")


def send_digest(house):
    """Tell a member in a digest what they would else have had a mail about."""
    member = house.memberships["leader"]
    wishes.choose(member.person, list_key=house.community.list_key, pace=Pace.DAILY)
    meeting_notices.times_closed(house.time_poll, to=member)
    summary_notices.summary(summary_of(house.past_meeting), to=member, is_missing=False)
    Line.objects.update(due_at=timezone.now())
    assert digests.tell_due() == 1
    wishes.choose(member.person, list_key=house.community.list_key, pace=Pace.INSTANT)


def send_every_mail(house):
    """Write each mail that Coppice can write, to people of one house."""
    admin, member, word = house.people["provider_admin"], house.memberships["member"], house.word
    program_notices.mail_test(house.program, to=admin)
    program_notices.staff_added(house.post)
    program_notices.funder_seated(house.program.funder_seats.get(person=house.people["funder"]))
    community_notices.invitation(house.memberships["invited"])
    post([community_notices.invitation_reminder(house.memberships["invited"])])
    community_notices.asked_to_lead(house.memberships["invited"])
    community_notices.welcome(member)
    community_notices.changed(member, origin=house.community)
    objection = house.charter.consents.get(answer="object")
    charter_notices.charter_asked(house.charter, to=member)
    charter_notices.objection_raised(objection, to=house.memberships["leader"])
    charter_notices.objection_answered(objection)
    for number, state in enumerate(("adopted", "not_adopted")):
        house.charter.state, house.charter.pk = state, house.charter.pk + number
        charter_notices.charter_closed(house.charter, to=member, answered=2, standing=number)
    charter_notices.charter_reopened(house.charter, to=member)
    for in_days, has_charter in ((30, True), (30, False), (0, True), (0, False)):
        renewal = Renewal(house.program.award_starts + timedelta(days=in_days + has_charter), in_days)
        charter_notices.plan_renews(house.community, renewal, to=member, has_charter=has_charter)
    community_notices.commitments_due(member, soon=[house.commitment], late=[house.commitment])
    community_notices.commitment_written(house.commitment, written_by=house.provider.name)
    formation_notices.swap_asked(house.published)
    formation_notices.swap_fits(house.swap_request)
    formation_notices.swap_offered(house.swap_request)
    for state in (SwapRequest.State.OVER, SwapRequest.State.REFUSED):
        house.swap_request.state, house.swap_request.pk = state, house.swap_request.pk + 1
        formation_notices.swap_ended(house.swap_request)
    send_mails_of_conversation(house)
    send_mails_of_decisions(house)
    send_mails_of_marketplace(house)
    send_mails_of_practices(house)
    send_mails_of_introduction(house.introduction)
    post([live_notices.link_to(house.room, house.enrollment)])
    on_paper = Participant(room=house.room, person=house.people["member"], source=Participant.Source.PAPER)
    activity_notices.named_in_web(on_paper, house.web)
    news = trials.news_of([house.community], since=house.community.created_at - timedelta(days=1))
    post([community_notices.trial(house.memberships["invited"], news=news[house.community.pk], week="1")])
    send_digest(house)
    live_notices.was_it_you(house.participant, house.enrollment, address=house.enrollment.email)
    word.answer, word.answered_at = word.text, timezone.now()
    community_notices.word_answered(word)
    community_notices.words_said(member, words=[word])
    for notice in ("planned", "changed", "asked_again"):
        getattr(meeting_notices, notice)(house.meeting, to=member)
    meeting_notices.reminder(house.meeting, to=member, timetable=timetable_of(house.meeting))
    meeting_notices.times_asked(house.time_poll, to=member)
    meeting_notices.times_asked_again(house.time_poll, to=member)
    meeting_notices.times_closed(house.time_poll, to=member)
    meeting_notices.time_proposed(
        house.meeting,
        to=member,
        by=house.memberships["leader"],
        starts_at=house.meeting.starts_at,
        ends_at=house.meeting.ends_at,
        comment=house.word.text,
        period="1",
    )
    series_notices.planned(house.series, to=member)
    series_notices.changed(house.series, previous=house.series, to=member)
    starter_notices.out_of_circle(member, led=house.community)
    series_notices.ended(house.series, since=house.series_meeting, to=member)
    house.meeting.cancelled_at = timezone.now()
    meeting_notices.cancelled(house.meeting, to=member)
    meeting_notices.pulse(house.past_meeting, to=member)
    community_notices.address_refuses(member, to=house.memberships["leader"], period="1")
    for said in ("yes", "no", "maybe"):
        meeting_notices.answered_with_words(
            house.meeting,
            to=house.memberships["leader"],
            by=member,
            said=said,
            comment=house.word.text,
            mail_id=len(said),
        )
    program_notices.mail_unreadable(house.people["member"])
    send(
        recipient=house.people["member"],
        occasion="mail-refused:1",
        template="notifications/email/refused",
        context={"first": NotUnderstood.sentence, "mail_subject": "", "words": house.word.text},
    )
    after_notices.missed(house.past_meeting, to=member)
    follow_up = house.past_meeting.follow_ups.get()
    after_notices.follow_up(member, asked=[follow_up], things={follow_up.pk: []})
    send_summaries(house)
    for mails in (0, 1):
        house.asked.mails = mails
        post([survey_notices.letter(house.asked)])
    account_notices.confirm_address(admin, email=member.person.email)
    account_notices.address_in_use(admin)
    account_notices.address_changed(admin, old=member.person.email)
    send_mail, origin = AccountAdapter().send_mail, {"ip": "10.0.0.1", "user_agent": house.provider.name}
    for change in CHANGES:
        send_mail(change, admin.email, {**origin, "timestamp": timezone.now()})
    send_mail("account/email/login_code", admin.email, {"code": "123-456"})
    send_mail("account/email/password_reset_key", admin.email, {"password_reset_url": "https://example.org/"})


def send_summaries(house):
    """Write the summary of a meeting to who was missing, and to who leads and committed to something."""
    words = house.word.text
    summary = replace(
        summary_of(house.past_meeting),
        decisions=[Decision(text=words, reason=words)],
        lessons=[Lesson(text=words)],
        commitments=[house.commitment],
        has_notes=True,
    )
    for kind in ("member", "leader"):
        summary_notices.summary(summary, to=house.memberships[kind], is_missing=kind == "leader")


def send_mails_of_introduction(introduction):
    """Write each mail of an introduction, to both."""
    for row in (introduction.need, introduction.offer):
        for notice in ("may_we", "here_you_are", "not_this_time"):
            getattr(profile_notices, notice)(introduction, to=row.enrollment)
    profile_notices.did_it_help(introduction)
    profile_notices.it_helped(introduction)


def send_mails_of_conversation(house):
    """A post of each kind and a reply that quotes, to whom it names and to whom an ask is brought."""
    [first, reply, _last] = house.thread.posts.select_related("quoted", "author").in_order()
    reader = house.memberships["member"]
    for number, kind in enumerate(Thread.Kind):
        for said, is_first, offered in (
            (first, True, house.topic.name),
            (first, True, ""),
            (reply, False, ""),
        ):
            said.thread.kind, said.is_first, said.pk = kind, is_first, said.pk + 100 * number + len(offered)
            to = Reader(
                person=reader.person,
                address=reader.mail_address,
                language=reader.language,
                time_zone="UTC",
                is_named=not is_first,
                offered=offered,
            )
            name = house.memberships["leader"].enrollment.name
            content = conversation_notices.Content(said, author=name, quoted_author=name, files=1)
            letter = conversation_notices.letter(content, to=to)
            post([compose(recipient=to.person, occasion=conversation_notices.occasion(said), **letter)])
    for what in moderation_notices.SAYS:
        first.hidden_reason = "" if what in (moderation_notices.WAITS, moderation_notices.APPROVED) else name
        moderation_notices.to_author(first, what=what, to=to, period="")
    for stop in TalkStop.objects.filter(community=house.community).select_related("community__program"):
        moderation_notices.stopped(stop, to=to)
        moderation_notices.lifted(stop, to=to)
    moderation_notices.to_decide(house.community, to=to, occasion="to-decide", period="")
    archive = house.community.archives.filter(state="brought")[0]
    for archive.broken_at in ("reading", "bringing"):
        archive_notices.stopped(archive, to=to, period=archive.broken_at)
    archive_notices.stopped_for_keepers(archive, to=to.person, period="")
    phones.tell_of_loss(Phone(person=to.person, number="+15552345678", pk=1))


def send_mails_of_decisions(house):
    """Each mail of each kind of decision: asked, reminded, asked again, decided, and an objection."""
    to, leader = house.memberships["member"], house.memberships["leader"]
    name = leader.enrollment.name
    decisions = Asked.objects.select_related("thread__community__program__provider")
    choice = decisions.prefetch_related("options").get(pk=house.open_choice.pk)
    for number, kind in enumerate(Asked.Kind):
        choice.kind, choice.is_secret = kind, number % 2 == 0
        for why in ("asked", "reminder", "again"):
            letter = decision_notices.asks(choice, to=to, author=name, why=why)
            post([compose(recipient=to.person, occasion=f"decision:{kind}:{why}", **letter)])
    choice.outcome = house.canary
    letter = decision_notices.outcome(choice, to=to, author=name, answered=1)
    post([compose(recipient=to.person, occasion="decision:outcome", **letter)])
    decision_notices.outcome_wanted(choice, to=to, answered=1, asked=2)
    ballot = Ballot.objects.select_related("membership__enrollment", "membership__person").get(
        decision__thread=house.thread
    )
    ballot.decision, ballot.membership.community = choice, house.community
    decision_notices.objection_raised(ballot, to=leader.person)
    decision_notices.objection_answered(ballot)
    reader = Reader(to.person, "words@example.org", to.language, str(to.zone))
    for what in moderation_notices.MEANS_OF_WORDS:
        words = Words(choice, Remark.Part.ANSWER, ballot)
        moderation_notices.to_writer(words, what=what, why=name, to=reader, period=what)


def send_mails_of_practices(house):
    """Each mail about a practice: it is out, waits for a review or for whose story it is, or may be old."""
    writer, leader = house.memberships["member"], house.memberships["leader"]
    practice = Practice.objects.select_related("community__program", "added_by__enrollment").get(
        pk=house.library["practice_id"]
    )
    messages, _lines = practice_notices.published(practice)
    post([each for each in messages if each.recipient_id == leader.person_id])
    [voice] = practice.voices.select_related("membership__enrollment", "membership__person")
    voice.practice = practice
    practice_notices.voice_asked(voice, by=leader)
    practice_notices.voice_changed(voice, by=leader)
    practice_notices.not_to_be_told(practice, by=leader, at=timezone.now())
    practice_notices.review_asked(practice, by=writer)
    practice_notices.still_true(practice)
    for number, is_ready in enumerate((True, False), 1):
        words = house.canary
        said = PracticeReview(pk=number, membership=leader, is_ready=is_ready, good=words, missing=words)
        said.practice = practice
        practice_notices.reviewed(said)


def send_mails_of_marketplace(house):
    """Write each mail of a marketplace, in all its turns."""
    chooser, marketplace = Chooser(house.marketplace, house.enrollment), house.marketplace
    [card, *others] = cards_of(marketplace)
    marketplace.offered_by = Offerer.STAFF
    for_staff = market_notices.opened(chooser)
    for_staff.period = "staff"
    marketplace.offered_by = Offerer.EVERYBODY
    post([for_staff, market_notices.opened(chooser)])
    news = {"names": [house.offered_topic.name] * 6, "joined": 2, "waits": [(house.offered_topic.name, 2)]}
    post(
        [
            market_notices.digest(chooser, day=str(has_place), has_place=has_place, **news)
            for has_place in (False, True)
        ]
    )
    marketplace.closes_on = marketplace.today
    post([market_notices.digest(chooser, day="last", has_place=False, **news)])
    post([market_notices.thin(chooser, card=replace(card, people=0), near=others)])
    for choice in house.offered_topic.choices.select_related("enrollment__person"):
        market_notices.topic_changed(choice, old_name=house.offered_topic.name)
        market_notices.place_came_free(choice, left=house.offered_topic.name if choice.is_waiting else "")


# Whose language, and whose time

SATURDAY_EVENING = datetime(2031, 1, 5, 1, 30, tzinfo=UTC)  # in Bogotá; Sunday in UTC


@pytest.mark.parametrize(
    ("wish", "language", "words"),
    [("es-MX,es;q=0.9", "es", "Iniciar sesión"), ("fr,en;q=0.5", "en", "Sign in"), ("fr", "en", "Sign in")],
)
def test_who_is_signed_out_reads_what_their_browser_asks_for(client, db, wish, language, words):
    response = client.get("/", headers={"accept-language": wish})

    assert (read(response.text).element["lang"], words in response.text) == (language, True)
    assert response.headers["Content-Language"] == language


@pytest.mark.parametrize(
    ("account", "roster", "program", "language"),
    [
        ("", "es", "en", "es"),  # the roster decides for somebody who never chose
        ("en", "es", "es", "en"),  # what the person chose comes before it
        ("", "fr", "es", "es"),  # nobody translated Coppice to French: the program's language
        ("", "es-MX", "en", "es"),
    ],
)
def test_an_invitation_speaks_one_language_from_the_mail_to_the_welcome(
    client, cast, account, roster, program, language
):
    membership = cast.ours.memberships["invited"]
    type(membership.person).objects.filter(pk=membership.person_id).update(language=account)
    type(membership.enrollment).objects.filter(pk=membership.enrollment_id).update(language=roster)
    type(cast.ours.program).objects.filter(pk=cast.ours.program.pk).update(language=program)
    membership = type(membership).objects.get(pk=membership.pk)

    mail = community_notices.invitation(membership)
    address = re.search(r"http://[^/]+(/invitations/\S+)", mail.text)[1]
    invitation = client.get(address)
    welcome = client.post(f"{address}acceptance/", {"once": "1"}, follow=True)

    said = {
        "en": ("Would you join", "What is asked of me?", "This is what comes next."),
        "es": ("¿Te gustaría unirte a", "¿Qué se me pide?", "Esto es lo que sigue."),
    }[language]
    assert mail.subject.startswith(said[0])
    for page, words in ((invitation, said[1]), (welcome, said[2])):
        assert (page.status_code, read(page.text).element["lang"]) == (200, language)
        assert page.headers["Content-Language"] == language
        assert words in page.text


@pytest.mark.parametrize(
    ("language", "zone", "when"),
    [
        ("es", "America/Bogota", "sábado 4 de enero de 2031, 20:30 a 21:30, tu hora (Bogota)"),
        ("en", "America/Bogota", "Saturday 4 January 2031, 20:30 to 21:30, your time (Bogota)"),
        ("es", "Asia/Tokyo", "domingo 5 de enero de 2031, 10:30 a 11:30, tu hora (Tokyo)"),
    ],
)
def test_a_meeting_stands_in_the_readers_language_and_zone(client, cast, language, zone, when):
    meeting, membership = cast.ours.meeting, cast.ours.memberships["member"]
    meeting.starts_at, meeting.ends_at = SATURDAY_EVENING, SATURDAY_EVENING + timedelta(hours=1)
    meeting.save()
    membership.person.language, membership.person.time_zone = language, zone
    membership.person.save()
    client.force_login(membership.person)

    page = client.get(meeting.get_absolute_url(), headers={"accept-language": "en"})
    mail = meeting_notices.planned(meeting, to=membership)

    assert when in " ".join(text for _where, text in read(page.text).shown).replace(" , ", ", ")
    assert when in mail.text


def test_the_board_names_days_as_the_reader_does(client, cast):
    cast.ours.series.delete()  # its meetings would come before
    meeting, manager = cast.ours.meeting, cast.people["provider_admin"]
    meeting.starts_at, meeting.ends_at = SATURDAY_EVENING, SATURDAY_EVENING + timedelta(hours=1)
    meeting.save()
    manager.language, manager.time_zone = "es", "America/Bogota"
    manager.save()
    client.force_login(manager)

    board = client.get(cast.ours.program.get_absolute_url())

    assert "sáb 4 ene,<br>20:30" in board.text


def test_a_sign_in_mail_speaks_as_the_page_where_it_was_asked_for(client, cast):
    person = cast.people["outsider"]

    client.post("/sign-in/", {"login": person.email, "once": "1"}, headers={"accept-language": "es"})

    mail = Message.objects.get(recipient=person)
    assert mail.subject == "Tu enlace para iniciar sesión"
