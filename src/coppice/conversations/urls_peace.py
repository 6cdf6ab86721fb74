"""Addresses of what keeps the peace."""

from django.urls import path

from coppice.conversations.views import peace

TALK = "communities/<int:community_id>/talk/"
PERSON = f"{TALK}people/<int:person_id>/"

urlpatterns = [
    path(f"{TALK}conduct/", peace.conduct, name="conduct"),
    path(f"{TALK}conduct/agreement/", peace.conduct_yes, name="conduct_yes"),
    path(f"{TALK}conduct/text/", peace.conduct_text, name="conduct_text"),
    path(PERSON, peace.person, name="person"),
    path(f"{PERSON}distance/", peace.distance, name="distance"),
    path(f"{PERSON}stop/", peace.stopping, name="stopping"),
    path(f"{PERSON}stop/removal/", peace.lifting, name="lifting"),
    path("threads/<int:thread_id>/lock/", peace.locking, name="locking"),
    path("threads/<int:thread_id>/lock/removal/", peace.unlocking, name="unlocking"),
    path("threads/<int:thread_id>/pin/", peace.pinning, name="pinning"),
    path("threads/<int:thread_id>/pin/removal/", peace.unpinning, name="unpinning"),
    path("posts/<int:post_id>/thread/", peace.splitting, name="splitting"),
]
