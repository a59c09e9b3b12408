"""The data that all sides read, as files of NumPy."""

import pathlib

import numpy as np

LATENT = 24  # coordinates in which classes lie


def clusters(n, d, classes):
    """Returns n unit vectors of d coordinates and their classes, ascending and as equal in size as n allows.

    A class is a centre with a spread of 0.7 of its length in the first coordinates, and every vector has noise of half its square in all of them: so
    positives are at S of about 0.5 and the nearest negatives too, as in trained embeddings, and miners, margins and rankings have work to do.
    """
    rng = np.random.default_rng([n, d, classes])
    labels = np.arange(n) * classes // n
    x = rng.normal(size=(n, d)) * np.sqrt(0.5 / d)
    x[:, :LATENT] += (rng.normal(size=(classes, LATENT))[labels] + 0.7 * rng.normal(size=(n, LATENT))) / np.sqrt(LATENT)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    return x.astype(np.float32), labels.astype(np.int64)


def matrix(rows, cols):
    """Returns numbers between -1/2 and 1/2."""
    return np.random.default_rng([rows, cols]).random((rows, cols), dtype=np.float32) - np.float32(0.5)


def numbers_of(array):
    """Returns what is compared of an array: its norm, and its projection on a wave, which tells a sign, a scale and an order.

    Sums are numpy's own: a product by OpenBLAS would leave its threads spinning on the core of whoever is timed next.
    """
    flat = np.asarray(array, np.float64).ravel()
    wave = np.sin(np.arange(1, flat.size + 1, dtype=np.float64))
    return {"norm": float(np.sqrt(np.square(flat).sum())), "projection": float((flat * wave).sum())}


class Store:
    """A folder of arrays, each made when it is first asked for."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def matrix(self, name, rows, cols):
        path = self.folder / f"{name}-matrix-{rows}x{cols}.npy"
        if not path.exists():
            np.save(path, matrix(rows, cols))
        return str(path)

    def clusters(self, n, d, classes):
        x = self.folder / f"x-{n}x{d}-{classes}.npy"
        labels = self.folder / f"labels-{n}x{d}-{classes}.npy"
        if not labels.exists():
            rows, of = clusters(n, d, classes)
            np.save(x, rows)
            np.save(labels, of)
        return {"x": str(x), "labels": str(labels)}

    def path(self, name):
        return str(self.folder / name)
