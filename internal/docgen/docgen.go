// Package docgen writes the pages of docs that are made from the catalogue, from the
// settings' tags and from measurements. Its tests compare docs/losses.md, docs/probe.md,
// docs/eval.md and docs/spec.md with [Losses], [Probe], [Eval] and [Spec]; with -update,
// as make docs runs them, they write the pages.
package docgen

import (
	"context"
	"fmt"
	"io"

	"gpwbench/benchmarks/metrics/report"
	"gpwbench/gpw/probe"
	"gpwbench/losses/describe"
)

// Losses writes docs/losses.md, which lists every loss. The error is that of w.
func Losses(w io.Writer) error {
	if _, err := fmt.Fprint(w, lossesOpening); err != nil {
		return err
	}
	return describe.Page(w)
}

// Probe writes docs/probe.md, with what the weights of every preset depend on. The
// effects are left out, because measuring them takes longer than a test may. The
// error is that of [probe.Run] or of w.
func Probe(w io.Writer) error {
	if _, err := fmt.Fprint(w, probeOpening); err != nil {
		return err
	}
	tables := []string{probe.TicksTable, probe.CasesTable, probe.ThresholdTable}
	results, err := probe.Run(context.Background(), describe.EveryPreset(), probe.Options{Seed: 1, Tables: tables})
	if err != nil {
		return err
	}
	return probe.Write(w, results, "markdown", tables)
}

// Eval writes docs/eval.md, which lists every metric. The error is that of w.
func Eval(w io.Writer) error {
	if _, err := fmt.Fprint(w, evalOpening); err != nil {
		return err
	}
	return report.WritePage(w)
}

const lossesOpening = `# Every loss

Written by ` + "`make docs`" + ` from the catalogue. S is the pair's own similarity, N and P are relative to the anchor's other negatives and
positives: the column *uses* has the ticks that Table 1 of Wang et al., CVPR 2019, prints, and a dash for a loss that is not in it. ` + "`gpw losses NAME`" + `
prints an entry; its formula is that of the first preset, and in what others differ their sources say. An entry says what its gradient holds constant,
which code and which version of it a preset is named after, and in what the two differ; the parameters of later versions may be others. Losses of the family proxy compare with trained proxies of the classes: specs take
them by name, ` + "`losses: all`" + ` leaves them out.

`

const probeOpening = `# What the weights of losses depend on

Written by ` + "`make docs`" + ` with what ` + "`gpw probe`" + ` measures; ` + "`gpw probe --table effects`" + ` adds Sobol' indices, and ` + "`--format json`" + ` has every
number. Nothing here is asserted from a table: for each tick one part of S was moved, the rest held, and the gradient read again.

`

const evalOpening = `# Every question to given embeddings

Written by ` + "`make docs`" + ` from the catalogue of metrics, which ` + "`gpw eval --metrics list`" + ` prints too. Embeddings are a file of N rows in any of the
[formats that are read](spec.md#files-of-features-and-labels), labels N integers or strings:

` + "```sh" + `
gpw eval --embeddings x.npy --labels y.npy                                          # Recall@K, MAP@R and R-precision
gpw eval --embeddings x.npy --labels y.npy --metrics mrr,ndcg@10,roc_auc,ari        # these in their place
gpw eval --embeddings x.npy --labels y.npy --metrics retrieval,verification         # all of two families
gpw eval --embeddings 'ms_*.npy' --labels y.npy --metrics recall@1 --format csv     # a row for each file
gpw eval --embeddings q.npy --labels ql.npy --gallery g.npy --gallery-labels gl.npy # queries that search a gallery
` + "```" + `

Without a gallery every row searches all others. Rows need not be normalised. Queries without a positive are told, and in no mean.

Low and high beside a value are what is left open: by ties of metrics of retrieval, which are against the query or for it; by the starts of k-means of
metrics of clustering; by precision, where a sum over all pairs is in float32; and by the drawn pairs, with ` + "`--pairs`" + `. What given embeddings cannot
answer, such as NMI of one class, has its reason, and the rest is printed. Rows with NaN, infinity or zeros alone are refused, whatever is asked.

| what | by |
| --- | --- |
| means of each class, and their mean | ` + "`--per-class`" + ` |
| the value of each query, as a file | ` + "`--per-query q.csv`" + ` |
| the worst queries, and what outranks them | ` + "`--worst 10`" + ` |
| intervals of 95 % by bootstrap | ` + "`--intervals classes`" + ` or ` + "`queries`" + `; fewer than 30 classes are said to be too few to rely on |
| rows of a label that count for nothing | ` + "`--ignore LABEL`" + ` |
| rows of one camera or source that do not find each other | ` + "`--groups cameras.npy`" + `, with ` + "`--group-negatives`" + ` as in re-identification |
| copies of the query that do not count | ` + "`--no-copies`" + ` |
| several labels a row | ` + "`--label-separator ';'`" + ` |
| search by distance or by inner product | ` + "`--similarity euclidean`" + ` or ` + "`dot`" + ` |
| a second search, with expanded queries | ` + "`--query-expansion 10`" + `, or ` + "`10,3`" + ` with weights |
| a new order of what is found, by k-reciprocal encodings | ` + "`--rerank 20,6,0.3`" + ` |
| verification of very many rows, from random pairs | ` + "`--pairs 1000000`" + ` |
| the nearest rows of every query, in place of metrics | ` + "`--neighbours 5`" + ` |
| a random sample of the queries, with intervals for all of them | ` + "`--queries 10000`" + ` |
| results that are kept, so that the same command goes on after an end | ` + "`--resume FILE`" + ` |
| one of several parts, and the figures of all of them | ` + "`--resume FILE --part 2/8`, `--merge 'FILES*'`" + ` |
| what another tool prints for these embeddings, and why it differs | ` + "`--compat pml`" + ` |

A name with @ may be given without: ` + "`ndcg`" + ` is ` + "`ndcg@10`" + `. Metrics of structure, and those of verification and of clustering, take no notice of
groups, copies, expansion and re-ranking, and say so where these are given. ` + "`nearest_centroid`" + ` is by cosine alone: with another ` + "`--similarity`" + ` it has
that as its reason, and the other metrics are printed.

Re-ranking is that of Zhong et al., CVPR 2017, with its k1, k2 and λ. The distance of a query and a row is (1−λ)·J + λ·d: d is the squared
Euclidean distance at length 1 over the greatest of the query, as in the paper's code, and J the Jaccard distance of their encodings. An encoding has
the rows of which each is among the k1 nearest of the other, and is a mean over k2 rows. Queries and gallery are encoded together, so a result depends
on which queries there are. Rows that share nothing have J = 1 and the order of d. The encodings are sparse, so memory is O(N·D) and a number of
entries that k1 and k2 bound; it makes three passes over all pairs, and its own work besides. The worst queries are listed with cosines, in the new order.

`
