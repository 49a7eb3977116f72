"""Communities and subdistricts: blocks put together until each has its share of households."""

from heapq import heappop, heappush

import numpy as np
import shapely


def neighbours(faces: np.ndarray) -> dict[int, dict[int, float]]:
    """For each face the faces it shares a line with, and how many metres."""
    first, second = shapely.STRtree(faces).query(faces, predicate="intersects")
    pairs = sorted({(int(a), int(b)) for a, b in zip(first, second, strict=True) if a < b})
    shared = shapely.length(shapely.intersection(faces[[a for a, _ in pairs]], faces[[b for _, b in pairs]]))
    graph: dict[int, dict[int, float]] = {k: {} for k in range(len(faces))}
    for (a, b), metres in zip(pairs, shared, strict=True):
        if metres > 1.0:
            graph[a][b] = graph[b][a] = float(metres)
    return graph


def pieces(nodes: list[int], graph: dict[int, dict[int, float]]) -> list[list[int]]:
    """The nodes in connected pieces, each sorted."""
    left, found = set(nodes), []
    for start in sorted(nodes):
        if start not in left:
            continue
        left.discard(start)
        stack, piece = [start], [start]
        while stack:
            for other in graph[stack.pop()]:
                if other in left:
                    left.discard(other)
                    stack.append(other)
                    piece.append(other)
        found.append(sorted(piece))
    return found


def _halve(
    nodes: list[int], goal: float, weights: np.ndarray, points: np.ndarray, graph: dict[int, dict[int, float]]
) -> tuple[list[int], list[int]]:
    """Two connected parts, the first of about the goal, cut where the shared border is short."""
    best: tuple[float, list[int], list[int]] | None = None
    inside = set(nodes)
    total = float(weights[nodes].sum())
    for angle in np.linspace(0, 2 * np.pi, 16, endpoint=False):
        along = points @ np.array([np.cos(angle), np.sin(angle)])
        start = min(nodes, key=lambda k: along[k])
        grown, seen, heap, load = [], {start}, [(float(along[start]), start)], 0.0
        while heap:
            _, node = heappop(heap)
            if grown and load + weights[node] / 2 > goal:
                continue
            grown.append(node)
            load += float(weights[node])
            for other in sorted(graph[node]):
                if other in inside and other not in seen:
                    seen.add(other)
                    heappush(heap, (float(along[other]), other))
        taken = set(grown)
        rest = pieces([k for k in nodes if k not in taken], graph)
        if not rest:
            continue
        keep = max(rest, key=lambda piece: float(weights[piece].sum()))
        first = sorted(taken.union(*[set(p) for p in rest if p is not keep]))
        cut = sum(m for a in keep for b, m in graph[a].items() if b in inside and b not in keep)
        off = abs(float(weights[first].sum()) - goal) / total
        score = 12 * off + cut / 4000
        if best is None or score < best[0]:
            best = (score, first, keep)
    if best is None:
        return nodes[: len(nodes) // 2], nodes[len(nodes) // 2 :]
    return best[1], best[2]


def divide(
    count: int, weights: np.ndarray, points: np.ndarray, graph: dict[int, dict[int, float]]
) -> np.ndarray:
    """Label every node with one of `count` connected parts of about equal weight.

    Pieces that do not hang together get a number of parts by their weight.
    """
    labels = np.full(len(weights), -1)
    islands = pieces(list(range(len(weights))), graph)
    ideal = weights.sum() / count
    allotted = [max(1, int(weights[p].sum() / ideal)) for p in islands]
    while sum(allotted) < count:
        allotted[
            int(np.argmax([weights[p].sum() / (a + 0.5) for p, a in zip(islands, allotted, strict=True)]))
        ] += 1
    stack = list(zip(islands, allotted, strict=True))
    done = 0
    while stack:
        nodes, parts = stack.pop()
        if parts == 1:
            labels[nodes] = done
            done += 1
            continue
        share = parts // 2
        first, second = _halve(nodes, float(weights[nodes].sum()) * share / parts, weights, points, graph)
        stack += [(second, parts - share), (first, share)]
    return _evened(labels, weights, graph, ideal)


def _evened(
    labels: np.ndarray, weights: np.ndarray, graph: dict[int, dict[int, float]], ideal: float
) -> np.ndarray:
    """Move single blocks across borders while that makes the parts more equal or their borders shorter."""
    labels = labels.copy()
    loads = np.bincount(labels, weights)
    for _ in range(40):
        moved = False
        for node in range(len(labels)):
            here = int(labels[node])
            touching = {int(labels[n]) for n in graph[node]} - {here}
            for there in sorted(touching):
                change = (loads[there] + weights[node] - ideal) ** 2 + (
                    loads[here] - weights[node] - ideal
                ) ** 2
                change -= (loads[there] - ideal) ** 2 + (loads[here] - ideal) ** 2
                border = sum(
                    (labels[n] == here) * m - (labels[n] == there) * m for n, m in graph[node].items()
                )
                gain = change / ideal**2 * 8 + border / 500
                mates = [n for n in range(len(labels)) if labels[n] == here and n != node]
                if gain < -1e-6 and mates and len(pieces(mates, graph)) == 1:
                    labels[node] = there
                    loads[here] -= weights[node]
                    loads[there] += weights[node]
                    moved = True
                    break
        if not moved:
            break
    return labels


def in_reading_order(labels: np.ndarray, points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The same parts, numbered from 0 in bands from north to south and in each band from west to east."""
    count = int(labels.max()) + 1
    centres = np.array([points[labels == k].mean(axis=0) for k in range(count)])
    bands = max(1, round(np.sqrt(count)))
    rank = np.argsort(np.argsort(-centres[:, 1], kind="stable"), kind="stable") * bands // count
    order = np.lexsort((centres[:, 0], rank))
    new = np.empty(count, int)
    new[order] = np.arange(count)
    return new[labels]
