"""What a form sends for an id may be anything."""

from coppice.lib.ids import id_in


def test_only_digits_that_a_database_can_hold_are_an_id():
    texts = ["7", "0", "", "-7", "7.0", "seven", "\u0667", "9" * 18, "9" * 19, "9" * 5000]

    assert [id_in(text) for text in texts] == [7, 0, 0, 0, 0, 0, 0, 999_999_999_999_999_999, 0, 0]
