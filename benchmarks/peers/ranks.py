"""From lists of neighbours to ranks and average precision, and how far two sides' ranks may differ."""

import numpy as np


def slice_of(n, queries):
    """Returns that many of n rows, evenly spread."""
    return np.arange(n) if queries >= n else np.arange(queries) * n // queries


def of_first_positive(neighbours, queries, labels):
    """Returns the place of every query's first positive among its neighbours, the query itself left out; -1 where none is there."""
    itself = neighbours == queries[:, None]
    hits = (labels[neighbours] == labels[queries][:, None]) & ~itself
    first = hits.argmax(axis=1)
    before = itself.argmax(axis=1)
    rank = first - (itself.any(axis=1) & (before < first))
    return np.where(hits.any(axis=1), rank, -1)


def without_self(neighbours, queries):
    """Returns the neighbours without the query itself, one fewer. It is the first almost always."""
    rest = neighbours[:, 1:]
    for i in np.flatnonzero(neighbours[:, 0] != queries):
        rest[i] = neighbours[i][neighbours[i] != queries[i]][:rest.shape[1]]
    return rest


def average_precision(neighbours, classes, labels, positives):
    """Returns average precision at R of every query, R being the number of its positives."""
    hits = labels[neighbours] == classes[:, None]
    places = np.arange(1, neighbours.shape[1] + 1)
    hits &= places <= positives[:, None]
    return (hits.cumsum(axis=1) / places * hits).sum(axis=1) / np.maximum(positives, 1)


def disagreements(x, labels, queries, ours, theirs, k, slack=1e-6):
    """Returns how many ranks differ, and of these how many by more than similarities within slack of the best positive's can explain.

    A rank that the k neighbours do not reach, -1, agrees with every one that they cannot hold.
    """
    beyond = theirs < 0
    differ = np.flatnonzero(np.where(beyond, ours < k - 1, ours != theirs))
    wrong = 0
    for i, s, positive in similarities(x, labels, queries, differ):
        negatives, best = s[~positive], s[positive].max()
        fewest, most = (negatives > best + slack).sum(), (negatives > best - slack).sum()
        their_rank = k - 1 if beyond[i] else theirs[i]
        wrong += not (fewest <= ours[i] <= most and fewest <= their_rank <= most)
    return len(differ), wrong


def precision_disagreements(x, labels, queries, ours, theirs, slack=1e-6):
    """Returns how many average precisions differ, and of these how many where no two neighbours, of the first R + 1, a positive and a negative, are
    within slack.
    """
    differ = np.flatnonzero(np.abs(ours - theirs) > 1e-9)
    wrong = 0
    for _, s, positive in similarities(x, labels, queries, differ):
        first = np.argsort(-s)[:positive.sum() + 1]
        beside = positive[first][1:] != positive[first][:-1]
        wrong += not (beside & (-np.diff(s[first]) < slack)).any()
    return len(differ), wrong


def similarities(x, labels, queries, some):
    """Yields of some of the queries their similarities to all others, in float64, and which of these are positives."""
    wide = x.astype(np.float64) if len(some) else x
    for i in some:
        others = np.arange(len(x)) != queries[i]
        yield i, (wide @ wide[queries[i]])[others], (labels == labels[queries[i]])[others]
