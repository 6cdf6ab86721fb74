"""Every address of Coppice, room by room."""

from django.conf import settings
from django.urls import include, path

from coppice.health import health

handler400 = "coppice.ui.refusals.bad_request"

urlpatterns = [
    path("health/", health, name="health"),
    path("", include("coppice.home.urls")),
    path("", include("coppice.accounts.urls")),
    path("", include("coppice.notifications.urls")),
    path("", include("coppice.history.urls")),
    path("", include("coppice.search.urls")),
    path("", include("coppice.programs.urls")),
    path("", include("coppice.surveys.urls")),
    path("", include("coppice.profiles.urls")),
    path("", include("coppice.communities.urls")),
    path("", include("coppice.live.urls")),
    path("", include("coppice.activities.urls")),
    path("", include("coppice.formation.urls")),
    path("", include("coppice.meetings.urls")),
    path("", include("coppice.conversations.urls")),
    path("", include("coppice.stewardship.urls")),
    path("", include("coppice.library.urls")),
]

if settings.DEMO or settings.DEBUG:
    urlpatterns.append(path("", include("coppice.ui.urls")))
if settings.DEMO:
    urlpatterns.append(path("", include("coppice.demo.urls")))
