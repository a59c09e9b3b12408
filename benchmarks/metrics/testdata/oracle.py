"""Values of other libraries for a set with ties: python oracle.py > oracle.json

NumPy and scikit-learn give, for each query, its average precision, nDCG and the accuracy
of the nearest centroid. Rows are small integers, so that cosines tie exactly: they are
compared as the signed squares of the products over the squared lengths, which are
quotients of small integers.
"""
import json

import numpy as np
import sklearn
from sklearn.metrics import average_precision_score, ndcg_score
from sklearn.neighbors import NearestCentroid

rng = np.random.default_rng(13)
rows = rng.integers(-3, 4, (40, 4))
rows[~rows.any(axis=1)] = 1
labels = rng.integers(0, 7, 40)
labels[5] = 99  # alone in its class

s = rows @ rows.T
s = s * np.abs(s) / (rows * rows).sum(axis=1)[None]
out = {"ndcg@1": [], "ndcg@5": [], "ndcg@100": [], "map": [], "nearest_centroid": []}
unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
for i in range(len(rows)):
    others = np.arange(len(rows)) != i
    relevant = (labels[others] == labels[i]).astype(int)
    if not relevant.any():
        for values in out.values():
            values.append(0)
        continue
    # Without the factor of the query, so that quotients of integers stay equal.
    score = np.round(s[i][others], 12)
    for k in (1, 5, 100):
        out[f"ndcg@{k}"].append(ndcg_score(relevant[None], score[None], k=k))
    # scikit-learn counts a tie as one threshold; only queries without ties agree.
    tied = len(set(score[relevant == 1]) & set(score[relevant == 0])) > 0 or len(set(score[relevant == 1])) < relevant.sum()
    out["map"].append(None if tied else average_precision_score(relevant, score))
    # The nearest of unit centroids by distance is the nearest by cosine.
    classes = np.unique(labels[others])
    centres = np.stack([unit[others][labels[others] == c].mean(axis=0) for c in classes])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    nearest = NearestCentroid().fit(centres, classes).predict(unit[i][None])[0]
    out["nearest_centroid"].append(int(nearest == labels[i]))

print(json.dumps({
    "numpy": np.__version__, "scikit-learn": sklearn.__version__,
    "rows": rows.tolist(), "labels": labels.tolist(), "values": out,
}))
