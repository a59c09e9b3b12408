"""Final distances of k-reciprocal re-ranking, as dense matrices in float64.

The definition is that of Zhong et al., CVPR 2017: distances are squared Euclidean of rows at
length 1, over the largest of each row; queries and gallery are encoded together.
Run as: python reranking.py > reranking.json
"""

import json
import sys

import numpy as np

QUERIES, GALLERY, DIMENSIONS = 8, 25, 5


def distances(rows):
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    squared = ((unit[:, None, :] - unit[None, :, :]) ** 2).sum(axis=2)
    return squared / squared.max(axis=1, keepdims=True)


def mutual(order, p, k):
    near = order[p, : k + 1]
    return [int(r) for r in near if p in order[r, : k + 1]]


def encodings(d, order, k1, k2):
    n = len(d)
    v = np.zeros((n, n))
    for p in range(n):
        own = set(mutual(order, p, k1))
        members = set(own)
        for r in own:
            others = set(mutual(order, r, int(np.around(k1 / 2))))
            if len(others & own) > 2 * len(others) / 3:
                members |= others
        members = sorted(members)
        weights = np.exp(-d[p, members])
        v[p, members] = weights / weights.sum()
    return np.stack([v[order[p, :k2]].mean(axis=0) for p in range(n)])


def final(rows, k1, k2, lam):
    d = distances(rows)
    order = np.argsort(d, axis=1, kind="stable")
    v = encodings(d, order, k1, k2)
    least = np.minimum(v[:, None, :], v[None, :, :]).sum(axis=2)
    greatest = np.maximum(v[:, None, :], v[None, :, :]).sum(axis=2)
    return (1 - lam) * (1 - least / greatest) + lam * d


random = np.random.default_rng(14)
centres = random.normal(size=(6, DIMENSIONS))
of = random.integers(6, size=QUERIES + GALLERY)
rows = np.round(centres[of] + 0.6 * random.normal(size=(len(of), DIMENSIONS)), 3)
cases = []
for k1, k2, lam in [(20, 6, 0.3), (5, 2, 0.3), (7, 3, 0.5), (4, 1, 0.1), (3, 5, 0.9), (6, 2, 0.0)]:
    across = final(rows, k1, k2, lam)[:QUERIES, QUERIES:]
    alone = final(rows[QUERIES:], k1, k2, lam)[:3]
    cases.append({"k1": k1, "k2": k2, "lambda": lam, "gallery": np.round(across, 14).tolist(), "self": np.round(alone, 14).tolist()})
json.dump(
    {
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__},
        "queries": rows[:QUERIES].tolist(),
        "rows": rows[QUERIES:].tolist(),
        "cases": cases,
    },
    sys.stdout,
)
print()
