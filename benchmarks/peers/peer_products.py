"""Matrix products by numpy's OpenBLAS and by torch."""

import re

import numpy as np
import torch

import arrays
import openblas


def about():
    mkl = re.search(r"Math Kernel Library Version ([\d.]+)", torch.__config__.show())
    product = f"MKL {mkl[1]}" if mkl else "without MKL"
    return [f"numpy {np.__version__} ({openblas.of('numpy')})",
            f"torch {torch.__version__} ({torch.get_num_threads()} threads, {torch.backends.cpu.get_cpu_capability()}, {product})"]


def prepare(request):
    library = {"numpy": numpy_product, "torch": torch_product}[request["library"]]
    x = np.load(request["x"])
    y = x if request["op"] == "gram" else np.load(request["y"])
    call, c = library(request["op"], x, y)
    return call, lambda: arrays.numbers_of(c)


def sides(op, x, y):
    """Returns the factors as they are, transposed without a copy. X @ X.T is then one array twice, for which numpy computes half."""
    return {"nt": (x, y.T), "gram": (x, x.T), "nn": (x, y), "tn": (x.T, y)}[op]


def numpy_product(op, x, y):
    a, b = sides(op, x, y)
    c = np.empty((a.shape[0], b.shape[1]), np.float32)
    return lambda: np.matmul(a, b, out=c), c


def torch_product(op, x, y):
    a, b = sides(op, torch.from_numpy(x), torch.from_numpy(y))
    c = torch.empty((a.shape[0], b.shape[1]))

    def call():
        with torch.inference_mode():
            torch.mm(a, b, out=c)
    return call, c.numpy()
