"""Words that are known, and which of them somebody may have meant.

A word stands with its *forms*: itself without one of its letters, each in turn, and its consonants alone. Two
words that share a form are one slip apart, or nearly, however many words are known: looking takes a handful
of looks into an index.
"""

from collections.abc import Iterable, Sequence

from coppice.search.indexes import index
from coppice.search.models import LONGEST_KNOWN, Document, Spelling, Word
from coppice.search.tokens import is_known_by_spelling, root_of, words_of

SHORTEST_MISSPELT = 4
TWO_SLIPS_FROM = 8
MOST_NEAR = 25
MOST_OF_A_ROOT = 12
AT_ONCE = 400
VOWELS = "aeiouy"


def learn(documents: Iterable[Document]) -> None:
    """Know the words of these documents from now on."""
    words = {
        word
        for document in documents
        for text in (document.title, document.words)
        for word in words_of(text)
        if is_known_by_spelling(word)
    }
    seen = sorted(words)
    for start in range(0, len(seen), AT_ONCE):
        _learn_some(seen[start : start + AT_ONCE])


def _learn_some(words: Sequence[str]) -> None:
    known = set(Word.objects.filter(text__in=words).values_list("text", flat=True))
    fresh = [Word(text=word, root=root_of(word)) for word in words if word not in known]
    if not fresh:
        return
    Word.objects.bulk_create(fresh, ignore_conflicts=True)
    kept = Word.objects.filter(text__in=[word.text for word in fresh])
    Spelling.objects.bulk_create(
        [Spelling(form=form, word=word) for word in kept for form in forms_of(word.text)], batch_size=2_000
    )


def unlearn(words: Iterable[str]) -> int:
    """Forget those of the words that no document holds any more; return how many that was."""
    known = list(Word.objects.filter(text__in=list(words)).values_list("text", flat=True))
    unheld = index().unheld(known)
    Word.objects.filter(text__in=unheld).delete()
    return len(unheld)


def likely(words: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return for each word its other forms that are known, and those that may be meant; in one query.

    What is returned is for looking only, never for showing: it holds words of documents that not everybody
    may see.
    """
    asked = [word for word in words if is_known_by_spelling(word)]
    roots = {root_of(word) for word in asked}
    slipped = [word for word in asked if len(word) >= SHORTEST_MISSPELT]
    forms = {form for word in slipped for form in forms_of(word) | {word}}
    # Three looks into three indexes: joined by "or" they would be a walk through all that is known.
    spelt = Word.objects.filter(pk__in=Spelling.objects.filter(form__in=forms).values("word"))
    rows = Word.objects.filter(root__in=roots).union(spelt, Word.objects.filter(text__in=forms))
    known = sorted(rows.values_list("text", "root")) if asked else []
    related = {
        word: tuple(text for text, root in known if root == root_of(word) and text != word)[:MOST_OF_A_ROOT]
        for word in words
    }
    texts = [text for text, _root in known]
    near = {word: _nearest(word, texts) if word in slipped else () for word in words}
    return related, {word: tuple(text for text in near[word] if text not in related[word]) for word in words}


def _nearest(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known words that are few slips away, the nearest first."""
    most = 2 if len(word) >= TWO_SLIPS_FROM else 1
    scored = ((slips(word, other, most=most), abs(len(word) - len(other)), other) for other in known)
    return tuple(other for count, _longer, other in sorted(scored) if 0 < count <= most)[:MOST_NEAR]


def forms_of(word: str) -> set[str]:
    """Return a word without each of its letters, and its consonants alone (behind a sign of their own)."""
    shorter = {word[:place] + word[place + 1 :] for place in range(len(word))}
    bones = "".join(sign for place, sign in enumerate(word) if sign not in VOWELS and sign != word[place - 1])
    return shorter | ({f"~{bones}"[:LONGEST_KNOWN]} if len(bones) >= SHORTEST_MISSPELT else set())


def slips(one: str, other: str, *, most: int) -> int:
    """Return in how many slips one word becomes another: a letter too many, too few, wrong, or two swapped.

    Optimal string alignment distance; more than `most` is returned as `most` + 1.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, sign in enumerate(one, start=1):
        here = [row]
        for column, wanted in enumerate(other, start=1):
            cost = min(last[column] + 1, here[-1] + 1, last[column - 1] + (sign != wanted))
            if row > 1 and column > 1 and sign == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        if min(here) > most:
            return most + 1
        before, last = last, here
    return min(last[-1], most + 1)
