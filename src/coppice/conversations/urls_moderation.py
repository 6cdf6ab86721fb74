"""Addresses of moderation."""

from django.urls import path

from coppice.conversations.views import moderation

urlpatterns = [
    path("communities/<int:community_id>/talk/queue/", moderation.queue, name="queue"),
    path("communities/<int:community_id>/talk/first-posts/", moderation.first_posts, name="first_posts"),
    path("posts/<int:post_id>/flag/", moderation.flagging, name="flagging"),
    path("posts/<int:post_id>/flag/removal/", moderation.unflagging, name="unflagging"),
    path("posts/<int:post_id>/hiding/", moderation.hiding, name="hiding"),
    path("posts/<int:post_id>/hiding/removal/", moderation.showing, name="showing"),
    path("posts/<int:post_id>/approval/", moderation.approval, name="approval"),
    path("posts/<int:post_id>/flags/decision/", moderation.leaving, name="leaving"),
    path("posts/<int:post_id>/flags/decision/removal/", moderation.looking_again, name="looking_again"),
]
