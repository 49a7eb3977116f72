"""For every test and docstring example: drawn plans are at hand."""

from typing import Any

import pytest

from tests.geo.drawing import draw, draw_plots


@pytest.fixture(autouse=True)
def drawing(doctest_namespace: dict[str, Any]) -> None:
    doctest_namespace.update(draw=draw, draw_plots=draw_plots)
