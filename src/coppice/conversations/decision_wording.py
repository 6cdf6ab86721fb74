"""How each kind of decision works, in words for who opens it and who answers."""

from django.utils.translation import gettext_lazy as _

from coppice.conversations.decision_models import Decision

HOW = {
    Decision.Kind.ONE: _("Everybody chooses one of several options."),
    Decision.Kind.SEVERAL: _("Everybody chooses as many options as they like."),
    Decision.Kind.DOTS: _("Everybody has some dots and puts them on options, several on one if they like."),
    Decision.Kind.RANKING: _("Everybody puts options in their order, and one common order comes of it."),
    Decision.Kind.CONSENT: _(
        "Something is proposed. It goes ahead unless somebody says what would harm the group; that is worked "
        "through."
    ),
}

WHEN = {
    Decision.Kind.ONE: _("For a plain choice, such as a day or a place."),
    Decision.Kind.SEVERAL: _("To find out what suits most people."),
    Decision.Kind.DOTS: _("To see what matters most among many things."),
    Decision.Kind.RANKING: _("When the second best counts too."),
    Decision.Kind.CONSENT: _("For what everybody has to carry, such as a rule."),
}

KINDS = [(kind.value, kind.label, HOW[kind], WHEN[kind]) for kind in Decision.Kind]
