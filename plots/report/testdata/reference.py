"""Writes reference.json: projections of 80 rows of 6 values by scikit-learn.

python3 reference.py > reference.json
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness

N, D, PERPLEXITY = 80, 6, 12
i = np.arange(N)[:, None]
k = np.arange(D)[None, :]
x = np.sin(1.3 * i * (k + 1)) + 3.0 * (i % 4 == k)

pca = PCA(n_components=2).fit(x)
plane = pca.transform(x)
for a in range(2):  # the sign of the largest coordinate of a direction
    v = pca.components_[a]
    plane[:, a] *= np.sign(v[np.argmax(np.abs(v))])

tsne = TSNE(perplexity=PERPLEXITY, method="exact", init=1e-4 * plane / plane[:, 0].std(), random_state=0).fit(x)
json.dump(
    {
        "sklearn": sklearn.__version__,
        "numpy": np.__version__,
        "python": sys.version.split()[0],
        "plane": plane.ravel().tolist(),
        "shares": pca.explained_variance_ratio_.tolist(),
        "divergence": float(tsne.kl_divergence_),
        "trustworthiness": float(trustworthiness(x, tsne.embedding_, n_neighbors=5)),
    },
    sys.stdout,
)
print()
