"""Addresses of conversations."""

from django.urls import path

from coppice.conversations import decision_urls, urls_moderation, urls_peace
from coppice.conversations.archive_urls import archive_urls
from coppice.conversations.views import posts, reading, threads

app_name = "conversations"
urlpatterns = [
    *urls_moderation.urlpatterns,
    *urls_peace.urlpatterns,
    *decision_urls.urlpatterns,
    path("communities/<int:community_id>/talk/", threads.threads, name="threads"),
    path("communities/<int:community_id>/talk/new/", threads.new, name="new"),
    path("communities/<int:community_id>/talk/draft/", reading.draft, name="draft"),
    path("communities/<int:community_id>/talk/reading/", reading.all_read, name="all_read"),
    path("threads/<int:thread_id>/", threads.thread, name="thread"),
    path("threads/<int:thread_id>/posts/", threads.reply, name="reply"),
    path("threads/<int:thread_id>/title/", threads.title, name="title"),
    path("threads/<int:thread_id>/draft/", reading.reply_draft, name="reply_draft"),
    path("threads/<int:thread_id>/reading/", reading.reading, name="reading"),
    path("threads/<int:thread_id>/mute/", reading.muting, name="muting"),
    path("threads/<int:thread_id>/mute/removal/", reading.unmuting, name="unmuting"),
    path("threads/<int:thread_id>/answer/", threads.settling, name="settling"),
    path("threads/<int:thread_id>/answer/removal/", threads.unsettling, name="unsettling"),
    path("posts/<int:post_id>/", posts.edit, name="edit"),
    path("posts/<int:post_id>/versions/", posts.versions, name="versions"),
    path("posts/<int:post_id>/removal/", posts.removal, name="removal"),
    path("posts/<int:post_id>/reactions/", posts.reactions, name="reactions"),
    path("attachments/<int:attachment_id>/", posts.attachment, name="attachment"),
    path("attachments/<int:attachment_id>/<slug:size>/", posts.picture, name="picture"),
    *archive_urls,
]
