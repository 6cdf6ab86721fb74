"""What each formation has becomes the first of its proposals."""

from django.db import migrations

TERMS = ("reason", "minimum", "maximum", "rules")


def give_proposals(apps, schema_editor):
    """Put what each formation has into a proposal; a clash that came after places becomes the second."""
    Formation, Proposal, ProposedCommunity, Place = (
        apps.get_model("formation", name) for name in ("Formation", "Proposal", "ProposedCommunity", "Place")
    )
    for formation in Formation.objects.order_by("pk"):
        columns = ProposedCommunity.objects.filter(formation=formation)
        outcome, has_columns = formation.outcome, columns.exists()
        if has_columns:
            told = outcome if "total" in outcome else _scores_of(columns)
            proposal = _proposal(Proposal, formation, number=1, outcome=told)
            columns.update(proposal=proposal)
            Place.objects.filter(formation=formation).update(proposal=proposal)
            formation.on_table = proposal
        formation.asked_by = formation.created_by
        formation.save(update_fields=["on_table", "asked_by"])
        if "clashes" in outcome:
            _proposal(Proposal, formation, number=2 if has_columns else 1, outcome=outcome)
    Place.objects.filter(proposal=None).delete()


def _proposal(Proposal, formation, *, number, outcome):
    return Proposal.objects.create(
        formation=formation,
        number=number,
        seed=outcome.get("seed", formation.seed),
        trials=outcome.get("trials", 0),
        objective=outcome.get("total"),
        outcome=outcome,
        settings={"terms": {name: getattr(formation, name) for name in TERMS}},
        made_by=formation.created_by,
        made_at=formation.asked_at,
    )


def _scores_of(columns):
    """What is left to say of a proposal whose outcome a later clash has replaced."""
    scores = [score for score in columns.values_list("score", flat=True) if score is not None]
    total = sum(scores) / len(scores) if scores else 0.0
    return {"total": total, "rules": {}, "broken": [], "without_answers": 0, "trials": 0}


class Migration(migrations.Migration):

    dependencies = [
        ('formation', '0004_props'),
    ]

    operations = [
        migrations.RunPython(give_proposals, migrations.RunPython.noop),
    ]
