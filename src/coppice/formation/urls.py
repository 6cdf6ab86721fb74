"""Addresses of formation."""

from django.urls import URLPattern, path

from coppice.formation.views import (
    communities,
    formations,
    late,
    own_swaps,
    places,
    publication,
    samples,
    studio,
    swaps,
    trials,
)

app_name = "formation"
urlpatterns: list[URLPattern] = [
    path("programs/<int:program_id>/formations/", formations.formations, name="formations"),
    path("programs/<int:program_id>/formations/trial/", trials.of_program, name="program_trial"),
    path("formations/<int:formation_id>/trial/", trials.of_formation, name="trial"),
    path("formations/<int:formation_id>/", studio.formation, name="formation"),
    path("formations/<int:formation_id>/progress/", formations.progress, name="progress"),
    path("formations/<int:formation_id>/settings/", formations.settings, name="settings"),
    path("formations/<int:formation_id>/proposal/", formations.proposal, name="proposal"),
    path("formations/<int:formation_id>/removal/", formations.removal, name="removal"),
    path("formations/<int:formation_id>/publication/", publication.publication, name="publication"),
    path("formations/<int:formation_id>/frame/", publication.frame, name="frame"),
    path("formations/<int:formation_id>/invitation/", samples.invitation, name="invitation"),
    path("formations/<int:formation_id>/invitation/mail/", samples.mail, name="invitation_mail"),
    path("formations/<int:formation_id>/invitation/page/", samples.page, name="invitation_page"),
    path("formations/<int:formation_id>/people.csv", publication.people, name="people"),
    path(
        "proposed-communities/<int:proposed_community_id>/",
        communities.proposed_community,
        name="proposed_community",
    ),
    path(
        "proposed-communities/<int:proposed_community_id>/name/",
        communities.name,
        name="community_name",
    ),
    path(
        "proposed-communities/<int:proposed_community_id>/lock/",
        communities.lock,
        name="community_lock",
    ),
    path(
        "proposed-communities/<int:proposed_community_id>/lock/end/",
        communities.unlock,
        name="community_lock_end",
    ),
    path("places/<int:place_id>/", studio.place, name="place"),
    path("places/<int:place_id>/move/", places.move, name="move"),
    path("places/<int:place_id>/swap/", places.swap, name="swap"),
    path("places/<int:place_id>/lock/", places.lock, name="lock"),
    path("places/<int:place_id>/lock/end/", places.unlock, name="lock_end"),
    path("places/<int:place_id>/leadership/", places.leadership, name="leadership"),
    path("places/<int:place_id>/leadership/end/", places.leadership_end, name="leadership_end"),
    path("formations/<int:formation_id>/swaps/", swaps.swaps, name="swaps"),
    path("formations/<int:formation_id>/swaps/time/", swaps.window, name="swap_window"),
    path("formations/<int:formation_id>/exchanges/", swaps.exchange, name="exchange"),
    path("exchanges/<int:swap_id>/end/", swaps.exchange_end, name="exchange_end"),
    path("swap-requests/<int:swap_request_id>/refusal/", swaps.refusal, name="swap_refusal"),
    path("formations/<int:formation_id>/late/", late.late, name="late"),
    path("formations/<int:formation_id>/gaps/", late.gaps, name="gaps"),
    *own_swaps.addresses(),
]
