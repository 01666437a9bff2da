"""The kinds of person that the tables know, and who of the demo stands for each."""

# The case is a teacher's of SMP Negeri 7 Gantung, a school under Dinas Pendidikan.
KINDS = {
    "anonymous": "",
    "stranger": "warga",
    "initiator": "guru.smp",
    "co_initiator": "pengawas",
    "secretariat": "sekretariat",
    "panel": "panel1",
    "unit_head": "kepsek.smp",
    "finance": "keuangan",
    "drafter": "perancang1",
    "regent": "bupati",
    "inspector": "inspektur",
    # Was Kepala Dinas Pendidikan until three weeks ago; `acting` has been Plt. since.
    "lapsed": "disdik",
    "acting": "dinsos",
    "superuser": "akar",
    # Looks after people and offices, and sees no case.
    "administrator": "admin",
}


def parsed(table: str) -> dict[tuple[str, ...], dict[str, str]]:
    """The rows of a written table: {(words before the cells): {kind: cell}}."""
    lines = [line.split() for line in table.strip().splitlines()]
    heading, rows = lines[0], lines[1:]
    before = heading.index(next(iter(KINDS))[:4])
    assert heading[before:] == [kind[:4] for kind in KINDS], heading
    assert all(len(row) == len(heading) for row in rows), rows
    found = {tuple(row[:before]): dict(zip(KINDS, row[before:], strict=True)) for row in rows}
    assert len(found) == len(rows), "a row stands there twice"
    return found
