"""Fonts are made once; whoever makes them makes the same."""

from fontTools.ttLib.tables import _h_e_a_d

from coppice.ui import fonts


def test_two_processes_that_make_the_fonts_at_once_make_the_same_files(settings, tmp_path, monkeypatch):
    made = []
    for second in (1, 2):
        settings.HOME = tmp_path / str(second)
        monkeypatch.setattr(_h_e_a_d, "timestampNow", lambda at=second: at)
        home = fonts.build()
        made.append({path.name: path.read_bytes() for path in home.iterdir()})

    assert made[0] == made[1]
    assert any(name.endswith(".woff2") for name in made[0])
