"""What a provider calls a community, in the reader's language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from coppice.programs.models import Program


@dataclass(frozen=True)
class Words:
    """The word for one community and for several, in lower case, for use within a sentence."""

    community: str
    communities: str


def words_for(program: Program) -> Words:
    """Return the words that this program chose; its own word when it wrote one."""
    word = Program.CommunityWord
    if program.community_word == word.OWN and program.own_word:
        return Words(community=program.own_word, communities=program.own_word_plural or program.own_word)
    known = {
        word.NETWORK: Words(community=_("peer network"), communities=_("peer networks")),
        word.CIRCLE: Words(community=_("learning circle"), communities=_("learning circles")),
        word.TEAM: Words(community=_("action team"), communities=_("action teams")),
        word.COUNCIL: Words(community=_("council"), communities=_("councils")),
    }
    chosen = known.get(word(program.community_word))
    return chosen or Words(community=_("community"), communities=_("communities"))
