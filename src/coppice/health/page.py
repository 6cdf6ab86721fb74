"""The health page, for a monitor."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coppice.health.running import database, disk, jobs, redis
from coppice.lib.access import access, anyone


# GET /health/
@access(anyone, signed_out=True)
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when all is well and 503 otherwise, with one word for each condition and nothing private."""
    conditions = [database(), jobs(), disk(), *([redis()] if settings.REDIS_URL else [])]
    is_well = all(condition.is_well for condition in conditions)
    words = {condition.name: "ok" if condition.is_well else "failing" for condition in conditions}
    return JsonResponse(
        {"status": "ok" if is_well else "failing", "conditions": words}, status=200 if is_well else 503
    )
