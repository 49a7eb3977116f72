/**
 * The ground of a plan: plots, what they share, and where they lie. It comes in cells (tiles of zoom 15), those
 * in sight and those a gesture touches, and grows; a cell that came never changes, for it is of one version.
 *
 * Metres here are of a plane laid at the first plot that came: true to a thousandth within a district.
 */

export const CELL_ZOOM = 15;
const DEGREE_M = 111_320; // a degree of latitude
const BUCKET = 0.001; // degrees: plots are looked up by squares of about 100 m
const ROWS = 2 ** 18; // more than there are rows of buckets
const FIRST_STREET = 3; // in LINE_CLASSES: before it lines within a block, from it on streets, rivers, railways
const MOST_AT_ONCE = 6; // cells asked for side by side

/** Column and row of the cell a point lies in. @param {number[]} point [lon, lat] */
export function cellAt([lon, lat]) {
  const count = 2 ** CELL_ZOOM;
  const sine = Math.sin((lat * Math.PI) / 180);
  const across = ((lon + 180) / 360) * count;
  const down = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * count;
  return [Math.floor(across), Math.floor(down)];
}

/** All cells a box of west, south, east, north meets. @returns {number[][]} */
export function cellsIn([west, south, east, north]) {
  const [[left, top], [right, bottom]] = [cellAt([west, north]), cellAt([east, south])];
  const cells = [];
  for (let x = left; x <= right; x++) for (let y = top; y <= bottom; y++) cells.push([x, y]);
  return cells;
}

/**
 * @param {number} version id of the version of plots
 * @param {(x: number, y: number) => Promise<object>} fetchCell as `GET /api/plans/ID/ground/X/Y` answers
 * @param {(x: number, y: number) => Promise<object>} [fetchResidents] as `…/residents` answers
 */
export function makeGround(version, fetchCell, fetchResidents) {
  const cells = new Map(); // "x/y" -> promise of its coming
  const plots = new Map();
  const around = new Map(); // plot -> other -> what they share
  const lines = new Map(); // smaller id -> larger id -> the lines they share
  const buckets = new Map();
  const residents = new Map(); // plot -> how many live on it, where that has come
  const heard = [],
    awaiting = [];
  let blocks = new Map();
  let origin = null;

  const metres = ([lon, lat]) => [
    (lon - origin[0]) * DEGREE_M * Math.cos((origin[1] * Math.PI) / 180),
    (lat - origin[1]) * DEGREE_M,
  ];

  function take(cell) {
    origin ??= cell.plots[0]?.point ?? null;
    for (const row of cell.plots) takePlot(row);
    for (const [plot, edges] of pairsOf(cell.edges)) around.set(plot, mergedInto(around.get(plot), edges));
    for (const [plot, other, drawn] of cell.lines) {
      if (!lines.has(plot)) lines.set(plot, new Map());
      lines.get(plot).set(other, drawn);
    }
    blocks = new Map();
    for (const listener of heard) listener(cell);
  }

  function takePlot(row) {
    const bbox = boxOfRings(row.rings);
    const plot = Object.freeze({ ...row, names: row.names ?? [], bbox, at: metres(row.point) });
    plots.set(row.id, plot);
    const [left, bottom, right, top] = bbox.map(degrees => Math.floor((degrees + 180) / BUCKET));
    for (let x = left; x <= right; x++) {
      for (let y = bottom; y <= top; y++) {
        const key = x * ROWS + y;
        const standing = buckets.get(key);
        if (standing) standing.push(plot);
        else buckets.set(key, [plot]);
      }
    }
  }

  /** One cell, asked for once; one that did not come may be asked for again. */
  function fetchOne([x, y]) {
    const key = `${x}/${y}`;
    if (!cells.has(key)) {
      const coming = fetchCell(x, y).then(cell => {
        take(cell);
        if (fetchResidents) void learnResidents(x, y, cell);
      });
      cells.set(key, coming);
      coming.catch(() => cells.delete(key));
    }
    return cells.get(key);
  }

  /** Counts may come later, or not at all: figures say less until then. */
  async function learnResidents(x, y, { plots: rows }) {
    try {
      const told = (await fetchResidents(x, y)).residents;
      for (const { id } of rows) residents.set(id, told[id] ?? 0);
      for (const listener of awaiting) listener();
    } catch (problem) {
      if (problem.name !== 'Problem') throw problem;
    }
  }

  const ground = {
    version,

    /** How many residents live on a plot; undefined where that is not known. */
    residentsOn: id => residents.get(id),
    metres,

    /** The point [lon, lat] that lies at these metres. */
    lonLat: ([x, y]) => [
      origin[0] + x / (DEGREE_M * Math.cos((origin[1] * Math.PI) / 180)),
      origin[1] + y / DEGREE_M,
    ],

    /** @returns {object | undefined} */
    plot: id => plots.get(id),
    plots: () => plots.values(),
    get size() {
      return plots.size;
    },

    /** What a plot shares with each other: other -> {metres, open, kind}; empty where its cell has not come. */
    around: id => around.get(id) ?? NOTHING,

    /** The lines two plots share, each as [lon, lat, lon, lat, …]. */
    line: (one, other) => lines.get(Math.min(one, other))?.get(Math.max(one, other)) ?? [],
    lines: () => lines,

    /** The plot at a point, or undefined. @param {number[]} point [lon, lat] */
    plotAt([lon, lat]) {
      const key = Math.floor((lon + 180) / BUCKET) * ROWS + Math.floor((lat + 180) / BUCKET);
      return buckets.get(key)?.find(plot => covers(plot, lon, lat));
    },

    /** Plots whose box meets a box of west, south, east, north. */
    plotsIn([west, south, east, north]) {
      const found = new Set();
      const [left, bottom, right, top] = [west, south, east, north].map(degrees =>
        Math.floor((degrees + 180) / BUCKET),
      );
      for (let x = left; x <= right; x++)
        for (let y = bottom; y <= top; y++)
          for (const plot of buckets.get(x * ROWS + y) ?? [])
            if (
              plot.bbox[0] <= east &&
              plot.bbox[2] >= west &&
              plot.bbox[1] <= north &&
              plot.bbox[3] >= south
            )
              found.add(plot);
      return [...found];
    },

    /** The plots of a block: those reached without crossing a street, river or railway. Of what has come. */
    blockOf(id) {
      if (!blocks.has(id)) {
        const block = [id];
        blocks.set(id, block);
        for (const one of block)
          for (const [other, { kind }] of ground.around(one))
            if (kind < FIRST_STREET && plots.has(other) && !blocks.has(other)) {
              blocks.set(other, block);
              block.push(other);
            }
      }
      return blocks.get(id);
    },

    /** Those of the plots that have not come yet. @param {Iterable<number>} ids */
    missing: ids => [...ids].filter(id => !plots.has(id)),

    /** Whether every cell of the box has been asked for. */
    hasAsked: bbox => cellsIn(bbox).every(([x, y]) => cells.has(`${x}/${y}`)),

    /** Resolves when all cells of the box have come; rejects with the first problem. */
    async need(bbox) {
      const wanted = cellsIn(bbox);
      for (let first = 0; first < wanted.length; first += MOST_AT_ONCE)
        await Promise.all(wanted.slice(first, first + MOST_AT_ONCE).map(fetchOne));
    },

    /** Hear of each cell that comes. @param {(cell: object) => void} listener */
    onCell: listener => heard.push(listener),

    /** Hear of residents that have become known. @param {() => void} listener */
    onResidents: listener => awaiting.push(listener),
  };
  return ground;
}

const NOTHING = new Map();

/** Rows of edges as plot -> other -> {metres, open, kind}; `kind` is what most of the line is. */
function pairsOf(edges) {
  const pairs = new Map();
  for (const [plot, other, length, kind, wall] of edges) {
    const shared = entry(pairs, plot, other);
    shared.metres += length;
    shared.open ||= !wall;
    if (length > shared.longest) Object.assign(shared, { longest: length, kind });
  }
  return pairs;
}

/** What two plots share, one object seen from both. */
function entry(pairs, plot, other) {
  if (!pairs.has(plot)) pairs.set(plot, new Map());
  if (!pairs.has(other)) pairs.set(other, new Map());
  const known = pairs.get(plot).get(other);
  if (known) return known;
  const shared = { metres: 0, open: false, kind: 0, longest: 0 };
  pairs.get(plot).set(other, shared);
  pairs.get(other).set(plot, shared);
  return shared;
}

/** Two cells tell the same of a pair that lies in both. */
function mergedInto(known, edges) {
  if (!known) return edges;
  for (const [other, shared] of edges) known.set(other, shared);
  return known;
}

function boxOfRings(rings) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      west = Math.min(west, ring[at]);
      east = Math.max(east, ring[at]);
      south = Math.min(south, ring[at + 1]);
      north = Math.max(north, ring[at + 1]);
    }
  }
  return [west, south, east, north];
}

/** Even–odd over all rings, so holes and parts need no telling apart. */
export function covers({ rings, bbox: [west, south, east, north] }, lon, lat) {
  if (lon < west || lon > east || lat < south || lat > north) return false;
  let inside = false;
  for (const ring of rings) {
    for (let at = 0, before = ring.length - 2; at < ring.length; before = at, at += 2) {
      const [ax, ay, bx, by] = [ring[before], ring[before + 1], ring[at], ring[at + 1]];
      if (ay > lat !== by > lat && lon < ax + ((lat - ay) / (by - ay)) * (bx - ax)) inside = !inside;
    }
  }
  return inside;
}
