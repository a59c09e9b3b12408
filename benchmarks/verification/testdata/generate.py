"""Writes sklearn.json: what scikit-learn and SciPy say of the pairs of small sets.

Run as: python generate.py > sklearn.json
"""

import json

import numpy as np
import scipy
import sklearn
from scipy.interpolate import interp1d
from scipy.optimize import brentq
from sklearn.metrics import roc_auc_score, roc_curve

FARS = [0, 0.001, 0.01, 0.05, 0.1, 0.5, 1]


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def pairs(q, ql, g=None, gl=None):
    """Similarities, rounded so that equal ones are equal, and whether labels agree."""
    if g is None:
        i, j = np.triu_indices(len(q), 1)
        s, y = unit(q) @ unit(q).T, ql[:, None] == ql[None, :]
        return np.round(s[i, j], 11), y[i, j]
    s, y = unit(q) @ unit(g).T, ql[:, None] == gl[None, :]
    return np.round(s.ravel(), 11), y.ravel()


def opis(q, ql, g, gl, d):
    """The score over given distances."""
    s = np.clip(unit(q) @ unit(q if g is None else g).T, -1, 1)
    dist = np.sqrt(np.maximum(0, 2 - 2 * s))
    labels = ql if g is None else gl
    pair = np.triu(np.ones_like(s, bool), 1) if g is None else np.ones_like(s, bool)
    us = []
    for c in np.union1d(ql, labels):
        a, b = (ql == c)[:, None], (labels == c)[None, :]
        positive, negative = dist[pair & a & b], dist[pair & (a != b)]
        if len(positive) == 0 or len(negative) == 0:
            continue
        sens = (positive[:, None] <= d).mean(0)
        spec = (negative[:, None] > d).mean(0)
        total = sens + spec
        us.append(np.where((sens > 0) & (spec > 0), 2 * sens * spec / np.where(total > 0, total, 1), 0))
    us = np.array(us)
    return ((us - us.mean(0)) ** 2).mean()


def case(name, q, ql, g=None, gl=None):
    s, y = pairs(q, ql, g, gl)
    fpr, tpr, _ = roc_curve(y, s, drop_intermediate=False)
    p, n = int(y.sum()), int((~y).sum())
    start, end = 0.2, 1.2
    middles = start + (end - start) * (np.arange(100) + 0.5) / 100
    return {
        "name": name,
        "queries": q.astype(int).tolist(), "query_labels": ql.tolist(),
        "gallery": None if g is None else g.astype(int).tolist(),
        "gallery_labels": None if g is None else gl.tolist(),
        "positives": p, "negatives": n,
        "auc": roc_auc_score(y, s),
        "eer": brentq(lambda x: 1 - x - interp1d(fpr, tpr)(x), 0, 1, xtol=1e-15) if not np.all(np.diff(fpr) == 0) else 0,
        "fars": FARS,
        "tars": [float(tpr[fpr <= f].max()) for f in FARS],
        "accuracy": float(((tpr * p + (1 - fpr) * n) / (p + n)).max()),
        "balanced": float(((tpr + 1 - fpr) / 2).max()),
        "opis_from": start, "opis_to": end, "opis": opis(q, ql, g, gl, middles),
    }


def main():
    r = np.random.default_rng(1)

    def classes(n, c, d, spread):
        labels = r.integers(0, c, n)
        centres = r.normal(size=(c, d))
        x = np.round(20 * (centres[labels] + spread * r.normal(size=(n, d))))
        x[np.all(x == 0, axis=1), 0] = 1
        return x, labels

    x, labels = classes(60, 7, 8, 0.7)
    codes = r.choice([-1, 1], size=(50, 6))
    code_labels = (codes[:, 0] + 2 * (r.random(50) < 0.3)).astype(int)
    g, gl = classes(40, 7, 8, 1.0)
    line = r.choice([-3, -1, 1, 2], size=(20, 1))
    apart = np.repeat(np.eye(4), 5, axis=0) * 10 + r.integers(-1, 2, (20, 4))
    cases = [
        case("gaussian", x, labels),
        case("codes", codes, code_labels),
        case("gallery", x, labels, g, gl),
        case("line", line, (line[:, 0] > 0).astype(int) + 2 * (r.random(20) < 0.3)),
        case("apart", apart, np.repeat(np.arange(4), 5)),
        case("singletons", x, np.where(labels < 3, labels, 100 + np.arange(60))),
    ]
    print(json.dumps({
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
        "cases": cases,
    }))


main()
