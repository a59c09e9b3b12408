"""What is compared: the tasks, what each asks of every side, and how their results are held against each other."""

import dataclasses

import numpy as np

import presets
import ranks

OURS = "gpwpeer"


@dataclasses.dataclass
class Side:
    label: str  # of the column
    program: str  # OURS, or that of worker.py
    request: dict
    scale: float = 1  # of the times: all the work over what was asked


@dataclasses.dataclass
class Row:
    task: str
    size: str
    peers: list  # the labels of the sides that this row compares with


@dataclasses.dataclass
class Task:
    rows: list
    ours: Side
    peers: list
    check: object  # of the answers by label: what they agree on


@dataclasses.dataclass
class Group:
    name: str
    title: str
    about: str
    tasks: list


def groups(store, quick):
    return [products(store, quick), *retrieval(store, quick), losses(store, quick), steps(store, quick)]


def ours(request):
    return Side("gpw", OURS, request)


def values(names, tolerance=1e-4):
    """Returns a check that the named results agree to that part of them; a projection, which may be small by chance, to that part of the norm."""
    def check(answers):
        mine = answers["gpw"]["checks"]
        worst = {}
        for answer in answers.values():
            for name in names:
                a, b = mine[name], answer["checks"][name]
                if abs(a - b) > tolerance * (mine["norm"] if name == "projection" else max(abs(a), abs(b))):
                    worst[name] = f"{name} {a:.4g}, theirs {b:.4g}"
        return "; ".join(worst.values()) or "equal"
    return check


# The shapes of internal/f32/bench_test.go: similarities, a head forwards and backwards, and retrieval in tiles.
SHAPES = [("nt", 128, 128, 128), ("nt", 512, 512, 128), ("nt", 2048, 2048, 128),
          ("nt", 128, 128, 512), ("nt", 512, 512, 512), ("nt", 2048, 2048, 512),
          ("nt", 80, 512, 2048), ("nt", 256, 512, 2048), ("nt", 1024, 512, 2048),
          ("tn", 512, 2048, 80), ("tn", 512, 2048, 256), ("tn", 512, 2048, 1024),
          ("nn", 80, 512, 80), ("nn", 1024, 512, 1024),
          ("gram", 80, 80, 512), ("gram", 512, 512, 512), ("gram", 2048, 2048, 128), ("gram", 2048, 2048, 512)]
FORMS = {"nt": "X·Yᵀ", "nn": "X·Y", "tn": "Xᵀ·Y", "gram": "X·Xᵀ"}


def products(store, quick):
    tasks = []
    for op, m, n, k in SHAPES[3::5] if quick else SHAPES:
        x = store.matrix("x", k, m) if op == "tn" else store.matrix("x", m, k)
        y = store.matrix("y", n, k) if op == "nt" else store.matrix("y", k, n)
        request = {"task": "product", "op": op, "x": x} | ({} if op == "gram" else {"y": y})
        peers = [Side(library, "products", request | {"library": library}) for library in ("numpy", "torch")]
        tasks.append(Task([Row(FORMS[op], f"{m}×{n}, depth {k}", ["numpy", "torch"])], ours(request), peers, values(["norm", "projection"])))
    return Group("products", "Matrix products", "Into memory that is there.", tasks)


# The test sets of the field: rows, classes, and how many queries the peers search with (all, unless that takes too long).
SETS = [("CUB", 5924, 100, 5924), ("Cars", 8131, 98, 8131), ("SOP", 60502, 11316, 2048)]
CHUNK = 1024  # queries whose similarities torch holds at a time


def retrieval(store, quick):
    recalls, precisions = [], []
    for name, n, classes, queries in SETS[:1] if quick else SETS:
        data, scale = store.clusters(n, 512, classes), n / queries
        if quick:
            queries, scale = 1024, n / 1024
        size = f"{name}, {n:,}×512" + (f" (peers: {queries:,} queries, scaled)" if queries < n else "")

        def side(library, label, k, task="recall"):
            out = store.path(f"{task}-{library}-{k}.npy")
            return Side(label, "retrieval", {"task": task, "library": library, "k": k, "chunk": CHUNK, "queries": queries, "out": out, **data}, scale)
        lists = [side(library, f"{library} k={k:,}", k) for k in (9, 1001) for library in ("faiss", "torch")]
        rows = [Row("Recall@K, K ≤ 8", size, ["faiss k=9", "torch k=9"]),
                Row("Recall@K, K ≤ 1,000", size, ["faiss k=1,001", "torch k=1,001"])]
        recall = ours({"task": "recall", "out": store.path("recall.npy"), **data})
        recalls.append(Task(rows, recall, lists, recall_check(recall, lists)))
        whole = [side(library, library, 0, "map_at_r") for library in ("faiss", "torch")]
        maps = ours({"task": "map_at_r", "out": store.path("map_at_r.npy"), **data})
        precisions.append(Task([Row("MAP@R", size, ["faiss", "torch"])], maps, whole, map_check(maps, whole)))
    return [Group("recall", "Recall@K",
                  "Every row searches all others, exactly. gpw finds every query's rank; of the peers only the search is timed.", recalls),
            Group("map_at_r", "MAP@R",
                  "Every row searches all others, exactly. Of the peers the search and the precisions are timed.", precisions)]


def recall_check(mine, peers):
    def of(x, labels, queries, peer):
        above, theirs = np.load(mine.request["out"])[queries], np.load(peer.request["out"])
        return ranks.disagreements(x, labels, queries, above, theirs, peer.request["k"])
    return retrieval_check(mine, peers, "Recall@1", "recall_at_1", of)


def map_check(mine, peers):
    def of(x, labels, queries, peer):
        return ranks.precision_disagreements(x, labels, queries, np.load(mine.request["out"])[queries], np.load(peer.request["out"]))
    return retrieval_check(mine, peers, "MAP@R", "map_at_r", of)


def retrieval_check(mine, peers, title, name, disagreements):
    """Returns a check of every query: it counts those that differ where similarities are within 1e-6, and tells others apart."""
    def check(answers):
        x, labels, text = np.load(mine.request["x"]), np.load(mine.request["labels"]), []
        for peer in peers:
            if peer.label in answers:
                differ, wrong = disagreements(x, labels, ranks.slice_of(len(x), peer.request["queries"]), peer)
                text += [f"{peer.label}: {differ} within 1e-6"] * (differ > wrong) + [f"{peer.label}: {wrong} **differ**"] * (wrong > 0)
        return f"{title} {100 * answers['gpw']['checks'][name]:.2f} %; equal" + (" but " + ", ".join(text) if text else "")
    return check


# Where the library's definition is another one.
NOTES = {
    "dynamic_soft_margin.batch": "the library's gradient goes through the weights",
    "ranked_list.common": "the library's gradient goes through the weights",
    "smooth_ap.paper": "the library's groups are classes only where there are as many classes as rows a class, and hold the anchor",
}


def losses(store, quick):
    tasks = []
    for preset in list(presets.PRESETS)[::4] if quick else presets.PRESETS:
        for m in (80, 256) if quick else (80, 256, 1024):
            request = {"task": "loss", "loss": preset, **store.clusters(m, 512, m // 4)}
            check = values(["value", "norm", "projection"])
            if preset in NOTES:
                def check(answers, note=NOTES[preset]):
                    return "differs: " + note
            tasks.append(Task([Row(f"`{preset}`", f"{m}×512", ["PML"])], ours(request), [Side("PML", "metric_learning", request)], check))
    return Group("losses", "Losses, forward and backward to the rows",
                 "Rows of 512 coordinates, 4 a class, normalised on the way; PML is pytorch-metric-learning.", tasks)


def steps(store, quick):
    tasks = []
    for features in (2048,) if quick else (1280, 2048):
        for n, classes, rows in ((5864, 100, "5,864 rows"), (80, 16, "80 rows, all batches the same")):
            if quick and n > 80:
                continue
            request = {"task": "step", "loss": "multi_similarity.pml", "dim": 512, **store.clusters(n, features, classes)}
            peers = [Side("torch + PML", "metric_learning", request | {"adam": {}}),
                     Side("the same, Adam fused", "metric_learning", request | {"adam": {"fused": True}})]
            check = values(["value"], 1e-3) if n == 80 else lambda answers: "–"
            tasks.append(Task([Row(f"{features:,} → 512", f"batch 80 of {rows}", [p.label for p in peers])], ours(request), peers, check))
    return Group("steps", "A training step", "Gather, a linear head, normalise, Multi-Similarity with its miner, and Adam.", tasks)
