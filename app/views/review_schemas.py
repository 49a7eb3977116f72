"""What the life of a plan takes and answers, for its description and for checking what is asked."""

from __future__ import annotations

from functools import partial

from apiflask import Schema
from apiflask.fields import Boolean, Date, Dict, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range
from marshmallow import RAISE, ValidationError, validates

from app.services.access import BIGGEST_ID
from app.services.kinds import SLOTS

LONGEST_NOTE, LONGEST_COMMENT = 2000, 2000
# In answers they are text already.
Moment = partial(String, metadata={"format": "date-time"})
Day = partial(String, metadata={"format": "date"})


class Strict(Schema):
    """Nothing but what is named."""

    class Meta:
        unknown = RAISE


def _filled(text: str) -> None:
    if not text.strip():
        raise ValidationError("words, not blanks alone")


class Submission(Strict):
    """What the manager tells the leaders."""

    note = String(load_default=None, allow_none=True, validate=Length(max=LONGEST_NOTE))


class Approval(Strict):
    """From which day on the plan is to be in force."""

    effective_on = Date(required=True, metadata={"description": "Its day; the plan comes into force with it"})
    note = String(load_default=None, allow_none=True, validate=Length(max=LONGEST_NOTE))


class SentBack(Strict):
    """What is to change."""

    note = String(required=True, validate=[Length(1, LONGEST_NOTE), _filled])


class ToComment(Strict):
    """A comment on a draft, of one grid or pinned to a point of the map where these are given."""

    text = String(required=True, validate=[Length(1, LONGEST_COMMENT), _filled])
    position = List(Float(), load_default=None, allow_none=True, validate=Length(equal=2))
    grid = String(load_default=None, allow_none=True, validate=Length(1, 15))

    @validates("position")
    def in_degrees(self, position: list[float] | None, data_key: str) -> None:
        """Longitude first, both in range."""
        if position is not None and not (abs(position[0]) <= 180 and abs(position[1]) <= 90):
            raise ValidationError("longitude and latitude in degrees")


class Duplicate(Strict):
    """Where the copy shall lie; null: in the first slot that is free."""

    slot = String(load_default=None, allow_none=True, validate=OneOf(SLOTS))


class Assignment(Strict):
    """Who answers for the grid from now on; null: nobody."""

    person = Integer(required=True, allow_none=True, strict=True, validate=Range(0, BIGGEST_ID))


class Settings(Strict):
    """How a place works."""

    managers_publish_alone = Boolean(required=True, truthy={True}, falsy={False})


class SettingsThere(Schema):
    """How a place works, and whose setting that is."""

    managers_publish_alone = Boolean()
    set_at = String(allow_none=True, metadata={"description": "Code of the place; null: nobody set any"})


class Someone(Schema):
    """A person of the staff."""

    id = Integer()
    name = String()


class Failed(Schema):
    """Why a plan was not published on its day."""

    code = String()
    facts = Dict()
    detail = String(metadata={"description": "For people, in the request's language"})


class Review(Schema):
    """A draft that was submitted, and what came of it."""

    id = Integer()
    version = Integer()
    state = String(validate=OneOf(["waiting", "approved", "sent_back", "withdrawn"]))
    asked_by = Nested(Someone, allow_none=True)
    asked_at = Moment()
    asked_note = String(allow_none=True)
    decided_by = Nested(Someone, allow_none=True)
    decided_at = Moment(allow_none=True)
    note = String(allow_none=True)
    effective_on = Day(allow_none=True)
    withdrawn_by = Nested(Someone, allow_none=True)
    withdrawn_at = Moment(allow_none=True)
    failed = Nested(Failed, allow_none=True)


class OneReview(Review):
    """The newest review of a plan."""


class Reviews(Schema):
    """All reviews of a plan, the newest first; and whether it needs one to be published."""

    plan = Integer()
    approval_needed = Boolean()
    reviews = List(Nested(Review))


class Comment(Schema):
    """What somebody said of a draft."""

    id = Integer()
    plan = Integer()
    version = Integer()
    text = String()
    position = List(Float(), allow_none=True)
    grid = String(allow_none=True, metadata={"description": "Code of the grid"})
    by = Nested(Someone, allow_none=True)
    at = Moment()
    settled_by = Nested(Someone, allow_none=True)
    settled_at = Moment(allow_none=True)


class OneComment(Comment):
    """The comment that was made or settled."""


class Comments(Schema):
    """All comments on a plan, the oldest first."""

    comments = List(Nested(Comment))


class Copy(Schema):
    """The new draft."""

    plan = Integer()
    version = Integer()
    slot = String(allow_none=True)


class GridOfPlan(Schema):
    """A grid by its code."""

    id = Integer()
    code = String()


class Assigned(Schema):
    """Who answers for a grid now."""

    grid = Nested(GridOfPlan)
    coordinator = Nested(Someone, allow_none=True)


class CoordinatorThere(Someone):
    """A coordinator, and the grids in force he or she is primary of."""

    grids = List(String())
    households = Integer()


class Coordinators(Schema):
    """Coordinators of a place."""

    coordinators = List(Nested(CoordinatorThere))


class PlanThen(Schema):
    """A plan that is or was in force, and from when until when."""

    id = Integer()
    name = String()
    place = String()
    version = Integer()
    from_ = Moment(data_key="from")
    to = Moment(allow_none=True)


class History(Schema):
    """Plans that are or were in force, the newest first."""

    plans = List(Nested(PlanThen))


class MemberThen(Schema):
    """Who answered, how to reach them, and since when."""

    name = String()
    office_phone = String(allow_none=True)
    since = Moment()


class GridThen(GridOfPlan):
    """A grid of then."""

    name = String(allow_none=True)


class Answered(Schema):
    """Who answered for a grid; no primary: a vacancy."""

    grid = Nested(GridThen)
    primary = Nested(MemberThen, allow_none=True)
    deputies = List(Nested(MemberThen))


class AnswersThen(Schema):
    """The plan in force at a moment, and who answered for what was asked about."""

    when = Moment()
    plan = Nested(PlanThen, allow_none=True)
    answers = List(Nested(Answered))


class GridOfGround(GridThen):
    """A grid that several times are counted on."""

    special = Boolean()


class Sum(Schema):
    """What lay in a grid at one time."""

    grid = Integer()
    households = Integer(allow_none=True)
    buildings = Integer()


class TimeCounted(Schema):
    """One time, summed on the same grids; `placed` and `not_comparable` count plots."""

    plan = Integer(allow_none=True, metadata={"description": "Whose plots they are; null: today's"})
    ground = Integer()
    counted_at = Moment()
    households = Integer(allow_none=True)
    buildings = Integer()
    in_band = Integer(allow_none=True)
    grids = List(Nested(Sum))
    placed = Dict(keys=String(), values=Integer())
    not_comparable = Dict(keys=String(), values=Integer(allow_none=True))


class SameGround(Schema):
    """Several times on the grids of one plan."""

    plan = Integer()
    least = Integer()
    most = Integer()
    by_formula = Boolean()
    grids = List(Nested(GridOfGround))
    times = List(Nested(TimeCounted))
