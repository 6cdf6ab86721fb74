"""House law: a page asks the database as often for sixty rows as for three, and at most twelve times."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coppice.accounts.models import Person
from coppice.activities.models import Draw, Point, Seat, Strand, Tie, WriteUp
from coppice.communities.charter_models import Charter, Consent
from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Community, InvitationWord, Membership, Priority
from coppice.communities.news_models import NewsFeed
from coppice.communities.plan_models import Goal, GoalNote
from coppice.communities.role_models import Role, RoleOffer, RoleTerm
from coppice.conversations import decision_models as deciding
from coppice.conversations import models as talk
from coppice.conversations import moderation_models as moderation
from coppice.conversations.decision_words import Words
from coppice.conversations.import_models import ArchiveLine, Writer
from coppice.conversations.remark_models import Remark
from coppice.conversations.tests.factories import furnish_archives
from coppice.formation.models import (
    Appearance,
    Badge,
    BadgeLine,
    Choice,
    Criterion,
    Decider,
    Encounter,
    Find,
    Formation,
    GuestWish,
    Handshake,
    Interest,
    Marketplace,
    MarketRoom,
    OfferedTopic,
    Place,
    Proposal,
    ProposedCommunity,
    SwapRequest,
)
from coppice.formation.tests.factories import make_proposal_of
from coppice.history.models import Entry
from coppice.library.models import Folder, Item, ItemTopic, Version
from coppice.library.practice_models import (
    WORDS,
    Practice,
    PracticeReview,
    PracticeTopic,
    PracticeTrial,
    PracticeVersion,
    PracticeVoice,
)
from coppice.live import links
from coppice.live.models import Answer, Participant, Room, Step
from coppice.live.tests.factories import plan
from coppice.meetings import links as meeting_links
from coppice.meetings.actions import starter
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.check_in_codes import code_of
from coppice.meetings.minutes_models import Decision, Lesson, Note, key_of
from coppice.meetings.models import (
    Attendance,
    CalendarFeed,
    FollowUp,
    GivenPack,
    Meeting,
    MeetingReply,
    MeetingSeries,
    MissedMeeting,
    ProposedTime,
    PulseAnswer,
    StarterPack,
    TimeAnswer,
    TimePoll,
)
from coppice.notifications.models import Message
from coppice.profiles.models import Expertise, Introduction, Need, NeedsAssessment
from coppice.profiles.questions import CONFIDENCE, IMPORTANCE, instrument_about
from coppice.programs.models import Affiliation, Enrollment, Organization, Program, Provider, Staff, Topic
from coppice.search import indexing
from coppice.stewardship.models import LeaderCheckIn
from coppice.surveys import models as surveys
from coppice.surveys.instruments import written
from tests.cast import flag_words, make_community, make_person, make_program

RULE = (
    "title=Series&first=2030-01-01&clock=15:00&minutes=60&time_zone=Pacific/Auckland&rhythm=weekly&every=1"
    "&weekdays=1&last=2031-01-01&instead=skip"
)
FEW, MANY, MOST_QUERIES = 3, 60, 12


@dataclass(frozen=True)
class Scene:
    """As many rows of everything as asked for, and who looks at them."""

    staff: Person
    leader: Person
    program: Program
    community: Community
    formation: Formation
    published: Formation
    member: Person
    membership: Membership
    proposal: Proposal
    room: Room
    poll: TimePoll
    meeting: Meeting
    running: Meeting
    series: MeetingSeries
    web: Step
    trading: Participant
    assessment: NeedsAssessment
    marketplace: Marketplace
    offered_topic: OfferedTopic
    topic: Topic
    need: Need

    def address(self, name: str) -> str:
        thing = {
            "programs": self.program.pk,
            "communities": self.community.pk,
            "formations": self.formation.pk,
            "published": self.published.pk,
            "memberships": self.membership.pk,
            "polls": self.poll.pk,
            "meetings": self.meeting.pk,
            "running": self.running.pk,
            "series": self.series.pk,
            "held": self.community.meetings.held().latest("pk").pk,
            "series_meetings": self.series.meetings.order_by("pk")[0].pk,
            "proposals": self.proposal.pk,
            "enrollments": self.membership.enrollment_id,
            "topics": self.topic.pk,
            "needs": self.need.pk,
            "goals": self.community.goals.order_by("pk")[0].pk,
            "charters": self.community.charters.latest("number").pk,
            "roles": self.community.roles.order_by("pk")[0].pk,
            "practices": self.community.practices.filter(state="published").order_by("pk")[0].pk,
            "drafts": self.community.practices.filter(state="asked").latest("pk").pk,
            "items": self.community.library.order_by("pk")[0].pk,
            "rooms": self.room.pk,
            "webs": self.web.pk,
            "assessments": self.assessment.pk,
            "waves": self.assessment.wave_id,
            "instruments": self.assessment.wave.instrument_id,
            "marketplaces": self.marketplace.pk,
            "offered_topics": self.offered_topic.pk,
            "trading_rooms": self.trading.room_id,
            "threads": self.community.threads.latest("pk").pk,
            "decisions": deciding.Decision.objects.filter(thread__community=self.community).latest("pk").pk,
            "consents": deciding.Decision.objects.filter(thread__community=self.community, kind="consent")
            .latest("pk")
            .pk,
            "ballots": deciding.Ballot.objects.filter(
                decision__thread__community=self.community, stance="object"
            )
            .latest("pk")
            .pk,
            "words": words_key(self.community),
            "archives": self.community.archives.get(state="previewed").pk,
            "brought": self.community.archives.filter(state="brought")[0].pk,
            "people": self.membership.person_id,
            "posts": self.community.threads.latest("pk").posts.order_by("pk")[0].pk,
        }
        if name in BY_LINK:
            return BY_LINK[name](self)
        return reverse(name.partition(" ")[0], args=[thing[kind] for kind in PAGES[name][0]])


# Each page: the things in its address, and who reads it.
PAGES: dict[str, tuple[list[str], tuple[str, ...]]] = {
    "home:home": ([], ("staff", "leader")),
    "home:communities": ([], ("leader",)),
    "search:search": ([], ("staff", "leader")),
    "home:board": (["programs"], ("staff",)),
    "home:calls": (["programs"], ("staff",)),
    "home:summary": (["programs"], ("staff",)),
    "home:summary_file": (["programs"], ("staff",)),
    "home:now": (["communities"], ("staff", "leader")),
    "programs:people": (["programs"], ("staff",)),
    "programs:people_file": (["programs"], ("staff",)),
    "programs:history": (["programs"], ("staff",)),
    "programs:mail": (["programs"], ("staff",)),
    "programs:mail_trust": (["programs"], ("staff",)),
    "programs:mail_progress": (["programs"], ("staff",)),
    "meetings:meetings": (["communities"], ("staff", "leader")),
    "meetings:meeting": (["meetings"], ("staff", "leader")),
    "meetings:agenda": (["meetings"], ("staff", "leader")),
    "meetings:meeting held": (["running"], ("staff", "leader", "member")),
    "meetings:run": (["running"], ("staff", "leader", "member")),
    "meetings:state": (["running"], ("staff", "leader", "member")),
    "meetings:run_by_link": ([], ("guest",)),
    "meetings:close": (["running"], ("staff", "leader")),
    "meetings:minutes_file": (["running"], ("staff", "leader", "member")),
    "meetings:attendance": (["running"], ("staff", "leader")),
    "meetings:check_in": (["running"], ("staff", "leader")),
    "meetings:check_in_people": (["running"], ("staff", "leader")),
    "meetings:check_in_sheet": (["running"], ("staff", "leader")),
    "meetings:check_in_by_code": ([], ("leader", "member")),
    "meetings:agenda_pdf": (["meetings"], ("staff", "leader")),
    "meetings:community_file": (["communities"], ("staff", "leader")),
    "meetings:calendar": ([], ("staff", "leader", "member")),
    "meetings:community_calendar": (["communities"], ("staff", "leader")),
    "meetings:program_calendar": (["programs"], ("staff",)),
    "meetings:hours": (["communities"], ("staff", "leader")),
    "meetings:hours_file": ([], ("staff", "leader")),
    "meetings:program_hours": (["programs"], ("staff",)),
    "meetings:program_hours_file": ([], ("staff",)),
    "meetings:starter_communities": (["programs"], ("staff",)),
    "meetings:feeds": ([], ("staff", "leader")),
    "meetings:feed own": ([], ("guest",)),
    "meetings:feed program": ([], ("guest",)),
    "communities:news_feeds": ([], ("leader",)),
    "communities:news_feed of a group": ([], ("guest",)),
    "communities:news_feed of all": ([], ("guest",)),
    "meetings:plan_series": ([], ("staff", "leader")),
    "meetings:series": (["series"], ("staff", "leader")),
    "meetings:series_file": (["series"], ("staff", "leader")),
    "meetings:series_answer": ([], ("guest",)),
    "meetings:afterwards": (["held"], ("staff", "leader")),
    "meetings:follow_ups": ([], ("guest",)),
    "meetings:summary": ([], ("guest",)),
    "meetings:following": (["series_meetings"], ("staff", "leader")),
    "meetings:time_poll": (["polls"], ("staff", "leader")),
    "meetings:time_poll_file": (["polls"], ("staff", "leader")),
    "meetings:times_for_somebody": (["polls", "memberships"], ("staff", "leader")),
    "formation:formations": (["programs"], ("staff",)),
    "formation:formation": (["formations"], ("staff",)),
    "formation:people": (["formations"], ("staff",)),
    "formation:workbook": (["formations"], ("staff",)),
    "formation:lists": (["published"], ("staff",)),
    "formation:badges": (["formations"], ("staff",)),
    "formation:explanation": (["formations"], ("staff",)),
    "formation:funder_explanation": (["published"], ("staff",)),
    "formation:publication": (["published"], ("staff",)),
    "formation:swaps": (["published"], ("staff",)),
    "formation:late": (["published"], ("staff",)),
    "formation:gaps": (["published"], ("staff",)),
    "formation:member_swap": (["memberships"], ("member",)),
    "formation:marketplaces": (["programs"], ("staff",)),
    "formation:marketplace": (["marketplaces"], ("staff",)),
    "formation:market_people": (["marketplaces"], ("staff",)),
    "formation:market_settlement": (["marketplaces"], ("staff",)),
    "formation:offered_topic": (["offered_topics"], ("staff",)),
    "formation:topic_merger": (["offered_topics"], ("staff",)),
    "formation:member_market": (["marketplaces"], ("member",)),
    "formation:member_market_offer": (["marketplaces"], ("member",)),
    "formation:member_market_hints": (["marketplaces"], ("member",)),
    "formation:member_market_interests": (["marketplaces"], ("member",)),
    "formation:member_market_people": (["marketplaces"], ("member",)),
    "formation:market_interests": (["marketplaces"], ("staff",)),
    "formation:wishes": (["formations"], ("staff",)),
    "formation:proposals": (["formations"], ("staff",)),
    "formation:comparison": (["formations"], ("staff",)),
    "formation:comparison_file": (["formations"], ("staff",)),
    "formation:kept": (["proposals"], ("staff",)),
    "live:program_rooms": (["programs"], ("staff",)),
    "live:community_rooms": (["communities"], ("staff", "leader")),
    "live:room": (["rooms"], ("staff", "leader")),
    "live:agenda": (["rooms"], ("staff", "leader")),
    "live:run_sheet": (["rooms"], ("staff", "leader")),
    "live:people": (["rooms"], ("staff", "leader")),
    "live:sending": (["rooms"], ("staff", "leader")),
    # A trading round: 12 for its host, 9 for the wall, 12 for a phone that comes to it, 11 for its own part.
    "live:room trading": (["trading_rooms"], ("staff",)),
    "live:projector trading": ([], ("guest",)),
    "live:phone trading": ([], ("guest",)),
    "live:own trading": ([], ("guest",)),
    "live:results": (["rooms"], ("staff", "leader")),
    "live:results_file": (["rooms"], ("staff", "leader")),
    "live:people_file": (["rooms"], ("staff", "leader")),
    "activities:web": (["webs"], ("staff", "leader", "member")),
    "activities:web_drawing": (["webs"], ("staff", "leader")),
    "activities:web_file": (["webs"], ("staff", "leader")),
    "conversations:decisions": (["communities"], ("staff", "leader", "member")),
    "conversations:decision_new": (["threads"], ("staff", "leader", "member")),
    "conversations:decision": (["decisions"], ("staff", "leader", "member")),
    "conversations:decision consent": (["consents"], ("staff", "leader", "member")),
    "conversations:decision_file": (["decisions"], ("staff", "leader", "member")),
    "conversations:decision_for_somebody": (["decisions", "memberships"], ("staff", "leader")),
    "conversations:decision_edit": (["decisions"], ("staff", "leader")),
    "conversations:decision_outcome": (["decisions"], ("staff", "leader")),
    "conversations:decision_objection": (["ballots"], ("staff", "leader")),
    "conversations:words_flag": (["decisions", "words"], ("staff", "member")),
    "conversations:words_hiding": (["decisions", "words"], ("staff",)),
    "conversations:threads": (["communities"], ("staff", "leader", "member")),
    "conversations:new": (["communities"], ("staff", "leader", "member")),
    "conversations:thread": (["threads"], ("staff", "leader", "member")),
    "conversations:versions": (["posts"], ("staff", "leader", "member")),
    "conversations:queue": (["communities"], ("staff", "leader")),
    "conversations:flagging": (["posts"], ("staff", "member")),
    "conversations:hiding": (["posts"], ("staff",)),
    "conversations:archives": (["communities"], ("staff", "leader")),
    "conversations:archive": (["archives"], ("staff", "leader")),
    "conversations:archive_progress": (["archives"], ("staff", "leader")),
    "conversations:archive_returning": (["brought"], ("staff", "leader")),
    "conversations:own_words": (["communities"], ("staff", "leader", "member")),
    "conversations:original": (["posts"], ("staff", "leader", "member")),
    "conversations:splitting": (["posts"], ("staff", "leader")),
    "conversations:person": (["communities", "people"], ("staff",)),
    "conversations:conduct": (["communities"], ("staff", "leader", "member")),
    "conversations:conduct_text": (["communities"], ("staff", "leader")),
    "communities:people": (["communities"], ("staff", "leader")),
    "communities:invitations": (["communities"], ("staff",)),
    "communities:words": (["programs"], ("staff",)),
    "surveys:surveys": (["programs"], ("staff",)),
    "surveys:instrument": (["instruments"], ("staff",)),
    "surveys:wave": (["waves"], ("staff",)),
    "surveys:responses_file": (["waves"], ("staff",)),
    "profiles:needs": (["programs"], ("staff",)),
    "communities:needs": (["communities"], ("staff", "leader")),
    "communities:needs_topic": (["communities", "topics"], ("staff", "leader")),
    "communities:priorities": (["communities"], ("staff", "leader")),
    "library:templates": (["communities"], ("staff", "leader", "member")),
    "library:template": ([], ("staff", "leader", "member")),
    "library:template_file": ([], ("staff", "leader", "member")),
    "communities:plan": (["communities"], ("staff", "leader", "member")),
    "communities:plan_pdf": (["communities"], ("staff", "leader", "member")),
    "communities:roles_docx": (["communities"], ("staff", "leader", "member")),
    "communities:charter_pdf": (["charters"], ("staff", "leader", "member")),
    "communities:hand_over_docx": (["roles"], ("staff", "leader", "member")),
    "communities:charter": (["communities"], ("staff", "leader", "member")),
    "communities:charter_version": (["charters"], ("staff", "leader", "member")),
    "communities:charter_proposal": (["communities"], ("staff", "leader")),
    "communities:goal": (["goals"], ("staff", "leader", "member")),
    "communities:roles": (["communities"], ("staff", "leader", "member")),
    "communities:role_holder": (["roles"], ("staff", "leader")),
    "communities:commitments": (["communities"], ("staff", "leader", "member")),
    "communities:new_commitment": (["communities"], ("staff", "leader", "member")),
    "communities:priorities_file": (["communities"], ("staff", "leader")),
    "communities:needs_file": (["communities"], ("staff", "leader")),
    "communities:profile": (["communities", "memberships"], ("staff", "leader")),
    "library:mine": ([], ("staff", "leader", "member")),
    "library:library": (["communities"], ("staff", "leader", "member")),
    "library:list_file": (["communities"], ("staff", "leader")),
    "library:thrown_away": (["communities"], ("staff", "leader")),
    "library:item": (["items"], ("staff", "leader", "member")),
    "library:edit": (["items"], ("leader",)),
    "library:contents": (["items"], ("leader",)),
    "library:practices": (["communities"], ("staff", "leader", "member")),
    "library:practices_file": (["communities"], ("staff", "leader", "member")),
    "library:practice": (["practices"], ("staff", "leader", "member")),
    "library:practice asked": (["drafts"], ("staff", "leader", "member")),
    "library:practice_edit": (["practices"], ("leader",)),
    "library:practice_review": (["drafts"], ("leader",)),
    "library:practice_new": ([], ("leader", "member")),
    "library:practice_to_keep": ([], ("staff", "leader", "member")),
    "library:practice_version": ([], ("staff", "leader", "member")),
    "library:add_file": (["communities"], ("leader", "member")),
    "library:folders": (["communities"], ("staff", "leader")),
    "profiles:board": (["programs"], ("staff", "member")),
    "profiles:topic": (["programs", "topics"], ("staff", "member")),
    "profiles:board_file": (["programs"], ("staff", "member")),
    "profiles:network": (["programs"], ("staff", "member")),
    "profiles:adjacency": (["programs"], ("staff", "member")),
    "communities:network": (["communities"], ("staff", "leader")),
    "communities:adjacency": (["communities"], ("staff", "leader")),
    "profiles:introductions": (["programs"], ("staff",)),
    "profiles:profile_need_introduction": (["enrollments", "needs"], ("staff", "member")),
    "communities:introduction": (["communities", "needs"], ("staff", "leader")),
    "profiles:people": (["programs"], ("staff",)),
    "profiles:profile": (["enrollments"], ("staff", "member")),
    "profiles:assessment": (["assessments"], ("staff",)),
    "profiles:gaps_file": (["assessments"], ("staff",)),
}

# Pages that a signed link opens to whoever holds it.
BY_LINK: dict[str, Callable[[Scene], str]] = {
    "search:search": lambda scene: "/search/?q=1",
    "library:template": lambda scene: reverse("library:template", args=[scene.community.pk, "charter"]),
    "library:template_file": lambda scene: reverse(
        "library:template_file", args=[scene.community.pk, "charter", "en", "md"]
    ),
    "library:practice_new": lambda scene: (
        f"{reverse('library:practice_new', args=[scene.community.pk])}?kind=lesson"
    ),
    "library:practice_to_keep": lambda scene: reverse(
        "library:practice_to_keep", args=[scene.community.practices.order_by("pk")[0].pk, "md"]
    ),
    "library:practice_version": lambda scene: reverse(
        "library:practice_version", args=[scene.community.practices.order_by("pk")[0].pk, 2]
    ),
    "meetings:feed own": lambda scene: CalendarFeed.objects.get(person=scene.leader).path,
    "meetings:feed program": lambda scene: CalendarFeed.objects.get(person=scene.staff).path,
    "communities:news_feed of a group": lambda scene: news_feed(scene.leader, scene.community).path,
    "communities:news_feed of all": lambda scene: news_feed(scene.leader).path,
    "meetings:run_by_link": lambda scene: f"{meeting_links.answer_path(scene.running, scene.membership)}run/",
    "meetings:check_in_by_code": lambda scene: reverse(
        "meetings:check_in_by_code", args=[code_of(scene.running)]
    ),
    "meetings:hours_file": lambda scene: f"/communities/{scene.community.pk}/hours.csv?table=people",
    "meetings:program_hours_file": lambda scene: (
        f"/programs/{scene.program.pk}/hours.csv?table=organizations"
    ),
    "meetings:plan_series": lambda scene: (
        f"{reverse('meetings:plan_series', args=[scene.community.pk])}?{RULE}"
    ),
    "meetings:series_answer": lambda scene: meeting_links.series_path(
        scene.series, scene.series.community.memberships.order_by("pk")[0]
    ),
    "meetings:follow_ups": lambda scene: meeting_links.follow_ups_path(scene.membership),
    "meetings:summary": lambda scene: meeting_links.summary_path(
        scene.community.meetings.held().latest("pk"), scene.membership
    ),
    "live:projector trading": lambda scene: links.projector_path(scene.trading.room),
    "live:phone trading": lambda scene: links.phone_path(scene.trading),
    "live:own trading": lambda scene: f"{links.phone_path(scene.trading)}own/",
}


def news_feed(person: Person, community: Community | None = None) -> NewsFeed:
    return NewsFeed.objects.get(person=person, community=community)


def make_scene(rows: int) -> Scene:
    """A program with `rows` people, organizations, communities, meetings, words, check-ins and entries."""
    today, now = timezone.localdate(), timezone.now().replace(microsecond=0)
    provider = Provider.objects.create(name="Provider")
    staff = make_person(f"staff of {rows}", "scene")
    Staff.objects.create(provider=provider, person=staff)
    programs = [make_program(provider, f"scene {number}", today=today) for number in range(rows)]
    program = programs[0]
    people = [make_person(f"number {number} of {rows}", "scene") for number in range(rows)]
    enrollments = Enrollment.objects.bulk_create(
        Enrollment(program=program, person=person, name=person.name, email=person.email) for person in people
    )
    organizations = Organization.objects.bulk_create(
        Organization(program=program, name=f"Organization {number}") for number in range(rows)
    )
    Affiliation.objects.bulk_create(
        Affiliation(enrollment=enrollment, organization=organization)
        for enrollment, organization in zip(enrollments, organizations, strict=True)
    )
    communities = [make_community(program, f"scene {number}", today=today) for number in range(rows)]
    for community in communities:  # the first person leads them all
        _fill(community, enrollments[:1], now=now)
        LeaderCheckIn.objects.create(
            community=community,
            leader=people[0],
            by=staff,
            spoken_on=today - timedelta(days=50),
            mood=LeaderCheckIn.Mood.STUCK,
        )
    crowded = communities[0]
    _fill(crowded, enrollments[1:], now=now)
    Meeting.objects.bulk_create(
        Meeting(
            community=crowded,
            title="Meeting",
            time_zone="UTC",
            starts_at=now + timedelta(days=days),
            ends_at=now + timedelta(days=days, hours=1),
        )
        for number in range(rows)
        for days in (number + 8, -number - 8)
    )
    Message.objects.bulk_create(
        Message(
            recipient=person,
            to_address=person.email,
            occasion="scene:1",
            scope=program.scope,
            subject="Meeting",
            message_id=f"<{rows}-{person.pk}@example.org>",
            state=Message.State.FAILED,
            trouble=Message.Trouble.ADDRESS,
        )
        for person in people
    )
    Entry.objects.bulk_create(
        Entry(
            scope=program.scope,
            verb="membership.joined",
            actor=person,
            about=person,
            subject_kind="membership",
            subject_id="1",
        )
        for person in people
    )
    _set_up(program, communities)
    _converse(crowded)
    _decide(crowded)
    member = crowded.memberships.exclude(person=people[0]).get(person=people[1])
    formation = _form(program, enrollments)
    CalendarFeed.objects.create(person=people[0])
    for community in [None, *communities]:
        NewsFeed.objects.create(person=people[0], community=community)
    CalendarFeed.objects.create(person=staff, program=program)
    _shelve(crowded)
    return Scene(
        staff=staff,
        leader=people[0],
        program=program,
        community=crowded,
        formation=formation,
        proposal=formation.proposals.latest("number"),
        assessment=_assess(program, enrollments, organizations, now=now),
        published=_publish(program, communities),
        member=people[1],
        membership=member,
        room=(room := _gather(crowded, people)),
        poll=_find_times(crowded, rows, now=now),
        meeting=_put_together(crowded),
        running=_run(crowded, now=now),
        series=_repeat(crowded, rows, now=now),
        web=_weave(room),
        trading=_trade(program, enrollments, by=staff),
        marketplace=(topics := _offer(program, enrollments))[0].marketplace,
        offered_topic=topics[0],
        topic=program.topics.order_by("pk")[0],
        need=member.enrollment.needs.order_by("pk")[0],
    )


def _shelve(community: Community) -> None:
    """For everybody a folder, a topic, a thing and one that was thrown away; the first has many versions."""
    now = timezone.now()
    for each in community.memberships.order_by("pk"):
        folder = Folder.objects.create(community=community, name=f"Folder {each.pk}")
        for removed_at in (None, now):
            item = Item.objects.create(
                community=community,
                kind=Item.Kind.PAGE,
                title="Page",
                folder=folder,
                added_by=each,
                removed_at=removed_at,
            )
            ItemTopic.objects.create(item=item, name=f"Topic {each.pk}", key=f"topic {each.pk}")
            Item.objects.filter(pk=item.pk).update(
                current=Version.objects.create(item=item, number=1, markdown="Page", added_by=each)
            )
    _keep_practices(community)
    first = community.library.order_by("pk")[0]
    for number, each in enumerate(community.memberships.order_by("pk")):
        Version.objects.create(item=first, number=number + 2, markdown=f"Page {number}", added_by=each)


def _keep_practices(community: Community) -> None:
    """For everybody practices in four states; the first is everybody's story, tried by all."""
    now = timezone.now()
    words = dict.fromkeys(WORDS, "Practice") | {"evidence": "once"}
    members = list(community.memberships.order_by("pk"))
    for each in members:
        for state, published_at in (("published", now), ("asked", None), ("draft", None), ("aside", None)):
            practice = Practice.objects.create(
                community=community,
                kind="lesson",
                state=state,
                added_by=each,
                published_at=published_at,
                looked_at=published_at,
                told_at=published_at,
                **words,
            )
            PracticeTopic.objects.create(practice=practice, name=f"Topic {each.pk}", key=f"topic {each.pk}")
    first = community.practices.order_by("pk")[0]
    asked = community.practices.filter(state="asked").latest("pk")
    for number, each in enumerate(members):
        PracticeVersion.objects.create(practice=first, number=number + 1, added_by=each, **words)
        PracticeTrial.objects.create(practice=first, membership=each, words="Tried")
        for practice in (first, asked):
            PracticeVoice.objects.create(practice=practice, membership=each, answer="named")
            PracticeReview.objects.create(practice=practice, membership=each, is_ready=True, good="Good")


def _set_up(program: Program, communities: list[Community]) -> None:
    """A starter pack that one in three communities has, with a series."""
    pack = StarterPack.objects.create(
        program=program, title="Meeting", first_from=timezone.localdate(), clock=clock_time(15)
    )
    for place, community in enumerate(communities[1::3]):
        starter.give(GivenPack.objects.create(pack=pack, community=community, place=place).pk)


def _repeat(community: Community, rows: int, *, now: datetime) -> MeetingSeries:
    """As many series as people; the last has as many meetings, all to come and each changed by hand."""
    details = {"community": community, "title": "Series", "time_zone": "UTC"}
    first = now.date() + timedelta(days=30)
    several = [
        MeetingSeries.objects.create(
            **details,
            rhythm="weekly",
            weekdays=[first.weekday()],
            starts_on=first,
            ends_on=first + timedelta(weeks=rows),
            clock=now.time(),
            minutes=60,
        )
        for _number in range(rows)
    ]
    Meeting.objects.bulk_create(
        Meeting(
            **details,
            series=series,
            original_day=first + timedelta(weeks=week),
            is_exception=True,
            starts_at=now + timedelta(days=30, weeks=week),
            ends_at=now + timedelta(days=30, weeks=week, hours=1),
        )
        for series in several
        for week in range(rows if series is several[-1] else 1)
    )
    return several[-1]


def _find_times(community: Community, rows: int, *, now: datetime) -> TimePoll:
    """As many questions as people; the last asks for as many times, and everybody has answered them all."""
    polls = [
        TimePoll.objects.create(
            community=community, title="Time", minutes=60, time_zone="UTC", closes_on=now.date()
        )
        for _number in range(rows)
    ]
    for number in range(rows):
        time = ProposedTime.objects.create(poll=polls[-1], starts_at=now + timedelta(days=number + 1))
        TimeAnswer.objects.bulk_create(
            TimeAnswer(time=time, membership=each, answer=TimeAnswer.Answer.YES)
            for each in community.memberships.all()
        )
    return polls[-1]


def _put_together(community: Community) -> Meeting:
    """A meeting to come with an item on its agenda, and one in its box, for everybody."""
    meeting = Meeting.objects.of(community).upcoming()[0]
    for state in (AgendaItem.State.PLANNED, AgendaItem.State.ASKED):
        AgendaItem.objects.bulk_create(
            AgendaItem(meeting=meeting, state=state, title="Item", position=1, owner=each, asked_by=each)
            for each in community.memberships.all()
        )
    return meeting


def _gather(community: Community, people: list[Person]) -> Room:
    """As many rooms as people; in the last as many steps, and everybody has answered the first."""
    rooms = Room.objects.bulk_create(
        Room(
            program=community.program,
            community=community,
            title="Room",
            language="en",
            time_zone="UTC",
            code=f"OAK-{number}-{len(people)}",
            state=Room.State.RUNNING,
        )
        for number, _person in enumerate(people)
    )
    steps = Step.objects.bulk_create(
        Step(
            room=rooms[-1],
            kind=("choice", "interviews", "themes", "dots", "alone")[number % 5],
            title="Step",
            position=number,
            rounds_begun=1,
            settings=plan().settings,
        )
        for number, _person in enumerate(people)
    )
    Room.objects.filter(pk=rooms[-1].pk).update(current=steps[0])
    there = Participant.objects.bulk_create(
        Participant(room=rooms[-1], name=person.name, person=person) for person in people
    )
    Answer.objects.bulk_create(Answer(step=steps[0], participant=each, round=1, picks=[0]) for each in there)
    for step in steps[1:]:
        draw = Draw.objects.create(step=step, round=1)
        Seat.objects.bulk_create(
            Seat(draw=draw, table=1, turn=turn, participant=each) for turn, each in enumerate(there)
        )
        WriteUp.objects.bulk_create(
            WriteUp(step=step, round=1, about=each, by=there[0], words="Story") for each in there[1:]
        )
        Point.objects.bulk_create(
            Point(step=step, round=1, table=1, participant=each, words=f"Line {each.pk}") for each in there
        )
    return rooms[-1]


def _weave(room: Room) -> Step:
    """A web in a room of its own in which everybody needs something, and the first helps all others."""
    people = room.participants.all()
    room = Room.objects.create(
        program=room.program,
        community=room.community,
        title="Web",
        language="en",
        time_zone="UTC",
        code=f"WEB-{len(people)}",
    )
    web = Step.objects.create(room=room, kind="web", title="Web", rounds_begun=1)
    there = [Participant(room=room, name=each.name, person_id=each.person_id) for each in people]
    first, *others = Participant.objects.bulk_create(there)
    for each in others:
        strand = Strand.objects.create(step=web, round=1, participant=each, need=f"Need {each.pk}")
        Tie.objects.create(strand=strand, participant=first, how="A hand")
    return web


def _trade(program: Program, enrollments: list[Enrollment], *, by: Person) -> Participant:
    """A trading round in which the first met all others, each of whom asks them; two groups have formed."""
    room = Room.objects.create(
        program=program,
        title="Trading",
        language="en",
        time_zone="UTC",
        code=f"TRADE-{len(enrollments)}",
        state=Room.State.RUNNING,
        created_by=by,
    )
    step = Step.objects.create(
        room=room, kind="badge_trade", title="Trade", rounds_begun=1, state=Step.State.OPEN
    )
    Room.objects.filter(pk=room.pk).update(current=step)
    board = Marketplace.objects.create(program=program, name="Trading", closes_on=timezone.localdate())
    MarketRoom.objects.create(room=room, marketplace=board)
    there = Participant.objects.bulk_create(
        Participant(room=room, name=each.name, person_id=each.person_id) for each in enrollments
    )
    first, *others = there
    badges = Badge.objects.bulk_create(
        Badge(room=room, participant=each, number=number) for number, each in enumerate(there, 1)
    )
    lines = BadgeLine.objects.bulk_create(
        BadgeLine(badge=each, kind=kind, words="Outreach", key="outreach")
        for each in badges
        for kind in BadgeLine.Kind.values
    )
    # Half of them were met, the others' badges are near.
    Encounter.objects.bulk_create(
        Encounter(step=step, round=1, participant=first, badge=each) for each in badges[1::2]
    )
    Find.objects.bulk_create(Find(line=line, participant=first) for line in lines[2::4])
    Find.objects.bulk_create(Find(line=lines[0], participant=each) for each in others)
    mine, theirs = (
        OfferedTopic.objects.create(marketplace=board, name=f"Group {name}") for name in ("one", "two")
    )
    OfferedTopic.objects.create(marketplace=board, name="Group three", merged_into=theirs)
    Choice.objects.bulk_create(
        Choice(marketplace=board, topic=theirs if number % 2 else mine, enrollment=each)
        for number, each in enumerate(enrollments)
    )
    Handshake.objects.bulk_create(Handshake(room=room, by=each, to=first, words="Rides") for each in others)
    for number, _each in enumerate(others):
        guest = Participant.objects.create(room=room, name=f"Guest {number}")
        GuestWish.objects.create(participant=guest, topic=mine)
    return first


def _offer(program: Program, enrollments: list[Enrollment]) -> list[OfferedTopic]:
    """As many marketplaces as people; on the last everybody offered a topic, and waits for the first."""
    marketplaces = [
        Marketplace.objects.create(
            program=program,
            name=f"Marketplace {number}",
            minimum=2,
            closes_on=timezone.localdate() + timedelta(days=5),
        )
        for number in range(len(enrollments))
    ]
    topics = [
        OfferedTopic.objects.create(
            marketplace=marketplaces[-1], name=f"Topic {number}", why="Why", offered_by=each
        )
        for number, each in enumerate(enrollments)
    ]
    for topic, each in zip(topics, enrollments, strict=True):
        Choice.objects.create(marketplace=topic.marketplace, topic=topic, enrollment=each)
        Criterion.objects.create(topic=topic, written_by=each, text="Everybody")
        Interest.objects.create(topic=topic, enrollment=each, level=Interest.Level.MUCH)
        Appearance.objects.create(marketplace=topic.marketplace, enrollment=each)
    Choice.objects.bulk_create(
        Choice(marketplace=topics[0].marketplace, topic=topics[0], enrollment=each, is_waiting=True)
        for each in enrollments[1:]
    )
    return topics


def _publish(program: Program, communities: list[Community]) -> Formation:
    """A published formation in which everybody asks to change, and as many came late."""
    published = Formation.objects.create(
        program=program,
        name="Published",
        reason=Community.Reason.STABLE_TEAM,
        minimum=1,
        state=Formation.State.PUBLISHED,
        rules=[{"kind": "balanced", "field": "organization"}],
        swaps_until=timezone.localdate() + timedelta(days=7),
        swaps_decided_by=Decider.MEMBERS,
    )
    proposal = make_proposal_of(published)
    ProposedCommunity.objects.bulk_create(
        ProposedCommunity(
            proposal=proposal, name=each.name, position=place, minimum=2, maximum=900, community=each
        )
        for place, each in enumerate(communities)
    )
    memberships = Membership.objects.filter(community__in=communities)
    SwapRequest.objects.bulk_create(
        SwapRequest(
            formation=published, membership=each, wanted=None if each.role == "member" else communities[0]
        )
        for each in memberships
    )
    gone = make_person(f"gone of {len(communities)}", "scene")
    for each in communities:
        enrollment, _is_new = Enrollment.objects.get_or_create(program=program, person=gone, name=gone.name)
        Membership.objects.create(
            community=each, person=gone, enrollment=enrollment, state=Membership.State.LEFT
        )
    for number, _each in enumerate(communities):
        late = make_person(f"late {number} of {len(communities)}", "scene")
        Enrollment.objects.create(program=program, person=late, name=late.name)
    return published


def _converse(community: Community) -> None:
    """As many conversations as people; in the last everybody wrote, reacted, quoted and helped."""
    memberships = list(community.memberships.order_by("pk"))
    threads = [
        talk.Thread.objects.create(
            community=community,
            kind="ask",
            title="Rides",
            started_by=each.person,
            settled_at=timezone.now(),
            post_count=1,
        )
        for each in memberships
    ]
    quoted = None
    for thread, each in zip(threads, memberships, strict=True):
        for where in {thread, threads[-1]}:
            post = talk.Post.objects.create(
                thread=where, community=community, author=each.person, markdown="@Ana", told_at=timezone.now()
            )
        post = threads[-1].posts.latest("pk")
        talk.Post.objects.filter(pk=post.pk).update(quoted=quoted, quoted_text="Words")
        talk.Reaction.objects.create(post=post, person=each.person, kind="thanks")
        talk.Mention.objects.create(post=post, person=each.person)
        talk.Attachment.objects.create(post=post, name="a.txt", content_type="text/plain", size=1)
        talk.Help.objects.create(community=community, thread=threads[-1], helper=each.person, post=post)
        moderation.Flag.objects.create(post=post, flagged_by=each.person, reason="other")
        kept = talk.Post.objects.create(
            thread=thread, community=community, author=each.person, markdown="Hi", hidden_at=timezone.now()
        )
        moderation.HeldPost.objects.create(post=kept)
        quoted = threads[-1].posts.order_by("pk")[0]
        talk.PostVersion.objects.create(post=quoted, markdown="Words")
    _archive(community, threads, memberships)


def _archive(community: Community, threads: list[talk.Thread], memberships: list[Membership]) -> None:
    """As many archives as people, brought in by each; and one that is to be, written by as many strangers."""
    for thread, each in zip(threads, memberships, strict=True):
        furnish_archives(thread, each, f"archive {each.pk}")
    archives = community.archives.filter(state="previewed").order_by("pk")
    ArchiveLine.objects.filter(archive__in=archives).update(archive=archives[0])
    archives.exclude(pk=archives[0].pk).update(state="dropped")
    Writer.objects.filter(community=community).update(person=None)


def words_key(community: Community) -> str:
    """The address of a reason in a community's latest decision."""
    decision = deciding.Decision.objects.filter(thread__community=community).latest("pk")
    return Words(decision, Remark.Part.ANSWER, decision.ballots.order_by("-pk")[0]).key


def _decide(community: Community) -> None:
    """As many decisions as conversations: all but two decided; those everybody has answered."""
    threads = list(community.threads.order_by("pk"))
    asked = {"question": "Which?", "time_zone": "UTC", "closes_at": timezone.now() + timedelta(days=9)}
    for thread in threads:
        deciding.Decision.objects.create(
            thread=thread,
            kind="one",
            outcome="So",
            outcome_at=timezone.now(),
            outcome_by=thread.started_by,
            **asked,
        )
    consent = deciding.Decision.objects.create(thread=threads[0], kind="consent", **asked)
    choice = deciding.Decision.objects.create(thread=threads[-1], kind="several", **asked)
    for number in range(min(12, community.memberships.active().count())):
        deciding.Option.objects.create(decision=choice, label=f"Option {number}", position=number)
    options = list(choice.options.all())
    for each in list(community.memberships.active().order_by("pk"))[1:]:
        deciding.Ballot.objects.create(
            decision=consent, membership=each, stance="object", words="No", reply="But"
        )
        ballot = deciding.Ballot.objects.create(decision=choice, membership=each, words="So")
        deciding.Choice.objects.bulk_create(
            deciding.Choice(ballot=ballot, option=option) for option in options
        )
        flag_words(ballot, "", by=each.person)


def _run(community: Community, *, now: datetime) -> Meeting:
    """A meeting that goes on: everybody is there, leads an item, and writes one thing of each kind."""
    meeting = Meeting.objects.create(
        community=community,
        title="Going on",
        time_zone="UTC",
        starts_at=now - timedelta(minutes=10),
        ends_at=now + timedelta(minutes=50),
        opened_at=now,
    )
    for number, each in enumerate(community.memberships.select_related("enrollment")):
        item = AgendaItem.objects.create(meeting=meeting, title="Item", position=number + 1, owner=each)
        by = {"meeting": meeting, "item": item}
        Note.objects.create(**by, author=each, text="Notes")
        Decision.objects.create(**by, membership=each, text="Decided")
        Lesson.objects.create(**by, membership=each, text="Learned")
        Commitment.objects.create(
            community=community, membership=each, what="Call", source_key=key_of(meeting, item)
        )
        Need.objects.create(enrollment=each.enrollment, text="Rides", source_key=key_of(meeting, item))
        Attendance.objects.create(meeting=meeting, membership=each, was_present=True, arrived_at=now)
        meeting.current_item, meeting.item_began_at = item, now
    meeting.save()
    return meeting


def _fill(community: Community, enrollments: list[Enrollment], *, now) -> None:
    """Members with a meeting behind them and one ahead; the first of all leads."""
    memberships = Membership.objects.bulk_create(
        Membership(
            community=community,
            person=enrollment.person,
            enrollment=enrollment,
            state=Membership.State.ACTIVE,
            role=Membership.Role.LEADER if len(enrollments) == 1 else Membership.Role.MEMBER,
            joined_at=now,
        )
        for enrollment in enrollments
    )
    held, ahead = (
        Meeting.objects.create(
            community=community,
            title="Meeting",
            time_zone="UTC",
            starts_at=now + timedelta(days=days),
            ends_at=now + timedelta(days=days, hours=1),
            attendance_taken_at=now if days < 0 else None,
            present_count=len(enrollments) if days < 0 else None,
            expected_count=len(enrollments) if days < 0 else None,
        )
        for days in (-7, 7)
    )
    Attendance.objects.bulk_create(
        Attendance(meeting=held, membership=each, was_present=True) for each in memberships
    )
    PulseAnswer.objects.bulk_create(
        PulseAnswer(meeting=held, membership=each, worth=4, will_try="Call") for each in memberships
    )
    FollowUp.objects.bulk_create(
        FollowUp(
            meeting=held,
            membership=each,
            days=days,
            asked_at=now,
            answered_at=now,
            tried=2,
            counted_tried=2,
            story="Called",
            may_show=True,
        )
        for each in memberships
        for days in FollowUp.After
    )
    MissedMeeting.objects.bulk_create(
        MissedMeeting(
            meeting=held,
            membership=each,
            asked_at=now,
            answered_at=now,
            reason=MissedMeeting.Reason.TIME,
            shows_name=True,
        )
        for each in memberships
    )
    MeetingReply.objects.bulk_create(
        MeetingReply(meeting=ahead, membership=each, answer=MeetingReply.Answer.COMING)
        for each in memberships
    )
    InvitationWord.objects.bulk_create(
        InvitationWord(membership=each, kind=InvitationWord.Kind.QUESTION, text="When?")
        for each in memberships
    )
    Priority.objects.bulk_create(Priority(community=community, need="Rides") for _each in memberships)
    _agree(community, memberships, now=now)


def _agree(community: Community, memberships: list[Membership], *, now: datetime) -> None:
    """As many goals, roles and commitments as members; the first goal has as many notes."""
    day = now.date()
    goals = [
        Goal.objects.create(community=community, words="Stay", indicator="Who stays", target=9)
        for _each in memberships
    ]
    GoalNote.objects.bulk_create(GoalNote(goal=goals[0], on=day, value=3) for _each in memberships)
    for place, each in enumerate(memberships):
        role = Role.objects.create(community=community, kind=Role.Kind.OWN, name="Rides", minutes_a_month=9)
        if place % 2:
            RoleTerm.objects.create(role=role, holder=each, backup=memberships[0], starts_on=day)
        else:
            RoleOffer.objects.bulk_create(RoleOffer(role=role, membership=other) for other in memberships)
            RoleTerm.objects.bulk_create(
                RoleTerm(role=role, holder=other, starts_on=day, ended_on=day, hand_over="Call")
                for other in memberships
            )
    if len(memberships) > 1:
        _constitute(community, memberships, day)
    held = community.meetings.held().latest("pk")
    Decision.objects.bulk_create(Decision(meeting=held, text="At two") for _each in memberships)
    Commitment.objects.bulk_create(
        Commitment(
            community=community, membership=each, what="Call", source_key=f"meeting:{held.pk}:0:{each.pk}"
        )
        for each in memberships
    )
    Commitment.objects.bulk_create(
        Commitment(community=community, membership=each, what="Call", state=state, settled_at=settled_at)
        for each in memberships
        for state, settled_at in ((Commitment.State.MADE, None), (Commitment.State.DONE, now))
    )


def _constitute(community: Community, memberships: list[Membership], day: date) -> None:
    """As many versions of a charter as members; half of them object to the last."""
    charters = Charter.objects.bulk_create(
        Charter(community=community, number=number, closes_on=day, state=Charter.State.REPLACED)
        for number, _each in enumerate(memberships)
    )
    charter = Charter.objects.create(community=community, number=len(charters), closes_on=day)
    Consent.objects.bulk_create(
        Consent(charter=charter, membership=each, answer=Consent.Answer.OBJECT, words="Too much")
        for each in memberships[::2]
    )


def _assess(
    program: Program, enrollments: list[Enrollment], organizations: list[Organization], *, now: datetime
) -> NeedsAssessment:
    """As many topics and assessments as people, who have all answered; the last assessment is over."""
    topics = [Topic.objects.create(program=program, name=f"Topic {each.pk}") for each in enrollments]
    for each in enrollments:  # the second person says as much as there are people, everybody something
        for model in (Need, Expertise):
            model.objects.create(enrollment=each, topic=topics[0], text="Said", audience="program")
            model.objects.create(enrollment=enrollments[1], topic=topics[-1], text="Said", audience="program")
    document = instrument_about(topics, language="en")
    for _enrollment in enrollments:
        instrument = surveys.Instrument.objects.create(
            program=program, name="Needs", content=written(document)
        )
        wave = surveys.Wave.objects.create(
            program=program,
            instrument=instrument,
            name="Needs",
            opened_at=now - timedelta(days=9),
            closes_at=now - timedelta(days=1),
        )
        assessment = NeedsAssessment.objects.create(wave=wave)
    needs = Need.objects.filter(enrollment=enrollments[1], topic=topics[-1])
    offers = Expertise.objects.filter(enrollment__in=enrollments[2:], topic=topics[0])
    Introduction.objects.bulk_create(
        Introduction(program=program, need=need, offer=offer)
        for need, offer in zip(needs, offers, strict=False)
    )
    for enrollment, organization in zip(enrollments, organizations, strict=True):
        participant = surveys.Participant.objects.create(
            wave=wave, enrollment=enrollment, organization=organization, has_answered=True
        )
        response = surveys.Response.objects.create(
            wave=wave, participant=participant, is_sent=True, sent_on=now.date()
        )
        surveys.Answer.objects.bulk_create(
            surveys.Answer(response=response, question=question, item=f"topic_{topic.pk}", number=number + 2)
            for topic in topics
            for number, question in enumerate((IMPORTANCE, CONFIDENCE))
        )
    return assessment


def _form(program: Program, enrollments: list[Enrollment]) -> Formation:
    """As many formations as people; the last has a column for each three."""
    formations = [
        Formation.objects.create(
            program=program,
            name=f"Formation {number}",
            reason=Community.Reason.STABLE_TEAM,
            minimum=1,
            state=Formation.State.PROPOSED,
        )
        for number in range(len(enrollments))
    ]
    proposals = [make_proposal_of(formations[-1], number=number + 1) for number in range(len(enrollments))]
    columns = ProposedCommunity.objects.bulk_create(
        ProposedCommunity(
            proposal=proposals[-1], name=f"Column {place}", position=place, minimum=1, maximum=9
        )
        for place in range(len(enrollments) // 3)
    )
    Place.objects.bulk_create(
        Place(
            proposal=proposals[-1],
            proposed_community=columns[number % len(columns)],
            enrollment=enrollment,
        )
        for number, enrollment in enumerate(enrollments)
    )
    return formations[-1]


def count_all(scene: Scene) -> dict[tuple[str, str], int]:
    """Return how many queries each page took for each reader, once all there is can be found."""
    indexing.refresh()
    counts = {}
    for kind in ("staff", "leader", "member", "guest"):
        client = Client()
        if kind != "guest":
            client.force_login(getattr(scene, kind))
        for name, (_arguments, readers) in PAGES.items():
            if kind in readers:
                address = scene.address(name)
                with CaptureQueriesContext(
                    connection,
                ) as queries:
                    response = client.get(address)
                assert (name, kind, response.status_code) == (name, kind, 200)
                counts[name, kind] = len(queries)
    return counts


@pytest.fixture
def counts(db: None) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    return count_all(make_scene(FEW)), count_all(make_scene(MANY))


def test_no_page_asks_more_for_more_rows_nor_more_than_twelve_times(counts):
    few, many = counts

    assert {page: (few[page], many[page]) for page in many if few[page] != many[page]} == {}
    assert {page: count for page, count in many.items() if count > MOST_QUERIES} == {}
