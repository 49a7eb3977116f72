"""An invented district in the manner of a northern Chinese city, the same for the same seed."""

from geodata.district import district, write

__all__ = ["district", "write"]
