"""The clock's entry points of formation."""

from datetime import timedelta
from functools import partial

from django.db.models import F, Q
from django.tasks import task
from django.utils import timezone

from coppice.formation import actions, market_mailing
from coppice.formation.climbing import Climb, thinned
from coppice.formation.marketplaces import MarketplaceQuerySet
from coppice.formation.models import Formation, Marketplace, Proposal, SwapRequest
from coppice.formation.proposing import repeated, work_out
from coppice.formation.publishing import ready
from coppice.formation.solving import Step
from coppice.lib.clock import every
from coppice.lib.jobs import alone, attempt
from coppice.lib.progress import is_lively, report

STUCK_AFTER = timedelta(minutes=2)


@task()
def propose(formation_id: int) -> None:
    """Work a formation out, outside any transaction, and keep what came of it; a second run does nothing.

    One that breaks says so on the formation's page.
    """
    formation = Formation.objects.filter(pk=formation_id, state=Formation.State.PROPOSING).first()
    if formation is None:
        return

    climb = Climb()

    def tell(step: Step) -> bool:
        climb(step)
        points = thinned(climb.points)
        report(
            formation.progress_key,
            done=step.done,
            total=step.of,
            doing=step.doing,
            points=points,
            best=step.best,
        )
        return not Formation.objects.filter(
            pk=formation_id, state=Formation.State.PROPOSING, seed=formation.seed, stop_asked=False
        ).exists()

    def job() -> None:
        actions.keep(formation, worked_out=work_out(formation, tell=tell))

    with alone(formation.progress_key) as is_alone:
        if is_alone:
            attempt(job, otherwise=lambda: actions.fail(formation))


@task()
def publish(formation_id: int) -> None:
    """Make a publication ready outside any transaction, then found and invite at once; twice does it once.

    One that breaks invites nobody, and says so on the formation's page.
    """
    formation = (
        Formation.objects.filter(pk=formation_id, state=Formation.State.PUBLISHING)
        .select_related("program__provider")
        .first()
    )
    if formation is None:
        return

    def tell(done: int, people: int) -> None:
        report(formation.progress_key, done=done, total=people, doing="writing")

    def job() -> None:
        actions.publish(formation, ready=ready(formation, tell=tell))

    with alone(formation.progress_key) as is_alone:
        if is_alone:
            attempt(job, otherwise=lambda: actions.fail(formation))


@task()
def repeat(proposal_id: int) -> None:
    """Work a proposal out again as it was, and keep whether the same came of it; twice does it once."""
    proposal = Proposal.objects.filter(pk=proposal_id).first()
    if proposal is None or not proposal.is_being_repeated:
        return

    def tell(step: Step) -> None:
        report(proposal.repeat_key, done=step.done, total=step.of, doing=step.doing)

    def job() -> None:
        actions.keep_repeat(proposal, moved=repeated(proposal, tell=tell))

    with alone(proposal.repeat_key) as is_alone:
        if is_alone:
            attempt(job, otherwise=lambda: actions.keep_repeat(proposal, moved=None))


@every(minutes=1)
@task()
def sweep() -> None:
    """Drive formations and repeats again whose job was lost: nothing was heard of them for a while.

    One that breaks keeps none of the others from its turn.
    """
    since = timezone.now() - STUCK_AFTER
    for state, job in ((Formation.State.PROPOSING, propose), (Formation.State.PUBLISHING, publish)):
        for formation in list(Formation.objects.filter(state=state, asked_at__lt=since)):
            if not is_lively(formation.progress_key, within=STUCK_AFTER):
                attempt(partial(job.call, formation_id=formation.pk))
    waiting = Q(repeated_at=None) | Q(repeated_at__lt=F("repeat_asked_at"))
    lost = Proposal.objects.filter(waiting, repeat_asked_at__lt=since).defer("settings", "curve", "outcome")
    for proposal in list(lost):
        if not is_lively(proposal.repeat_key, within=STUCK_AFTER):
            attempt(partial(repeat.call, proposal_id=proposal.pk))


@every(minutes=60)
@task()
def end_swaps() -> None:
    """End the requests that wait in formations whose time for swaps is over."""
    waiting = SwapRequest.objects.filter(state=SwapRequest.State.OPEN).values("formation")
    for formation in Formation.objects.filter(pk__in=waiting).select_related("program"):
        if not formation.has_swaps:
            actions.end_swaps(formation)


@task()
def tell_of_marketplace(marketplace_id: int) -> None:
    """Send everybody on the roster their link to a marketplace; twice does it once."""
    for marketplace in _marketplaces().filter(pk=marketplace_id, is_online=True):
        if marketplace.is_open:
            actions.post_mails(market_mailing.openings(marketplace))


@every(minutes=60)
@task()
def tend_marketplaces() -> None:
    """Tell open marketplaces' people what is new in their morning; fill places that came free unseen.

    Those that were kept for guests come free when the time is over. One that breaks keeps none of the others
    from its turn.
    """
    for marketplace in _marketplaces().unsettled():
        attempt(partial(_tend, marketplace))


def _tend(marketplace: Marketplace) -> None:
    actions.fill_free_places(marketplace)
    if not marketplace.is_online or not marketplace.is_open:
        return
    for mails in (market_mailing.openings, market_mailing.digests, market_mailing.warnings):
        actions.post_mails(mails(marketplace))


def _marketplaces() -> MarketplaceQuerySet:
    return Marketplace.objects.select_related("program__provider")
