"""The cast: two providers with every kind of person and thing, each row marked with whose it is.

Every name and free word of the first provider holds CANARY-OURS, of the second CANARY-THEIRS (addresses in
small letters), so that whatever shows up at the wrong door is known by its voice.
"""

import functools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from hashlib import sha256
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from coppice.accounts.links import make_address_token, make_sign_in_token
from coppice.accounts.models import Person
from coppice.activities import poster_wall
from coppice.activities.models import (
    Absence,
    Bundle,
    Card,
    CardPhoto,
    Draw,
    Match,
    Point,
    Poster,
    PosterPhoto,
    Seat,
    Slip,
    Strand,
    Theme,
    Thread,
    Tie,
    Walk,
    Wish,
    WriteUp,
)
from coppice.activities.wall import picture_path
from coppice.communities.charter_models import Charter, CharterDraft, Consent
from coppice.communities.commitment_models import Commitment
from coppice.communities.links import charter_path, commitment_path, token_of
from coppice.communities.models import Community, InvitationWord, Membership, Priority
from coppice.communities.news_models import NewsFeed
from coppice.communities.plan_models import Goal, GoalNote, PlanAnswer, PlanFrame
from coppice.communities.role_models import Role, RoleOffer, RoleTerm
from coppice.conversations import decision_models as deciding
from coppice.conversations import models as talk
from coppice.conversations import moderation_models as moderation
from coppice.conversations import peace_models as peace
from coppice.conversations import reading_models as readings
from coppice.conversations.models import Attachment, Post
from coppice.conversations.tests.factories import furnish_archives
from coppice.formation.market_board import Chooser
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
    Handshake,
    Interest,
    Marketplace,
    OfferedTopic,
    Place,
    ProposedCommunity,
    Swap,
    SwapRequest,
)
from coppice.formation.tests.factories import make_proposal_of
from coppice.history.models import Entry
from coppice.library.tests.factories import furnish
from coppice.live import links as live_links
from coppice.live.models import Answer, Move, Participant, Room, Step
from coppice.live.tests.factories import make_room, plan
from coppice.meetings import links
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.check_in_codes import code_of
from coppice.meetings.minutes_models import Decision, Lesson, Note
from coppice.meetings.models import (
    Attendance,
    CalendarFeed,
    FollowUp,
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
from coppice.notifications import subscriptions
from coppice.notifications.inbound_models import AddressStanding, ReceivedMail
from coppice.notifications.models import Message
from coppice.notifications.push_models import PushSubscription
from coppice.photos.actions import put as put_photo
from coppice.photos.renditions import Pictures, pictures_of
from coppice.photos.tests.factories import content
from coppice.profiles.links import token_of as profile_token_of
from coppice.profiles.models import (
    Expertise,
    Introduction,
    Need,
    NeedsAssessment,
    ObjectPhoto,
    Profile,
    Telling,
)
from coppice.profiles.questions import instrument_about
from coppice.programs.actions import begin_import, match_columns
from coppice.programs.models import (
    Affiliation,
    Enrollment,
    FunderSeat,
    Organization,
    Program,
    Provider,
    RosterImport,
    Staff,
    Topic,
)
from coppice.programs.rosters.fields import Field
from coppice.stewardship.models import LeaderCheckIn
from coppice.surveys import models as surveys
from coppice.surveys.instruments import written
from coppice.surveys.links import token_of as survey_token_of

OURS = "CANARY-OURS"
THEIRS = "CANARY-THEIRS"

# Everybody who may knock at a door, in the order of the matrix's columns.
KINDS = (
    "signed_out",
    "outsider",
    "invited",
    "member",
    "leader",
    "organization_lead",
    "provider_staff",
    "provider_admin",
    "other_admin",
    "suspended",
    "funder",
)


# Doors of a meeting that go to the one that was held.
HELD = {
    *("attendance", "run", "state", "opening", "close", "reopening", "worth", "here"),
    *("written", "removal", "return", "minutes_file", "afterwards"),
    *("check_in", "check_in_people", "presence", "check_in_sheet"),
}

AFTER_PUBLICATION = {"swaps", "swap_window", "exchange", "gaps", "late"}


@dataclass(frozen=True)
class House:
    """One provider with one of everything. `people` holds whoever belongs to it, by kind."""

    canary: str
    people: dict[str, Person]
    provider: Provider
    post: Staff
    program: Program
    topic: Topic
    organization: Organization
    enrollment: Enrollment
    roster_import: RosterImport
    community: Community
    memberships: dict[str, Membership]
    word: InvitationWord
    meeting: Meeting
    past_meeting: Meeting
    series: MeetingSeries
    series_meeting: Meeting
    time_poll: TimePoll
    agenda_item: AgendaItem
    feed: CalendarFeed
    news_feed: NewsFeed
    check_in: LeaderCheckIn
    formation: Formation
    proposed_community: ProposedCommunity
    place: Place
    published: Formation
    swap_request: SwapRequest
    swap: Swap
    room: Room
    step: Step
    participant: Participant
    pairs: Step
    gallery: Step
    posters: Step
    web: Step
    badges: Step
    asked: surveys.Participant
    assessment: NeedsAssessment
    need: Need
    priority: Priority
    goal: Goal
    role: Role
    commitment: Commitment
    charter: Charter
    offer: Expertise
    introduction: Introduction
    marketplace: Marketplace
    offered_topic: OfferedTopic
    thread: talk.Thread
    message: Message
    received: ReceivedMail
    browser: PushSubscription
    standing: AddressStanding
    session: UserSession
    passkey: Authenticator
    library: dict[str, Any]
    archives: dict[str, Any]

    def arguments(self, name: str, wanted: tuple[str, ...]) -> dict[str, Any]:
        """Return values for a URL's arguments, by their names; raises KeyError for one that nobody knows."""
        return {argument: self._argument(name, argument) for argument in wanted}

    def _argument(self, name: str, argument: str) -> Any:
        room, _, page = name.rpartition(":")
        if argument == "token":
            return self._token(room, page)
        if name == "activities:poster_photo" and argument == "step_id":
            return self.posters.pk
        if room == "library" and argument in self.library:
            return self.library[argument]
        if room == "conversations" and argument in self.archives:
            return self.archives.get(page, self.archives[argument])
        if room == "conversations" and argument == "post_id":
            return self.post_in_thread(page).pk
        if room == "activities" and argument == "step_id":
            return self.gallery.pk
        if name == "formation:room_badges":
            return self.badges.pk
        if name == "live:host_act":
            return {"step_id": self.pairs.pk, "act": "here"}[argument]
        if argument == "role_id" and page in {"role_end", "role_offer", "role_offer_end"}:
            return self.community.roles.get(kind=Role.Kind.REPORTER).pk
        if room == "meetings" and page in HELD and argument == "meeting_id":
            return self.past_meeting.pk
        if page.startswith("news_feed"):
            return self.news_feed.pk
        if room == "meetings" and argument == "kind":
            return "decision"
        if name in {"meetings:following", "meetings:series_end"}:
            return self.series_meeting.pk
        if argument == "formation_id" and page in AFTER_PUBLICATION:
            return self.published.pk
        if argument == "attachment_id":
            return self.attachment_of(name).pk
        return self._usual[argument]

    @functools.cached_property
    def _usual(self) -> dict[str, Any]:
        """What an argument is wherever nothing else was said: asked of the database once, for all doors."""
        return {
            "program_id": self.program.pk,
            "provider_id": self.provider.pk,
            "post_id": self.post.pk,
            "organization_id": self.organization.pk,
            "enrollment_id": self.enrollment.pk,
            "roster_import_id": self.roster_import.pk,
            "community_id": self.community.pk,
            "membership_id": self.memberships["member"].pk,
            "word_id": self.word.pk,
            "meeting_id": self.meeting.pk,
            "row_id": self.past_meeting.decisions.get().pk,
            "spoken": code_of(self.past_meeting),
            "item_id": self.agenda_item.pk,
            "series_id": self.series.pk,
            "poll_id": self.time_poll.pk,
            "time_id": self.time_poll.times.all()[0].pk,
            "feed_id": self.feed.pk,
            "follow_up_id": self.past_meeting.follow_ups.get().pk,
            "check_in_id": self.check_in.pk,
            "formation_id": self.formation.pk,
            "proposed_community_id": self.proposed_community.pk,
            "proposal_id": self.proposed_community.proposal_id,
            "place_id": self.place.pk,
            "swap_request_id": self.swap_request.pk,
            "swap_id": self.swap.pk,
            "room_id": self.room.pk,
            "step_id": self.step.pk,
            "web_id": self.web.pk,
            "wall_id": self.posters.pk,
            "poster_id": self.posters.posters.get().pk,
            "participant_id": self.participant.pk,
            "answer_id": self.participant.answers.get().pk,
            "kind": "choice",
            "act": "answer",
            "code": self.room.code,
            "stream": live_links.stream_path(
                live_links.Stream("phone", self.room.pk, "en", self.participant.pk)
            ).split("/")[3],
            "instrument_id": self.assessment.wave.instrument_id,
            "wave_id": self.assessment.wave_id,
            "assessment_id": self.assessment.pk,
            "need_id": self.need.pk,
            "priority_id": self.priority.pk,
            "question": "potential",
            "goal_id": self.goal.pk,
            "role_id": self.role.pk,
            "commitment_id": self.commitment.pk,
            "charter_id": self.charter.pk,
            "objection_id": self.charter.consents.get(answer=Consent.Answer.OBJECT).pk,
            "source": "dots-0",
            "card_id": self.gallery.cards.get().pk,
            "profile_id": self.enrollment.profile.pk,
            "size": "large",
            "topic_id": self.topic.pk,
            "offer_id": self.offer.pk,
            "introduction_id": self.introduction.pk,
            "telling_id": self.introduction.tellings.get().pk,
            "screen": 1,
            "marketplace_id": self.marketplace.pk,
            "offered_topic_id": self.offered_topic.pk,
            "message_id": self.message.pk,
            "mail_id": self.received.pk,
            "browser_id": self.browser.pk,
            "standing_id": self.standing.pk,
            "provider": "postmark",
            "secret": "guessed",
            "list_key": self.community.list_key,
            "thread_id": self.thread.pk,
            "decision_id": self.open_choice.pk,
            "ballot_id": self.thread.decisions.get().ballots.get().pk,
            "person_id": self.memberships["leader"].person.pk,
            "session_id": self.session.pk,
            "pk": self.passkey.pk,
            "uidb36": "1",
            "key": "set-password",
            "template_key": "charter",
            "language": "es",
            "ending": "docx",
        }

    @property
    def open_choice(self) -> deciding.Decision:
        """The decision with options that is open."""
        return deciding.Decision.objects.undecided().get(thread__community=self.community, kind="one")

    def post_in_thread(self, page: str) -> Post:
        """The first post of the conversation; the administrator's own where a page is for its writer."""
        posts = self.thread.posts.in_order()
        return posts.get(author=self.people["provider_admin"]) if page in {"edit", "removal"} else posts[0]

    def attachment_of(self, name: str) -> Attachment:
        """The picture of the conversation, or its other file."""
        files = Attachment.objects.filter(post__thread=self.thread)
        return files.get(picture__isnull=name != "conversations:picture")

    def _token(self, room: str, page: str) -> str:
        member = self.memberships["member"]
        if page == "picture":
            return picture_path(self.gallery.cards.get().photo).split("/")[2]
        if page == "poster_picture":
            return poster_wall.picture_path(self.posters.posters.get().photo).split("/")[2]
        if page.startswith("own_charter"):
            return charter_path(self.charter, member).split("/")[2]
        if page.startswith("own_commitment"):
            return commitment_path(self.commitment, member).split("/")[2]
        if page == "news_feed":
            return self.news_feed.path.split("/")[2].removesuffix(".atom")
        if room == "communities":
            return token_of(self.memberships["invited"])
        if page.startswith("own_market"):
            return Chooser(self.marketplace, self.enrollment).token
        if room == "formation":
            return token_of(member)
        if page == "projector":
            return live_links.projector_path(self.room).split("/")[2]
        if room == "live" and page == "claim":
            return live_links.claim_path(self.participant, self.people["member"]).split("/")[2]
        if room == "live" and page == "link":
            return live_links.link_path(self.room, self.people["member"]).split("/")[2]
        if room in {"live", "activities"}:
            return live_links.token_of(self.participant)
        if room == "surveys":
            return survey_token_of(self.asked)
        if room == "profiles":
            return profile_token_of(self.enrollment)
        if page == "address_confirmation":
            return make_address_token(self.people["member"], email=f"{self.canary.lower()}-new@example.org")
        if room == "accounts":
            return make_sign_in_token(self.people["member"])
        if room == "notifications":
            return subscriptions.make_token(member.person_id, self.community.list_key)
        if room == "meetings" and page == "feed":
            return self.feed.path.split("/")[2].removesuffix(".ics")
        if page.endswith("_by_link"):
            return links.answer_path(self.past_meeting, member).split("/")[2]
        if page.startswith("pulse"):
            return links.pulse_path(self.past_meeting, member).split("/")[2]
        if page.startswith("follow_up"):
            return links.follow_ups_path(member).split("/")[2]
        if room == "meetings" and page == "summary":
            return links.summary_path(self.past_meeting, member).split("/")[2]
        if page.startswith("absence"):
            return links.absence_path(self.past_meeting, member).split("/")[2]
        if page.startswith("series"):
            return links.series_path(self.series, member).split("/")[2]
        if page.startswith("times"):
            return links.times_path(self.time_poll, member).split("/")[2]
        return links.answer_path(self.meeting, member).split("/")[2]


@dataclass(frozen=True)
class Cast:
    """Both houses, and the people who knock at our doors, by kind (None for somebody signed out)."""

    ours: House
    theirs: House
    people: dict[str, Person | None]


@pytest.fixture
def cast(db: None) -> Cast:
    """Make both houses, and people of every kind."""
    return make_cast()


def make_browser(person: Person, canary: str) -> PushSubscription:
    """A browser that tells a person what waits for their answer."""
    endpoint = f"https://push.example/{canary.lower()}"
    return PushSubscription.objects.create(
        person=person,
        endpoint=endpoint,
        endpoint_digest=PushSubscription.digest_of(endpoint),
        key="key",
        secret="secret",
        browser=f"{canary} browser",
    )


def make_cast() -> Cast:
    """Two houses that know nothing of each other but a few people, who are called otherwise in each.

    One takes part in both, two hold a post and a seat at both.
    """
    ours, theirs = make_house(OURS), make_house(THEIRS)
    stranger = theirs.people["member"]
    enrollment = enroll(ours.program, stranger, name=f"{OURS} of both", email="canary-ours-both@example.org")
    join(ours.community, enrollment)
    share(theirs.people["provider_staff"], theirs.people["funder"], by=ours)
    share(make_person("worker", OURS), make_person("giver", OURS), by=theirs)
    people: dict[str, Person | None] = {
        "signed_out": None,
        "outsider": make_person("Outsider", OURS),
        "other_admin": theirs.people["provider_admin"],
        "suspended": make_person("Suspended", OURS, is_active=False),
        **{
            kind: ours.people[kind]
            for kind in (
                "invited",
                "member",
                "leader",
                "organization_lead",
                "provider_staff",
                "provider_admin",
                "funder",
            )
        },
    }
    Staff.objects.create(
        provider=ours.provider,
        person=people["suspended"],
        role=Staff.Role.ADMIN,
        **_said_of(people["suspended"]),
    )
    return Cast(ours=ours, theirs=theirs, people={kind: people[kind] for kind in KINDS})


def share(worker: Person, giver: Person, *, by: House) -> None:
    """Let a house give a post and a seat to people of the other, by its own names; they act."""
    called = {
        person.pk: {"name": f"{by.canary} {role}", "email": f"{by.canary}-{role}@example.org".lower()}
        for person, role in ((worker, "worker of both"), (giver, "giver of both"))
    }
    Staff.objects.create(provider=by.provider, person=worker, **called[worker.pk])
    seat = FunderSeat.objects.create(program=by.program, person=giver, **called[giver.pk])
    for person in (worker, giver):
        Entry.objects.create(
            scope=by.program.scope,
            verb="funder.seated",
            actor=worker,
            about=person,
            subject_kind="funderseat",
            subject_id=str(seat.pk),
            subject_name=str(seat),
        )
        Message.objects.create(
            recipient=person,
            to_address=called[person.pk]["email"],
            occasion=f"{by.canary}:{person.pk}",
            scope=by.program.scope,
            subject=f"{by.canary} subject",
            text="",
            html="",
            message_id=f"<{by.canary}-{person.pk}@example.org>",
            state=Message.State.FAILED,
        )


@functools.cache
def pictures() -> Pictures:
    """A photo, drawn once for all houses."""
    return pictures_of(content())


def make_person(name: str, canary: str, **fields: Any) -> Person:
    """A person whose name and address say whose they are."""
    address = f"{canary}-{name.replace(' ', '-')}@example.org".lower()
    return Person.objects.create(
        name=f"{canary} {name}", email=address, phone=f"{canary} 555", password="!", **fields
    )


def make_house(canary: str) -> House:
    """One provider with one of everything, all of it marked."""
    now, today = timezone.now().replace(microsecond=0), timezone.localdate()
    kinds = (
        "invited",
        "member",
        "leader",
        "organization_lead",
        "provider_staff",
        "provider_admin",
        "funder",
    )
    people = {kind: make_person(kind.replace("_", " "), canary) for kind in kinds}

    provider = Provider.objects.create(name=f"{canary} provider")
    post = Staff.objects.create(
        provider=provider, person=people["provider_staff"], **_said_of(people["provider_staff"])
    )
    Staff.objects.create(
        provider=provider,
        person=people["provider_admin"],
        role=Staff.Role.ADMIN,
        **_said_of(people["provider_admin"]),
    )
    program = make_program(provider, canary, today=today)
    FunderSeat.objects.create(program=program, person=people["funder"], **_said_of(people["funder"]))
    topic = Topic.objects.create(program=program, name=f"{canary} topic")
    organization = Organization.objects.create(
        program=program, name=f"{canary} organization", area=f"{canary} area", kind=f"{canary} kind"
    )
    enrollments = {
        kind: enroll(program, people[kind], organization=organization, is_lead=kind == "organization_lead")
        for kind in ("invited", "member", "leader", "organization_lead")
    }
    roster_import = begin_import(
        program,
        by=people["provider_admin"],
        filename=f"{canary}.csv",
        content=(
            f"{canary} name,{canary} email\n{canary} newcomer,{canary.lower()}-newcomer@example.org\n"
        ).encode(),
    )
    roster_import = match_columns(
        roster_import,
        chosen={0: str(Field.FULL_NAME), 1: str(Field.EMAIL)},
        by=people["provider_admin"],
    )

    community = make_community(program, canary, topic=topic, today=today)
    memberships = {
        "invited": join(community, enrollments["invited"], state=Membership.State.INVITED),
        "member": join(community, enrollments["member"]),
        "leader": join(community, enrollments["leader"], role=Membership.Role.LEADER),
    }
    word = InvitationWord.objects.create(
        membership=memberships["invited"], kind=InvitationWord.Kind.QUESTION, text=f"{canary} question"
    )
    InvitationWord.objects.create(
        membership=memberships["member"], kind=InvitationWord.Kind.WORRY, text=f"{canary} worry"
    )

    meeting = make_meeting(community, canary, starts_at=now + timedelta(days=7))
    past = make_meeting(community, canary, starts_at=now - timedelta(days=1))
    MeetingReply.objects.create(
        meeting=meeting, membership=memberships["leader"], answer=MeetingReply.Answer.COMING
    )
    for kind in ("member", "leader"):
        Attendance.objects.create(
            meeting=past, membership=memberships[kind], was_present=kind == "member", asked_at=now
        )
    past.attendance_taken_at, past.present_count, past.expected_count = now, 1, 2
    past.save()
    PulseAnswer.objects.create(
        meeting=past, membership=memberships["leader"], worth=4, will_try=f"{canary} will try"
    )
    _write(past, memberships["member"], canary)
    FollowUp.objects.create(
        meeting=past,
        membership=memberships["member"],
        days=FollowUp.After.MONTH,
        asked_at=now,
        answered_at=now,
        tried=2,
        story=f"{canary} story",
        next_step=f"{canary} next step",
        may_show=True,
    )
    MissedMeeting.objects.create(
        meeting=past,
        membership=memberships["member"],
        asked_at=now,
        answered_at=now,
        reason=MissedMeeting.Reason.TIME,
        words=f"{canary} was missing",
        shows_name=True,
    )
    agenda_item = AgendaItem.objects.create(
        meeting=meeting,
        position=1,
        title=f"{canary} takes this up",
        owner=memberships["member"],
        detail=f"{canary} says why",
    )
    AgendaItem.objects.create(
        meeting=meeting,
        state=AgendaItem.State.ASKED,
        title=f"{canary} asks for this",
        asked_by=memberships["member"],
    )
    series, series_meeting = make_series(community, canary, by=people["leader"], today=today)
    time_poll = make_time_poll(
        community, canary, by=people["leader"], answered=memberships["member"], now=now
    )
    StarterPack.objects.create(
        program=program,
        title=f"{canary} pack",
        first_from=today,
        clock=clock_time(15),
        link=f"https://meet.example.org/{canary.lower()}-pack",
        circle_name=f"{canary} circle",
        circle_clock=clock_time(12),
    )
    check_in = make_check_in(
        community, canary, by=people["provider_staff"], leader=people["leader"], on=today
    )

    formation = Formation.objects.create(
        program=program,
        name=f"{canary} formation",
        reason=Community.Reason.STABLE_TEAM,
        minimum=1,
        state=Formation.State.PROPOSED,
        created_by=people["provider_staff"],
    )
    proposal = make_proposal_of(formation, name=f"{canary} proposal", made_by=people["provider_staff"])
    proposed_community = ProposedCommunity.objects.create(
        proposal=proposal, topic=topic, name=f"{canary} proposed", position=1, minimum=1, maximum=9
    )
    places = [
        Place.objects.create(proposal=proposal, proposed_community=proposed_community, enrollment=each)
        for each in enrollments.values()
    ]

    published, swap_request, swap = publish(program, canary, community, memberships, today=today)

    room = make_room(
        program,
        community=community,
        title=f"{canary} room",
        by=people["leader"],
        steps=[plan(title=f"{canary} step", settings={"options": [f"{canary} yes", f"{canary} no"]})],
    )
    step, participant = hold(room, memberships["member"], canary)
    pairs = pair_up(room, participant, canary)
    assessment = assess(program, canary, topic, enrollments, by=people["provider_staff"])
    need, offer, introduction = say(program, canary, topic, enrollments)
    marketplace, offered_topic = open_marketplace(
        program, canary, [enrollments[kind] for kind in ("member", "leader")], today=today
    )

    goal, role, commitment = agree(community, memberships, canary, today=today)
    charter = constitute(community, memberships, canary, today=today)

    message = Message.objects.create(
        recipient=people["member"],
        to_address=people["member"].email,
        occasion=f"{canary}:1",
        scope=program.scope,
        list_key=community.list_key,
        list_name=community.name,
        subject=f"{canary} subject",
        text=f"{canary} text",
        html=f"<html><head></head><body>{canary} html</body></html>",
        message_id=f"<{canary}@example.org>",
        state=Message.State.FAILED,
        trouble=Message.Trouble.ADDRESS,
        last_error=f"{canary} refused",
    )
    received = ReceivedMail.objects.create(
        digest=canary,
        envelope_from=people["member"].email,
        envelope_to=f"{canary}@in.example.org",
        from_address=people["member"].email,
        message_id=f"<{canary}@mail.example.org>",
        subject=f"{canary} subject of a reply",
        raw=f"From: {people['member'].email}\n\n{canary} words of a reply\n".encode(),
        size=100,
        person=people["member"],
        state=ReceivedMail.State.HANDLED,
        outcome=ReceivedMail.Outcome.TAKEN,
    )
    standing = AddressStanding.objects.create(
        person=people["member"],
        address=people["member"].email,
        hard=3,
        last_said=f"{canary} said no",
        paused_at=now,
    )
    for scope in (program.scope, provider.scope):
        Entry.objects.create(
            scope=scope,
            verb="meeting.planned",
            actor=people["provider_admin"],
            about=people["member"],
            subject_kind="meeting",
            subject_id=str(meeting.pk),
            subject_name=f"{canary} subject of history",
            detail={"words": f"{canary} detail"},
        )
    thread = converse(community, canary, memberships, staff=people["provider_admin"], topic=topic)
    return House(
        canary=canary,
        people=people,
        provider=provider,
        post=post,
        program=program,
        topic=topic,
        organization=organization,
        enrollment=enrollments["member"],
        roster_import=roster_import,
        community=community,
        memberships=memberships,
        word=word,
        check_in=check_in,
        thread=thread,
        archives=furnish_archives(thread, memberships["leader"], canary),
        meeting=meeting,
        past_meeting=past,
        series=series,
        series_meeting=series_meeting,
        time_poll=time_poll,
        agenda_item=agenda_item,
        feed=CalendarFeed.objects.create(person=people["member"]),
        news_feed=NewsFeed.objects.create(person=people["member"]),
        formation=formation,
        proposed_community=proposed_community,
        place=places[1],
        published=published,
        swap_request=swap_request,
        swap=swap,
        room=room,
        step=step,
        participant=participant,
        pairs=pairs,
        gallery=hang(room, participant, topic, canary),
        posters=pin(room, participant, canary),
        web=weave(room, participant, canary),
        badges=wear(room, participant, canary),
        asked=assessment.wave.participants.get(enrollment=enrollments["member"]),
        assessment=assessment,
        need=need,
        priority=Priority.objects.create(
            community=community, topic=topic, need=f"{canary} first", result=f"{canary} result", together=3
        ),
        goal=goal,
        role=role,
        commitment=commitment,
        charter=charter,
        offer=offer,
        introduction=introduction,
        marketplace=marketplace,
        offered_topic=offered_topic,
        message=message,
        received=received,
        browser=make_browser(people["member"], canary),
        standing=standing,
        session=_session(people["member"], canary),
        passkey=make_passkey(people["member"], canary),
        library=furnish(memberships["member"], canary, pictures()),
    )


def publish(
    program: Program,
    canary: str,
    community: Community,
    memberships: dict[str, Membership],
    *,
    today: date,
) -> tuple[Formation, SwapRequest, Swap]:
    """A published formation of two communities, where two people ask to change and one has said yes."""
    published = Formation.objects.create(
        program=program,
        name=f"{canary} published",
        reason=Community.Reason.STABLE_TEAM,
        minimum=1,
        state=Formation.State.PUBLISHED,
        published_at=timezone.now(),
        swaps_until=today + timedelta(days=7),
        swaps_decided_by=Decider.MEMBERS,
    )
    proposal = make_proposal_of(published)
    second = make_community(program, f"{canary} second", today=today)
    for position, each in enumerate((community, second)):
        ProposedCommunity.objects.create(
            proposal=proposal, name=each.name, position=position, minimum=1, maximum=9, community=each
        )
    swapper = join(second, enroll(program, make_person("swapper", canary)))
    requests = [
        SwapRequest.objects.create(formation=published, membership=each, reason=f"{canary} secret {each.pk}")
        for each in (memberships["member"], swapper)
    ]
    offered = Swap.objects.create(
        formation=published,
        request=requests[1],
        other=requests[0],
        target=community,
        accepted_at=timezone.now(),
    )
    return published, requests[0], offered


def agree(
    community: Community, memberships: dict[str, Membership], canary: str, *, today: date
) -> tuple[Goal, Role, Commitment]:
    """A plan with an answer and a goal, a role that the leader holds and an open one, a commitment."""
    PlanAnswer.objects.create(
        community=community, question=PlanAnswer.Question.POTENTIAL, text=f"{canary} potential"
    )
    PlanFrame.objects.create(community=community, rhythm=PlanFrame.Rhythm.MONTHLY, minutes=60)
    goal = Goal.objects.create(
        community=community, words=f"{canary} goal", indicator=f"{canary} indicator", target=10
    )
    GoalNote.objects.create(goal=goal, on=today, value=5, note=f"{canary} progress")
    role = Role.objects.create(community=community, kind=Role.Kind.OWN, name=f"{canary} role")
    RoleTerm.objects.create(
        role=role,
        holder=memberships["leader"],
        backup=memberships["member"],
        starts_on=today,
        hand_over=f"{canary} note",
    )
    is_open = Role.objects.create(
        community=community, kind=Role.Kind.REPORTER, name=f"{canary} open", what=f"{canary} takes"
    )
    RoleOffer.objects.create(role=is_open, membership=memberships["leader"])
    commitment = Commitment.objects.create(
        community=community,
        membership=memberships["member"],
        what=f"{canary} commitment",
        outcome=f"{canary} outcome",
        due_on=today + timedelta(days=1),
    )
    return goal, role, commitment


def constitute(
    community: Community, memberships: dict[str, Membership], canary: str, *, today: date
) -> Charter:
    """A charter that is asked about, with a draft of the next; the member objects, the leader has a note."""
    parts = {"mission": f"{canary} mission", "norms": f"{canary} norms", "sponsor": f"{canary} sponsor"}
    CharterDraft.objects.create(community=community, **parts)
    charter = Charter.objects.create(
        community=community,
        number=1,
        plan=[["potential", f"{canary} potential"]],
        closes_on=today + timedelta(days=7),
        **parts,
    )
    for kind, answer in (("member", Consent.Answer.OBJECT), ("leader", Consent.Answer.NOTE)):
        Consent.objects.create(
            charter=charter,
            membership=memberships[kind],
            answer=answer,
            words=f"{canary} words",
            proposal=f"{canary} instead",
            way=Consent.Way.REASON,
            reply=f"{canary} reply",
        )
    return charter


def hold(room: Room, membership: Membership, canary: str) -> tuple[Step, Participant]:
    """A room in which a poll is open, with a member in it who has answered."""
    step = room.steps.get()
    participant = Participant.objects.create(
        room=room, person=membership.person, name=f"{canary} in the room", source=Participant.Source.LINK
    )
    Step.objects.filter(pk=step.pk).update(
        state=Step.State.OPEN,
        rounds_begun=1,
        script=f"{canary} script",
        seconds_left=300,
        runs_since=timezone.now(),
    )
    Room.objects.filter(pk=room.pk).update(state=Room.State.RUNNING, current=step, started_at=timezone.now())
    before = {"current": None, "steps": {}}
    Move.objects.create(room=room, verb=Move.Verb.OPENED, by=room.created_by, before=before)
    Answer.objects.create(step=step, participant=participant, round=1, picks=[0], words="rides")
    return step, participant


def say(
    program: Program, canary: str, topic: Topic, enrollments: dict[str, Enrollment]
) -> tuple[Need, Expertise, Introduction]:
    """Member and leader each need something and offer something; the leader's offer is asked for the member.

    Returns what the member says, and the introduction.
    """
    offers = {}
    for kind in ("leader", "member"):
        profile = Profile.objects.create(
            enrollment=enrollments[kind],
            object_name=f"{canary} object",
            object_story=f"{canary} story",
            object_audience="program",
        )
        put_photo(ObjectPhoto, pictures(), alt=f"{canary} photo", profile=profile)
        need = Need.objects.create(
            enrollment=enrollments[kind], topic=topic, topic_said=topic.name, text=f"{canary} need"
        )
        offer = offers[kind] = Expertise.objects.create(
            enrollment=enrollments[kind], topic=topic, topic_said=topic.name, text=f"{canary} offer"
        )
    said = {"topic_said": topic.name, "need_said": need.text, "offer_said": offers["leader"].text}
    asked = Introduction.objects.create(program=program, need=need, offer=offers["leader"], **said)
    Telling.objects.create(introduction=asked, enrollment=enrollments["member"], about=Telling.About.DECLINED)
    return need, offer, asked


def pair_up(room: Room, participant: Participant, canary: str) -> Step:
    """Interviews to come: somebody who is left out by now has a place, and a story that was told of them."""
    step = Step.objects.create(room=room, kind="interviews", title=f"{canary} pairs", position=1)
    Seat.objects.create(draw=Draw.objects.create(step=step, round=1), table=1, participant=participant)
    Absence.objects.create(participant=participant)
    other = Participant.objects.create(room=room, name=f"{canary} other in the room")
    for about, by in ((participant, other), (other, participant)):
        WriteUp.objects.create(step=step, round=1, about=about, by=by, words=f"{canary} story")
    Point.objects.create(step=step, round=1, table=1, participant=participant, words=f"{canary} line")
    return step


def hang(room: Room, participant: Participant, topic: Topic, canary: str) -> Step:
    """A gallery to come in which a card hangs already, with a photo, and somebody who asks for more of it."""
    step = Step.objects.create(room=room, kind="bring", title=f"{canary} gallery", position=2)
    walk = Step.objects.create(room=room, kind="walk", title=f"{canary} walk", position=3)
    card = Card.objects.create(
        step=step, participant=participant, thing=f"{canary} thing", story=f"{canary} story"
    )
    card.topics.add(topic)
    put_photo(CardPhoto, pictures(), alt=f"{canary} photo", card=card)
    other = Participant.objects.get(room=room, name=f"{canary} other in the room")
    Wish.objects.create(step=walk, round=1, card=card, participant=other)
    Walk.objects.create(step=walk, round=1, card=card)
    return step


def pin(room: Room, participant: Participant, canary: str) -> Step:
    """A wall of posters to come on which a photo hangs already, under a theme, and somebody who ticked it."""
    step = Step.objects.create(room=room, kind="posters", title=f"{canary} wall", position=7)
    gather = Step.objects.create(room=room, kind="poster_themes", title=f"{canary} themes", position=8)
    theme = Theme.objects.create(step=step, words=f"{canary} theme")
    poster = Poster.objects.create(
        step=step, participant=participant, words=f"{canary} poster", theme=theme, photo_digest="0" * 64
    )
    put_photo(PosterPhoto, pictures(), alt=f"{canary} poster photo", poster=poster)
    Bundle.objects.create(step=gather, participant=participant).posters.add(poster)
    return step


def weave(room: Room, participant: Participant, canary: str) -> Step:
    """A web that was begun: the member needs something, somebody helps, and the member holds the thread."""
    step = Step.objects.create(
        room=room, kind="web", title=f"{canary} web", position=4, rounds_begun=1, state=Step.State.CLOSED
    )
    other = Participant.objects.get(room=room, name=f"{canary} other in the room")
    for needs, helps in ((participant, other), (other, participant)):
        strand = Strand.objects.create(step=step, round=1, participant=needs, need=f"{canary} need in a web")
        Tie.objects.create(strand=strand, participant=helps, how=f"{canary} help in a web")
    Thread.objects.create(step=step, round=1, holder=participant, strand=strand)
    trade(room, (participant, other), canary)
    return step


def trade(room: Room, both: tuple[Participant, Participant], canary: str) -> None:
    """A market on which each of two found what the other wrote."""
    step = Step.objects.create(room=room, kind="market_notes", title=f"{canary} market", position=5)
    Step.objects.create(room=room, kind="market_matches", title=f"{canary} matches", position=6)
    for kind, (writes, finds) in zip(Slip.Kind, (both, both[::-1]), strict=True):
        slip = Slip.objects.create(
            step=step, participant=writes, kind=kind, words=f"{canary} {kind} on a market", urgency="now"
        )
        Match.objects.create(slip=slip, participant=finds)


def wear(room: Room, participant: Participant, canary: str) -> Step:
    """Badges of two who met, found something on each other's, and asked each other to stick together."""
    step = Step.objects.create(room=room, kind="badges", title=f"{canary} badges", position=7)
    trading = Step.objects.create(room=room, kind="badge_trade", title=f"{canary} trade", position=8)
    both = (participant, Participant.objects.get(room=room, name=f"{canary} other in the room"))
    for number, (wears, finds) in enumerate((both, both[::-1]), start=1):
        badge = Badge.objects.create(room=room, participant=wears, number=number)
        for kind in BadgeLine.Kind.values:
            words = f"{canary} {kind} on a badge"
            line = BadgeLine.objects.create(badge=badge, kind=kind, words=words, key=words)
            Find.objects.create(line=line, participant=finds)
        Encounter.objects.create(step=trading, round=1, participant=finds, badge=badge)
        Handshake.objects.create(room=room, by=wears, to=finds, words=f"{canary} together")
    return step


def converse(
    community: Community, canary: str, memberships: dict[str, Membership], *, staff: Person, topic: Topic
) -> talk.Thread:
    """A question of the member with what the leader and the staff answered, and one of each thing in it."""
    member, leader = memberships["member"].person, memberships["leader"].person
    thread = talk.Thread.objects.create(
        community=community,
        kind=talk.Thread.Kind.QUESTION,
        title=f"{canary} conversation",
        topic=topic,
        started_by=member,
        post_count=3,
        settled_at=timezone.now(),
        settled_by=member,
    )
    question, answer, third = (
        Post.objects.create(
            thread=thread,
            community=community,
            author=author,
            markdown=f"{canary} post",
            told_at=timezone.now(),
        )
        for author in (member, leader, staff)
    )
    Post.objects.filter(pk=answer.pk).update(quoted=question, quoted_text=f"{canary} quoted")
    Post.objects.filter(pk=third.pk).update(quoted=answer, quoted_text=f"{canary} quoted too")
    for post, other in ((question, leader), (answer, member)):
        talk.PostVersion.objects.create(post=post, markdown=f"{canary} version")
        talk.Mention.objects.create(post=post, person=other)
        talk.Reaction.objects.create(post=post, person=other, kind=talk.Reaction.Kind.THANKS)
        picture = Attachment.objects.create(
            post=post, name=f"{canary}.jpg", content_type="image/jpeg", size=1
        )
        if post == question:
            put_photo(talk.AttachedPicture, pictures(), alt=f"{canary} picture", attachment=picture)
        else:
            picture.content_type = "text/plain"
            picture.file.save("words", ContentFile(canary.encode()))
    talk.Help.objects.create(community=community, thread=thread, post=answer, asker=member, helper=leader)
    for post, person in ((question, leader), (third, member)):
        moderation.Flag.objects.create(post=post, flagged_by=person, reason="other", words=f"{canary} flag")
    moderation.HeldPost.objects.create(post=question, state="approved", decided_at=timezone.now())
    moderation.TalkRules.objects.create(community=community)
    peace.Distance.objects.create(community=community, person=member, other=staff, kind="mute")
    peace.TalkStop.objects.create(
        community=community,
        person=member,
        until=timezone.now(),
        reason=f"{canary} stop",
        lifted_at=timezone.now(),
    )
    peace.Conduct.objects.create(community=community, number=1, text=f"{canary} conduct", written_by=leader)
    peace.ConductYes.objects.create(community=community, person=leader, number=1)
    for person in (member, leader):
        readings.ThreadReading.objects.create(thread=thread, person=person, muted_at=timezone.now())
        readings.TalkReading.objects.create(
            community=community, person=person, read_until=timezone.now() - timedelta(days=9)
        )
        readings.Draft.objects.create(person=person, community=community, markdown=f"{canary} draft")
        readings.Draft.objects.create(
            person=person,
            community=community,
            thread=thread,
            markdown=f"{canary} draft reply",
            quoted=question,
            quoted_text=f"{canary} quoted in a draft",
        )
        readings.Routing.objects.create(thread=thread, person=person, topic_said=f"{canary} topic")
    decide(thread, canary, memberships, by=staff)
    return thread


def decide(thread: talk.Thread, canary: str, memberships: dict[str, Membership], *, by: Person) -> None:
    """In a thread a proposal that the member objects to, in another a choice two made, and one decided."""
    member, leader = memberships["member"], memberships["leader"]
    other = talk.Thread.objects.create(
        community=thread.community, kind="decision", title=f"{canary} decision", started_by=by, post_count=1
    )
    Post.objects.create(
        thread=other, community=thread.community, author=by, markdown=canary, told_at=timezone.now()
    )
    asked = {
        "time_zone": "America/Chicago",
        "closes_at": timezone.now() + timedelta(days=9),
        "background": f"{canary} background",
        "told_at": timezone.now(),
    }
    consent = deciding.Decision.objects.create(
        thread=thread, kind="consent", question=f"{canary} proposal", opened_by=leader.person, **asked
    )
    deciding.Ballot.objects.create(
        decision=consent,
        membership=member,
        stance="object",
        words=f"{canary} reason",
        proposal=f"{canary} other",
        way="change",
        reply=f"{canary} reply",
    )
    for outcome in ("", f"{canary} outcome"):
        decided = {"outcome": outcome, "outcome_by": leader.person, "outcome_at": timezone.now()}
        choice = deciding.Decision.objects.create(
            thread=other,
            kind="one",
            question=f"{canary} question",
            opened_by=by,
            **asked,
            **(decided if outcome else {}),
        )
        options = [
            deciding.Option.objects.create(
                decision=choice,
                label=f"{canary} option {number}",
                meaning=f"{canary} meaning",
                position=number,
            )
            for number in range(2)
        ]
        for option, membership in zip(options, (member, leader), strict=True):
            ballot = deciding.Ballot.objects.create(
                decision=choice, membership=membership, words=f"{canary} why", entered_by=leader.person
            )
            deciding.Choice.objects.create(ballot=ballot, option=option)


def assess(
    program: Program, canary: str, topic: Topic, enrollments: dict[str, Enrollment], *, by: Person
) -> NeedsAssessment:
    """A needs assessment that is open, in which the leader has answered and the member has begun to."""
    document = instrument_about([topic], language="en")
    instrument = surveys.Instrument.objects.create(
        program=program, name=f"{canary} instrument", content=written(document)
    )
    wave = surveys.Wave.objects.create(
        program=program,
        instrument=instrument,
        name=f"{canary} wave",
        opened_by=by,
        closes_at=timezone.now() + timedelta(days=9),
    )
    for kind, enrollment in enrollments.items():
        participant = surveys.Participant.objects.create(
            wave=wave,
            enrollment=enrollment,
            mails=1,
            asked_at=timezone.now() - timedelta(days=3),
            has_answered=kind == "leader",
        )
        if kind in {"leader", "member"}:
            is_sent = kind == "leader"
            response = surveys.Response.objects.create(
                wave=wave,
                participant=participant,
                is_sent=is_sent,
                sent_on=timezone.localdate() if is_sent else None,
            )
            surveys.Answer.objects.create(
                response=response,
                question="importance",
                item=f"topic_{topic.pk}",
                number=4,
                text=f"{canary} said",
            )
    return NeedsAssessment.objects.create(wave=wave)


def open_marketplace(
    program: Program, canary: str, people: list[Enrollment], *, today: date
) -> tuple[Marketplace, OfferedTopic]:
    """An open marketplace of two topics: the first of these people is in one of theirs, the second waits."""
    marketplace = Marketplace.objects.create(
        program=program,
        name=f"{canary} marketplace",
        minimum=1,
        maximum=1,
        closes_on=today + timedelta(days=5),
    )
    offered, _other = (
        OfferedTopic.objects.create(
            marketplace=marketplace,
            name=f"{canary} {word} offered",
            why=f"{canary} why",
            offered_by=people[0],
            offerer_leads=True,
        )
        for word in ("first", "second")
    )
    for place, each in enumerate(people):
        Choice.objects.create(marketplace=marketplace, topic=offered, enrollment=each, is_waiting=place > 0)
        Interest.objects.create(topic=offered, enrollment=each, level=Interest.Level.MUCH)
        Appearance.objects.create(marketplace=marketplace, enrollment=each)
    Criterion.objects.create(topic=offered, written_by=people[0], text=f"{canary} criterion")
    return marketplace, offered


def _said_of(person: Person | None) -> dict[str, str]:
    """What a provider types of somebody to whom it gives a post or a seat."""
    assert person is not None
    return {"name": person.name, "email": person.email or ""}


def make_program(provider: Provider, canary: str, *, today: date) -> Program:
    """A program in the middle of its award."""
    return Program.objects.create(
        provider=provider,
        name=f"{canary} program",
        funder=f"{canary} funder",
        award_starts=today - timedelta(days=60),
        award_ends=today + timedelta(days=300),
        state=Program.State.ACTIVE,
    )


def make_community(program: Program, canary: str, *, topic: Topic | None = None, today: date) -> Community:
    """A community that started a month ago."""
    return Community.objects.create(
        program=program,
        topic=topic,
        name=f"{canary} community",
        purpose=f"{canary} purpose",
        asked=f"{canary} asked",
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=150),
    )


def make_time_poll(
    community: Community, canary: str, *, by: Person, answered: Membership, now: Any
) -> TimePoll:
    """A question with two times, which one member has answered."""
    poll = TimePoll.objects.create(
        community=community,
        title=f"{canary} time",
        minutes=60,
        time_zone="UTC",
        closes_on=timezone.localdate() + timedelta(days=3),
        asked_by=by,
    )
    for days, said in ((5, TimeAnswer.Answer.YES), (6, TimeAnswer.Answer.IF_NEED_BE)):
        time = ProposedTime.objects.create(poll=poll, starts_at=now + timedelta(days=days))
        TimeAnswer.objects.create(time=time, membership=answered, answer=said)
    return poll


def _write(meeting: Meeting, membership: Membership, canary: str) -> None:
    """What a member wrote at a meeting: notes, a decision, a lesson."""
    by = {"meeting": meeting, "entered_by": membership.person}
    Note.objects.create(**by, author=membership, text=f"{canary} notes")
    Decision.objects.create(**by, membership=membership, text=f"{canary} decided", reason=f"{canary} reason")
    Lesson.objects.create(**by, membership=membership, text=f"{canary} learned")


def make_meeting(community: Community, canary: str, *, starts_at: Any) -> Meeting:
    """A meeting of an hour."""
    return Meeting.objects.create(
        community=community,
        title=f"{canary} meeting",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        time_zone="UTC",
        link=f"https://meet.example.org/{canary}",
        place=f"{canary} place",
        purpose=f"{canary} meeting purpose",
    )


def make_series(
    community: Community, canary: str, *, by: Person, today: date
) -> tuple[MeetingSeries, Meeting]:
    """Two meetings a week apart, the second of them changed by hand; the series and its first meeting."""
    details = {
        "title": f"{canary} series",
        "time_zone": "UTC",
        "mode": Meeting.Mode.HYBRID,
        "link": f"https://meet.example.org/{canary}-series",
        "place": f"{canary} hall",
        "dial_in": f"{canary} number",
        "purpose": f"{canary} series purpose",
        "access": f"{canary} captions",
        "recording": f"{canary} recording",
        "planned_by": by,
    }
    days = [today + timedelta(days=each) for each in (14, 21)]
    series = MeetingSeries.objects.create(
        community=community,
        rhythm="weekly",
        weekdays=[days[0].weekday()],
        starts_on=days[0],
        ends_on=days[1],
        clock=clock_time(15),
        minutes=60,
        **details,
    )
    meetings = []
    for place, day in enumerate(days):
        starts_at = datetime.combine(day, clock_time(15 + place), tzinfo=UTC)
        meetings.append(
            Meeting.objects.create(
                community=community,
                series=series,
                original_day=day,
                is_exception=place == 1,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=1),
                **details,
            )
        )
    return series, meetings[0]


def make_check_in(
    community: Community, canary: str, *, by: Person, leader: Person, on: date
) -> LeaderCheckIn:
    """What was said with the leader."""
    return LeaderCheckIn.objects.create(
        community=community,
        leader=leader,
        by=by,
        spoken_on=on - timedelta(days=40),
        mood=LeaderCheckIn.Mood.STRAINED,
        blockers=f"{canary} blockers",
        agreed_action=f"{canary} agreed",
        next_on=on - timedelta(days=1),
    )


def enroll(
    program: Program,
    person: Person,
    *,
    organization: Organization | None = None,
    is_lead: bool = False,
    name: str = "",
    email: str = "",
) -> Enrollment:
    name = name or f"{person.name} on the roster"
    enrollment = Enrollment.objects.create(
        program=program,
        person=person,
        name=name,
        email=email or person.email,
        job_title=f"{name} job",
        access_needs=f"{name} needs",
        attributes={f"{name} further": f"{name} wish"},
    )
    if organization is not None:
        Affiliation.objects.create(enrollment=enrollment, organization=organization, is_lead=is_lead)
    return enrollment


def join(
    community: Community,
    enrollment: Enrollment,
    *,
    state: str = Membership.State.ACTIVE,
    role: str = Membership.Role.MEMBER,
) -> Membership:
    return Membership.objects.create(
        community=community,
        person=enrollment.person,
        enrollment=enrollment,
        state=state,
        role=role,
        joined_at=timezone.now() if state == Membership.State.ACTIVE else None,
    )


def _session(person: Person, canary: str) -> UserSession:
    """A live session on another device."""
    store = SessionStore()
    store.create()
    return UserSession.objects.create(
        user=person, session_key=store.session_key, ip="127.0.0.1", user_agent=f"{canary} browser"
    )


def make_passkey(person: Person, canary: str) -> Authenticator:
    """A passkey as a browser would have registered it."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential_id = canary.encode()
    attested = AttestationObject.create(
        "none",
        AuthenticatorData.create(
            sha256(b"localhost").digest(),
            AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT,
            0,
            AttestedCredentialData.create(Aaguid.NONE, credential_id, key),
        ),
        {},
    )
    credential = {
        "id": websafe_encode(credential_id),
        "rawId": websafe_encode(credential_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(
                CollectedClientData.create("webauthn.create", b"challenge", "http://localhost")
            ),
            "attestationObject": websafe_encode(attested),
        },
        "clientExtensionResults": {},
    }
    return Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": f"{canary} key", "credential": credential},
    )
