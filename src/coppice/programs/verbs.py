"""The record in words: one sentence for each verb that rooms record."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "provider.created": _("opened the provider"),
    "program.created": _("created the program"),
    "program.changed": _("changed the program"),
    "program.mail_tested": _("tested the mail"),
    "mail.sent_again": _("sent a failed mail again"),
    "mail.all_sent_again": _("sent all failed mail again"),
    "staff.added": _("added somebody to the staff"),
    "staff.removed": _("ended somebody's post"),
    "funder.seated": _("gave a funder a seat"),
    "enrollment.added": _("put somebody on the roster"),
    "enrollment.changed": _("mended a roster row"),
    "roster.imported": _("brought in a roster"),
    "community.formed": _("formed a community"),
    "community.edited": _("changed a community"),
    "community.stage_set": _("set the stage of a community"),
    "membership.invited": _("invited somebody"),
    "membership.joined": _("joined"),
    "membership.resumed": _("came back"),
    "membership.paused": _("is pausing"),
    "membership.declined": _("declined"),
    "membership.left": _("left"),
    "membership.withdrawn": _("took an invitation back"),
    "membership.made_leader": _("made somebody a leader"),
    "membership.made_member": _("made a leader a member"),
    "invitation_word.said": _("wrote about an invitation"),
    "invitation_word.answered": _("answered an invited person"),
    "formation.started": _("began to form communities"),
    "formation.proposed": _("worked out a proposal"),
    "formation.proposed_again": _("asked for another proposal"),
    "formation.revised": _("changed the sizes and rules of a proposal"),
    "formation.impossible": _("found that the rules of a proposal cannot all hold"),
    "formation.person_moved": _("moved somebody to another community"),
    "formation.person_locked": _("kept somebody where they are"),
    "formation.person_unlocked": _("let somebody be moved again"),
    "formation.leader_chosen": _("chose somebody to lead"),
    "formation.leader_unchosen": _("made a chosen leader a member"),
    "formation.community_named": _("named a proposed community"),
    "formation.publication_asked": _("asked to publish a proposal"),
    "formation.published": _("published a proposal"),
    "meeting.planned": _("planned a meeting"),
    "meeting.changed": _("changed a meeting"),
    "meeting.cancelled": _("cancelled a meeting"),
    "meeting.replied": _("said whether they come"),
    "attendance.taken": _("took attendance"),
    "pulse.answered": _("answered the day after"),
    "leader_check_in.logged": _("logged a check-in with a leader"),
    "community.snoozed": _("put off a call"),
}


def sentence_of(verb: str) -> str:
    """Return the words for a verb of the record; the verb itself when a room gave none."""
    return str(SENTENCES.get(verb, verb))
