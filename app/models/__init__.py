"""Tables and their constraints, and nothing else."""

from app.models.access import Audit, AuditSeal, SignIn, SignInAttempt
from app.models.alerts import Alert
from app.models.base import Base
from app.models.campaigns import Campaign
from app.models.certificates import Certificate
from app.models.duties import Absence, Appeal, Attendance, Course, Handover
from app.models.ground import Building, Compound, Entrance, EntranceMark, Green, Place, Railway, Street, Water
from app.models.handsets import Handset, Sent
from app.models.hazard_tally import HazardTally
from app.models.hazards import (
    ClockStop,
    Hazard,
    HazardKind,
    HazardLimit,
    HazardPhoto,
    Inspection,
    InspectionDone,
    MonthReport,
    Step,
)
from app.models.life import Comment, PlaceSetting, Review
from app.models.people import Duty, Person, Role
from app.models.plans import Edit, Grid, GridPlot, LayerReport, Lock, MicroGrid, Plan
from app.models.plots import BlockGround, Plot, PlotEdge, PlotEntrance, Tessellation, TessellationPlot
from app.models.public import Office
from app.models.registers import (
    Dwelling,
    Employer,
    Helper,
    Household,
    Landlord,
    Letter,
    Need,
    Promise,
    Referral,
    Rental,
    Resident,
    ResidentIdentity,
    Service,
    Stay,
    Tenancy,
    Visit,
)
from app.models.rights import OwnCode, RecoveryCode, SecondFactor, SubjectRequest, Tombstone
from app.models.rounding import Rounding
from app.models.rules import CalendarDay, RulePack
from app.models.site_notes import SiteNote
from app.models.station import Correction, Mediation, Meeting, Notice, StationCheck, Task, TaskDone
from app.models.tiles import GroundVersion, Tile
from app.models.withheld import Withheld
from app.models.work import Answer, Job, Presence, Upload
from app.models.zero_reports import ZeroReport

__all__ = [
    "Absence",
    "Alert",
    "Answer",
    "Appeal",
    "Attendance",
    "Audit",
    "AuditSeal",
    "Base",
    "BlockGround",
    "Building",
    "CalendarDay",
    "Campaign",
    "Certificate",
    "ClockStop",
    "Comment",
    "Compound",
    "Correction",
    "Course",
    "Duty",
    "Dwelling",
    "Edit",
    "Employer",
    "Entrance",
    "EntranceMark",
    "Green",
    "Grid",
    "GridPlot",
    "GroundVersion",
    "Handover",
    "Handset",
    "Hazard",
    "HazardKind",
    "HazardLimit",
    "HazardPhoto",
    "HazardTally",
    "Helper",
    "Household",
    "Inspection",
    "InspectionDone",
    "Job",
    "Landlord",
    "LayerReport",
    "Letter",
    "Lock",
    "Mediation",
    "Meeting",
    "MicroGrid",
    "MonthReport",
    "Need",
    "Notice",
    "Office",
    "OwnCode",
    "Person",
    "Place",
    "PlaceSetting",
    "Plan",
    "Plot",
    "PlotEdge",
    "PlotEntrance",
    "Presence",
    "Promise",
    "Railway",
    "RecoveryCode",
    "Referral",
    "Rental",
    "Resident",
    "ResidentIdentity",
    "Review",
    "Role",
    "Rounding",
    "RulePack",
    "SecondFactor",
    "Sent",
    "Service",
    "SignIn",
    "SignInAttempt",
    "SiteNote",
    "StationCheck",
    "Stay",
    "Step",
    "Street",
    "SubjectRequest",
    "Task",
    "TaskDone",
    "Tenancy",
    "Tessellation",
    "TessellationPlot",
    "Tile",
    "Tombstone",
    "Upload",
    "Visit",
    "Water",
    "Withheld",
    "ZeroReport",
]
