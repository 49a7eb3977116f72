"""Who may do what where: the roles a person holds, and one table with a line for every route.

What has no line is refused to everybody. A role holds for its place and all beneath it; a line says which
roles open its route and whose place is looked at. Each request is held against it before its view runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal

ADMINISTRATOR, MANAGER, COORDINATOR, LEADER = "administrator", "manager", "coordinator", "leader"
KINDS = (ADMINISTRATOR, MANAGER, COORDINATOR, LEADER)
BIGGEST_ID = 2**63 - 1


class Anyone:
    """A who that names no role."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __repr__(self) -> str:
        return self.words


ANYBODY = Anyone("anybody")
PUBLIC = Anyone("the public")  # no session is looked at: what is sent must come from our own page instead
OPEN_TO_ALL = (ANYBODY, PUBLIC)
SIGNED_IN = Anyone("signed in")
STAFF = frozenset(KINDS)
ADMINISTRATORS = frozenset({ADMINISTRATOR})
MANAGERS = frozenset({MANAGER})
COORDINATORS = frozenset({COORDINATOR})
LEADERS = frozenset({LEADER})
REGISTRARS = MANAGERS | COORDINATORS  # those who keep the registers of their places and grids
OVERSEERS = MANAGERS | LEADERS  # those who look at a place from above
READERS_OF_CASES = MANAGERS | COORDINATORS | LEADERS
DECIDERS = ADMINISTRATORS | MANAGERS | LEADERS  # those who read drafts


@dataclass(frozen=True)
class Grant:
    """A role that holds today, for a place and all beneath it; path None: for the whole deployment."""

    kind: str
    path: str | None

    def covers(self, path: str | None) -> bool:
        """Whether a place (None: the whole deployment) is the role's own or beneath it."""
        return self.path is None or (path is not None and beneath(path, self.path))

    def touches(self, path: str | None) -> bool:
        """Whether the place is the role's own, beneath it, or above it."""
        return self.covers(path) or path is None or beneath(self.path or "", path)


@dataclass(frozen=True)
class Actor:
    """A person who is signed in, with the roles that hold today; read anew for every request."""

    person_id: int
    account: str
    name: str
    roles: tuple[Grant, ...]

    @property
    def scope(self) -> tuple[str, ...] | None:
        """Paths of the places whose rows they may read; None: everywhere."""
        return self.scope_of(KINDS)

    def scope_of(self, kinds: Collection[str]) -> tuple[str, ...] | None:
        """The same by some roles alone: who administrates a city and leads a community leads no city."""
        paths = {grant.path for grant in self.roles if grant.kind in kinds}
        if None in paths:
            return None
        known = {path for path in paths if path is not None}
        return tuple(sorted(path for path in known if not any(beneath(path, o) for o in known - {path})))

    def holds(self, kinds: Collection[str]) -> bool:
        """Whether one of these roles is theirs anywhere."""
        return any(grant.kind in kinds for grant in self.roles)

    def covers(self, kinds: Collection[str], path: str | None) -> bool:
        """Whether one of these roles is theirs for the place or one above it."""
        return any(grant.kind in kinds and grant.covers(path) for grant in self.roles)

    def touches(self, kinds: Collection[str], path: str | None) -> bool:
        """As `covers`, and also where the role's place lies beneath: they see a part of it."""
        return any(grant.kind in kinds and grant.touches(path) for grant in self.roles)


@dataclass(frozen=True)
class Rule:
    """Who may use a route.

    at: the name of a line of PLACES, which finds the place concerned; None where no place is.
    how: "covers" for what changes or shows one thing; "touches" for what shows the part that is theirs;
    "own" for what is one person's alone; "own or covers" for that and what lies in their places.
    body_mb: how much may be sent.
    """

    who: Anyone | frozenset[str]
    at: str | None = None
    how: str = "covers"
    body_mb: float = 1


@dataclass(frozen=True)
class PlaceOf:
    """How to find the places an object belongs to: the URL's argument, and the question with `:value`.

    It answers a row with one path for each place concerned, NULL for the whole deployment; no row
    where there is no such object. owner: likewise for the person whose it is.
    """

    argument: str
    question: str = ""
    owner: str = ""


PLACES: dict[str, PlaceOf] = {
    "place": PlaceOf("code", "SELECT path::text FROM place WHERE code = :value"),
    "plan": PlaceOf(
        "plan_id",
        "SELECT place.path::text FROM plan JOIN place ON place.id = plan.place_id WHERE plan.id = :value",
    ),
    "grid": PlaceOf(
        "grid_id",
        "SELECT place.path::text FROM grid JOIN place ON place.id = grid.community_id WHERE grid.id = :value",
    ),
    "building": PlaceOf(  # the smallest place it stands in, of those it was imported with
        "building_id",
        """
        SELECT place.path::text
        FROM building
        JOIN place AS imported ON imported.id = building.place_id
        JOIN place ON place.path <@ imported.path
            AND (place.id = imported.id OR ST_Covers(place.outline, building.position))
        WHERE building.id = :value
        ORDER BY nlevel(place.path) DESC, place.code
        LIMIT 1
        """,
    ),
    "person": PlaceOf(  # all places of their roles, also of roles that are over: NULL where there is none
        "person_id",
        """
        SELECT DISTINCT place.path::text
        FROM person
        LEFT JOIN role ON role.person_id = person.id
        LEFT JOIN place ON place.id = role.place_id
        WHERE person.id = :value
        """,
    ),
    "comment": PlaceOf(
        "comment_id",
        """
        SELECT place.path::text FROM comment JOIN plan ON plan.id = comment.plan_id
        JOIN place ON place.id = plan.place_id WHERE comment.id = :value
        """,
    ),
    "hazard": PlaceOf(
        "hazard_id",
        "SELECT place.path::text FROM hazard JOIN place ON place.id = community_id WHERE hazard.id = :value",
    ),
    "upload": PlaceOf("upload_id", owner="SELECT person_id FROM upload WHERE id = :value"),
    "job": PlaceOf(  # jobs of uploads are their asker's alone
        "job_id",
        """
        SELECT place.path::text FROM job JOIN place ON place.id = job.place_id
        WHERE job.id = :value AND job.upload_id IS NULL
        """,
        owner="SELECT asked_by FROM job WHERE id = :value",
    ),
}

# A line for every route; the test that walks all routes fails for one without.
POLICY: dict[str, Rule] = {
    "static": Rule(ANYBODY),
    "assets.built": Rule(ANYBODY),
    "pages.map_page": Rule(SIGNED_IN),
    "health.health": Rule(ANYBODY),
    "openapi.spec": Rule(SIGNED_IN),
    # signing in
    "sign_in.home": Rule(ANYBODY),
    "sign_in.form": Rule(ANYBODY),
    "sign_in.sign_in": Rule(ANYBODY),
    "sign_in.sign_out": Rule(SIGNED_IN),
    "me.me": Rule(SIGNED_IN),
    "me.password": Rule(SIGNED_IN),
    "me.sign_out_everywhere": Rule(SIGNED_IN),
    "second_factor.page": Rule(SIGNED_IN),
    "second_factor.confirm": Rule(SIGNED_IN),
    "second_factor.remove": Rule(SIGNED_IN),
    "second_factor.code_form": Rule(ANYBODY),
    "second_factor.code": Rule(ANYBODY),
    # staff and their roles
    "people.people": Rule(ADMINISTRATORS),
    "people.new": Rule(ADMINISTRATORS),
    "people.add": Rule(ADMINISTRATORS),
    "people.person": Rule(ADMINISTRATORS, at="person"),
    "people.change": Rule(ADMINISTRATORS, at="person"),
    "people.grant": Rule(ADMINISTRATORS, at="person"),
    "people.revoke": Rule(ADMINISTRATORS, at="person"),
    "people.deactivate": Rule(ADMINISTRATORS, at="person"),
    "people.reactivate": Rule(ADMINISTRATORS, at="person"),
    "people.password": Rule(ADMINISTRATORS, at="person"),
    "people.sign_out": Rule(ADMINISTRATORS, at="person"),
    "people.remove_second_factor": Rule(ADMINISTRATORS, at="person"),
    "people.wipe": Rule(ADMINISTRATORS, at="person"),
    "people_api.me": Rule(SIGNED_IN),
    "people_api.people": Rule(ADMINISTRATORS),
    "people_api.add": Rule(ADMINISTRATORS),
    "people_api.person": Rule(ADMINISTRATORS, at="person"),
    "people_api.change": Rule(ADMINISTRATORS, at="person"),
    "people_api.grant": Rule(ADMINISTRATORS, at="person"),
    "people_api.revoke": Rule(ADMINISTRATORS, at="person"),
    "people_api.password": Rule(ADMINISTRATORS, at="person"),
    "people_api.sign_out": Rule(ADMINISTRATORS, at="person"),
    # jobs, uploads and plans
    "jobs.show": Rule(MANAGERS | ADMINISTRATORS, at="job", how="own or covers"),
    "jobs.events": Rule(MANAGERS | ADMINISTRATORS, at="job", how="own or covers"),
    "jobs.cancel": Rule(MANAGERS | ADMINISTRATORS, at="job", how="own or covers"),
    "jobs.of_place": Rule(MANAGERS | ADMINISTRATORS, at="place"),
    "uploads.listing": Rule(MANAGERS | ADMINISTRATORS),
    "uploads.send": Rule(MANAGERS | ADMINISTRATORS, body_mb=65),
    "uploads.show": Rule(MANAGERS | ADMINISTRATORS, at="upload", how="own"),
    "uploads.read_again": Rule(MANAGERS | ADMINISTRATORS, at="upload", how="own"),
    "uploads.import_it": Rule(MANAGERS | ADMINISTRATORS, at="upload", how="own"),
    "uploads.discard": Rule(MANAGERS | ADMINISTRATORS, at="upload", how="own"),
    "plans.split": Rule(MANAGERS, at="place"),
    "locks.listing": Rule(MANAGERS, at="place"),
    "locks.lock": Rule(MANAGERS, at="place"),
    "locks.unlock": Rule(MANAGERS, at="place"),
    "locks.lock_all": Rule(MANAGERS, at="place"),
    "entrances.listing": Rule(MANAGERS, at="place"),
    "entrances.mark": Rule(MANAGERS, at="place"),
    "entrances.unmark": Rule(MANAGERS, at="place"),
    "compounds.listing": Rule(MANAGERS, at="place"),
    "compounds.draw": Rule(MANAGERS, at="place"),
    "compounds.change": Rule(MANAGERS, at="place"),
    "compounds.remove": Rule(MANAGERS, at="place"),
    "exports.export": Rule(MANAGERS, at="plan"),
    "edits.assignment": Rule(MANAGERS, at="plan"),
    "edits.ground": Rule(MANAGERS, at="plan"),
    "edits.residents": Rule(MANAGERS, at="plan"),
    "edits.save": Rule(MANAGERS, at="plan", body_mb=4),
    "edits.edits": Rule(MANAGERS, at="plan"),
    "edits.reverse": Rule(MANAGERS, at="plan"),
    "edits.restore": Rule(MANAGERS, at="plan"),
    "edits.state": Rule(MANAGERS, at="plan"),
    "edits.news": Rule(MANAGERS, at="plan"),
    "grid_layers.send": Rule(MANAGERS, at="place", body_mb=25),
    "grid_layers.report": Rule(MANAGERS | LEADERS, at="plan"),
    "manager_pages.layer_page": Rule(MANAGERS | LEADERS, at="plan"),
    "plans.publish": Rule(MANAGERS, at="plan"),
    "plans.discard": Rule(MANAGERS, at="plan"),
    # ledgers: rows of the grids answered for and of the places managed
    "registers.ledger": Rule(REGISTRARS),
    "register_map.of_plan": Rule(STAFF, at="plan", how="touches"),
    "register_map.of_grid": Rule(STAFF, at="grid"),
    "register_map.in_view": Rule(REGISTRARS, at="place", how="touches"),
    "registers.clears_page": Rule(REGISTRARS),
    "registers.totals": Rule(REGISTRARS),
    "registers.paper": Rule(REGISTRARS),
    "registers.export": Rule(REGISTRARS),
    # the life of a plan
    "review.submit": Rule(MANAGERS, at="plan"),
    "review.withdraw": Rule(MANAGERS, at="plan"),
    "review.reviews": Rule(DECIDERS, at="plan"),
    "review.approve": Rule(LEADERS, at="plan"),
    "review.send_back": Rule(LEADERS, at="plan"),
    "review.listing": Rule(DECIDERS, at="plan"),
    "review.comment": Rule(MANAGERS | LEADERS, at="plan"),
    "review.settle": Rule(MANAGERS | LEADERS, at="comment"),
    "review.duplicate": Rule(MANAGERS, at="plan"),
    "review.settings": Rule(DECIDERS, at="place"),
    "review.change_settings": Rule(ADMINISTRATORS, at="place"),
    "plan_history.plans": Rule(STAFF, at="place", how="touches"),
    "plan_history.at": Rule(STAFF, at="place", how="touches"),
    "plan_history.constant_geography": Rule(STAFF, at="plan", how="touches"),
    "plan_history.coordinators": Rule(MANAGERS, at="place"),
    "plan_history.assign": Rule(MANAGERS, at="grid"),
    "operations.operate": Rule(MANAGERS, at="plan"),
    "operations.cut": Rule(MANAGERS, at="plan"),
    "operations.draw": Rule(MANAGERS, at="plan"),
    "operations.streets": Rule(MANAGERS, at="plan"),
    "operations.streets_within": Rule(MANAGERS, at="plan"),
    "operations.problems": Rule(MANAGERS | LEADERS, at="plan"),
    "rebalance.ask": Rule(MANAGERS, at="plan"),
    "rebalance.accept": Rule(MANAGERS, at="plan"),
    "rebalance.alerts": Rule(STAFF, at="place", how="touches"),
    "manager_pages.rebalance_page": Rule(MANAGERS, at="plan"),
    "manager_pages.edit_page": Rule(MANAGERS, at="plan"),
    "plans.compare": Rule(STAFF, at="plan", how="touches"),
    "differences.differences": Rule(STAFF, at="plan", how="touches"),
    "differences.moved_buildings": Rule(STAFF, at="plan", how="touches"),
    "certificates.explain": Rule(STAFF, at="plan", how="touches"),
    # the whole plan on one sheet: for those whose role covers all of it
    "certificates.certificate": Rule(STAFF, at="plan"),
    "certificates.certificate_page": Rule(STAFF, at="plan"),
    "manager_pages.import_page": Rule(MANAGERS | ADMINISTRATORS),
    "manager_pages.upload_page": Rule(MANAGERS | ADMINISTRATORS, at="upload", how="own"),
    "manager_pages.split_page": Rule(MANAGERS),
    "manager_pages.plans_page": Rule(SIGNED_IN),
    "manager_pages.compare_page": Rule(STAFF, at="plan", how="touches"),
    "manager_pages.review_page": Rule(DECIDERS, at="plan"),
    # what residents find and report without signing in
    "find.page": Rule(PUBLIC),
    "find.search": Rule(PUBLIC),
    "find.at": Rule(PUBLIC),
    "find.grid": Rule(PUBLIC),
    "find.building": Rule(PUBLIC),
    "find.version": Rule(PUBLIC),
    "find.pack": Rule(PUBLIC),
    "find.worker": Rule(PUBLIC),
    "public_tiles.tile": Rule(PUBLIC),
    "public_tiles.tile_json": Rule(PUBLIC),
    "find_report.form": Rule(PUBLIC),
    "find_report.send": Rule(PUBLIC, body_mb=25),
    "hazards_api.held_back": Rule(REGISTRARS),
    "held.page": Rule(REGISTRARS),
    "held.settle": Rule(REGISTRARS, at="hazard"),
    "held.photo": Rule(REGISTRARS),
    "held.settle_photo": Rule(REGISTRARS),
    # sheets to print: of what is published, for staff of the place
    "paper.page": Rule(STAFF),
    "paper.wall": Rule(STAFF, at="place", how="touches"),
    "paper.atlas": Rule(STAFF, at="place", how="touches"),
    "paper.card": Rule(STAFF, at="grid"),
    "paper.buildings": Rule(STAFF, at="grid"),
    "paper.walk": Rule(STAFF, at="grid"),
    "paper.scanned": Rule(ANYBODY),
    "ogc.landing": Rule(PUBLIC),
    "ogc.api": Rule(PUBLIC),
    "ogc.conformance": Rule(PUBLIC),
    "ogc.collections": Rule(PUBLIC),
    "ogc.collection": Rule(PUBLIC),
    "ogc.items": Rule(PUBLIC),
    "ogc.item": Rule(PUBLIC),
    "offices.page": Rule(MANAGERS | ADMINISTRATORS),
    "offices.change": Rule(MANAGERS | ADMINISTRATORS),
    # hazards and cases: what may be done with one, its table says
    "hazards.listing": Rule(READERS_OF_CASES),
    "hazards.new": Rule(REGISTRARS),
    "hazards.report": Rule(REGISTRARS, body_mb=9),
    "hazards.one": Rule(READERS_OF_CASES, at="hazard"),
    "hazards.act": Rule(READERS_OF_CASES, at="hazard", body_mb=9),
    "hazards.photo": Rule(READERS_OF_CASES),
    "case_limits.page": Rule(ADMINISTRATORS),
    "case_limits.add": Rule(ADMINISTRATORS),  # kinds and limits are everybody's: of the deployment alone
    "case_limits.keep": Rule(ADMINISTRATORS),
    "inspections.listing": Rule(REGISTRARS),
    "inspections.set_up": Rule(REGISTRARS),  # managers of the place alone
    "inspections.done": Rule(REGISTRARS),
    "inspections.end": Rule(MANAGERS),
    "hazard_map.in_view": Rule(READERS_OF_CASES, at="place", how="touches"),
    "hazards_api.listing": Rule(READERS_OF_CASES),
    "hazards_api.kinds": Rule(STAFF),
    "hazards_api.near": Rule(READERS_OF_CASES),
    "hazards_api.report": Rule(READERS_OF_CASES),  # who reports, the place of the site decides
    "hazards_api.one": Rule(READERS_OF_CASES, at="hazard"),
    "hazards_api.act": Rule(READERS_OF_CASES, at="hazard"),
    "hazards_api.add_photo": Rule(REGISTRARS, at="hazard", body_mb=9),
    "hazards_api.add_photo_sent": Rule(REGISTRARS, body_mb=9),
    # the rights centre
    "rights.overview": Rule(ADMINISTRATORS),
    "rights.fields": Rule(ADMINISTRATORS),
    # duties
    "duties.page": Rule(STAFF),
    "duties.take_leave": Rule(MANAGERS),
    "duties.withdraw_leave": Rule(MANAGERS),
    "duties.accept": Rule(MANAGERS),
    "duties.add_course": Rule(MANAGERS),
    "duties.attend": Rule(MANAGERS),
    "duties.name_for_public": Rule(MANAGERS),
    "duties.grid": Rule(MANAGERS, at="grid"),
    "duties.hand_over": Rule(MANAGERS, at="grid"),
    "duties.sheet": Rule(MANAGERS, at="grid"),
    "duties.deputise": Rule(MANAGERS, at="grid"),
    "duties.end_deputy": Rule(MANAGERS, at="grid"),
    # stations
    "station.page": Rule(STAFF),
    "station.task_done": Rule(COORDINATORS),
    "station.look": Rule(REGISTRARS, body_mb=6),
    "station.photo": Rule(STAFF, at="place", how="touches"),
    "station.keep_meeting": Rule(REGISTRARS),
    "station.hang": Rule(REGISTRARS),
    "station.take_down": Rule(REGISTRARS),
    "station.notice": Rule(STAFF),
    "station.correct": Rule(REGISTRARS),
    "station.answer_correction": Rule(REGISTRARS),
    "station.take_on": Rule(REGISTRARS),
    "station.close": Rule(REGISTRARS),
    # indicators
    "indicators.figures": Rule(STAFF),
    "indicators.behind": Rule(REGISTRARS, at="grid"),
    "indicators.contest": Rule(COORDINATORS),
    "indicators.answer": Rule(MANAGERS),
    # what leaders see
    "board.page": Rule(MANAGERS | LEADERS),
    "board.registers": Rule(MANAGERS | LEADERS),
    "board.taken": Rule(MANAGERS | LEADERS),
    "campaigns.page": Rule(OVERSEERS),
    "campaigns.set_target": Rule(OVERSEERS),  # the place is in the form, and looked at there
    "campaigns.take_back": Rule(OVERSEERS),
    "assessment.page": Rule(STAFF),
    "assessment.behind": Rule(STAFF),
    "assessment.contest": Rule(COORDINATORS),
    "reports.listing": Rule(MANAGERS | LEADERS),
    "reports.page": Rule(MANAGERS | LEADERS, at="place"),
    "reports.save": Rule(MANAGERS, at="place"),
    "reports.finish": Rule(MANAGERS | LEADERS, at="place"),
    "reports.pdf": Rule(MANAGERS | LEADERS, at="place"),
    # the heat of hazards
    "heat.page": Rule(OVERSEERS),
    "heat.summary": Rule(OVERSEERS, at="place", how="touches"),
    "heat.tile": Rule(OVERSEERS, at="place", how="touches"),
    "heat.areas": Rule(OVERSEERS, at="place", how="touches"),
    "heat.outlines": Rule(OVERSEERS, at="place", how="touches"),
    "heat_sheet.svg": Rule(OVERSEERS, at="place", how="touches"),
    "heat_sheet.pdf": Rule(OVERSEERS, at="place", how="touches"),
    "heat.sites": Rule(OVERSEERS, at="place", how="touches"),
    "hazard_exports.export": Rule(OVERSEERS, at="place", how="touches"),
    "hazard_exports.ask_for_file": Rule(OVERSEERS, at="place", how="touches"),
    "hazard_exports.files": Rule(OVERSEERS),  # one's own
    "hazard_exports.file": Rule(OVERSEERS, at="job", how="own"),
    "hazard_exports.content": Rule(OVERSEERS, at="job", how="own"),
    "hazard_exports.requests": Rule(OVERSEERS),  # the place is in the query, and looked at there
    # rule packs
    "rules.rules": Rule(ADMINISTRATORS),
    "rules.activate": Rule(ADMINISTRATORS),
    "rules.withdraw": Rule(ADMINISTRATORS),
    "rules.keep_day": Rule(ADMINISTRATORS),
    "rules.forget_day": Rule(ADMINISTRATORS),
    "rules_api.rules": Rule(STAFF, at="place", how="touches"),
    # rentals, letters and needs: rows of others are not there (row-level security)
    "rentals.listing": Rule(REGISTRARS),
    "rentals.new": Rule(REGISTRARS),
    "rentals.register": Rule(REGISTRARS),
    "rentals.rental": Rule(REGISTRARS),
    "rentals.change": Rule(REGISTRARS),
    "rentals.cancel": Rule(REGISTRARS),
    "rentals.let": Rule(REGISTRARS),
    "rentals.end_tenancy": Rule(REGISTRARS),
    "rentals.sign": Rule(REGISTRARS, body_mb=6),
    "letters.listing": Rule(REGISTRARS),
    "letters.to_print": Rule(REGISTRARS),
    "letters.scan": Rule(REGISTRARS),
    "letters.add_scan": Rule(REGISTRARS, body_mb=6),
    "letters.strike": Rule(REGISTRARS),
    "letters.sign_by_employer": Rule(REGISTRARS, body_mb=6),
    "needs.listing": Rule(REGISTRARS),
    "needs.new": Rule(REGISTRARS),
    "needs.ask": Rule(REGISTRARS),
    "needs.need": Rule(REGISTRARS),
    "needs.refer": Rule(REGISTRARS),
    "needs.answer": Rule(REGISTRARS),
    "needs.withdraw": Rule(REGISTRARS),
    "register_import.form": Rule(MANAGERS | ADMINISTRATORS),
    "register_import.bring_in": Rule(MANAGERS | ADMINISTRATORS, body_mb=21),
    "register_import.bring_in_by_api": Rule(MANAGERS | ADMINISTRATORS, at="place", body_mb=21),
    "hazard_import.form": Rule(MANAGERS),
    "hazard_import.bring_in": Rule(MANAGERS, body_mb=21),
    "follow.form": Rule(ANYBODY),
    "follow.follow": Rule(ANYBODY),
    "follow.withdraw": Rule(ANYBODY),
    "rights.impact": Rule(ADMINISTRATORS),
    "rights.reads": Rule(ADMINISTRATORS),
    "rights.retention_page": Rule(ADMINISTRATORS),
    "rights.remove": Rule(ADMINISTRATORS),
    "rights.requests": Rule(ADMINISTRATORS),
    "rights.request_page": Rule(ADMINISTRATORS),  # whose request it may be is the database's to say
    "rights.lift": Rule(ADMINISTRATORS),
    "rights.answer": Rule(ADMINISTRATORS),
    # what residents read about themselves: the code opens it, not a role
    "own_data.page": Rule(ANYBODY),
    "own_data.use": Rule(ANYBODY),
    "own_data.ask": Rule(ANYBODY),
    "own_data.copy": Rule(ANYBODY),
    "own_data.leave": Rule(ANYBODY),
    "own_data.hand_out": Rule(REGISTRARS),
    # the map: what may be read of a place or plan is cut to the person's scope
    "tiles.ground": Rule(STAFF, at="place", how="touches"),
    "tiles.plan": Rule(STAFF, at="plan", how="touches"),
    "map_api.places": Rule(STAFF),
    "map_api.place": Rule(STAFF, at="place", how="touches"),
    "map_api.plans": Rule(STAFF, at="place", how="touches"),
    "map_api.plan": Rule(STAFF, at="plan", how="touches"),
    "map_api.grids": Rule(STAFF, at="plan", how="touches"),
    "map_api.border": Rule(STAFF, at="plan", how="touches"),
    "map_api.grid": Rule(STAFF, at="grid"),
    "map_api.grid_buildings": Rule(STAFF, at="grid"),
    "map_api.at": Rule(STAFF, at="plan", how="touches"),
    "map_api.nearest_building": Rule(STAFF, at="place", how="touches"),
    "map_api.search": Rule(STAFF, at="place", how="touches"),
    # homes: whose rows are seen, the database decides by grid and place; a stranger's row is not found
    "helpers.add": Rule(REGISTRARS, at="building"),
    "helpers.end": Rule(REGISTRARS),
    "homes.building_page": Rule(REGISTRARS, at="building"),
    "site_notes.write": Rule(REGISTRARS, at="building"),
    "site_notes.strike": Rule(REGISTRARS, at="building"),
    "homes.household_page": Rule(REGISTRARS),
    "homes.number_page": Rule(REGISTRARS),  # whose row it is, is the database's to say
    "homes.reveal_number": Rule(REGISTRARS),
    "homes.arrival_page": Rule(REGISTRARS),
    "homes.visit_page": Rule(REGISTRARS),
    "homes.today_page": Rule(REGISTRARS),
    "homes_api.doors": Rule(REGISTRARS, at="building"),
    "homes_api.add_doors": Rule(REGISTRARS, at="building"),
    "homes_api.change_door": Rule(REGISTRARS),
    "homes_api.household": Rule(REGISTRARS),
    "homes_api.change_household": Rule(REGISTRARS),
    "homes_api.change_resident": Rule(REGISTRARS),
    "homes_api.arrive": Rule(REGISTRARS),
    "homes_api.depart": Rule(REGISTRARS),
    "homes_api.take_back": Rule(REGISTRARS),
    "homes_api.move": Rule(REGISTRARS),
    "homes_api.visit": Rule(REGISTRARS),
    "homes_api.keep": Rule(REGISTRARS),
    "homes_api.listing": Rule(REGISTRARS),
    "homes_api.zero_reports": Rule(REGISTRARS),
    "homes_api.file_zero_report": Rule(REGISTRARS),
    # phones: whose they are, the services look at
    "phone.shell": Rule(ANYBODY),  # nothing of anybody: what it shows is on the phone
    "phone.worker": Rule(ANYBODY),
    "phone.manifest": Rule(ANYBODY),
    "phone.pack": Rule(REGISTRARS),
    "sent.token": Rule(SIGNED_IN),
    "sent.show": Rule(REGISTRARS),
    "sent.enrol": Rule(REGISTRARS),
    "sent.send": Rule(REGISTRARS, body_mb=12),
    "sent.wiped": Rule(REGISTRARS),
    "employers.employer_page": Rule(REGISTRARS),
    "employers.new_page": Rule(REGISTRARS),
    "employers_api.listing": Rule(REGISTRARS),
    "employers_api.add": Rule(REGISTRARS),
    "employers_api.change": Rule(REGISTRARS),
}


def is_public(endpoint: str | None) -> bool:
    """Whether a route is of the public: no session is looked at there, and none begun."""
    rule = POLICY.get(endpoint or "")
    return rule is not None and rule.who is PUBLIC


def allow(actor: Actor, rule: Rule) -> None:
    """Refuse a person none of whose roles opens the route, anywhere: `not_allowed`."""
    if not isinstance(rule.who, Anyone) and not actor.holds(rule.who):
        raise Refusal("not_allowed")


def allow_there(session: Session, actor: Actor, rule: Rule, arguments: Mapping[str, Any]) -> None:
    """Refuse by the place of the object the URL names: `not_found`, `not_in_scope`.

    arguments: those of the URL.
    """
    if rule.at is None:
        return
    place_of = PLACES[rule.at]
    value = arguments[place_of.argument]
    if rule.how.startswith("own"):
        owners = _answers(session, place_of.owner, value)
        if owners == [actor.person_id]:
            return
        if rule.how == "own" or not _answers(session, place_of.question, value):
            raise Refusal("not_allowed" if owners else "not_found")
    kinds = STAFF if isinstance(rule.who, Anyone) else rule.who
    require(actor, kinds, paths_of(session, place_of, value), rule.how)


def require(actor: Actor, kinds: Collection[str], paths: Iterable[str | None], how: str = "covers") -> None:
    """Refuse who holds none of these roles for each of the places; for objects no URL names."""
    reaches = actor.touches if how == "touches" else actor.covers
    if not all(reaches(kinds, path) for path in paths):
        raise Refusal("not_in_scope")


def paths_of(session: Session, place_of: PlaceOf, value: str | int) -> Sequence[str | None]:
    """The places an object belongs to; `not_found` where there is no such object."""
    paths = _answers(session, place_of.question, value)
    if not paths:
        raise Refusal("not_found")
    return paths


def _answers(session: Session, question: str, value: str | int) -> list[Any]:
    if isinstance(value, int) and not 0 <= value <= BIGGEST_ID:
        return []
    return list(session.scalars(text(question), {"value": value}))


def enter_scope(session: Session, actor: Actor | None) -> None:
    """Let this transaction see the personal rows of the person's places, and of no others.

    Said for every transaction, also for nobody: what an earlier one left must not hold.
    """
    if actor is not None and actor.scope is None:
        everywhere = "(SELECT string_agg(path::text, ',') FROM place WHERE parent_path IS NULL)"
        session.execute(text(f"SELECT set_config('gridkeeper.scope', coalesce({everywhere}, ''), true)"))
        return
    paths = () if actor is None else actor.scope or ()
    session.execute(text("SELECT set_config('gridkeeper.scope', :paths, true)"), {"paths": ",".join(paths)})


def beneath(path: str, above: str) -> bool:
    """Whether a place is another or lies beneath it.

    >>> beneath("140499.140499001", "140499"), beneath("1404991", "140499")
    (True, False)
    """
    return path == above or path.startswith(above + ".")
