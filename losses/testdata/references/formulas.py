"""Every loss of the catalogue as its papers print it, with the conventions that docs/losses.md and the doc comments state.

A formula reads a Batch, whose similarities are on the tape, and its parameters p. What a loss holds constant goes through value().
Nothing here is arranged against cancellation: the precision is.
"""

from mpmath import mp, mpf

from tape import exp, log, rounded, sigmoid, sqrt, total, value, var


class NearKink(Exception):
    """A comparison that rounding could decide either way: the batch is no reference for the loss."""


class Batch:
    def __init__(self, s, anchors, candidates, self_columns, means):
        self.m, self.n = len(anchors), len(candidates)
        self.anchors, self.candidates, self.self_columns = anchors, candidates, self_columns
        self.s = [[var(x) for x in row] for row in s]
        self.u = [mpf(x) for x in means]
        self.square = self_columns == list(range(self.n)) and self.m == self.n
        # Candidates are in the order of their classes; equal classes keep their order.
        self.order = sorted(range(self.n), key=lambda j: candidates[j])

    def pos(self, i):
        return [j for j in self.order if self.candidates[j] == self.anchors[i] and j != self.self_columns[i]]

    def neg(self, i):
        return [j for j in self.order if self.candidates[j] != self.anchors[i]]

    def both(self):
        """The anchors that have positives and negatives."""
        return [i for i in range(self.m) if self.pos(i) and self.neg(i)]

    def with_positive(self):
        return [i for i in range(self.m) if self.pos(i)]

    def positive_pairs(self):
        return [(i, j) for i in range(self.m) for j in self.pos(i)]

    def negative_pairs(self):
        return [(i, j) for i in range(self.m) for j in self.neg(i)]

    def triplets(self):
        return [(i, p, n) for i in range(self.m) for p in self.pos(i) for n in self.neg(i)]


def above(x, y):
    """x > y, of numbers that a program computes with rounding."""
    x, y = value(x), value(y)
    if x != y and abs(x - y) <= mpf(10) ** -12 * (abs(x) + abs(y)):
        raise NearKink(f"{mp.nstr(x, 20)} against {mp.nstr(y, 20)}")
    return x > y


def ramp(x, scale=1):
    """[x]₊, where a program finds x with the rounding of numbers of that scale: 0 where it does not round."""
    if x.value and abs(x.value) <= mpf(10) ** -12 * abs(value(scale)):
        raise NearKink(mp.nstr(x.value, 20))
    return x if x.value > 0 else var(0)


def softplus(x):
    return log(1 + exp(x))


def lse(xs):
    return log(total(exp(x) for x in xs))


def distance(s):
    return sqrt(2 - 2 * s)


def apart(metric, s):
    return {"distance": distance, "squared": lambda s: 2 - 2 * s, "cosine": lambda s: -s}[metric](s)


def mean(terms):
    terms = list(terms)
    return total(terms) / len(terms) if terms else var(0)


def mean_active(terms):
    """The mean over the terms that are positive, their number being a constant."""
    return mean(t for t in terms if t.value > 0)


def degrees(x):
    return mpf(x) * mp.pi / 180


# Miners return the positives and negatives of an anchor that they keep.


def everything(b, i, p):
    return b.pos(i), b.neg(i)


def multi_similarity_miner(b, i, p):
    s, pos, neg = b.s[i], b.pos(i), b.neg(i)
    if not pos or not neg:
        return [], []
    most, least = max(s[n].value for n in neg), min(s[j].value for j in pos)
    eps = mpf(p["eps"])
    return [j for j in pos if above(most + eps, s[j])], [n for n in neg if above(s[n], least - eps)]


# Pairwise


def contrastive_gpw(b, p):
    lam = mpf(p["lambda"])
    return total(
        [1 - b.s[i][j] for i, j in b.positive_pairs()] + [ramp(b.s[i][j] - lam, 0) for i, j in b.negative_pairs()]
    ) / b.m


def contrastive_hadsell(b, p):
    mu = mpf(p["margin"])
    pos = [(2 - 2 * b.s[i][j]) / 2 for i, j in b.positive_pairs()]
    hinges = [ramp(mu - distance(b.s[i][j])) for i, j in b.negative_pairs()]
    return mean(pos + [h * h / 2 for h in hinges])


def contrastive_linear(b, p):
    near, far = mpf(p["pos_margin"]), mpf(p["neg_margin"])
    if p["metric"] == "cosine":
        near, far = -near, -far
    t = lambda i, j: apart(p["metric"], b.s[i][j])
    scale = 0 if p["metric"] == "cosine" else 1
    return mean_active(ramp(t(i, j) - near, scale and near) for i, j in b.positive_pairs()) + mean_active(
        ramp(far - t(i, j), scale) for i, j in b.negative_pairs()
    )


def binomial(b, p, keep=everything, scaled=False):
    a, be, lam = mpf(p["alpha"]), mpf(p["beta"]), mpf(p["lambda"])
    sums = []
    for i in range(b.m):
        pos, neg = keep(b, i, p)
        factor_pos, factor_neg = (2 / a, 2 / be) if scaled else (1, 1)
        sums.append(factor_pos * mean(softplus(a * (lam - b.s[i][j])) for j in pos))
        sums.append(factor_neg * mean(softplus(be * (b.s[i][j] - lam)) for j in neg))
    return total(sums) / b.m


def binomial_scaled(b, p, keep=everything):
    return binomial(b, p, keep, scaled=True)


def binomial_yi(b, p):
    a, t, c = mpf(p["alpha"]), mpf(p["threshold"]), mpf(p["c"])
    return mean(softplus(-a * (b.s[i][j] - t)) for i, j in b.positive_pairs()) + mean(
        softplus(a * c * (b.s[i][j] - t)) for i, j in b.negative_pairs()
    )


def margin_pairs(b, p):
    al, be = mpf(p["margin"]), mpf(p["beta"])
    return mean_active(
        [ramp(al + distance(b.s[i][j]) - be) for i, j in b.positive_pairs()]
        + [ramp(al + be - distance(b.s[i][j])) for i, j in b.negative_pairs()]
    )


def margin_triplets(b, p):
    al, be = mpf(p["margin"]), mpf(p["beta"])
    return mean_active(
        [ramp(al + distance(b.s[i][j]) - be) for i, j, _ in b.triplets()]
        + [ramp(al + be - distance(b.s[i][n])) for i, _, n in b.triplets()]
    )


def gpw_template(b, p):
    s, lam = mpf(p["scale"]), mpf(p["lambda"])
    return total(
        [1 - b.s[i][j] for i, j in b.positive_pairs()]
        + [value(sigmoid(s * (b.s[i][j] - lam))) * b.s[i][j] for i, j in b.negative_pairs()]
    ) / b.m


def snr(b, p):
    near, far = mpf(p["pos_margin"]), mpf(p["neg_margin"])
    ratio = lambda i, j: (2 - 2 * b.s[i][j] - (b.u[i] - b.u[j]) ** 2) / (1 - b.u[i] ** 2)
    return mean_active(ramp(ratio(i, j) - near) for i, j in b.positive_pairs()) + mean_active(
        ramp(far - ratio(i, j)) for i, j in b.negative_pairs()
    )


def tcm(b, p):
    lp, ln, mp_, mn = (mpf(p[k]) for k in ("lambda_pos", "lambda_neg", "margin_pos", "margin_neg"))
    return lp * mean(mp_ - b.s[i][j] for i, j in b.positive_pairs() if b.s[i][j].value <= mp_) + ln * mean(
        b.s[i][j] - mn for i, j in b.negative_pairs() if b.s[i][j].value >= mn
    )


# Triplets


def triplet_gpw(b, p):
    mu = mpf(p["margin"])
    return mean(ramp(b.s[i][n] - b.s[i][j] + mu, mu) for i, j, n in b.triplets())


def selected(b, p):
    """The differences t_ap − t_an of the triplets that take part, and what they round with."""
    mu, metric = mpf(p["margin"]), p["metric"]
    for i, j, n in b.triplets():
        # All metrics order as the similarities do, which need no rounding to be compared.
        harder = b.s[i][n].value >= b.s[i][j].value
        z = apart(metric, b.s[i][j]) - apart(metric, b.s[i][n])
        scale = distance(b.s[i][j]) + distance(b.s[i][n]) if metric == "distance" else 0
        match p["select"]:
            case "hard":
                take = harder
            case "semihard":
                take = not harder and not above(-z, mu)
            case "easy":
                take = above(-z, mu)
            case _:
                take = True
        if take:
            yield z, scale + mu


def triplet_hinge(b, p):
    mu = mpf(p["margin"])
    return mean_active(ramp(z + mu, scale) for z, scale in selected(b, p))


def triplet_soft(b, p):
    mu = mpf(p["margin"])
    return mean(softplus(z + mu) for z, _ in selected(b, {"select": "all"} | p))


def triplet_tensorflow(b, p):
    mu, terms = mpf(p["margin"]), []
    for i in b.both():
        for j in b.pos(i):
            # The nearest negative that is farther than the positive, or the farthest; of equal ones the first.
            neg, own = b.neg(i), b.s[i][j].value
            farther = [n for n in neg if b.s[i][n].value < own]
            pick = max(farther, key=lambda n: b.s[i][n].value) if farther else min(neg, key=lambda n: b.s[i][n].value)
            terms.append(ramp(apart(p["metric"], b.s[i][j]) - apart(p["metric"], b.s[i][pick]) + mu, mu))
    return mean(terms)


def triplet_swap(b, p):
    mu, terms = mpf(p["margin"]), []
    for i, j, n in b.triplets():
        nearer = b.s[j][n] if above(distance(b.s[i][n]), distance(b.s[j][n])) else b.s[i][n]
        terms.append(ramp(distance(b.s[i][j]) - distance(nearer) + mu))
    return mean_active(terms)


def batch_hard(b, p, f=None):
    terms = []
    for i in b.both():
        j = min(b.pos(i), key=lambda j: b.s[i][j].value)
        n = max(b.neg(i), key=lambda n: b.s[i][n].value)
        z = apart(p["metric"], b.s[i][j]) - apart(p["metric"], b.s[i][n])
        terms.append(f(z) if f else ramp(z + mpf(p["margin"])))
    return mean(terms)


def batch_hard_soft(b, p):
    return batch_hard(b, p, softplus)


def triplet_angular(b, p):
    tan, terms = mp.tan(degrees(p["angle"])), []
    for i, j, n in b.triplets():
        d = distance(b.s[i][j])
        # The squared distance of n to the middle of the pair.
        middle = 1 + (1 + b.s[i][j].value) / 2 - b.s[i][n].value - b.s[j][n].value
        if d.value and above(d.value**2, 4 * tan**2 * middle):
            terms.append(ramp(d - distance(b.s[i][n]) + mpf(p["margin"])))
    return mean_active(terms)


def quadruplet(b, p):
    a1, a2 = mpf(p["alpha1"]), mpf(p["alpha2"])
    d2 = lambda i, j: 2 - 2 * b.s[i][j]
    first = mean(ramp(d2(i, j) - d2(i, n) + a1, a1) for i, j, n in b.triplets())
    second = mean(
        ramp(d2(i, j) - d2(k, n) + a2, a2)
        for i, j in b.positive_pairs()
        for k, n in b.negative_pairs()
        if b.anchors[i] not in (b.anchors[k], b.anchors[n])
    )
    return first + second


def class_margins(b, beta, levels):
    """β + d_H − s_c for every pair of classes, by single linkage on the mean squared distances."""
    classes = sorted(set(b.anchors))
    members = {c: [i for i in range(b.m) if b.anchors[i] == c] for c in classes}

    def between(c, e):
        pairs = [2 - 2 * b.s[i][j].value for i in members[c] for j in members[e] if i != j]
        return mp.fsum(pairs) / len(pairs) if pairs else mpf(0)

    spread = {c: between(c, c) for c in classes}
    base = mp.fsum(spread.values()) / len(classes)
    step = (4 - base) / levels
    margins = {}
    for c in classes:
        for e in classes:
            if c == e:
                continue
            level = 0
            while level < levels:
                reached, grown = {c}, True
                while grown:
                    new = {
                        y
                        for x in reached
                        for y in classes
                        if y not in reached and above(base + level * step, (between(x, y) + between(y, x)) / 2)
                    }
                    grown = bool(new)
                    reached |= new
                if e in reached:
                    break
                level += 1
            margins[c, e] = mpf(beta) + base + level * step - spread[c]
    return margins


def hierarchical_triplet(b, p):
    margins = class_margins(b, p["beta"], p["levels"])
    return mean(
        ramp(distance(b.s[i][j]) - distance(b.s[i][n]) + margins[b.anchors[i], b.anchors[n]]) for i, j, n in b.triplets()
    ) / 2


def dynamic_soft_margin(b, p):
    bins = p["bins"]
    z = [distance(b.s[i][j]) - distance(b.s[i][n]) for i, j, n in b.triplets()]
    histogram, node = [mpf(0)] * (bins + 1), []
    for t in z:
        at = (t.value + 2) / 4 * bins
        r = min(int(mp.floor(at)), bins - 1)
        histogram[r] += (r + 1 - at) / len(z)
        histogram[r + 1] += (at - r) / len(z)
        node.append(bins if at == bins else r)
        if at != mp.nint(at) and abs(at - mp.nint(at)) < mpf(10) ** -12:
            raise NearKink("a difference at the edge of a bin")
    cumulated = [mp.fsum(histogram[: r + 1]) for r in range(bins + 1)]
    return mean(cumulated[r] * t for r, t in zip(node, z))


# Tuples and soft-max


def npairs(b, p):
    s = mpf(p["scale"])
    return mean(
        log(1 + total(exp(s * (b.s[i][n] - b.s[i][j])) for n in b.neg(i))) if b.neg(i) else var(0)
        for i, j in b.positive_pairs()
    )


def nt_xent(b, p):
    tau = mpf(p["temperature"])
    terms = []
    for i, j in b.positive_pairs():
        own = exp(b.s[i][j] / tau)
        terms.append(-log(own / (own + total(exp(b.s[i][n] / tau) for n in b.neg(i)))))
    return mean(terms)


def nca_shares(b, scale):
    for i in b.with_positive():
        pos = total(exp(2 * scale * b.s[i][j]) for j in b.pos(i))
        yield pos / (pos + total(exp(2 * scale * b.s[i][n]) for n in b.neg(i)))


def nca(b, p):
    return mean(-log(q) for q in nca_shares(b, mpf(p["scale"])))


def nca_probability(b, p):
    return -total(nca_shares(b, mpf(p["scale"]))) / b.m


def soft_nearest_neighbor(b, p):
    return mean(-log(q) for q in nca_shares(b, 1 / mpf(p["temperature"])))


def lifted_gpw(b, p):
    lam = mpf(p["lambda"])
    return total(ramp(lam + lse(-b.s[i][j] for j in b.pos(i)) + lse(b.s[i][n] for n in b.neg(i))) for i in b.both()) / b.m


def lifted_star(b, p, keep=everything):
    a, be, terms = mpf(p["alpha"]), mpf(p["beta"]), []
    for i in range(b.m):
        pos, neg = keep(b, i, p)
        if pos and neg:
            terms.append(rounded(2 / a * lse(-a * b.s[i][j] for j in pos), "positives of " + str(i)))
            terms.append(rounded(2 / be * lse(be * b.s[i][n] for n in neg), "negatives of " + str(i)))
    return total(terms) / b.m


def binlifted(b, p):
    return (binomial(b, p) + lifted_star(b, p)) / 2


def binlifted_scaled(b, p):
    return (rounded(binomial_scaled(b, p), "binomial") + lifted_star(b, p)) / 2


def lifted_song(b, p):
    mu, terms = mpf(p["margin"]), []
    for i, j in b.positive_pairs():
        logits = [mu - distance(b.s[i][n]) for n in b.neg(i)] + [mu - distance(b.s[j][n]) for n in b.neg(j)]
        h = ramp(distance(b.s[i][j]) + lse(logits)) if logits else var(0)
        terms.append(h * h / 2)
    return mean(terms)


def lifted_generalized(b, p):
    mu = mpf(p["margin"])
    return total(
        ramp(lse(distance(b.s[i][j]) for j in b.pos(i)) + lse(mu - distance(b.s[i][n]) for n in b.neg(i))) for i in b.both()
    ) / b.m


def first_pairs(b):
    """For every class its first anchor that has a positive, with its first positive."""
    pairs = {}
    for i in range(b.m):
        if b.pos(i) and b.anchors[i] not in pairs:
            pairs[b.anchors[i]] = (i, b.pos(i)[0])
    return list(pairs.values())


def npairs_mc(b, p):
    s, pairs = mpf(p["scale"]), first_pairs(b)
    return mean(
        log(1 + total(exp(s * (b.s[i][k] - b.s[i][j])) for _, k in pairs if k != j)) for i, j in pairs
    )


def npairs_ovo(b, p):
    s, pairs = mpf(p["scale"]), first_pairs(b)
    return mean(total(softplus(s * (b.s[i][k] - b.s[i][j])) for _, k in pairs if k != j) for i, j in pairs)


def angular(b, p):
    t = mp.tan(degrees(p["alpha"])) ** 2
    return mean(
        log(1 + total(exp(4 * t * (b.s[i][n] + b.s[j][n]) - 2 * (1 + t) * b.s[i][j]) for n in b.neg(i)))
        for i, j in b.positive_pairs()
    )


def tuplet_margin(b, p):
    be, s = degrees(p["margin"]), mpf(p["scale"])
    target = lambda x: x * mp.cos(be) + sqrt(1 - x * x) * mp.sin(be)
    return mean(
        log(1 + total(exp(s * (b.s[i][n] - target(b.s[i][j]))) for n in b.neg(i))) for i, j in b.positive_pairs()
    )


def intra_pair_variance(b, p):
    pos = [b.s[i][j] for i, j in b.positive_pairs()]
    neg = [b.s[i][j] for i, j in b.negative_pairs()]
    low, high = (1 - mpf(p["pos_eps"])) * mean(pos), (1 + mpf(p["neg_eps"])) * mean(neg)
    square = lambda h: h * h
    return mean(square(ramp(low - s, mpf(10) ** -20)) for s in pos) + mean(square(ramp(s - high, mpf(10) ** -20)) for s in neg)


def supcon(b, p):
    tau, terms = mpf(p["temperature"]), []
    for i in b.with_positive() if p["anchors"] == "all" else b.both():
        every = total(exp(b.s[i][j] / tau) for j in b.pos(i) + b.neg(i))
        terms.append(mean(-log(exp(b.s[i][j] / tau) / every) for j in b.pos(i)))
    count = b.m if p["anchors"] == "all" else len(terms)
    return total(terms) / count if count else var(0)


def supcon_inside(b, p):
    tau, terms = mpf(p["temperature"]), []
    for i in b.both():
        pos = total(exp(b.s[i][j] / tau) for j in b.pos(i))
        every = pos + total(exp(b.s[i][n] / tau) for n in b.neg(i))
        terms.append(-log(pos / len(b.pos(i)) / every))
    return mean(terms)


def circle_sums(b, i, p):
    m, gamma = mpf(p["m"]), mpf(p["gamma"])
    away_pos = lambda s: max(1 + m - s.value, mpf(0))
    away_neg = lambda s: max(s.value + m, mpf(0))
    return (
        total(exp(-gamma * away_pos(b.s[i][j]) * (b.s[i][j] - 1 + m)) for j in b.pos(i)),
        total(exp(gamma * away_neg(b.s[i][n]) * (b.s[i][n] - m)) for n in b.neg(i)),
    )


def circle(b, p):
    sums = [circle_sums(b, i, p) for i in b.both()]
    return mean(log(1 + pos * neg) for pos, neg in sums)


def circle_batch(b, p):
    sums = [circle_sums(b, i, p) for i in range(b.m)]
    # A pair of a square batch counts once, and stands there in both orders.
    orders = 4 if b.square else 1
    return log(1 + total(pos for pos, _ in sums) * total(neg for _, neg in sums) / orders)


def multi_similarity(b, p, keep=everything):
    a, be, lam = mpf(p["alpha"]), mpf(p["beta"]), mpf(p["lambda"])
    terms = []
    for i in range(b.m):
        pos, neg = keep(b, i, p)
        terms.append(log(1 + total(exp(-a * (b.s[i][j] - lam)) for j in pos)) / a)
        terms.append(log(1 + total(exp(be * (b.s[i][n] - lam)) for n in neg)) / be)
    return total(terms) / b.m


def uniform(b, p, keep=everything):
    terms = []
    for i in range(b.m):
        pos, neg = keep(b, i, p)
        if pos and neg:
            terms += [mean(1 - b.s[i][j] for j in pos), mean(b.s[i][n] for n in neg)]
    return total(terms) / b.m


def mined(loss):
    return lambda b, p: loss(b, p, multi_similarity_miner)


# Rankings


def binned(at, bins, edges):
    """The shares of a point at a place among nodes 0 … bins, as a list of node and share. At the edges they do not move."""
    r = min(int(mp.floor(at.value)), bins - 1)
    if at.value != mp.nint(at.value) and abs(at.value - mp.nint(at.value)) < mpf(10) ** -17:
        raise NearKink("a similarity at the edge of a bin")
    if edges and at.value in (0, bins):
        at = var(at.value)
    return [(r, r + 1 - at), (r + 1, at - r)]


def soft_histogram(points, bins):
    h = [[] for _ in range(bins + 1)]
    for at in points:
        for r, share in binned(at, bins, True):
            h[r].append(share)
    return [total(x) for x in h]


def histogram(b, p):
    bins = p["bins"]
    pos, neg = b.positive_pairs(), b.negative_pairs()
    if not pos or not neg:
        return var(0)
    place = lambda i, j: (b.s[i][j] + 1) / 2 * bins
    h_pos = soft_histogram([place(i, j) for i, j in pos], bins)
    h_neg = soft_histogram([place(i, j) for i, j in neg], bins)
    terms, cumulated = [], var(0)
    for r in range(bins + 1):
        cumulated = cumulated + h_pos[r] / len(pos)
        terms.append(h_neg[r] / len(neg) * cumulated)
    return total(terms)


def ranked_list(b, p):
    al, mu, tp, tn, lam = (mpf(p[k]) for k in ("alpha", "margin", "temp_pos", "temp_neg", "lambda"))

    def weighted(hinges, temperature):
        open_ = [h for h in hinges if h.value > 0]
        weights = [mp.exp(temperature * h.value) for h in open_]
        return total(w * h for w, h in zip(weights, open_)) / mp.fsum(weights) if open_ else var(0)

    terms = []
    for i in range(b.m):
        terms.append((1 - lam) * weighted([ramp(distance(b.s[i][j]) - al + mu) for j in b.pos(i)], tp))
        terms.append(lam * weighted([ramp(al - distance(b.s[i][n])) for n in b.neg(i)], tn))
    return total(terms) / b.m


def fastap(b, p):
    bins, terms = p["bins"], []
    for i in b.with_positive():
        if not b.neg(i):
            terms.append(var(0))
            continue
        # The place of d² = 2 − 2S on [0, 4].
        place = lambda j: (1 - b.s[i][j]) / 2 * bins
        h_pos = soft_histogram([place(j) for j in b.pos(i)], bins)
        h_neg = soft_histogram([place(j) for j in b.neg(i)], bins)
        pos, every, ratios = var(0), var(0), []
        for r in range(bins + 1):
            pos, every = pos + h_pos[r], every + h_pos[r] + h_neg[r]
            if every.value:
                ratios.append(h_pos[r] * pos / every)
        terms.append(1 - total(ratios) / len(b.pos(i)))
    return mean(terms)


def steps(s, i, js, tau):
    """Σ σ((S_j − S_i)/τ) over the candidates, but i itself."""
    return total(sigmoid((s[j] - s[i]) / tau) for j in js if j != i)


def smooth_ap(b, p):
    tau, terms = mpf(p["temperature"]), []
    for q in b.with_positive():
        ratios = []
        for i in b.pos(q):
            ahead = 1 + steps(b.s[q], i, b.pos(q), tau)
            ratios.append(ahead / (ahead + steps(b.s[q], i, b.neg(q), tau)))
        terms.append(1 - mean(ratios))
    return mean(terms)


def recall_at_k(b, p):
    tau1, tau2, largest = mpf(p["temp_rank"]), mpf(p["temperature"]), p["k"]
    ks = [2**e for e in range(12) if 2**e < largest] + [largest]
    terms = []
    for q in b.with_positive():
        pos = b.pos(q)
        ranks = [1 + steps(b.s[q], i, pos + b.neg(q), tau2) for i in pos]
        if len(pos) < 10:  # in a crowd the condition takes long, and is not needed
            ranks = [rounded(r, k) for k, r in enumerate(ranks)]
        for k in ks:
            k = min(k, len(pos) + len(b.neg(q)) + 1)
            found = total(sigmoid((k - r) / tau1) for r in ranks)
            most = min(k, len(pos))
            if k < len(pos) and above(found, k) or k >= len(pos) and found.value >= k:
                found = var(k)
            terms.append(1 - found / most)
    return mean(terms)


def pnp(b, p):
    tau, beta, alpha, terms = mpf(p["temperature"]), mpf(p["b"]), mpf(p["alpha"]), []
    penalty = {
        "o": lambda r: r,
        "ds": lambda r: log(1 + r),
        "dq": lambda r: 1 - exp(-alpha * log(1 + r)),
        "iu": lambda r: (1 + r) * log(1 + r),
        "ib": lambda r: (beta * r - log(1 + beta * r)) / beta**2,
    }[p["variant"]]
    for q in b.with_positive():
        own = [b.s[q][j] for j in b.pos(q)] + ([var(1)] if p["query"] == "counted" else [])
        terms.append(mean(penalty(total(sigmoid((b.s[q][n] - x) / tau) for n in b.neg(q))) for x in own))
    return mean(terms)


# Proxies


def proxy_nca(b, p):
    s = mpf(p["scale"])
    return mean(lse(2 * s * b.s[i][n] for n in b.neg(i)) - lse(2 * s * b.s[i][j] for j in b.pos(i)) for i in b.both())


def cross_entropy(b, s, target):
    return mean(
        log(1 + total(exp(s * (b.s[i][n] - target(b.s[i][j]))) for n in b.neg(i))) if b.neg(i) else var(0)
        for i, j in b.positive_pairs()
    )


def cosface(b, p):
    return cross_entropy(b, mpf(p["scale"]), lambda x: x - mpf(p["margin"]))


def arcface(b, p):
    m = degrees(p["margin"])

    def target(x):
        if above(-mp.cos(m), x):
            return x - m * mp.sin(m)
        return x * mp.cos(m) - sqrt(1 - x * x) * mp.sin(m)

    return cross_entropy(b, mpf(p["scale"]), target)


def soft_triple(b, p):
    lam, gamma, delta, terms = mpf(p["lambda"]), mpf(p["gamma"]), mpf(p["margin"]), []

    def pooled(i, js):
        weights = [exp(b.s[i][j] / gamma) for j in js]
        return total(w * b.s[i][j] for w, j in zip(weights, js)) / total(weights)

    for i in b.both():
        own = pooled(i, b.pos(i))
        others = {}
        for n in b.neg(i):
            others.setdefault(b.candidates[n], []).append(n)
        terms.append(log(1 + total(exp(lam * (pooled(i, js) - own + delta)) for js in others.values())))
    return mean(terms)


def proxy_anchor(b, p):
    a, delta = mpf(p["alpha"]), mpf(p["margin"])
    pulls = [log(1 + total(exp(-a * (b.s[i][j] - delta)) for j in b.pos(i))) for i in b.with_positive()]
    pushes = [log(1 + total(exp(a * (b.s[i][n] + delta)) for n in b.neg(i))) for i in range(b.m)]
    return mean(pulls) + mean(pushes)
