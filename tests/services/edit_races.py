"""Several people in one draft at once, each on a connection of their own, and what must be true afterwards.

Everybody reads the plan, waits until some others have read it too, and saves what they made of it. Some move
the same plots, some plots that lie beside each other, some such that tear a grid only together; some undo.
Whatever was acknowledged must be there, in the order of versions, and replaying it from the beginning must
give the plan that is stored: then nothing was lost or overwritten unseen.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.db import transaction
from app.errors import Refusal
from app.services.editing import Wanted, reverse, save
from app.services.publishing import plan_faults
from tests.services.drawn_drafts import Draft, given_drawn

TOWN = """
    A A A A B B B B
    A C C A B B B B
    A C C A D D D D
    A A A A D D D D
    E E E E F F F F
    E E E E F F F F
"""
COLUMNS, PLOTS = 8, 48
SAME = (3, 4, 11, 12)  # plots that everybody wants
RING = tuple(n for n in range(32) if TOWN.split()[n] == "A")  # moves out of it tear it, two by two
EXPECTED = (
    "edit_conflict",
    "grid_in_pieces",
    "plot_moved",
    "grid_unknown",
    "edit_empty",
    "edit_undone_already",
)
EXPECTED_OF_UNDO = ("grid_code_taken", "edit_not_undoable", "not_found")
TRIES = 3
TOGETHER = 3  # so many wait for each other between reading and saving
PATIENCE_SECONDS = 0.2


@dataclass
class Report:
    """What became of a race. faults: everything that should not be."""

    acknowledged: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    gave_up: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        return not self.errors and not self.faults

    def told(self) -> str:
        """One line of figures, and the first of what went wrong."""
        p50, p95, p99 = (float(np.percentile(self.seconds or [0.0], q)) * 1000 for q in (50, 95, 99))
        line = (
            f"{len(self.acknowledged)} edits saved, {sum(self.refused.values())} refused"
            f" {dict(self.refused)}, {self.gave_up} given up after {TRIES} tries,"
            f" {len(self.errors)} server errors, {len(self.faults)} faults;"
            f" save p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms"
        )
        return "\n".join([line, *self.errors[:5], *self.faults[:10]])


def given_race(engine: Engine) -> Draft:
    """The draft that all will edit, committed."""
    with transaction(engine) as session:
        return given_drawn(session, TOWN)


def race(engine: Engine, draft: Draft, threads: int, edits: int, seed: int = 1) -> Report:
    """So many people at once, so many edits each; then look whether all is well."""
    report, lock = Report(), threading.Lock()
    barrier = Meeting(TOGETHER)
    first = assignment(engine, draft)

    def work(number: int) -> None:
        rng = np.random.default_rng([seed, number])
        for _ in range(edits):
            try:
                edit_once(engine, draft, rng, barrier, report, lock)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a server error
                with lock:
                    report.errors.append(f"{type(error).__name__}: {str(error)[:200]}")

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    examine(engine, draft, first, report)
    return report


class Meeting:
    """Where those who have read the plan wait for some others, but not for long."""

    def __init__(self, together: int) -> None:
        self.together, self.waiting, self.turn = together, 0, 0
        self.told = threading.Condition()

    def wait(self) -> None:
        with self.told:
            self.waiting += 1
            turn = self.turn
            if self.waiting >= self.together:
                self.waiting, self.turn = 0, turn + 1
                self.told.notify_all()
                return
            if not self.told.wait_for(lambda: self.turn != turn, PATIENCE_SECONDS):
                self.waiting = max(self.waiting - 1, 0)


def edit_once(
    engine: Engine,
    draft: Draft,
    rng: np.random.Generator,
    barrier: Meeting,
    report: Report,
    lock: threading.Lock,
) -> None:
    """Read, wait, save; refused, look again and try again."""
    way = rng.choice(["same", "beside", "ring", "undo", "divide"], p=[0.3, 0.3, 0.2, 0.15, 0.05])
    for _ in range(TRIES):
        with transaction(engine) as session:
            version, grid = read(session, draft)
        wanted = wish(draft, grid, str(way), rng)
        barrier.wait()
        began = time.perf_counter()
        try:
            with transaction(engine) as session:
                if way == "undo":
                    chosen = max(2, version - int(rng.integers(0, 4)))
                    saved = reverse(session, draft.plan, version, chosen)
                else:
                    saved = save(session, draft.plan, version, wanted)
                moves = session.scalar(MOVES, {"plan": draft.plan, "version": saved.version})
        except Refusal as refusal:
            known = (*EXPECTED, *EXPECTED_OF_UNDO) if way == "undo" else EXPECTED
            with lock:
                report.refused[refusal.code] += 1
                if refusal.code not in known:
                    report.errors.append(str(refusal))
            continue
        with lock:
            report.seconds.append(time.perf_counter() - began)
            if saved.version in report.acknowledged:
                report.faults.append(f"version {saved.version} was acknowledged twice")
            report.acknowledged[saved.version] = moves
        return
    with lock:
        report.gave_up += 1


def wish(draft: Draft, grid: dict[int, int], way: str, rng: np.random.Generator) -> Wanted:
    """A move as this person would have it, from what they read."""
    among = {"same": SAME, "ring": RING}.get(way, tuple(range(PLOTS)))
    number = int(rng.choice(among))
    plot = draft.plots[number]
    beside = [
        draft.plots[other]
        for other in (number - 1, number + 1, number - COLUMNS, number + COLUMNS)
        if 0 <= other < PLOTS and abs(other % COLUMNS - number % COLUMNS) <= 1
    ]
    if way == "divide":
        return Wanted("divide", {plot: (grid[plot], "new:1")}, new={"new:1": {}})
    targets = sorted({grid[other] for other in beside} - {grid[plot]}) or sorted({*grid.values()})
    return Wanted("move", {plot: (grid[plot], int(rng.choice(targets)))})


def read(session: Session, draft: Draft) -> tuple[int, dict[int, int]]:
    """Version and assignment, as of one moment."""
    rows = session.execute(STATE, {"plan": draft.plan}).all()
    return rows[0].version, {row.plot_id: row.grid_id for row in rows}


def assignment(engine: Engine, draft: Draft) -> dict[int, int]:
    with transaction(engine) as session:
        return read(session, draft)[1]


def examine(engine: Engine, draft: Draft, first: dict[int, int], report: Report) -> None:
    """Nothing lost, nothing overwritten unseen, no gap, no overlap, no piece, outlines and figures right."""
    with transaction(engine) as session:
        edits = session.execute(EDITS, {"plan": draft.plan}).all()
        version, stored = read(session, draft)
        if [edit.version for edit in edits] != list(range(1, version + 1)):
            report.faults.append(f"versions are not 1 … {version}")
        kept = {edit.version: edit.moves for edit in edits}
        for number, moves in report.acknowledged.items():
            if kept.get(number) != moves:
                report.faults.append(f"version {number} was acknowledged and is not there")
        now = dict(first)
        for edit in edits:
            for plot, (was, to) in edit.moves.items():
                if now[int(plot)] != was:
                    report.faults.append(f"version {edit.version} overwrote plot {plot} unseen")
                now[int(plot)] = to
        if now != stored:
            report.faults.append("the plan is not what its edits make of it")
        report.faults += [f"grid {code} is unsound" for code in plan_faults(session, draft.plan)]
        report.faults += [
            f"figures of grid {row.code} are wrong" for row in session.execute(WRONG, {"plan": draft.plan})
        ]


STATE = text("""
    SELECT plan.version, plot_id, grid_id FROM plan JOIN grid_plot ON plan_id = plan.id WHERE plan.id = :plan
""")
MOVES = text("SELECT moves FROM edit WHERE plan_id = :plan AND version = :version")
EDITS = text("SELECT version, moves FROM edit WHERE plan_id = :plan ORDER BY version")
WRONG = text("""
    SELECT grid.code FROM grid JOIN grid_plot ON grid_id = grid.id
    JOIN tessellation_plot USING (tessellation_id, plot_id) WHERE grid.plan_id = :plan
    GROUP BY grid.id HAVING grid.households <> sum(tessellation_plot.households)
        OR grid.buildings <> sum(tessellation_plot.buildings)
    ORDER BY grid.code
""")
