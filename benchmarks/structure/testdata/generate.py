"""Writes structure.json: what NumPy and SciPy say of small sets.

Run as: python generate.py > structure.json
"""

import json

import numpy as np
import scipy
from scipy.spatial.distance import pdist
from scipy.stats import entropy


def case(name, x, labels):
    u = x / np.linalg.norm(x, axis=1, keepdims=True)
    groups = [u[labels == c] for c in np.unique(labels)]
    squares = np.concatenate([pdist(g, "sqeuclidean") for g in groups if len(g) > 1])
    intra = np.mean([pdist(g, "cosine").mean() for g in groups if len(g) > 1])
    centres = np.array([g.mean(0) for g in groups])
    inter = pdist(centres, "cosine").mean()
    s = np.linalg.svd(u, compute_uv=False)
    p = s / s.sum()
    return {
        "name": name, "rows": x.astype(int).tolist(), "labels": labels.tolist(),
        "alignment": squares.mean(),
        "uniformity": np.log(np.exp(-2 * pdist(u, "sqeuclidean")).mean()),
        "intra": intra, "inter": inter, "ratio": intra / inter,
        "singular_values": s.tolist(),
        "decay": entropy(np.full(len(s), 1 / len(s)), p),
        "effective_rank": np.exp(entropy(p)),
    }


r = np.random.default_rng(2)


def classes(n, c, d, spread):
    labels = r.integers(0, c, n)
    centres = r.normal(size=(c, d))
    x = np.round(30 * (centres[labels] + spread * r.normal(size=(n, d))))
    return np.where(np.all(x == 0, axis=1, keepdims=True), 1, x), labels


cases = [
    case("overlapping", *classes(60, 6, 8, 0.7)),
    case("apart", *classes(40, 5, 6, 0.05)),
    case("wide", *classes(10, 3, 16, 0.5)),
    case("skewed", classes(50, 4, 5, 1.0)[0] * np.array([100, 10, 3, 2, 1]), np.arange(50) % 20),
]
print(json.dumps({"versions": {"numpy": np.__version__, "scipy": scipy.__version__}, "cases": cases}))
