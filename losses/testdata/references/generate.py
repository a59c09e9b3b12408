"""Writes references.json: values and gradients of every loss on extreme but legal input, to 17 digits of several hundred.

    python3 -m pip install -r requirements.txt
    python3 generate.py            # some minutes; the same bytes each time
    python3 generate.py --check    # gradients against differences of the values, in the same precision
    python3 generate.py npairs     # some losses only, to the screen
"""

import json
import sys
from multiprocessing import Pool

from mpmath import mp, mpf

import formulas as f
from batches import all_batches
from tape import TAPE, Rounding, gradient

MS = {"eps": 0.1}
BOTH = {"alpha": 2, "beta": 40, "lambda": 0.5}
PNP = {"temperature": 0.01, "b": 2, "alpha": 1, "query": "counted"}
HINGE = {"margin": 0.2, "metric": "distance"}

# The presets that no program can have to 12 digits everywhere: differences of numbers that it rounds.
ILL = ["recall_at_k.official", "binlifted.scaled"]

SCALE = [1e-3, 20, 340, 1e3]  # e^{−2·340} is 1e-295
TEMPERATURE = [1e-3, 0.003, 0.03, 1e3]
COMPARISON = [1e-3, 0.05, 1, 1e3]
ANGLE = [0, 30, 90]

SQUARE = "ordinary,tight,opposite,pairs,within,inverse,collapsed,lattice,one class,no positives"
RECTANGULAR = SQUARE + ",memory,tight memory"
CROWDS = ",crowd,far crowd"
SWEPT = "ordinary,tight,opposite,pairs,within,inverse,tight memory,crowd,far crowd"


def proxies(shape="proxies"):
    return ",".join(k + shape for k in ("", "tight ", "opposite ", "inverse "))


# name of the preset: formula, parameters, batches, values of parameters to try besides
PRESETS = {
    "contrastive.gpw": (f.contrastive_gpw, {"lambda": 0.5}, RECTANGULAR, {"lambda": [-1, 0, 1]}),
    "contrastive.hadsell": (f.contrastive_hadsell, {"margin": 1}, RECTANGULAR, {"margin": [0, 2]}),
    "contrastive.pml": (f.contrastive_linear, {"pos_margin": 0, "neg_margin": 1, "metric": "distance"}, RECTANGULAR, {"pos_margin": [0.5], "neg_margin": [2]}),
    "contrastive.pml_cosine": (f.contrastive_linear, {"pos_margin": 1, "neg_margin": 0, "metric": "cosine"}, RECTANGULAR, {"neg_margin": [-1, 1]}),
    "binomial_deviance.gpw": (f.binomial, BOTH, RECTANGULAR, {"alpha": SCALE, "beta": SCALE}),
    "binomial_deviance.deep_metric": (f.binomial, BOTH, "ordinary,tight", {}),
    "binomial_deviance.scaled": (f.binomial_scaled, BOTH, RECTANGULAR, {"alpha": SCALE, "beta": [1e-3, 1e3]}),
    "binomial_deviance.yi": (f.binomial_yi, {"alpha": 2, "threshold": 0.5, "c": 25}, RECTANGULAR, {"alpha": SCALE[:3], "c": [1e-3, 1e3]}),
    "margin.pairs": (f.margin_pairs, {"margin": 0.2, "beta": 1.2}, RECTANGULAR, {"margin": [0, 2], "beta": [0, 2]}),
    "margin.learned": (f.margin_pairs, {"margin": 0.2, "beta": 1.2}, "ordinary,tight,within", {}),
    "margin.per_class": (f.margin_pairs, {"margin": 0.2, "beta": 1.2}, "ordinary,tight,within", {}),
    "margin.pml": (f.margin_triplets, {"margin": 0.2, "beta": 1.2}, RECTANGULAR, {"margin": [0, 2], "beta": [0, 2]}),
    "gpw_template.sigmoid": (f.gpw_template, {"scale": 40, "lambda": 0.5}, RECTANGULAR, {"scale": SCALE}),
    "snr_contrastive.pml": (f.snr, {"pos_margin": 0, "neg_margin": 1}, SQUARE, {"neg_margin": [0, 4]}),
    "tcm.pml": (f.tcm, {"lambda_pos": 1, "lambda_neg": 1, "margin_pos": 0.9, "margin_neg": 0.5}, RECTANGULAR, {"lambda_pos": [1e-3, 1e3], "margin_pos": [1], "margin_neg": [-1, 1]}),
    "triplet.gpw": (f.triplet_gpw, {"margin": 0.1}, RECTANGULAR + ",throng", {"margin": [0, 2]}),
    "triplet.facenet": (f.triplet_hinge, {"margin": 0.2, "metric": "squared", "select": "all"}, RECTANGULAR + ",throng", {"margin": [0, 4]}),
    "triplet.pml": (f.triplet_hinge, {"margin": 0.05, "metric": "distance", "select": "all"}, RECTANGULAR + ",throng", {"margin": [0, 4]}),
    "triplet.semihard": (f.triplet_hinge, HINGE | {"select": "semihard"}, RECTANGULAR + ",throng", {"margin": [0, 4]}),
    "triplet.hard": (f.triplet_hinge, HINGE | {"select": "hard"}, RECTANGULAR + ",throng", {"margin": [0, 4]}),
    "triplet.soft": (f.triplet_soft, {"margin": 0, "metric": "distance"}, RECTANGULAR + CROWDS, {"margin": [-4, 4]}),
    "triplet.easy_soft": (f.triplet_soft, HINGE | {"select": "easy"}, RECTANGULAR + CROWDS, {"margin": [0, 4]}),
    "triplet.tensorflow": (f.triplet_tensorflow, {"margin": 1, "metric": "squared"}, RECTANGULAR + CROWDS, {"margin": [0, 4]}),
    "triplet_swap.pml": (f.triplet_swap, {"margin": 0.05}, SQUARE, {"margin": [0, 2]}),
    "batch_hard.margin": (f.batch_hard, HINGE, RECTANGULAR + CROWDS, {"margin": [0, 4]}),
    "batch_hard.soft": (f.batch_hard_soft, {"metric": "distance"}, RECTANGULAR + CROWDS, {}),
    "triplet_angular.pml": (f.triplet_angular, {"margin": 0.05, "angle": 20}, SQUARE, {"margin": [0, 2], "angle": [0, 60]}),
    "quadruplet.common": (f.quadruplet, {"alpha1": 1, "alpha2": 0.5}, SQUARE, {"alpha1": [0, 4], "alpha2": [0, 4]}),
    "hierarchical_triplet.batch_tree": (f.hierarchical_triplet, {"beta": 0.1, "levels": 16}, SQUARE, {"beta": [0, 4], "levels": [1, 1000]}),
    "hierarchical_triplet.training_tree": (f.hierarchical_triplet, {"beta": 0.1, "levels": 16}, "ordinary,tight", {}),
    "dynamic_soft_margin.batch": (f.dynamic_soft_margin, {"bins": 10}, RECTANGULAR + ",throng", {"bins": [1, 7, 1000]}),
    "dynamic_soft_margin.moving": (f.dynamic_soft_margin, {"bins": 10}, RECTANGULAR, {}),
    "npairs.all_pairs": (f.npairs, {"scale": 1}, RECTANGULAR + CROWDS, {"scale": SCALE}),
    "nca.log": (f.nca, {"scale": 1}, RECTANGULAR + CROWDS, {"scale": [1e-3, 20, 170, 1e3]}),
    "nca.probability": (f.nca_probability, {"scale": 1}, RECTANGULAR, {"scale": [1e-3, 20, 170, 1e3]}),
    "soft_nearest_neighbor.half": (f.soft_nearest_neighbor, {"temperature": 0.5}, RECTANGULAR, {"temperature": TEMPERATURE}),
    "lifted_structure.gpw": (f.lifted_gpw, {"lambda": 0.5}, RECTANGULAR + CROWDS, {"lambda": [-2, 4]}),
    "lifted_structure.star": (f.lifted_star, {"alpha": 2, "beta": 40}, RECTANGULAR + CROWDS, {"alpha": SCALE, "beta": SCALE}),
    "lifted_structure.deep_metric": (f.lifted_star, {"alpha": 2, "beta": 40}, "ordinary,tight", {}),
    "binlifted.half": (f.binlifted, BOTH, RECTANGULAR, {"alpha": [1e-3, 1e3], "beta": [1e-3, 1e3]}),
    "binlifted.deep_metric": (f.binlifted, BOTH, "ordinary,tight", {}),
    "binlifted.scaled": (f.binlifted_scaled, BOTH, RECTANGULAR, {"alpha": [1e-3, 1e3], "beta": [1e-3, 1e3]}),
    "lifted_2016.song": (f.lifted_song, {"margin": 1}, SQUARE, {"margin": [0, 4]}),
    "npairs_mc.one_per_class": (f.npairs_mc, {"scale": 1}, RECTANGULAR, {"scale": SCALE}),
    "npairs_mc.ovo": (f.npairs_ovo, {"scale": 1}, RECTANGULAR, {"scale": SCALE}),
    "lifted_generalized.hermans": (f.lifted_generalized, {"margin": 1}, RECTANGULAR + CROWDS, {"margin": [-4, 4]}),
    "angular.pml": (f.angular, {"alpha": 40}, SQUARE, {"alpha": [0.01, 70, 80]}),
    "nt_xent.pml": (f.nt_xent, {"temperature": 0.07}, RECTANGULAR, {"temperature": TEMPERATURE}),
    "nt_xent.half": (f.nt_xent, {"temperature": 0.5}, RECTANGULAR, {}),
    "tuplet_margin.pml": (f.tuplet_margin, {"margin": 5.73, "scale": 64}, RECTANGULAR, {"scale": SCALE, "margin": ANGLE}),
    "intra_pair_variance.pml": (f.intra_pair_variance, {"pos_eps": 0.01, "neg_eps": 0.01}, RECTANGULAR, {"pos_eps": [0, 1], "neg_eps": [0, 1]}),
    "supcon.pml": (f.supcon, {"temperature": 0.1, "anchors": "valid"}, RECTANGULAR + CROWDS, {"temperature": TEMPERATURE}),
    "supcon.official": (f.supcon, {"temperature": 0.07, "anchors": "all"}, RECTANGULAR, {"temperature": TEMPERATURE}),
    "supcon.inside": (f.supcon_inside, {"temperature": 0.1}, RECTANGULAR, {"temperature": TEMPERATURE}),
    "circle.pml": (f.circle, {"m": 0.4, "gamma": 80}, RECTANGULAR, {"gamma": SCALE, "m": [-1, 1]}),
    "circle.face": (f.circle, {"m": 0.25, "gamma": 256}, RECTANGULAR, {}),
    "circle.reid": (f.circle, {"m": 0.25, "gamma": 128}, "ordinary,tight,opposite", {}),
    "circle_batch.face": (f.circle_batch, {"m": 0.25, "gamma": 256}, RECTANGULAR, {"gamma": SCALE, "m": [-1, 1]}),
    "multi_similarity.official": (f.mined(f.multi_similarity), BOTH | MS, RECTANGULAR, {"alpha": SCALE, "beta": SCALE}),
    "multi_similarity.paper": (f.mined(f.multi_similarity), MS | {"alpha": 2, "beta": 50, "lambda": 1}, RECTANGULAR, {"lambda": [-1, 2]}),
    "multi_similarity.pml": (f.mined(f.multi_similarity), MS | {"alpha": 2, "beta": 50, "lambda": 0.5}, RECTANGULAR, {}),
    "multi_similarity.weighting": (f.multi_similarity, BOTH, RECTANGULAR + CROWDS, {"alpha": SCALE, "beta": SCALE, "lambda": [-1, 2]}),
    "multi_similarity.mining_only": (f.mined(f.uniform), MS, RECTANGULAR + CROWDS, {}),
    "multi_similarity.mined_binomial": (f.mined(f.binomial_scaled), BOTH | MS, RECTANGULAR, {"alpha": [1e-3, 1e3]}),
    "multi_similarity.mined_lifted": (f.mined(f.lifted_star), {"alpha": 2, "beta": 40} | MS, RECTANGULAR, {"alpha": [1e-3, 1e3]}),
    "histogram.bins100": (f.histogram, {"bins": 100}, RECTANGULAR, {"bins": [2, 7, 1000]}),
    "ranked_list.common": (f.ranked_list, {"alpha": 1.2, "margin": 0.4, "temp_pos": 0, "temp_neg": 10, "lambda": 0.5}, RECTANGULAR, {"temp_pos": [1e3], "temp_neg": [1e-3, 1e3], "alpha": [2], "margin": [0, 2]}),
    "fastap.bins10": (f.fastap, {"bins": 10}, RECTANGULAR + CROWDS, {"bins": [2, 7, 1000]}),
    "smooth_ap.paper": (f.smooth_ap, {"temperature": 0.01}, RECTANGULAR + CROWDS, {"temperature": COMPARISON}),
    "recall_at_k.official": (f.recall_at_k, {"k": 16, "temp_rank": 1, "temperature": 0.01}, RECTANGULAR + CROWDS, {"temp_rank": [0.003, 0.05, 1e3], "temperature": COMPARISON, "k": [1, 2]}),
    "pnp.o": (f.pnp, PNP | {"variant": "o"}, RECTANGULAR + CROWDS, {"temperature": COMPARISON}),
    "pnp.ds": (f.pnp, PNP | {"variant": "ds"}, RECTANGULAR, {"temperature": COMPARISON[:2]}),
    "pnp.dq": (f.pnp, PNP | {"variant": "dq"}, RECTANGULAR, {"temperature": COMPARISON[:2], "alpha": [1e-3, 1e3]}),
    "pnp.iu": (f.pnp, PNP | {"variant": "iu"}, RECTANGULAR, {"temperature": COMPARISON[:2]}),
    "pnp.ib": (f.pnp, PNP | {"variant": "ib"}, RECTANGULAR + CROWDS, {"temperature": COMPARISON, "b": [1e-300, 1e-3, 1e3, 1e300]}),
    "pnp.ds_paper": (f.pnp, PNP | {"variant": "ds", "query": "left_out"}, RECTANGULAR, {"temperature": COMPARISON[:2]}),
    "proxy_nca.paper": (f.proxy_nca, {"scale": 1}, proxies(), {"scale": [1e-3, 170, 1e3]}),
    "proxy_nca.pml": (f.nca, {"scale": 1}, proxies(), {"scale": [1e-3, 170, 1e3]}),
    "proxy_nca.plus_plus": (f.nca, {"scale": 9}, proxies(), {}),
    "cosface.pml": (f.cosface, {"margin": 0.35, "scale": 64}, proxies(), {"scale": SCALE, "margin": [0, 2]}),
    "normalized_softmax.pml": (f.nt_xent, {"temperature": 0.05}, proxies(), {"temperature": TEMPERATURE}),
    "arcface.pml": (f.arcface, {"margin": 28.6, "scale": 64}, proxies(), {"scale": SCALE, "margin": ANGLE}),
    "soft_triple.paper": (f.soft_triple, {"lambda": 20, "gamma": 0.1, "margin": 0.01}, proxies("centres"), {"lambda": SCALE, "gamma": [1e-3, 1e3], "margin": [0, 2]}),
    "proxy_anchor.pml": (f.proxy_anchor, {"margin": 0.1, "alpha": 32}, proxies("turned proxies"), {"alpha": SCALE, "margin": [-1, 1]}),
}


def cases(names):
    """Every preset as it is on all its batches, and with one parameter changed on those where that tells something."""
    for name in names:
        formula, parameters, batches, sweep = PRESETS[name]
        batches = batches.split(",")
        for batch in batches:
            yield name, formula, parameters, {}, batch
        for key, values in sweep.items():
            for v in values:
                for batch in batches:
                    if name in ILL and "crowd" in batch:
                        continue  # its condition takes long
                    if batch in SWEPT.split(",") or "prox" in batch or "centres" in batch:
                        yield name, formula, parameters | {key: v}, {key: v}, batch


def evaluate(formula, parameters, batch):
    """L and the rows of G, and the batch on the tape."""
    TAPE.clear()
    b = f.Batch(batch["s"], batch["anchors"], batch["candidates"], batch["self"], batch["means"])
    loss = formula(b, parameters)
    flat = [x for row in b.s for x in row]
    return loss.value, gradient(loss, flat)


def conditions(formula, parameters, batch, value, g):
    """By how many units the relative errors of L and of G exceed one of the numbers that a program rounds on the way."""
    step, moved = mpf(10) ** -60, [mpf(0)] * (1 + len(g))
    Rounding.names.clear()
    evaluate(formula, parameters, batch)
    for name in sorted(Rounding.names, key=str):
        for errors in Rounding.values, Rounding.slopes:
            errors[name] = step
            v, h = evaluate(formula, parameters, batch)
            errors.clear()
            moved = [m + abs(a - b) / step for m, a, b in zip(moved, [v, *h], [value, *g])]
    return [m / abs(x) if x else mpf(0) for m, x in zip(moved, [value, *g])]


def check(case):
    """The largest relative difference between G and a central difference of L, over the similarities of some pairs, where no kink is near."""
    name, formula, parameters, change, batch = case
    step, worst = mpf(10) ** -100, mpf(0)
    inputs = [[mpf(x) for x in row] for row in BATCHES[batch]["s"]]
    value, g = evaluate(formula, parameters, BATCHES[batch] | {"s": inputs})
    for k in range(1, len(g), 5):
        i, j = divmod(k, len(inputs[0]))
        around = []
        for move in (step, -step):
            moved = [row[:] for row in inputs]
            moved[i][j] += move
            around.append(evaluate(formula, parameters, BATCHES[batch] | {"s": moved})[0])
        slope = (around[0] - around[1]) / (2 * step)
        if abs(around[0] + around[1] - 2 * value) < step * mpf(10) ** -20:  # no kink
            worst = max(worst, abs(slope - g[k]) / max(abs(g[k]), mpf(10) ** -60))
    return worst


def check_all():
    """G of the losses that hold nothing constant, on an ordinary batch and two extreme ones."""
    constant = ("gpw_template", "circle", "ranked_list", "dynamic_soft_margin", "hierarchical_triplet")
    for case in CASES:
        if case[0].startswith(constant) or case[3] or case[4] not in ("ordinary", "tight", "proxies", "centres", "turned proxies"):
            continue
        try:
            worst = check(case)
        except f.NearKink:
            continue
        print(f"{case[0]:36} {case[4]:16} {mp.nstr(worst, 2)}")
        if worst > mpf(10) ** -40:
            raise SystemExit("G is not the slope of L")


def text(x):
    return "0" if abs(x) < mpf(10) ** -320 else mp.nstr(x, 17, min_fixed=-3, max_fixed=4).replace("e+", "e").removesuffix(".0")


def reference(case):
    """One line of the file, or why there is none."""
    name, formula, parameters, change, batch = case
    mp.dps = DIGITS * (3 if "b" in change else 1)  # the square of b = 1e-300
    try:
        value, g = evaluate(formula, parameters, BATCHES[batch])
    except f.NearKink as kink:
        return None, f"left out: {name} {change} on {batch}: {kink}"
    entry = {"loss": name, "batch": batch, "value": text(value), "g": " ".join(map(text, g))}
    if change:
        entry["change"] = change
    if name in ILL:
        entry["kappa"] = " ".join(mp.nstr(k, 3) for k in conditions(formula, parameters, BATCHES[batch], value, g))
    return json.dumps(entry, ensure_ascii=False), None


def evaluate_index(k):
    return reference(CASES[k])


def main(chosen):
    lines = []
    with Pool() as pool:
        for line, why in pool.imap(evaluate_index, range(len(CASES)), chunksize=1):
            if line:
                lines.append(line)
            else:
                print(why, file=sys.stderr)
    print(f"{len(lines)} cases of {len(CASES)}", file=sys.stderr)
    if chosen:
        print("\n".join(lines))
        return
    inputs = []
    for name, b in BATCHES.items():
        b = b | {"s": " ".join(x.hex() for row in b["s"] for x in row), "means": " ".join(x.hex() for x in b["means"])}
        inputs.append(f"{json.dumps(name)}: {json.dumps(b)}")
    with open("../references.json", "w", encoding="utf-8") as out:
        out.write('{"batches": {\n' + ",\n".join(inputs) + '\n}, "cases": [\n' + ",\n".join(lines) + "\n]}\n")


DIGITS = mp.dps
BATCHES = all_batches()
CHOSEN = [a for a in sys.argv[1:] if not a.startswith("-")]
CASES = list(cases(n for n in PRESETS if not CHOSEN or n in CHOSEN or n.split(".")[0] in CHOSEN))

if __name__ == "__main__":
    check_all() if "--check" in sys.argv else main(CHOSEN)
