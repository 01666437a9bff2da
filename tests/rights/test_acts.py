"""Stage × act × relation: every cell equals the written table, through the domain alone."""

import pytest

from .acts import ACTS, came_of
from .conftest import taken_back
from .relations import RELATIONS
from .stages import STAGES

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.usefixtures("db")]

# What a cell stands for; `ok` and numbers stand for themselves.
RULES = {
    "init": "initiator",
    "co_i": "co_initiator",
    "p_in": "principal:initiator",
    "noth": "not_theirs",
    "scop": "scope",
    "mand": "mandate",
    "conf": "conflict",
}
HEAD = "hold prop copr forp othe laps noty acti away dele dels delc delb supe recu gone"
# How it is at a stage that judges, before any money is known.
ANYWHERE = """
answer           ok   init co_i p_in noth noth noth ok   noth ok   scop ok   noth noth conf noth
take             ok   init co_i p_in noth noth noth ok   noth ok   scop ok   noth noth conf noth
take_over        ok   init co_i p_in noth noth noth ok   noth ok   scop ok   noth noth conf noth
step_back        ok   init co_i p_in noth noth noth ok   noth ok   scop ok   noth noth conf noth
answer_elsewhere 404  404  404  404  404  404  404  404  404  404  404  404  404  404  404  404
replace          403  403  403  403  403  403  403  403  403  403  403  403  403  403  403  403
override         403  403  403  403  403  403  403  403  403  403  403  403  403  403  403  403
open_anew        403  403  403  403  403  403  403  403  403  403  403  403  403  403  403  403
withdraw         403  ok   403  403  403  403  403  403  403  403  403  403  403  403  403  403
"""
SIGNING = ("answer", "take", "take_over", "step_back")
MONEY_IS_KNOWN = ("drafting", "initialling", "signing", "publication", "report", "evaluation")
AFTER_THE_NUMBER = ("publication", "report", "evaluation", "decision")
SECRETARIAT = ("completeness", "evaluation")


def table(stage: str) -> dict[tuple[str, str], str]:
    """The cells of a stage: the common ones, and where it differs, why."""
    relations = HEAD.split()
    rows = (line.split() for line in ANYWHERE.strip().splitlines())
    found = {
        (act, relation): RULES.get(cell, cell)
        for act, *cells in rows
        for relation, cell in zip(relations, cells, strict=True)
    }
    for act in SIGNING:
        if stage in (*MONEY_IS_KNOWN, "decision"):
            found[act, "delc"] = "scope"
        if stage == "signing":
            # A mandate is not the last word on what binds the region.
            found |= {(act, "acti"): "mandate", (act, "dele"): "mandate"}
            found[act, "forp"] = "principal:initiator"
        if stage == "report":
            # The owner reports on the own work: that is no judgement.
            found |= {(act, relation): "ok" for relation in ("prop", "copr", "forp", "recu")}
    if stage in AFTER_THE_NUMBER:
        found["withdraw", "prop"] = "409"
    if stage in SECRETARIAT:
        # They may, but there is nothing to replace or to open anew.
        for act in ("replace", "open_anew"):
            found |= {(act, relation): "409" for relation in ("hold", "forp", "acti")}
    return found


def test_table_has_a_thousand_cells_and_every_act_and_relation():
    cells = {(stage, *key) for stage in STAGES for key in table(stage) if stage != "revision"}
    assert len(cells) >= 1000
    assert {act for _stage, act, _relation in cells} == set(ACTS)
    assert {relation for _stage, _act, relation in cells} == set(RELATIONS)


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_act_of_a_relation_comes_to_what_the_table_says(waiting, relation):
    if waiting.stage == "revision":
        # It is the initiator's by name: test_seats has its rows.
        assert waiting.seat.office is None
        return
    written = table(waiting.stage)
    found, expected = {}, {}
    for act in ACTS:
        with taken_back():
            found[act] = came_of(act, waiting, RELATIONS[relation](waiting))
        expected[act] = written[act, relation]
    assert found == expected
