"""Equal texts held once: a large table says the same few thousand words again and again."""

MOST = 20_000
LONGEST = 80


class SharedTexts:
    """The texts seen so far, as many as are likely to come again."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    def of(self, text: str) -> str:
        """Return an equal text that is held already, else this one."""
        if len(text) > LONGEST:
            return text
        if len(self._seen) < MOST:
            return self._seen.setdefault(text, text)
        return self._seen.get(text, text)
