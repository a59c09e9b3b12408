"""Makes the sets of this folder and writes what other tools print for them.

    python tools.py MS PROXY_ANCHOR REVISITING_DML

The arguments are checkouts of research-ms-loss, Proxy-Anchor-CVPR2020 and
Revisiting_Deep_Metric_Learning_PyTorch. The other tools are Python packages:
pytorch-metric-learning, open-metric-learning and mteb, with faiss-cpu,
pytrec-eval-terrier and scikit-learn. Every number of printed.json comes out of the
code of these tools; this script has no metric of its own. An entry that is a text is
the error by which the tool stopped.
"""

import contextlib
import importlib
import importlib.metadata
import importlib.util
import io
import json
import logging
import re
import sys
import types
import unittest.mock
import warnings
from pathlib import Path

import numpy as np
import torch

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
HERE = Path(__file__).parent


def unit(x):
    return (x / np.linalg.norm(x.astype(np.float64), axis=1, keepdims=True)).astype(np.float32)


def clustered(rng, sizes, dims, spread):
    """Rows around a random centre for each class, in random order."""
    labels = np.repeat(np.arange(len(sizes)), sizes)
    x = rng.normal(size=(len(sizes), dims))[labels] + spread * rng.normal(size=(len(labels), dims))
    order = rng.permutation(len(labels))
    return x[order].astype(np.float32), labels[order]


def sets():
    """name -> rows, labels, gallery rows or None, gallery labels or None."""
    made = {}
    rng = np.random.default_rng(1313)

    x, y = clustered(rng, [2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14], 6, 0.7)
    made["plain"] = unit(x), y, None, None

    x, y = clustered(rng, [2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14], 6, 0.7)
    made["lengths"] = x * rng.uniform(0.5, 2, size=(len(x), 1)).astype(np.float32), y, None, None

    x, y = clustered(rng, [1, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8], 6, 0.7)
    made["singletons"] = unit(x), y, None, None

    # Copies of a row in its own class and in another one. Coordinates are multiples of
    # 1/2 with lengths of 1, so that float32 has no rounding and every copy is a tie.
    corners = np.array([[a, b, c, d] for a in (-0.5, 0.5) for b in (-0.5, 0.5) for c in (-0.5, 0.5) for d in (-0.5, 0.5)], np.float32)
    corners = np.vstack([corners, np.eye(4, dtype=np.float32), -np.eye(4, dtype=np.float32)])
    y = rng.permutation(np.repeat(np.arange(6), [4, 6, 8, 10, 12, 14]))
    made["copies"] = corners[rng.integers(0, len(corners), size=len(y))], y, None, None

    x, y = clustered(rng, [2, 3, 4, 5, 6], 5, 1.0)
    made["few"] = unit(x), y, None, None

    # Rows so near to each other that float32 cannot order their similarities.
    x, y = clustered(rng, [4, 5, 6, 7, 8, 10], 6, 1.0)
    made["near"] = unit(np.array([1, 2, 3, 4, 5, 6], np.float32) + 1e-3 * x), y, None, None

    x, y = clustered(rng, [60, 100, 140, 200, 250, 300], 4, 0.6)
    made["large"] = unit(x), y, None, None

    x, y = clustered(rng, [4, 6, 8, 10, 12, 14, 16], 5, 0.7)
    g, q = np.arange(len(y)) % 2 == 0, np.arange(len(y)) % 2 == 1
    made["gallery"] = unit(x)[q], y[q], unit(x)[g], y[g]

    y2 = y[q].copy()
    y2[:3] = 99  # queries without a match
    made["unmatched"] = unit(x)[q], y2, unit(x)[g], y[g]
    return made


def stopped(compute):
    """What compute returns, or the error by which it stopped."""
    try:
        return compute()
    except Exception as error:  # the tool's own, whatever it is
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"


def module(root, name):
    """A module of a checkout, without the modules of others of the same name."""
    for known in list(sys.modules):
        if known == name.split(".")[0] or known.startswith(name.split(".")[0] + "."):
            del sys.modules[known]
    sys.path.insert(0, str(root))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.pop(0)


def of_file(path):
    spec = importlib.util.spec_from_file_location(path.stem + "_of_tool", path)
    m = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(m)
    return m


def ms(root, x, y, gx, gy):
    ret = of_file(Path(root) / "ret_benchmark/data/evaluations/ret_metric.py")
    m = ret.RetMetric(x, y) if gx is None else ret.RetMetric([gx, x], [gy, y])
    # The trainer prints recall@1 alone, with three digits.
    printed = {"recall@1": stopped(lambda: f"{m.recall_k(1):.3f}")}
    return printed | {f"recall_k({k})": stopped(lambda: m.recall_k(k)) for k in (1, 2, 4, 8)}


class Loader(list):
    """Batches of rows with their labels, and what the tools ask of a data set."""

    def __init__(self, batches, rows, classes):
        super().__init__(batches)
        image_list = [("row", 0)] * rows
        self.dataset = types.SimpleNamespace(nb_classes=lambda: classes, image_list=image_list, image_paths=image_list)


def proxy_anchor(root, x, y, gx, gy):
    for name in ("losses", "tqdm"):
        sys.modules.setdefault(name, types.ModuleType(name))
    sys.modules["tqdm"].tqdm = getattr(sys.modules["tqdm"], "tqdm", lambda v, **_: v)
    utils = of_file(Path(root) / "code/utils.py")
    rows = lambda x, y: (torch.from_numpy(x), torch.from_numpy(y))
    utils.predict_batchwise = lambda model, loader: rows(*loader.rows)  # of the network

    def loader(x, y):
        made = Loader([], len(x), len(set(y)))
        made.rows = x, y
        return made

    def printed(evaluate, *loaders):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            evaluate(None, *loaders)
        return dict(re.findall(r"(R@\d+) : ([\d.]+)", out.getvalue()))

    if gx is not None:
        return {"evaluate_cos_Inshop": stopped(lambda: printed(utils.evaluate_cos_Inshop, loader(x, y), loader(gx, gy)))}
    return {
        "evaluate_cos": stopped(lambda: printed(utils.evaluate_cos, loader(x, y))),
        "evaluate_cos_SOP": stopped(lambda: printed(utils.evaluate_cos_SOP, loader(x, y))),
    }


def revisiting_dml(root, x, y, gx, gy):
    if gx is not None:
        return "it has no gallery"
    metrics = module(root, "metrics")
    names = ["e_recall@1", "e_recall@2", "e_recall@4", "mAP_1000", "mAP_lim", "mAP_c", "dists@intra", "dists@inter", "dists@intra_over_inter"]
    opt = types.SimpleNamespace(n_classes=len(set(y)), kernels=1, evaluate_on_gpu=False, device="cpu")

    class Rows(torch.nn.Module):
        def forward(self, rows):
            return rows

    loader = Loader([(torch.from_numpy(y), torch.from_numpy(x))], len(x), len(set(y)))
    def compute():
        with contextlib.redirect_stderr(io.StringIO()):
            found, _ = metrics.MetricComputer(names, opt).compute_standard(opt, Rows(), loader, ["rows"], "cpu")
        return {k: f"{v:4.4f}" for k, v in found["rows"].items()} | {"exact": {k: float(v) for k, v in found["rows"].items()}}
    return stopped(compute)


def pml(x, y, gx, gy):
    from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator

    c = AccuracyCalculator(exclude=("NMI", "AMI"), device=torch.device("cpu"))
    rows = (x, y) if gx is None else (x, y, gx, gy)
    return stopped(lambda: c.get_accuracy(*rows))


def absent(*names):
    """Stands in for packages that a tool imports and its evaluation does not use."""
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            sys.modules[name] = unittest.mock.MagicMock()


def oml(x, y, gx, gy):
    absent("gdown", "cv2", "torch.utils.tensorboard", "albumentations", "albumentations.pytorch",
           "albumentations.augmentations", "albumentations.augmentations.geometric", "albumentations.augmentations.geometric.functional")
    sys.modules["albumentations"].PadIfNeeded = lambda value=0, **_: None
    from oml.metrics.embeddings import calc_retrieval_metrics_rr
    from oml.retrieval.retrieval_results import RetrievalResults
    from oml.functional.knn import batched_knn, batched_knn_qg

    long = lambda v: torch.from_numpy(v).long()
    ks = (1, 5, 10)

    def compute():
        if gx is None:
            ids = torch.arange(len(x))
            found = batched_knn(torch.from_numpy(x), ids, ids, top_n=max(ks), labels_gt=long(y))
        else:
            found = batched_knn_qg(torch.from_numpy(x), torch.from_numpy(gx), top_n=max(ks), labels_query=long(y), labels_gallery=long(gy))
        m = calc_retrieval_metrics_rr(RetrievalResults(*found), cmc_top_k=ks, precision_top_k=ks, map_top_k=ks, verbose=False)
        return {f"{name}/{k}": None if np.isnan(float(v)) else float(v) for name, of in m.items() for k, v in of.items()}

    return stopped(compute)


def mteb(x, y, gx, gy):
    from datasets import Dataset
    from mteb.abstasks.retrieval import AbsTaskRetrieval
    from mteb.tasks.retrieval.eng import CUB200I2I
    from mteb.timing import TimingStack

    queries, corpus = [f"{i:05d}" for i in range(len(x))], [f"{i:05d}" for i in range(len(x if gx is None else gx))]
    if gx is not None:
        queries = ["q" + q for q in queries]
    gallery, classes = (x, y) if gx is None else (gx, gy)

    class Rows:
        """An encoder of rows by number; the similarity is the tool's own cosine."""

        mteb_model_meta = None

        def encode(self, inputs, *, prompt_type, **_):
            of = x if prompt_type.value == "query" else gallery
            rows = [int(text) for batch in inputs for text in batch["text"]]
            return torch.from_numpy(of[rows])

        def similarity(self, a, b):
            from mteb.similarity_functions import cos_sim
            return cos_sim(a, b)

        def similarity_pairwise(self, a, b):
            raise NotImplementedError

    def compute(skip):
        class Task(AbsTaskRetrieval):
            metadata = mteb_text_metadata(CUB200I2I.metadata)
            skip_first_result = skip

        relevant = {q: {d: 1 for j, d in enumerate(corpus) if classes[j] == y[i] and not (gx is None and i == j)} for i, q in enumerate(queries)}
        split = {
            "corpus": Dataset.from_dict({"id": corpus, "text": [str(i) for i in range(len(corpus))]}),
            "queries": Dataset.from_dict({"id": queries, "text": [str(i) for i in range(len(queries))]}),
            "relevant_docs": {q: r for q, r in relevant.items() if r},
            "top_ranked": None,
        }
        found = Task()._evaluate_subset(Rows(), split, encode_kwargs={"show_progress_bar": False}, hf_split="test", hf_subset="default", timer=TimingStack())
        return {k: v for k, v in found.items() if not k.startswith("nauc")}

    return {"skip_first_result": stopped(lambda: compute(True)), "default": stopped(lambda: compute(False))}


def mteb_text_metadata(m):
    return m.model_copy(update={"modalities": ["text"], "category": "t2t", "type": "Retrieval"})


def main():
    roots = dict(zip(("ms", "proxy_anchor", "revisiting_dml"), sys.argv[1:4]))
    logging.disable(logging.WARNING)
    printed = {"versions": {p: importlib.metadata.version(p) for p in (
        "numpy", "torch", "faiss-cpu", "scikit-learn", "pytorch-metric-learning", "open-metric-learning", "mteb", "pytrec-eval-terrier")}}
    printed["versions"] |= json.loads((HERE / "commits.json").read_text())
    printed["sets"] = {}
    for name, (x, y, gx, gy) in sets().items():
        np.save(HERE / f"{name}.npy", x)
        np.save(HERE / f"{name}_labels.npy", y)
        if gx is not None:
            np.save(HERE / f"{name}_gallery.npy", gx)
            np.save(HERE / f"{name}_gallery_labels.npy", gy)
        printed["sets"][name] = {
            "ms": ms(roots["ms"], x, y, gx, gy),
            "proxy_anchor": proxy_anchor(roots["proxy_anchor"], x, y, gx, gy),
            "revisiting_dml": revisiting_dml(roots["revisiting_dml"], x, y, gx, gy),
            "pml": pml(x, y, gx, gy),
            "oml": oml(x, y, gx, gy),
            "mteb": mteb(x, y, gx, gy),
        }
    (HERE / "printed.json").write_text(json.dumps(printed, indent=1) + "\n")


if __name__ == "__main__":
    main()
