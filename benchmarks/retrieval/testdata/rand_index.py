"""Writes rand_index.json: scikit-learn's adjusted_rand_score of random divisions.

Run as: python rand_index.py > rand_index.json
"""

import json

import numpy as np
import sklearn
from sklearn.metrics import adjusted_rand_score

r = np.random.default_rng(3)
cases = [
    ([0, 0, 1, 1], [1, 1, 0, 0]),
    ([0, 0, 1, 2], [0, 0, 1, 1]),
    ([0, 0, 1, 1], [0, 1, 0, 1]),
    ([0, 0, 1, 1], [0, 0, 0, 0]),
    ([0, 0, 0, 0], [0, 1, 2, 3]),
    ([0, 1, 2, 3], [0, 0, 0, 0]),
]
for n, classes, clusters in [(20, 3, 4), (200, 10, 7), (300, 2, 30), (150, 50, 50)]:
    a = r.integers(0, classes, n)
    b = np.where(r.random(n) < 0.6, a % clusters, r.integers(0, clusters, n))
    cases.append((a.tolist(), b.tolist()))

print(json.dumps({
    "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
    "cases": [{"classes": a, "clusters": b, "ari": adjusted_rand_score(a, b)} for a, b in cases],
}))
