"""Addresses of archives that come into a community's conversations."""

from django.urls import path

from coppice.conversations.views import archives, own_words

archive_urls = [
    path("communities/<int:community_id>/talk/archives/", archives.archives, name="archives"),
    path("communities/<int:community_id>/talk/archives/uploads/", archives.begin, name="archive_begin"),
    path("talk-uploads/<slug:key>/", archives.piece, name="archive_piece"),
    path("talk-archives/<int:archive_id>/", archives.archive, name="archive"),
    path("talk-archives/<int:archive_id>/progress/", archives.progress, name="archive_progress"),
    path("talk-archives/<int:archive_id>/columns/", archives.columns, name="archive_columns"),
    path("talk-archives/<int:archive_id>/posts/", archives.bringing, name="archive_bringing"),
    path("talk-archives/<int:archive_id>/posts/removal/", archives.returning, name="archive_returning"),
    path("talk-archives/<int:archive_id>/attempts/", archives.another_try, name="archive_attempt"),
    path("talk-archives/<int:archive_id>/removal/", archives.removal, name="archive_removal"),
    path("communities/<int:community_id>/talk/own-words/", own_words.own_words, name="own_words"),
    path("posts/<int:post_id>/original/", archives.original, name="original"),
]
