"""Two thousand random edits beside a model in plain Python; `script/check-topology` runs any number.

Every operation of the editor is an act of the machine (`edit_machine.EditMachine`):

| operation | act |
|---|---|
| give plots or buildings, drag a border, sweep, paint | move, give; stale (by who saw an earlier version) |
| merge | merge (beside), join (wherever) |
| divide: a part, by a line, into n | divide, divide by line, divide into |
| draw a grid: by majority of plots, special ones too | draw, divide |
| draw a grid along an exact border, tried before or not | draw exactly |
| cut a plot of open ground by a line, tried before or not | cut, carry over |
| move a border along a street | follow street |
| even out two grids; take a proposal to repair one | rebalance pair, repair |
| rename, renumber, change the kind | change |
| plan a coordinator, change or take off the plan | assign |
| lock and unlock one or all in the draft | lock, lock all, change (unlocked along with it) |
| locks of the place: all, one off, none; of buildings | place lock, building lock |
| draw, change, take off a rental compound | compound |
| ground imported anew under a draft | carry over |
| undo any edit, redo, go back to any version | undo, redo, go back |
"""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.services.edit_machine import ACTS, EditMachine

EXAMPLES, STEPS = 28, 100
FEWEST = 5  # of each act; redoing and new ground need something before them


@pytest.mark.slow
def test_two_thousand_random_edits_leave_every_plan_sound_and_every_undo_exact(app_engine, capsys):
    class Machine(EditMachine):
        engine = app_engine

    Machine.counts.clear()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    with capsys.disabled():
        print(f"\nedits: {sum(Machine.counts[act] for act in ACTS)} tried, {dict(Machine.counts)}")  # noqa: T201

    assert sum(Machine.counts[act] for act in ACTS) >= 2_000
    assert min(Machine.counts[act] for act in ACTS) >= FEWEST
