"""The inputs: similarities that are float64 numbers, legal and for the most part extreme."""

import random

ULP = 2.0**-53  # from 1 to the number below it


def square(labels, at, means=None):
    """A batch with itself; at(i, j) is asked for i < j only."""
    m = len(labels)
    s = [[1.0] * m for _ in range(m)]
    for i in range(m):
        for j in range(i):
            s[i][j] = s[j][i] = at(j, i)
    return {"anchors": labels, "candidates": labels, "self": list(range(m)), "means": means or [0.25] * m, "s": s}


def cross(anchors, candidates, selves, at):
    s = [[1.0 if selves[i] == j else at(i, j) for j in range(len(candidates))] for i in range(len(anchors))]
    return {"anchors": anchors, "candidates": candidates, "self": selves, "means": [], "s": s}


def by_class(labels, same, other):
    return lambda i, j: same(i, j) if labels[i] == labels[j] else other(i, j)


def ordinary(rng, labels, dims=4):
    centres = {c: [rng.gauss(0, 1) for _ in range(dims)] for c in sorted(set(labels))}
    x = []
    for c in labels:
        v = [a + 0.8 * rng.gauss(0, 1) for a in centres[c]]
        norm = sum(a * a for a in v) ** 0.5
        x.append([a / norm for a in v])
    means = [sum(v) / dims**0.5 for v in x]
    return square(labels, lambda i, j: sum(a * b for a, b in zip(x[i], x[j])), means)


def crowd(rng, anchors, positives, negatives):
    """A few anchors of one class against many candidates; the positives spread over scales from 1e-14 to 1."""
    candidates = [0] * positives + [1 + k % 5 for k in range(negatives)]

    def at(_, j):
        if candidates[j] == 0:
            return max(-1.0, 0.9 - 10 ** rng.uniform(-14, 0.2)) if rng.random() < 0.5 else rng.uniform(0, 1)
        return rng.uniform(-1, 0.8)

    return cross([0] * anchors, candidates, [-1] * anchors, at)


def crowd_of_two(rng, apart, positives=45, negatives=20):
    """Many positives on a narrow interval, far from all negatives."""
    candidates = [0] * positives + [1] * negatives
    return cross(
        [0], candidates, [-1], lambda _, j: 0.8 + 0.1 * rng.random() if candidates[j] == 0 else 0.8 - apart - 0.1 * rng.random()
    )


def all_batches():
    rng = random.Random(20260601)
    some = lambda n: rng.randrange(n + 1) * ULP
    pairs, mixed = [0, 0, 1, 1, 2, 2], [1, 0, 0, 2, 1, 0, 3]
    memory = ([0, 0, 1, 2], [0, 0, 1, 2, 1, 0, 2, 1, 3], [0, 1, 2, -1])
    proxies = ([0, 1, 1, 2, 0], [0, 1, 2, 3], [-1] * 5)
    centres = ([0, 1, 1, 2], [0, 0, 1, 1, 2, 2, 3, 3], [-1] * 4)
    lattice = [-1.0, -0.5, 0.0, 0.5, 1.0]

    def proxy_like(shape, same, other):
        anchors, candidates, selves = shape
        return cross(anchors, candidates, selves, lambda i, j: same() if anchors[i] == candidates[j] else other())

    near_one, near_minus = lambda: 1 - some(9), lambda: -1 + some(9)
    between = lambda low, high: lambda: rng.uniform(low, high)
    turned = lambda shape: (shape[1], shape[0], [-1] * len(shape[1]))
    batches = {
        "ordinary": ordinary(rng, mixed),
        "tight": square(mixed, by_class(mixed, lambda i, j: near_one(), lambda i, j: rng.uniform(-0.3, 0.3))),
        "opposite": square([0, 0, 0, 1, 1, 1], by_class([0, 0, 0, 1, 1, 1], lambda i, j: near_one(), lambda i, j: near_minus())),
        "pairs": square(pairs, by_class(pairs, lambda i, j: 1.0, lambda i, j: -some(9) if i + j == 5 else 0.0)),
        "within": square(pairs, lambda i, j: 1 - ((i * 7 + j * 3) % 11 + 1) * ULP),
        "inverse": square(pairs, by_class(pairs, lambda i, j: near_minus(), lambda i, j: near_one())),
        "collapsed": square([0, 0, 1, 1, 2], lambda i, j: 1.0),
        "lattice": square([0, 0, 0, 1, 1, 2], lambda i, j: rng.choice(lattice)),
        "one class": square([4, 4, 4], lambda i, j: rng.uniform(-1, 1)),
        "no positives": square([2, 0, 1], lambda i, j: rng.uniform(-1, 1)),
        "memory": cross(*memory, lambda i, j: rng.uniform(-1, 1)),
        "tight memory": proxy_like(memory, near_one, between(-0.2, 0.6)),
        "crowd": crowd(rng, 2, 40, 20),
        "far crowd": crowd_of_two(rng, 0.4),
        "throng": crowd(rng, 1, 170, 12),
    }
    for name, shape in {"proxies": proxies, "centres": centres, "turned proxies": turned(proxies)}.items():
        batches[name] = proxy_like(shape, between(0, 1), between(-1, 0.7))
        batches["tight " + name] = proxy_like(shape, near_one, between(-1, -0.5))
        batches["opposite " + name] = proxy_like(shape, near_one, near_minus)
        batches["inverse " + name] = proxy_like(shape, near_minus, near_one)
    return batches
