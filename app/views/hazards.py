"""Pages of hazards and their cases: the list, the report, one case with its next steps, its photos."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.db import Transaction
from app.errors import Refusal
from app.services import case_clocks, case_life, case_photos, hazards, inspections, periods, reading
from app.services.access import COORDINATORS, READERS_OF_CASES, REGISTRARS, require
from app.services.case_life import Said
from app.services.hazard_kinds import kind_names
from app.services.hazards import Report, Site, Wanted
from app.views import form_fields as fields
from app.views.errors import STATUS, worded
from app.views.language import language
from app.views.session import actor, here, settings, today, work

bp = APIBlueprint("hazards", __name__, enable_openapi=False)

SIDES = ("west", "south", "east", "north")
LON_LAT = ("lon", "lat")
CHOICES = ("mine", "open", "overdue", "escalated", "over", "all")
BAR = ("reported", "accepted", "filed", "dispatched", "handling", "claimed done", "verified", "closed")
DAYS = ("met_on", "review_on")
MOST_COUNTED = 10_000
NUMBERS = ("of", "handler_id", "severity")


@bp.get("/hazards")
def listing() -> ResponseReturnValue:
    """The hazards of one's places; the address says which (`open`, `overdue`, `kind`, `from` and `to` …)."""
    choice, wanted = _wanted()
    with work() as session:
        found = hazards.list_hazards(session, actor(), wanted, here())
        n = hazards.count(session, actor(), wanted, here(), MOST_COUNTED) if wanted.at else None
        places = reading.place_names(session, actor())
        kinds, names = hazards.kinds(session), kind_names(session, language())
    return render_template(
        "hazards.html",
        hazards=found.hazards,
        more=_address(after=found.after) if found.after else None,
        choice=choice,
        choices=CHOICES,
        wanted=wanted,
        address=_address,
        places=places,
        hazard_kinds=kinds,
        kind_names=names,
        states=hazards.STATES,
        period=None if wanted.at else _period(),
        at=_at_day() if wanted.at else None,
        n=n,
        most_counted=MOST_COUNTED,
        page=hazards.PAGE,
        now=here(),
    )


@bp.get("/hazards/new")
def new() -> ResponseReturnValue:
    """The form of a report at a building, a compound or a point of the address."""
    return _new()


@bp.post("/hazards/new")
def report() -> ResponseReturnValue:
    """Write a hazard down, with its photo; what may be the same one nearby is shown before."""
    photo = request.files.get("photo")
    try:
        with work() as session:
            site = _site(session)
            if site is None:
                raise Refusal("hazard_site_missing")
            near = hazards.near(session, actor(), fields.words("kind"), site, here())
            offered = near if fields.words("sure") != "yes" else []
            if not offered:
                made = hazards.report(session, actor(), _report(site), here())
                if photo is not None and photo.filename and not made.again:
                    case_photos.add(session, made.id, photo.read())
                inspected = fields.whole_or_none("inspection")
                if inspected is not None and not made.again:
                    inspections.done(session, actor(), inspected, today(), today(), hazard_id=made.id)
    except Refusal as refusal:
        if refusal.code in ("not_found", "not_in_scope"):
            raise
        return make_response(_new(refused=worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422))
    return _new(near=offered) if offered else redirect(url_for("hazards.one", hazard_id=made.id))


@bp.get("/hazards/<int:hazard_id>")
def one(hazard_id: int) -> ResponseReturnValue:
    """A case: its clock, site, photos, what may be done next, and what was done."""
    return _case(hazard_id)


@bp.post("/hazards/<int:hazard_id>/acts")
def act(hazard_id: int) -> ResponseReturnValue:
    """Do the next step of a case, with a photo of the work where there is one."""
    name, photo = fields.words("act"), request.files.get("photo")
    if name not in case_life.ACTS:
        raise Refusal("fields_malformed", fields="act")
    try:
        version = fields.whole_or_none("version") or 0
        said = Said(fields.words("note"), fields.words("told"), _facts())
        with work() as session:
            if photo is not None and photo.filename:
                case_photos.add_there(session, actor(), hazard_id, photo.read, "after")
            case_life.act(session, actor(), hazard_id, name, version, said, here())
    except Refusal as refusal:
        if refusal.code in ("not_found", "not_in_scope"):
            raise
        page = _case(hazard_id, refused=worded(refusal.code, refusal.facts))
        return make_response(page, STATUS.get(refusal.code, 422))
    return redirect(url_for("hazards.one", hazard_id=hazard_id))


@bp.get("/hazards/photos/<int:photo_id>")
def photo(photo_id: int) -> ResponseReturnValue:
    """A photo of a site one may read the cases of."""
    with work() as session:
        found = case_photos.photo(session, photo_id)
        require(actor(), READERS_OF_CASES, [found.path])
    answer = make_response(bytes(found.photo))
    answer.mimetype = found.photo_type
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


# --- The list ---------------------------------------------------------------------------------------------


def _wanted() -> tuple[str, Wanted]:
    """Which list the address asks for, and the hazards it shows."""
    asked = request.args
    choice = next((one for one in CHOICES if asked.get(one) in ("1", "true")), "")
    if asked.get("closed") == "1":
        choice = "over"
    narrowed = any(asked.get(name) for name in ("at", "from", "to", "state", "building", "compound", "west"))
    if not choice:
        choice = "all" if narrowed else ("mine" if actor().holds(COORDINATORS) else "open")
    states = [one for one in asked.getlist("state") if one in hazards.STATES]
    severities = [int(one) for one in asked.getlist("severity") if one in ("1", "2", "3")]
    return choice, Wanted(
        place=asked.get("place") or None,
        grid=asked.get("grid", "").strip() or None,
        states=states,
        kinds=[one for one in asked.getlist("kind") if one],
        severities=severities,
        is_open={"open": True, "mine": True, "over": False}.get(choice),
        overdue=choice == "overdue",
        escalated=choice == "escalated",
        mine=choice == "mine",
        building_id=fields.asked_whole("building"),
        compound_id=fields.asked_whole("compound"),
        box=_box(),
        after=fields.asked_whole("after"),
        **_spans(),
    )


def _period() -> periods.Period | None:
    """The days the address is about; None where it names none."""
    named = request.args.get("from") or request.args.get("to")
    return periods.chosen(request.args, today()) if named else None


def _spans() -> dict[str, Any]:
    """What `from` and `to` are about: when it was due, closed or, where nothing says so, reported.

    With `at` the list is of how things stood at the end of that day, as the page of heat counts them.
    """
    if request.args.get("at"):
        return _as_it_stood()
    period = _period()
    if period is None:
        return {}
    about = next((one for one in ("due", "closed") if request.args.get(one) == "1"), "reported")
    since, until = period.moments(settings().timezone)
    return {f"{about}_from": since, f"{about}_until": until}


def _as_it_stood() -> dict[str, Any]:
    from app.services import heat  # numpy takes a second: only where its figures lead here

    first, day = periods.day_named(request.args.get("from", "")), _at_day()
    zone = settings().timezone
    since = None if first is None else datetime.combine(first, time(), zone)
    begins, ends = heat.moments(since, periods.Period(day, day).moments(zone)[1], here())
    return {
        "at": datetime.fromtimestamp(ends, zone),
        "reported_from": None if first is None else datetime.fromtimestamp(begins, zone),
    }


def _at_day() -> date:
    """The day of `at`, today at the latest."""
    return min(periods.day_named(request.args["at"]) or today(), today())


def _box() -> tuple[float, float, float, float] | None:
    said = [request.args.get(side) for side in SIDES]
    if not any(said):
        return None
    try:
        west, south, east, north = (float(side or "") for side in said)
    except ValueError:
        raise Refusal("fields_malformed", fields=", ".join(SIDES)) from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Refusal("fields_malformed", fields=", ".join(SIDES))
    return west, south, east, north


def _address(choice: str | None = None, **changed: Any) -> str:
    """The address of another list: as this one but for the choice, or what is changed."""
    drop = {"after", *changed} | ({*CHOICES, "closed", "due"} if choice else set())
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in drop and value]
    kept += [(choice, "1")] if choice else []
    kept += [(name, value) for name, value in changed.items() if value is not None]
    return f"{url_for('hazards.listing')}?{urlencode(kept)}"


# --- The report -------------------------------------------------------------------------------------------


def _site(session: Transaction) -> Site | None:
    """Where the address or the form says it is; None where neither does."""
    said = request.values
    lon, lat = said.get("lon"), said.get("lat")
    building, compound = (fields.whole(name, said.get(name, "").strip()) for name in ("building", "compound"))
    if building is None and compound is None and not (lon and lat):
        return None
    if building is not None or compound is not None:
        return hazards.site_of(session, building, compound)
    try:
        point = float(lon or ""), float(lat or "")
    except ValueError:
        raise Refusal("fields_malformed", fields=", ".join(LON_LAT)) from None
    if not (-180 <= point[0] <= 180 and -90 <= point[1] <= 90):
        raise Refusal("fields_malformed", fields=", ".join(LON_LAT))
    return hazards.site_of(session, lon=point[0], lat=point[1])


def _report(site: Site) -> Report:
    at_point = site.building_id is None and site.compound_id is None
    try:
        client_id = UUID(fields.words("client_id"))
    except ValueError:
        raise Refusal("fields_malformed", fields="client_id") from None
    return Report(
        kind=fields.words("kind"),
        reported_at=here(),
        severity=fields.whole_or_none("severity") or 1,
        building_id=site.building_id,
        compound_id=site.compound_id,
        lon=site.lon if at_point else None,
        lat=site.lat if at_point else None,
        site=fields.words("site"),
        description=fields.words("description"),
        client_id=client_id,
        origin="inspection" if fields.words("inspection") else None,
        mechanism="emergency" if fields.words("emergency") == "yes" else "ordinary",
    )


def _new(refused: str = "", near: list[dict[str, Any]] | None = None) -> str:
    with work() as session:
        site = _site(session)
        kinds, names = hazards.kinds(session), kind_names(session, language())
        goes_to, done_by = None, {}
        if site is not None:
            require(actor(), REGISTRARS, [site.path])
            goes_to = hazards.grid_of(session, site)
            done_by = case_clocks.done_by(session, site.path, here())
    return render_template(
        "hazard_new.html",
        site=site,
        goes_to=goes_to,
        hazard_kinds=kinds,
        kind_names=names,
        done_by=done_by,
        near=near or [],
        refused=refused,
        given=request.form,
        inspection=fields.whole("inspection", request.values.get("inspection", "")),
        client_id=request.form.get("client_id") or uuid4(),
    )


# --- One case ---------------------------------------------------------------------------------------------


def _case(hazard_id: int, refused: str = "") -> str:
    with work() as session:
        found = hazards.read(session, actor(), hazard_id, here())
        acts = case_life.next_acts(found["state"], found["mechanism"], actor(), found["path"])
        handlers = case_life.handlers(session, found["path"], today())
        kinds, names = hazards.kinds(session), kind_names(session, language())
    return render_template(
        "hazard.html",
        case=found,
        acts=acts,
        handlers=handlers,
        hazard_kinds=kinds,
        kind_names=names,
        bar=BAR,
        telling=hazards.TELLING,
        worded_facts=(*case_life.WORDS, *DAYS, "of"),
        refused=refused,
        given=request.form,
        keeps=actor().covers(REGISTRARS, found["path"]),
        tomorrow=date.fromordinal(today().toordinal() + 1),
        today=today(),
        severities=hazards.SEVERITIES,
        mechanisms=hazards.MECHANISMS,
    )


def _facts() -> dict[str, Any]:
    """What the form of an act tells, as the act takes it."""
    words = {name: fields.words(name) for name in (*case_life.WORDS, "kind", "mechanism")}
    days = {name: fields.day_or_none(name) for name in DAYS}
    numbers = {name: fields.whole_or_none(name) for name in NUMBERS}
    return {name: value for name, value in {**words, **days, **numbers}.items() if value not in (None, "")}
