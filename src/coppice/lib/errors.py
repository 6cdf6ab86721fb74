"""The root of every refusal that an action can give."""

from django.utils.functional import Promise


class DomainError(Exception):
    """A refusal with a stable `code` and a kind translatable `sentence` that says what to do next."""

    code = "refused"
    sentence: str | Promise = ""

    def __init__(self, sentence: str | Promise | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(self.code)
