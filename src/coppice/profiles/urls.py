"""Addresses of profiles."""

from django.urls import URLPattern, path

from coppice.profiles.views import assessments, board, gallery, own, people, photos

app_name = "profiles"
urlpatterns: list[URLPattern] = [
    path("programs/<int:program_id>/needs/", assessments.needs, name="needs"),
    path("needs-assessments/<int:assessment_id>/", assessments.assessment, name="assessment"),
    path("needs-assessments/<int:assessment_id>/gaps.csv", assessments.gaps_file, name="gaps_file"),
    path("programs/<int:program_id>/needs-and-offers/", board.board, name="board"),
    path("programs/<int:program_id>/needs-and-offers/<int:topic_id>/", board.topic, name="topic"),
    path("programs/<int:program_id>/needs-and-offers/network/", board.network, name="network"),
    path("programs/<int:program_id>/needs-and-offers/network.csv", board.adjacency, name="adjacency"),
    path("programs/<int:program_id>/needs-and-offers.csv", board.board_file, name="board_file"),
    path("programs/<int:program_id>/introductions/", board.introductions, name="introductions"),
    path("introductions/to-tell/<int:telling_id>/told/", board.told, name="told"),
    path("programs/<int:program_id>/profiles/", people.people, name="people"),
    path("programs/<int:program_id>/gallery/", gallery.gallery, name="gallery"),
    path(
        "programs/<int:program_id>/gallery/<int:profile_id>/<slug:size>/",
        gallery.gallery_photo,
        name="gallery_photo",
    ),
    *own.addresses(),
    *photos.addresses(),
]
