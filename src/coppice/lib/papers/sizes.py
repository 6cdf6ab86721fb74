"""On which paper people print where they are: Letter in North America and its neighbours, else A4."""

from coppice.lib.papers.paper import Size

# By the first words of a time zone's name. South of Colombia people print on A4, Chile and Venezuela apart.
LETTER = ("America/", "US/", "Canada/", "Pacific/Honolulu", "Pacific/Guam", "Asia/Manila")
A4_IN_AMERICA = (
    *(
        "America/Argentina/",
        "America/Buenos_Aires",
        "America/Sao_Paulo",
        "America/Bahia",
        "America/Fortaleza",
    ),
    *("America/Recife", "America/Manaus", "America/Belem", "America/Cuiaba", "America/Porto_Velho"),
    *("America/Montevideo", "America/Lima", "America/Asuncion", "America/La_Paz", "America/Guayaquil"),
    *("America/Paramaribo", "America/Guyana", "America/Cayenne", "America/Nuuk", "America/Godthab"),
)


def size_in(zone: str) -> Size:
    """Return the size of paper where a time zone such as "America/Chicago" is kept."""
    return "us-letter" if zone.startswith(LETTER) and not zone.startswith(A4_IN_AMERICA) else "a4"
