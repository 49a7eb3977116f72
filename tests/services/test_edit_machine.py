"""Two thousand random edits beside a model in plain Python; `script/check-topology` runs any number."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.services.edit_machine import ACTS, EditMachine

EXAMPLES, STEPS = 56, 50


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
    assert min(Machine.counts[act] for act in ACTS) > EXAMPLES
