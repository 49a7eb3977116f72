"""What is balanced between grids: a formula over what is known of plots, read without running anything.

A formula is arithmetic: the names of COLUMNS, numbers, + - * /, parentheses, min and max. It is parsed by
Python's own parser and then walked; whatever is not on the short list is refused with the part that is wrong.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from app.errors import Refusal
from app.geo.plots import Band, FloatArray, IntArray

KNOWN = ("households", "buildings", "area_ha")  # what `columns_of` has for every place
COLUMNS = ("households", "buildings", "area_ha", "rental_rooms", "open_hazards", "visits_due")
FUNCTIONS = {"min": np.minimum, "max": np.maximum}
OPERATORS = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide}
LONGEST = 200  # characters of a formula
DEEPEST = 30  # of its parentheses and operators
MOST_LOAD = 1e9  # of one plot
HECTARE_M2 = 10_000.0
STEP = 1000  # loads are counted in thousandths, so that sums are exact and in one order as good as another


@dataclass(frozen=True)
class Formula:
    """A formula that was read. text: as it was given; tree: what may be worked out."""

    text: str
    tree: ast.expr

    def check(self, known: Collection[str]) -> None:
        """Refuse a column that nobody has counted, with `formula_column_unknown`."""
        named = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)} & {*COLUMNS}
        if unknown := sorted(named.difference(known)):
            raise Refusal(
                "formula_column_unknown", formula=self.text, column=unknown[0], columns=", ".join(known)
            )

    def of(self, columns: Mapping[str, FloatArray | IntArray]) -> FloatArray:
        """The load of each plot, in thousandths exactly; shape (n,), never below 0.

        columns: by name, those of COLUMNS that are known.
        Refused with `formula_column_unknown`, `formula_without_value` (a division by zero, a number out of
        bounds), `formula_below_zero` and `formula_without_load` (0 everywhere).
        """
        self.check(columns)
        count = len(next(iter(columns.values())))
        with np.errstate(all="ignore"):
            found = np.broadcast_to(_value(self.tree, columns), (count,)).astype(np.float64)
        if not np.isfinite(found).all() or (np.abs(found) > MOST_LOAD).any():
            raise Refusal("formula_without_value", formula=self.text)
        if (found < 0).any():
            raise Refusal("formula_below_zero", formula=self.text, least=round(float(found.min()), 3))
        load = np.asarray(np.rint(found * STEP) / STEP, dtype=np.float64)
        if count and not load.any():
            raise Refusal("formula_without_load", formula=self.text)
        return load


def read_formula(text: str) -> Formula:
    """Read a formula; refused with `formula_malformed`, which names the part that is wrong.

    >>> read_formula("households + 2*min(households, 5)").of({"households": np.array([10])}).tolist()
    [20.0]
    >>> read_formula("households + rent")
    Traceback (most recent call last):
    app.errors.Refusal: “rent” cannot stand in the formula “households + rent”. Use households, buildings, \
area_ha, numbers, + - * / ( ), min and max.
    """
    if len(text) > LONGEST:
        raise _malformed(text, f"{text[:20]}…")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        where = error.offset if isinstance(error, SyntaxError) and error.offset else 1
        raise _malformed(text, text.strip()[max(0, where - 1) :][:20] or text[-20:]) from None
    _check(tree, text, DEEPEST)
    return Formula(text.strip(), tree)


def _check(node: ast.expr, text: str, depth: int) -> None:
    """Refuse what is not on the list, innermost part first named."""
    part = ast.get_source_segment(text.strip(), node) or text
    if depth == 0:
        raise _malformed(text, part)
    match node:
        case ast.Name(id=name) if name in COLUMNS:
            return
        case ast.Constant(value=int() | float() as number) if (
            type(number) is not bool and number <= MOST_LOAD
        ):
            return
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            inner = [operand]
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
            inner = [left, right]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS and arguments:
            inner = arguments
        case _:
            raise _malformed(text, part)
    for one in inner:
        _check(one, text, depth - 1)


def _value(node: ast.expr, columns: Mapping[str, FloatArray | IntArray]) -> FloatArray:
    match node:
        case ast.Name(id=name):
            return np.asarray(columns[name], dtype=np.float64)
        case ast.Constant(value=number):
            return np.asarray(float(str(number)), dtype=np.float64)
        case ast.UnaryOp(op=operator, operand=operand):
            found = _value(operand, columns)
            return -found if isinstance(operator, ast.USub) else found
        case ast.BinOp(left=left, op=operator, right=right):
            done = OPERATORS[type(operator)](_value(left, columns), _value(right, columns))
            return np.asarray(done, dtype=np.float64)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            values = [_value(one, columns) for one in arguments]
            return np.asarray(FUNCTIONS[name].reduce(np.broadcast_arrays(*values)), dtype=np.float64)
    raise TypeError(f"{ast.dump(node)} was let through unread")


def _malformed(text: str, part: str) -> Refusal:
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return Refusal("formula_malformed", formula=shown, part=part[:40], columns=", ".join(KNOWN))


def columns_of(
    households: IntArray, buildings: IntArray, area_m2: FloatArray
) -> dict[str, FloatArray | IntArray]:
    """What is known of plots today, by the names a formula has for it."""
    return {"households": households, "buildings": buildings, "area_ha": area_m2 / HECTARE_M2}


def in_steps(load: FloatArray) -> IntArray:
    """Loads as whole numbers of steps."""
    return np.rint(load * STEP).astype(np.int64)


def band_in_steps(band: Band) -> Band:
    """A band in the unit of `in_steps`."""
    return Band(band.target * STEP, band.least * STEP, band.most * STEP)
