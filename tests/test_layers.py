"""Imports point down: views and the command line → services → models and geo."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parent.parent / "app"
FILES = sorted(APP.rglob("*.py"))

# What each layer may not know. `app.views` and `app.cli` stand on top, `app.errors` at the bottom.
# `app.db` opens connections for those on top; services are handed a session.
FORBIDDEN = {
    "app.geo": [
        *["app.models", "app.services", "app.views", "app.cli", "app.db", "app.config"],
        *["flask", "sqlalchemy", "geoalchemy2", "psycopg2", "click", "folium", "time", "random"],
    ],
    "app.models": ["app.geo", "app.services", "app.views", "app.cli", "flask", "click"],
    "app.services": ["app.views", "app.cli", "app.db_commands", "flask", "click"],
    "app.views": ["app.cli", "app.models", "sqlalchemy", "shapely", "geopandas"],
    "app.cli": ["app.views", "app.models", "sqlalchemy", "shapely", "geopandas"],
    "app.db_commands": ["app.views", "app.models", "sqlalchemy", "shapely", "geopandas"],
    "app.db": ["app.views", "app.services", "app.models", "app.geo", "flask", "click"],
    "app.config": ["app.views", "app.services", "app.models", "app.geo", "app.db", "flask", "click"],
    "app.cluster": [
        *["app.views", "app.services", "app.models", "app.geo", "app.db", "app.config"],
        *["flask", "click", "sqlalchemy"],
    ],
    "app.errors": ["app", "flask", "click", "sqlalchemy"],
}

# Clocks and global randomness: pure geometry takes a `numpy.random.Generator` and no time at all.
IMPURE = [
    "time.",
    "random.",
    "np.random.",
    "numpy.random.",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.date.today",
]
PURE_RANDOM = ["np.random.Generator", "np.random.default_rng", "np.random.SeedSequence", "np.random.PCG64"]


def module_name(path: Path) -> str:
    parts = ("app", *path.relative_to(APP).with_suffix("").parts)
    return ".".join(part for part in parts if part != "__init__")


def imports(tree: ast.AST) -> Iterator[str]:
    """Every name a file imports; `.` stands for a relative import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ("." if node.level else f"{node.module}.{alias.name}" for alias in node.names)


def impure_calls(tree: ast.AST) -> Iterator[str]:
    """Uses of the clock and of global randomness, as written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            written = ast.unparse(node)
            impure = any(written == name or written.startswith(name) for name in IMPURE)
            if impure and written not in [*PURE_RANDOM, "np.random", "numpy.random"]:
                yield written


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def faults(module: str, source: str) -> list[str]:
    """What a file of that name may not say, in words."""
    tree = ast.parse(source)
    found = list(imports(tree))
    said = [f"{module} imports relatively; write the whole name" for name in found if name == "."]
    for layer, forbidden in FORBIDDEN.items():
        if within(module, layer) and module != "app.views.wire":  # the one view that knows geometry
            said += [
                f"{module} must not import {name}"
                for name in found
                if any(within(name, package) for package in forbidden) and not within(name, layer)
            ]
    if within(module, "app.geo"):
        said += [f"{module} must not use {name}" for name in impure_calls(tree)]
    return said


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_imports_point_down(path: Path):
    assert faults(module_name(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("app.geo.split.seed", "from flask import request"),
        ("app.geo.split.seed", "import sqlalchemy.orm"),
        ("app.geo.split.seed", "from app.services import grid_files"),
        ("app.geo.split.seed", "from app import services"),
        ("app.geo.split.seed", "from .mend import mend"),
        ("app.geo.split.seed", "from . import mend"),
        ("app.geo.split.seed", "import time"),
        ("app.geo.split.seed", "from time import perf_counter"),
        ("app.geo.split.seed", "import random"),
        ("app.geo.split.seed", "def f():\n    import time"),
        ("app.geo.split.seed", "from datetime import datetime\nnow = datetime.now()"),
        ("app.geo.split.seed", "import numpy as np\nnp.random.seed(1)"),
        ("app.geo.split.seed", "import numpy as np\nx = np.random.rand(3)"),
        ("app.models.place", "from app.geo import split"),
        ("app.services.planning", "from flask import g"),
        ("app.services.planning", "import app.views.errors"),
        ("app.views.plans", "import sqlalchemy"),
        ("app.cli", "from app.models import place"),
        ("app.errors", "from app.services import planning"),
    ],
)
def test_an_import_that_points_up_is_found(module: str, source: str):
    assert len(faults(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("app.geo.split.seed", "from app.geo.plots import Edges\nfrom app.errors import Refusal"),
        ("app.geo.split.seed", "import numpy as np\nrng: np.random.Generator = np.random.default_rng(1)"),
        ("app.services.planning", "from app.geo import split\nfrom app.models import place"),
        ("app.cli", "import click\nfrom app.services import planning"),
    ],
)
def test_an_import_that_points_down_is_fine(module: str, source: str):
    assert faults(module, source) == []
