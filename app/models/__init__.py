"""Tables and their constraints, and nothing else."""

from app.models.base import Base
from app.models.ground import Building, Compound, Green, Place, Railway, Street, Water
from app.models.people import Duty, Person, Role
from app.models.plans import Edit, Grid, GridPlot, Plan
from app.models.plots import Plot, PlotEdge, Tessellation, TessellationPlot

__all__ = [
    "Base",
    "Building",
    "Compound",
    "Duty",
    "Edit",
    "Green",
    "Grid",
    "GridPlot",
    "Person",
    "Place",
    "Plan",
    "Plot",
    "PlotEdge",
    "Railway",
    "Role",
    "Street",
    "Tessellation",
    "TessellationPlot",
    "Water",
]
