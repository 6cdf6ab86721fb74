"""Addresses of communities."""

from django.urls import URLPattern, path

from coppice.communities.views import (
    charter_links,
    charters,
    commitments,
    found,
    frame,
    invitations,
    needs,
    news_feeds,
    papers,
    people,
    plans,
    priorities,
    reminder,
    roles,
    words,
)

app_name = "communities"


def _places() -> list[URLPattern]:
    """One person's page and its changes, under their signed link and under their membership's id."""
    pages = {
        "": invitations.place,
        "welcome": invitations.welcome,
        "acceptance": invitations.acceptance,
        "refusal": invitations.refusal,
        "words": invitations.words,
        "pause": invitations.pause,
        "departure": invitations.departure,
    }
    return [
        path(
            f"{start}{change}/" if change else start,
            door(page),
            name=f"{name}_{change}" if change else name,
        )
        for start, name, door in (
            ("invitations/<str:token>/", "invitation", invitations.by_link),
            ("memberships/<int:membership_id>/", "membership", invitations.by_account),
        )
        for change, page in pages.items()
    ]


urlpatterns: list[URLPattern] = [
    *_places(),
    path("memberships/<int:membership_id>/leadership/", people.leadership, name="leadership"),
    path("memberships/<int:membership_id>/leadership/end/", people.leadership_end, name="leadership_end"),
    path("memberships/<int:membership_id>/withdrawal/", people.withdrawal, name="withdrawal"),
    path("memberships/<int:membership_id>/renewal/", people.renewal, name="renewal"),
    path("memberships/<int:membership_id>/paper-answer/", people.paper_answer, name="paper_answer"),
    path("people/<int:enrollment_id>/", found.person, name="person"),
    path("me/feeds/", news_feeds.news_feeds, name="news_feeds"),
    path("feeds/<int:feed_id>/renewal/", news_feeds.renewal, name="news_feed_renewal"),
    path("feeds/<int:feed_id>/revocation/", news_feeds.revocation, name="news_feed_revocation"),
    path("feeds/<str:token>.atom", news_feeds.news_feed, name="news_feed"),
    path("communities/<int:community_id>/people/", people.people, name="people"),
    path("communities/<int:community_id>/people/<int:membership_id>/", needs.profile, name="profile"),
    path("communities/<int:community_id>/needs/", needs.needs, name="needs"),
    path("communities/<int:community_id>/needs/<int:topic_id>/", needs.topic, name="needs_topic"),
    path(
        "communities/<int:community_id>/needs/of-people/<int:need_id>/introduction/",
        needs.introduction,
        name="introduction",
    ),
    path(
        "communities/<int:community_id>/needs/of-people/<int:need_id>/priority/",
        needs.priority,
        name="priority",
    ),
    path(
        "communities/<int:community_id>/needs/of-people/<int:need_id>/priority/end/",
        needs.priority_end,
        name="priority_end",
    ),
    path("communities/<int:community_id>/needs/network/", needs.network, name="network"),
    path("communities/<int:community_id>/needs/network.csv", needs.adjacency, name="adjacency"),
    path("communities/<int:community_id>/needs.csv", needs.needs_file, name="needs_file"),
    path("communities/<int:community_id>/gallery/", needs.gallery, name="gallery"),
    path(
        "communities/<int:community_id>/gallery/<int:profile_id>/<slug:size>/",
        needs.gallery_photo,
        name="gallery_photo",
    ),
    path("communities/<int:community_id>/priorities/", priorities.priorities, name="priorities"),
    path("communities/<int:community_id>/priorities/new/", priorities.new_priority, name="new_priority"),
    path(
        "communities/<int:community_id>/priorities/from/<slug:source>/",
        priorities.priorities_from,
        name="priorities_from",
    ),
    path("communities/<int:community_id>/priorities.csv", priorities.priorities_file, name="priorities_file"),
    path("priorities/<int:priority_id>/", priorities.answers, name="priority_answers"),
    path("priorities/<int:priority_id>/removal/", priorities.removal, name="priority_removal"),
    path("priorities/<int:priority_id>/return/", priorities.returning, name="priority_return"),
    path("communities/<int:community_id>/plan/", plans.plan, name="plan"),
    path("communities/<int:community_id>/plan.pdf", papers.plan_pdf, name="plan_pdf"),
    path("communities/<int:community_id>/plan.docx", papers.plan_docx, name="plan_docx"),
    path("communities/<int:community_id>/plan/<slug:question>/", plans.plan_question, name="plan_question"),
    path("communities/<int:community_id>/goals/new/", plans.new_goal, name="new_goal"),
    path("goals/<int:goal_id>/", plans.goal, name="goal"),
    path("goals/<int:goal_id>/progress/", plans.goal_progress, name="goal_progress"),
    path("goals/<int:goal_id>/edit/", plans.goal_edit, name="goal_edit"),
    path("communities/<int:community_id>/roles/", roles.roles, name="roles"),
    path("communities/<int:community_id>/roles.pdf", papers.roles_pdf, name="roles_pdf"),
    path("communities/<int:community_id>/roles.docx", papers.roles_docx, name="roles_docx"),
    path("communities/<int:community_id>/roles/new/", roles.new_role, name="new_role"),
    path("roles/<int:role_id>/", roles.role, name="role"),
    path("roles/<int:role_id>/end/", roles.role_end, name="role_end"),
    path("roles/<int:role_id>/holder/", roles.role_holder, name="role_holder"),
    path("roles/<int:role_id>/offer/", roles.role_offer, name="role_offer"),
    path("roles/<int:role_id>/offer/end/", roles.role_offer_end, name="role_offer_end"),
    path("roles/<int:role_id>/hand-over/", roles.role_hand_over, name="role_hand_over"),
    path("roles/<int:role_id>/hand-over.pdf", papers.hand_over_pdf, name="hand_over_pdf"),
    path("roles/<int:role_id>/hand-over.docx", papers.hand_over_docx, name="hand_over_docx"),
    path("roles/<int:role_id>/term/end/", roles.role_term_end, name="role_term_end"),
    path("communities/<int:community_id>/commitments/", commitments.commitments, name="commitments"),
    path(
        "communities/<int:community_id>/commitments/new/", commitments.new_commitment, name="new_commitment"
    ),
    path("commitments/<int:commitment_id>/", commitments.commitment, name="commitment"),
    path("own-commitments/<str:token>/", commitments.own_commitment, name="own_commitment"),
    path(
        "own-commitments/<str:token>/outcome/",
        commitments.own_commitment_outcome,
        name="own_commitment_outcome",
    ),
    path(
        "own-commitments/<str:token>/word/",
        commitments.own_commitment_word,
        name="own_commitment_word",
    ),
    path("communities/<int:community_id>/charter/", charters.charter, name="charter"),
    path("communities/<int:community_id>/charter/draft/", charters.charter_draft, name="charter_draft"),
    path(
        "communities/<int:community_id>/charter/proposal/", charters.charter_proposal, name="charter_proposal"
    ),
    path("charters/<int:charter_id>/", charters.charter_version, name="charter_version"),
    path("charters/<int:charter_id>/charter.pdf", papers.charter_pdf, name="charter_pdf"),
    path("charters/<int:charter_id>/charter.docx", papers.charter_docx, name="charter_docx"),
    path("charters/<int:charter_id>/consent/", charters.charter_consent, name="charter_consent"),
    path("charters/<int:charter_id>/closing/", charters.charter_closing, name="charter_closing"),
    path("charters/<int:charter_id>/closing/removal/", charters.charter_reopening, name="charter_reopening"),
    path("objections/<int:objection_id>/", charters.objection, name="objection"),
    path("own-charters/<str:token>/", charter_links.own_charter, name="own_charter"),
    path("own-charters/<str:token>/charter.pdf", papers.own_charter_pdf, name="own_charter_pdf"),
    path("own-charters/<str:token>/charter.docx", papers.own_charter_docx, name="own_charter_docx"),
    path("own-charters/<str:token>/consent/", charter_links.own_charter_consent, name="own_charter_consent"),
    path(
        "own-charters/<str:token>/resolution/",
        charter_links.own_charter_resolution,
        name="own_charter_resolution",
    ),
    path("communities/<int:community_id>/invitations/", people.invitations, name="invitations"),
    path("programs/<int:program_id>/without-email/", people.without_mail, name="without_mail"),
    path("communities/<int:community_id>/paper/", people.paper, name="paper"),
    path("communities/<int:community_id>/edit/", frame.frame, name="edit"),
    path("programs/<int:program_id>/invitation-reminder/", reminder.reminder, name="reminder"),
    path("programs/<int:program_id>/invitation-words/", words.words, name="words"),
    path("invitation-words/<int:word_id>/answer/", words.word_answer, name="word_answer"),
]
