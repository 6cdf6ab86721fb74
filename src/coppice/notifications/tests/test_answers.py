"""The first word of a reply: yes, no or maybe in many languages, or numbers; the rest is a comment."""

import pytest

from coppice.notifications.inbound.answers import Answer, Said, read_choice, read_numbers, read_word

YES, NO, MAYBE = Said.YES, Said.NO, Said.MAYBE


@pytest.mark.parametrize(
    ("text", "said", "comment"),
    [
        ("Yes", YES, ""),
        ("YES!!\n\nSee you there, Ana", YES, "See you there, Ana"),
        ("yes, but I come ten minutes late", YES, "but I come ten minutes late"),
        ("I’ll be there.", YES, ""),
        ("Sí, allí estaré", YES, "allí estaré"),
        ("si", YES, ""),
        ("Ja, gerne", YES, "gerne"),
        ("Hi Mia,\n\nyes I can come.\nAna", YES, "I can come.\nAna"),
        ("Hola Mia, sí.", YES, ""),
        ("Thanks! Count me in", YES, ""),
        ("👍🏽", YES, ""),
        ("Да, приду", YES, "приду"),
        ("好的", YES, ""),
        ("No", NO, ""),
        ("No, sorry, I have a clinic that day", NO, "sorry, I have a clinic that day"),
        ("Can't make it this time", NO, "this time"),
        ("Sorry, I can’t.", NO, ""),
        ("Nein, leider nicht", NO, "leider nicht"),
        ("No puedo, tengo clínica", NO, "tengo clínica"),
        ("Não posso", NO, ""),
        ("maybe - will know on Friday", MAYBE, "will know on Friday"),
        ("Not sure yet", MAYBE, ""),
        ("Quizás", MAYBE, ""),
        ("vielleicht", MAYBE, ""),
        ("> Yes", YES, ""),
    ],
)
def test_the_first_word_decides(text, said, comment):
    assert read_word(text) == Answer(said, comment)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What is this about?",
        "No problem, I'll be there",
        "No hay problema",
        "Kein Problem",
        "Yes and no",
        "Nothing against it",
        "Yesterday was good",
        "Jane will come for me",
        "Okayama is far",
        "Right now I cannot say",
        "Can we start later?",
        "Si puedo llego",
        "Hi Mia,",
    ],
)
def test_what_says_neither_is_not_guessed(text):
    assert read_word(text) is None


WORTH = [(5, "5: very much"), (4, "4: yes"), (1, "1: not at all")]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("4", Answer(4, "")),
        ("4: I will ask my neighbours", Answer(4, "I will ask my neighbours")),
        ("5/5 - great!", Answer(5, "great!")),
        ("Very much. Thank you", Answer(5, "Thank you")),
        ("(1)", Answer(1, "")),
        ("Not at all", Answer(1, "")),
        ("4.5", None),
        ("15 people came", None),
        ("2027 will show", None),
        ("3", None),
        ("It was fine", None),
    ],
)
def test_a_number_or_a_label_chooses(text, answer):
    assert read_choice(text, WORTH) == answer


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1, 3", Answer((1, 3), "")),
        ("2 and 3 and 2", Answer((2, 3), "")),
        ("1 3, the third is best", Answer((1, 3), "the third is best")),
        ("#2", Answer((2,), "")),
        ("4", None),
        ("0", None),
        ("10:30 is fine", None),
        ("any", None),
    ],
)
def test_numbers_choose_several(text, numbers):
    assert read_numbers(text, most=3) == numbers
