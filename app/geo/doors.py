"""What holds of entrances wherever they are counted; apart from the geometry, which takes long to import."""

from __future__ import annotations

FEWEST = 2  # entrances: a building with one is divided by nothing
