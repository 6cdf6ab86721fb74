import pytest
from tests.house import doors as D
from tests.house.matrix import expected
from tests.cast import KINDS, THEIRS, OURS
real = D.every_door()
mine = tuple(d for d in real if d.name.startswith("library:") or d.name in {"communities:plan_question"})

@pytest.mark.parametrize("kind", KINDS)
def test_kind(kind, db, monkeypatch):
    monkeypatch.setattr(D, "every_door", lambda: mine)
    r = D._walk(kind, "")
    table = expected()
    idx = dict(zip(KINDS, range(len(KINDS))))
    bad = []
    for (door, method), got in r.outcomes().items():
        want = table[door, method][idx[kind]]
        if want != got: bad.append((door, method, want, got))
    for v in r.at_ours:
        if v.method == "GET" and v.writes: bad.append((v.door, "writes", v.writes[:2]))
    for v in r.at_theirs:
        if kind != "other_admin" and THEIRS.casefold() in v.text: bad.append((v.door, "leak"))
    if kind in {"provider_admin", "leader", "member"}:
        from tests.house.test_older_forms import own_forms, forms_of, MARK
        for v in r.at_ours:
            if v.method == "GET" and v.outcome == "+":
                for f in own_forms(v.page):
                    print("FORM", v.door, "marked" if f.value(MARK) is not None else "BARE", f.action, sorted(f.filled))
    assert not bad, bad
