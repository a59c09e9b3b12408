"""Exact search by faiss and torch: every row searches all others.

Of faiss only the search is timed, its index being made before; of torch the product and the choice of neighbours. Ranks are found after the clock has
stopped. MAP@R is timed whole.
"""

import faiss
import numpy as np
import torch

import openblas
import ranks


def about():
    return [f"faiss {faiss.__version__} ({faiss.omp_get_max_threads()} threads, {faiss.get_compile_options().strip()}; {openblas.of('faiss_cpu')})"]


def prepare(request):
    x, labels = np.load(request["x"]), np.load(request["labels"])
    queries = ranks.slice_of(len(x), request["queries"])
    rows = x if len(queries) == len(x) else np.ascontiguousarray(x[queries])
    search = {"faiss": faiss_search, "torch": torch_search}[request["library"]]
    found = {}
    if request["task"] == "recall":
        neighbours = search(x, rows, queries, request["k"], request)

        def call():
            found["neighbours"] = neighbours()

        def checks():
            first = ranks.of_first_positive(found["neighbours"], queries, labels)
            np.save(request["out"], first)
            return {"recall_at_1": float((first == 0).mean())}
        return call, checks

    sizes = np.bincount(labels)
    positives = sizes[labels[queries]] - 1
    neighbours = search(x, rows, queries, int(sizes.max()), request)

    def call():
        found["ap"] = ranks.average_precision(ranks.without_self(neighbours(), queries), labels[queries], labels, positives)

    def checks():
        np.save(request["out"], found["ap"])
        return {"map_at_r": float(found["ap"][positives > 0].mean())}
    return call, checks


def faiss_search(x, rows, queries, k, request):
    index = faiss.IndexFlatIP(x.shape[1])
    index.add(x)
    return lambda: index.search(rows, k)[1]


def torch_search(x, rows, queries, k, request):
    gallery, rows, chunk = torch.from_numpy(x).T, torch.from_numpy(rows), request["chunk"]
    products = torch.empty((min(chunk, len(rows)), len(x)))
    neighbours = torch.empty((len(rows), k), dtype=torch.int64)

    def call():
        with torch.inference_mode():
            for start in range(0, len(rows), chunk):
                part = rows[start:start + chunk]
                s = torch.mm(part, gallery, out=products[:len(part)])
                neighbours[start:start + len(part)] = s.topk(k, dim=1).indices
        return neighbours.numpy()
    return call
