"""The record in words: a sentence for each verb that rooms record, and who and what it tells of."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coppice.history.models import Entry
from coppice.programs.models import Program
from coppice.programs.queries import NOBODY, known_as
from coppice.programs.wording import Words, words_for

SENTENCES = {
    "provider.created": _("opened the provider"),
    "program.created": _("created the program"),
    "program.changed": _("changed the program"),
    "program.mail_tested": _("tested the mail"),
    "program.mail_arrived": _("saw that the test mail arrived"),
    "mail.sent_again": _("sent a failed mail to %(name)s again"),
    "mail.all_sent_again": _("sent all failed mail again"),
    "template.written": _("wrote a template of their own"),
    "template.put_aside": _("went back to the original of a template"),
    "template.taken_up": _("took up their own version of a template again"),
    "mail.address_tried_again": _("tried the mail address of %(name)s again"),
    "staff.added": _("added %(name)s to the staff"),
    "staff.removed": _("ended the post of %(name)s"),
    "funder.seated": _("let %(name)s read the counts as a funder"),
    "enrollment.added": _("put %(name)s on the roster"),
    "enrollment.changed": _("mended the roster row of %(name)s"),
    "enrollment.ended": _("took %(name)s off the roster"),
    "enrollment.readmitted": _("put %(name)s back on the roster"),
    "roster.imported": _("brought in a roster"),
    "survey.instrument_kept": _("brought in an instrument"),
    "survey.opened": _("asked a survey of everybody whom mail reaches"),
    "survey.reminded": _("reminded those who have not answered a survey"),
    "survey.closed": _("ended the time to answer a survey"),
    "needs.asked": _("asked everybody what they need"),
    "need.voiced": _("entered what %(name)s needs"),
    "need.changed": _("changed what %(name)s needs"),
    "need.put_first": _("put a need of %(name)s first"),
    "need.put_back": _("put a need of %(name)s back among the others"),
    "need.retired": _("took a need of %(name)s off the lists"),
    "need.brought_back": _("brought back a need of %(name)s"),
    "need.removed": _("deleted a need of %(name)s"),
    "offer.made": _("entered what %(name)s can help with"),
    "offer.changed": _("changed what %(name)s can help with"),
    "offer.retired": _("took an offer of %(name)s off the lists"),
    "offer.brought_back": _("brought back an offer of %(name)s"),
    "offer.removed": _("deleted an offer of %(name)s"),
    "profile.changed": _("changed the profile of %(name)s"),
    "profile.photo_given": _("put a photo on the profile of %(name)s"),
    "profile.photo_described": _("said what the photo on the profile of %(name)s shows"),
    "profile.photo_removed": _("deleted the photo on the profile of %(name)s"),
    "introduction.proposed": _("asked to introduce %(name)s to somebody who can help"),
    "introduction.answered": _("recorded an answer to an introduction"),
    "introduction.told": _("told %(name)s about an introduction"),
    "introduction.helped": _("recorded that an introduction helped %(name)s"),
    "introduction.not_yet": _("recorded that an introduction did not help %(name)s yet"),
    "introduction.over": _("recorded that %(name)s needs an introduction no longer"),
    "thread.started": _("began a conversation"),
    "thread.corrected": _("corrected the title or kind of a conversation"),
    "thread.settled": _("said that a question was answered, or an ask helped"),
    "thread.helped": _("said that %(name)s answered or helped"),
    "thread.unsettled": _("took back that a question was answered, or an ask helped"),
    "decision.opened": _("asked everybody to decide something"),
    "decision.answered": _("entered what %(name)s says to a decision"),
    "decision.changed": _("changed what is to be decided"),
    "decision.objection_answered": _("answered the objection of %(name)s to a decision"),
    "decision.objection_resolved": _("recorded that the objection of %(name)s to a decision is resolved"),
    "decision.objection_stands": _("recorded that the objection of %(name)s to a decision stands"),
    "decision.decided": _("wrote down what was decided"),
    "archive.brought": _("brought in an archive of conversations"),
    "archive.claimed": _("said which posts of an archive are their own"),
    "archive.taken_back": _("took back what an archive of conversations had brought"),
    "post.changed": _("changed what they had written"),
    "post.taken_back": _("took back what they had written"),
    "post.flagged": _("kept that somebody flagged what %(name)s had written"),
    "post.unflagged": _("kept that a flag of what %(name)s had written was taken back"),
    "post.held": _("let the first post of %(name)s wait"),
    "post.hidden": _("hid what %(name)s had written"),
    "post.put_back": _("showed again what %(name)s had written"),
    "post.left": _("left as it is what %(name)s had written and somebody flagged"),
    "post.look_again": _("put back into the queue what %(name)s had written"),
    "post.approved": _("let out the first post of %(name)s"),
    "post.answered": _("kept back the first post of %(name)s, with an answer"),
    "talk.first_posts_held": _("let first posts wait until somebody has read them"),
    "talk.first_posts_free": _("let first posts be posted at once"),
    "talk.stopped": _("asked %(name)s to only read for a while"),
    "talk.stop_lifted": _("let %(name)s write again"),
    "talk.conduct_written": _("wrote the code of conduct anew"),
    "talk.conduct_agreed": _("said that %(name)s keeps to the code of conduct"),
    "thread.locked": _("locked a conversation"),
    "thread.unlocked": _("unlocked a conversation"),
    "thread.pinned": _("pinned a conversation"),
    "thread.unpinned": _("unpinned a conversation"),
    "post.moved": _("moved what %(name)s had written into a conversation of its own"),
    "community.formed": _("formed this %(community)s"),
    "community.edited": _("changed this %(community)s"),
    "priority.put_up": _("put a need on the priority canvas"),
    "priority.weighed": _("answered what a need on the priority canvas asks"),
    "priority.taken_off": _("took a need off the priority canvas"),
    "plan.answered": _("answered a question of the action plan"),
    "goal.set": _("set a goal"),
    "goal.changed": _("changed a goal"),
    "goal.progress_noted": _("wrote down how far a goal is"),
    "library.added": _("added something to the library"),
    "library.described": _("changed what the library says about something"),
    "library.renewed": _("put a new version into the library"),
    "library.restored": _("restored a version in the library"),
    "library.removed": _("threw something in the library away"),
    "library.taken_back": _("took back what was thrown away in the library"),
    "library.purged": _("deleted for good what was thrown away in the library"),
    "library.refused": _("refused a file in which the virus scanner found something"),
    "library.folder_made": _("made a folder in the library"),
    "library.folder_renamed": _("renamed a folder in the library"),
    "library.folder_removed": _("did without a folder in the library"),
    "role.added": _("added a role"),
    "role.changed": _("changed a role"),
    "role.ended": _("took a role off the list"),
    "role.given": _("gave %(name)s a role"),
    "role.term_ended": _("ended the term of %(name)s in a role"),
    "role.term_changed": _("changed the term of %(name)s in a role"),
    "role.offered": _("noted that %(name)s would take a role"),
    "role.offer_withdrawn": _("noted that %(name)s would not take a role after all"),
    "charter.drafted": _("changed the draft of the charter"),
    "charter.proposed": _("asked everybody about a version of the charter"),
    "charter.answered": _("recorded what %(name)s says about the charter"),
    "charter.objection_answered": _("answered an objection of %(name)s to the charter"),
    "charter.objection_resolved": _("recorded that an objection of %(name)s is resolved"),
    "charter.objection_stands": _("recorded that an objection of %(name)s stands"),
    "charter.adopted": _("closed the charter: it is adopted"),
    "charter.not_adopted": _("closed the charter: it is not adopted"),
    "commitment.made": _("wrote down what %(name)s commits to"),
    "commitment.changed": _("changed what %(name)s commits to"),
    "commitment.told": _("wrote down what came of a commitment of %(name)s"),
    "commitment.withdrawn": _("deleted a commitment of %(name)s"),
    "commitments.reminded": _("reminded %(name)s of what is due"),
    "community.stage_set": _("set the stage of this %(community)s"),
    "membership.invited": _("invited %(name)s"),
    "membership.joined": _("recorded that %(name)s joins"),
    "membership.resumed": _("recorded that %(name)s comes back"),
    "membership.paused": _("recorded that %(name)s is pausing"),
    "membership.changed": _("gave %(name)s a place that they changed to"),
    "membership.declined": _("recorded that %(name)s declines"),
    "membership.left": _("recorded that %(name)s leaves"),
    "membership.withdrawn": _("took the invitation of %(name)s back"),
    "membership.made_leader": _("made %(name)s a leader"),
    "membership.made_member": _("made %(name)s a member, no longer a leader"),
    "invitations.reminded": _("reminded those who have not answered"),
    "invitation_word.said": _("recorded what %(name)s said about the invitation"),
    "invitation_word.answered": _("answered what %(name)s wrote about the invitation"),
    "live_room.created": _("opened a live room"),
    "live_room.agenda_changed": _("changed the steps of a live room"),
    "live_room.words_hidden": _("hid words in a live room"),
    "live_room.words_brought_back": _("showed hidden words in a live room again"),
    "live_room.card_hidden": _("took an object off the wall of a live room"),
    "live_room.card_brought_back": _("hung an object up again in a live room"),
    "live_room.poster_hidden": _("took a poster off the wall of a live room"),
    "live_room.poster_brought_back": _("hung a poster up again in a live room"),
    "live_room.posters_gathered": _("gathered posters under a theme in a live room"),
    "live_room.poster_taken_out": _("took a poster out of its theme in a live room"),
    "live_room.theme_renamed": _("renamed a theme of posters in a live room"),
    "live_room.theme_dissolved": _("took a theme off the wall of posters in a live room"),
    "live_room.started": _("began a live room"),
    "live_room.ended": _("ended a live room"),
    "live_room.written_in": _("wrote people into a live room"),
    "live_room.need_answered": _("noted how to act on a line of a live room"),
    "live_room.points_merged": _("put lines together in a live room"),
    "live_room.points_parted": _("took lines apart again in a live room"),
    "live_room.web_told": _("wrote a need or an offer into the web of a live room"),
    "live_room.web_taken_off": _("took something off the web of a live room"),
    "live_room.web_put_back": _("put something back into the web of a live room"),
    "live_room.web_entered": _("entered the web of a live room from a drawing"),
    "live_room.left_out": _("left %(name)s out of the pairs in a live room"),
    "live_room.taken_in": _("gave %(name)s a place again in a live room"),
    "live_room.taken_out": _("took %(name)s out of a live room"),
    "live_room.link_sent": _("sent the link to a live room by mail"),
    "live_room.guest_joined": _("said that a guest of a live room is %(name)s"),
    "live_room.guest_merged": _("said that a guest of a live room is %(name)s, who was there already"),
    "live_room.guest_parted": _("said that a guest of a live room is not %(name)s"),
    "formation.started": _("began to form %(communities)s"),
    "formation.proposed": _("worked out a proposal"),
    "formation.proposed_again": _("asked for another proposal"),
    "formation.renamed": _("gave a round another name"),
    "formation.revised": _("changed the sizes and rules of a proposal"),
    "formation.wishes_taken": _("took an interest poll as wishes"),
    "formation.wishes_dropped": _("took the wishes of an interest poll off the roster"),
    "formation.removed": _("removed a round of forming %(communities)s"),
    "formation.gone_on": _("had a proposal worked on further"),
    "formation.stopped": _("stopped a search with the best so far"),
    "formation.proposal_named": _("named a proposal, or wrote a note on it"),
    "formation.proposal_chosen": _("chose another proposal to use"),
    "formation.proposal_removed": _("removed a proposal"),
    "formation.repeat_asked": _("had a proposal worked out again as it was"),
    "formation.failed": _("could not work out a proposal"),
    "formation.publication_failed": _("could not publish a proposal"),
    "formation.impossible": _("found that the rules of a proposal cannot all hold"),
    "formation.person_moved": _("moved %(name)s to another proposed %(community)s"),
    "formation.community_locked": _("kept a proposed %(community)s as it is"),
    "formation.community_unlocked": _("let everybody in a proposed %(community)s move"),
    "formation.person_locked": _("kept %(name)s where they are in the proposal"),
    "formation.person_unlocked": _("let %(name)s be moved again in the proposal"),
    "formation.leader_chosen": _("chose %(name)s to lead"),
    "formation.leader_unchosen": _("no longer chose %(name)s to lead"),
    "formation.community_named": _("named a proposed %(community)s"),
    "formation.frame_kept": _("wrote what an invitation will say"),
    "formation.publication_asked": _("asked to publish a proposal"),
    "formation.published": _("published a proposal"),
    "formation.placed_late": _("placed %(name)s, who came later"),
    "formation.swaps_opened": _("let people ask to change"),
    "formation.swaps_closed": _("ended the time to ask for a change"),
    "formation.swap_asked": _("recorded that %(name)s asks to change"),
    "formation.swap_taken_back": _("recorded that %(name)s stays after all"),
    "formation.swap_refused": _("told %(name)s that their change is not possible"),
    "formation.swap_accepted": _("recorded that %(name)s says yes to a change"),
    "formation.swapped": _("let %(name)s change places"),
    "formation.swap_undone": _("took back the change of %(name)s"),
    "marketplace.opened": _("opened a topic marketplace"),
    "marketplace.changed": _("changed a topic marketplace"),
    "marketplace.went_online": _("sent everybody their link to a topic marketplace"),
    "marketplace.settled": _("made a round of a topic marketplace"),
    "topic.offered": _("put a topic up"),
    "topic.changed": _("changed a topic"),
    "topic.merged": _("made a topic part of another"),
    "topic.parted": _("undid that a topic became part of another"),
    "topic.closed": _("let nobody else into a topic"),
    "topic.reopened": _("let people into a topic again"),
    "topic.hidden": _("took a topic off the board"),
    "topic.brought_back": _("put a topic on the board again"),
    "topic.people_asked": _("asked the people of a topic whether they go into another"),
    "topic.question_ended": _("took back what the people of a topic were asked"),
    "topic.stayed": _("entered that %(name)s stays in a topic"),
    "topic.chosen": _("entered that %(name)s chose a topic"),
    "topic.waited_for": _("entered that %(name)s waits for a topic"),
    "topic.left": _("entered that %(name)s left a topic"),
    "topic.place_came_free": _("gave %(name)s, who waited, a place in a topic"),
    "topic.criterion_written": _("entered for whom a topic is, as %(name)s says"),
    "topic.criterion_taken_back": _("took back for whom a topic is, as %(name)s said"),
    "meeting.planned": _("planned a meeting"),
    "meeting.entered": _("entered a meeting that was held"),
    "meeting.changed": _("changed a meeting"),
    "meeting.cancelled": _("cancelled a meeting"),
    "meeting.replied": _("recorded whether %(name)s comes"),
    "meeting.asked_again": _("asked again who comes to a meeting"),
    "meeting.time_proposed": _("proposed another time for a meeting"),
    "meeting.reply_withdrawn": _("recorded that %(name)s may come"),
    "starter_pack.saved": _("set up the starter pack"),
    "series.planned": _("planned a series of meetings"),
    "series.changed": _("changed a series of meetings"),
    "series.ended": _("ended a series of meetings"),
    "series.replied": _("recorded whether %(name)s comes to all meetings of a series"),
    "meeting.checked_in": _("recorded that %(name)s is at a meeting"),
    "meeting.not_there": _("recorded that %(name)s is not at a meeting"),
    "meeting.opened": _("opened a meeting"),
    "meeting.closed": _("closed a meeting"),
    "meeting.reopened": _("opened a meeting again"),
    "decision.written": _("wrote down what was decided at a meeting"),
    "lesson.written": _("wrote down what was learned at a meeting"),
    "minutes.taken_back": _("took back what they had written down at a meeting"),
    "minutes.put_back": _("put back what they had written down at a meeting"),
    "attendance.taken": _("took attendance"),
    "agenda.begun": _("put together the agenda of a meeting"),
    "agenda.changed": _("changed the agenda of a meeting"),
    "agenda.asked": _("asked for something on the agenda of a meeting"),
    "time_poll.asked": _("asked when people can meet"),
    "time_poll.answered": _("entered when %(name)s can meet"),
    "time_poll.asked_again": _("asked again when people can meet"),
    "time_poll.closed": _("closed the question when people can meet"),
    "calendar_feed.made": _("made an address by which a calendar program reads meetings"),
    "calendar_feed.renewed": _("gave a calendar feed a new address"),
    "calendar_feed.revoked": _("revoked a calendar feed"),
    "news_feed.made": _("made an address by which a feed reader reads what is new"),
    "news_feed.renewed": _("gave a feed of what is new a new address"),
    "news_feed.revoked": _("revoked a feed of what is new"),
    "leader_check_in.logged": _("logged a check-in with %(name)s"),
    "leader_check_in.corrected": _("corrected a check-in with %(name)s"),
    "leader_check_in.taken_back": _("took back a check-in with %(name)s"),
    "community.snoozed": _("put off a call to who leads"),
}
"""What somebody did; about another person, where the verb tells of one."""

OWN_SENTENCES = {
    "decision.answered": _("answered what is to be decided"),
    "decision.objection_resolved": _("said that their objection to a decision is resolved"),
    "decision.objection_stands": _("said that their objection to a decision stands"),
    "enrollment.changed": _("mended their own roster row"),
    "need.voiced": _("said what they need"),
    "need.changed": _("changed what they need"),
    "need.retired": _("needs something no longer"),
    "need.brought_back": _("needs something again"),
    "need.removed": _("deleted a need of theirs"),
    "offer.made": _("offered help"),
    "offer.changed": _("changed an offer of help"),
    "offer.retired": _("offers something no longer"),
    "offer.brought_back": _("offers something again"),
    "offer.removed": _("deleted an offer of theirs"),
    "profile.changed": _("changed their profile"),
    "profile.photo_given": _("put a photo on their profile"),
    "profile.photo_described": _("said what the photo on their profile shows"),
    "profile.photo_removed": _("deleted the photo on their profile"),
    "introduction.proposed": _("asked to be introduced to somebody who can help"),
    "introduction.helped": _("said that an introduction helped"),
    "introduction.not_yet": _("said that an introduction did not help yet"),
    "introduction.over": _("said that it is no longer needed"),
    "membership.joined": _("joined"),
    "membership.resumed": _("came back"),
    "membership.paused": _("is pausing"),
    "membership.declined": _("declined the invitation"),
    "membership.left": _("left"),
    "membership.changed": _("changed to another place"),
    "membership.made_leader": _("began to lead"),
    "membership.made_member": _("no longer leads"),
    "invitation_word.said": _("wrote about the invitation"),
    "formation.swap_asked": _("asked to change"),
    "formation.swap_taken_back": _("stays after all"),
    "formation.swap_accepted": _("said yes to a change"),
    "formation.swapped": _("changed places"),
    "topic.offered": _("put a topic up"),
    "topic.hidden": _("took a topic off the board"),
    "topic.brought_back": _("put a topic on the board again"),
    "topic.people_asked": _("asked the people of a topic whether they go into another"),
    "topic.question_ended": _("took back what the people of a topic were asked"),
    "topic.stayed": _("entered that %(name)s stays in a topic"),
    "topic.chosen": _("chose a topic"),
    "topic.waited_for": _("waits for a topic"),
    "topic.left": _("left a topic"),
    "topic.criterion_written": _("wrote for whom a topic is"),
    "topic.criterion_taken_back": _("took back for whom a topic is"),
    "talk.conduct_agreed": _("said that they keep to the code of conduct"),
    "meeting.replied": _("said whether they come"),
    "meeting.checked_in": _("checked in at a meeting"),
    "series.replied": _("said whether they come to all meetings of a series"),
    "time_poll.answered": _("said when they can meet"),
}
"""What somebody did that concerns themself."""

NAMED_IN_THE_SENTENCE = {"enrollment", "funderseat", "staff"}
"""Subjects that are called like the person whom the sentence names already."""


def _what_was_removed(detail: Mapping[str, Any]) -> str:
    """How large the communities of a removed round were to be, and each proposal's seed and score of 100."""
    sizes = gettext("%(minimum)d to %(maximum)d people each.") % {
        "minimum": detail["minimum"],
        "maximum": detail["maximum"],
    }
    proposals = [
        gettext("Proposal %(number)d: seed %(seed)d, no grouping.") % each
        if each["score"] is None
        else gettext("Proposal %(number)d: seed %(seed)d, %(score)d of 100.") % each
        for each in detail["proposals"]
    ]
    return " ".join([sizes, *proposals])


DETAILS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {"formation.removed": _what_was_removed}
"""What the record kept of something that is nowhere else any more, in words, by verb."""


@dataclass(frozen=True)
class Line:
    """One entry of the record as people read it; `actor` is "" when nobody but Coppice itself did it.

    `detail` says what was kept of something that is gone, else "".
    """

    entry: Entry
    actor: str
    sentence: str
    subject: str
    detail: str = ""


def lines_of(program: Program, entries: Iterable[Entry]) -> list[Line]:
    """Return entries of a program's record in words, in three queries; people are called as it knows them."""
    entries = list(entries)
    known = known_as(program, (person for entry in entries for person in (entry.actor_id, entry.about_id)))
    words = words_for(program)
    return [
        Line(
            entry=entry,
            actor=str(known.get(entry.actor_id, NOBODY)) if entry.actor_id else "",
            sentence=sentence_of(
                entry.verb,
                name=str(known[entry.about_id]) if entry.about_id in known else "",
                is_own=entry.about_id is not None and entry.about_id == entry.actor_id,
                words=words,
            ),
            subject="" if entry.subject_kind in NAMED_IN_THE_SENTENCE else entry.subject_name,
            detail=_detail_of(entry),
        )
        for entry in entries
    ]


def _detail_of(entry: Entry) -> str:
    in_words = DETAILS.get(entry.verb)
    return in_words(entry.detail) if in_words and entry.detail else ""


def sentence_of(verb: str, *, name: str, is_own: bool, words: Words) -> str:
    """Return the words for a verb of the record; the verb itself when a room gave none.

    `name` is whom it concerns ("" when that is nobody known), `is_own` whether they did it themself.
    """
    own = OWN_SENTENCES.get(verb) if is_own else None
    return str(own or SENTENCES.get(verb) or verb) % {
        "name": name or gettext("somebody"),
        "community": words.community,
        "communities": words.communities,
    }
