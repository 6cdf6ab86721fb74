"""What a commitment gives to somebody who keeps what came of it as a practice."""

from typing import Any

from django.urls import reverse

from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Community
from coppice.communities.practice_ways import Told
from coppice.lib.lines import one_line


def of_commitment(person: Any, community: Community, commitment_id: int) -> Told | None:
    """Tell a commitment of a community that was tried or done; who takes part in that reads it."""
    states = [Commitment.State.TRIED, Commitment.State.DONE]
    commitment = Commitment.objects.filter(pk=commitment_id, community=community, state__in=states).first()
    if commitment is None:
        return None
    return Told(
        title=one_line(commitment.what),
        words=commitment.outcome,
        label=commitment.what,
        url=reverse("communities:commitments", args=[community.pk]),
    )
