"""Losses, miners and training steps by pytorch-metric-learning on torch.

Rows are normalised once, by torch, and the library is told so: by itself it would do it again for the loss and for the miner.
"""

import numpy as np
import pytorch_metric_learning
import torch
import torch.nn.functional as F
from pytorch_metric_learning import distances, losses, miners, reducers  # presets take them from the package

import arrays
from presets import ONCE, PRESETS

torch.manual_seed(0)

STEP_CLASSES, STEP_PER_CLASS, STEP_CHECKED, STEP_RATE = 16, 5, 20, 1e-3  # as gpwpeer's


def about():
    return [f"pytorch-metric-learning {pytorch_metric_learning.__version__}"]


def prepare(request):
    x, labels = torch.from_numpy(np.load(request["x"])), torch.from_numpy(np.load(request["labels"]))
    objective = of_unit_rows(request["loss"])
    return {"loss": loss, "step": step}[request["task"]](request, x, labels, objective)


def of_unit_rows(preset):
    """Returns the loss as a function of unit rows and labels."""
    def parts():
        loss, *miner = PRESETS[preset](pytorch_metric_learning)
        for part in [loss, *miner]:
            part.distance.normalize_embeddings = False
        return loss, *miner
    if preset in ONCE:
        return lambda rows, labels: parts()[0](rows, labels)
    loss, *miner = parts()
    if not miner:
        return loss
    return lambda rows, labels: loss(rows, labels, miner[0](rows, labels))


def loss(request, x, labels, objective):
    x.requires_grad_(True)
    found = {}

    def call():
        value = objective(F.normalize(x), labels)
        found["gradient"], = torch.autograd.grad(value, x)
        found["value"] = value.detach()
    return call, lambda: {"value": found["value"].item()} | arrays.numbers_of(found["gradient"].numpy())


def step(request, x, labels, objective):
    """A step on the next of some batches that were drawn beforehand: gather, head, loss and optimizer."""
    head = torch.nn.Linear(x.shape[1], request["dim"], bias=False)
    with torch.no_grad():
        head.weight.copy_(torch.eye(request["dim"], x.shape[1]))
    adam = torch.optim.Adam(head.parameters(), lr=STEP_RATE, **request["adam"])
    batches, at = draw(labels.numpy(), 64), [0]

    def call():
        rows = batches[at[0] % len(batches)]
        at[0] += 1
        adam.zero_grad()
        value = objective(F.normalize(head(x[rows])), labels[rows])
        value.backward()
        adam.step()
        return value
    for _ in range(STEP_CHECKED):
        value = call().item()
    return call, lambda: {"value": value}


def draw(labels, batches):
    """Returns batches of rows of STEP_PER_CLASS rows of STEP_CLASSES classes."""
    rng = np.random.default_rng(1)
    rows_of = [np.flatnonzero(labels == c) for c in np.unique(labels)]
    return [torch.from_numpy(np.concatenate([rng.choice(rows_of[c], STEP_PER_CLASS, replace=False)
                                             for c in np.sort(rng.choice(len(rows_of), STEP_CLASSES, replace=False))]))
            for _ in range(batches)]
