package experiments

import (
	"cmp"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"gpwbench/benchmarks/metrics"
	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/npy"
	"gpwbench/matrix"
	"gpwbench/results"
	"gpwbench/results/compare"
	"gpwbench/results/table"
	"gpwbench/train"
)

const alsoAsked = "metrics.also=[MRR, ndcg@5, precision@3, map, nearest_centroid, auc, eer, tar@far=0.1, ari, uniformity, effective_rank]"

// A run that is asked for metrics of the catalogue has the values of its own kept
// embeddings, of all queries and of each, and a folder that is run into again is the same.
func TestAlsoMetrics(t *testing.T) {
	for name, overrides := range map[string][]string{
		"each other": {"losses=[contrastive, nca]", "baselines=frozen", "keep=[embeddings]"},
		"gallery":    {"datasets=[{name: shop, synthetic: inshop, scale: 0.003}]", "losses=contrastive", "baselines=frozen", "keep=[embeddings]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, dir := tinySpec(t, append(overrides, "seeds=2", "steps=5", alsoAsked)...), t.TempDir()
			out, err := runInto(t.Context(), t, dir, s, 2, &silence{})
			if err != nil || len(out.Failed) > 0 {
				t.Fatal(out, err)
			}
			before := contents(t, dir)
			again, err := runInto(t.Context(), t, dir, s, 1, &silence{})
			if err != nil || again.Ran != 0 {
				t.Fatalf("again: outcome %+v, error %v", again, err)
			}
			same(t, "again", contents(t, dir), before)

			store := readStore(t, dir)
			for _, r := range records(t, dir) {
				query, gallery := keptSets(t, dir, r)
				asked, err := metrics.ParseAll(s.Datasets[0].Metrics.Also, nil)
				if err != nil || len(asked) != 11 {
					t.Fatal(asked, err)
				}
				var against *metrics.Set
				if gallery != nil {
					g := gallery.set()
					against = &g
				}
				e, err := metrics.Evaluate(t.Context(), query.set(), against, asked, metrics.Options{})
				if err != nil {
					t.Fatal(err)
				}
				q, err := store.ReadQueries(r)
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range e.Values {
					if got, ok := r.Metrics[v.Key()]; !ok || got != v.Expected {
						t.Errorf("%s: the record has %s %v, its embeddings %v", r.Label, v.Key(), got, v.Expected)
					}
					holdsQueries(t, q, v)
				}
				if got, want := r.Metrics["mrr"], reciprocalRank(query, gallery); math.Abs(got-want) > 1e-9 {
					t.Errorf("%s: MRR %v, by definition %v", r.Label, got, want)
				}
			}
			comparesMRR(t, dir)
		})
	}
}

// holdsQueries holds the per-query results of a run against the values of a metric.
func holdsQueries(t *testing.T, q *results.Queries, v metrics.Value) {
	t.Helper()
	kept, ok := q.Values(v.Key())
	if ok != v.OfQueries() {
		t.Errorf("%s has values of single queries: %v", v.Key(), ok)
	}
	for i := range kept {
		if kept[i] != float64(float32(v.PerQuery[i].Expected)) {
			t.Fatalf("%s of query %d is %v, want %v", v.Key(), i, kept[i], v.PerQuery[i].Expected)
		}
	}
}

// comparesMRR holds the means of a comparison against those of the table of the folder.
func comparesMRR(t *testing.T, dir string) {
	t.Helper()
	store := readStore(t, dir)
	plan, _, err := store.LoadPlan()
	if err != nil {
		t.Fatal(err)
	}
	tab, err := table.Of(store, plan)
	if err != nil {
		t.Fatal(err)
	}
	report, err := compare.All(tab.Sets(), "mrr")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range report.Matrices[0].Pairs {
		for name, mean := range map[string]float64{p.A: p.MeanA, p.B: p.MeanB} {
			k := slices.IndexFunc(tab.Blocks[0].Rows, func(r table.Row) bool { return r.Label == name })
			if want := tab.Blocks[0].Rows[k].Metrics["mrr"].Mean; p.N == 0 || math.Abs(mean-want) > 1e-7 {
				t.Errorf("the comparison of %d classes has MRR %v of %s, the table %v", p.N, mean, name, want)
			}
		}
	}
}

// keptRows are embeddings with their labels.
type keptRows struct {
	x      matrix.Matrix
	labels []int
}

func (k keptRows) set() metrics.Set {
	return metrics.Set{Vectors: retrieval.Float32(k.x), Labels: k.labels}
}

// keptSets are the embeddings that a run kept.
func keptSets(t *testing.T, dir string, r results.Record) (query keptRows, gallery *keptRows) {
	t.Helper()
	archive, err := npy.ReadNPZ(filepath.Join(dir, results.EmbeddingsFile(r.ID)))
	if err != nil {
		t.Fatal(err)
	}
	data, err := archive["embeddings"].Float64s()
	if err != nil {
		t.Fatal(err)
	}
	labels, err := archive["labels"].Ints()
	if err != nil {
		t.Fatal(err)
	}
	parts := make([]int, len(labels))
	if archive["partition"] != nil {
		if parts, err = archive["partition"].Ints(); err != nil {
			t.Fatal(err)
		}
	}

	cols := archive["embeddings"].Shape[1]
	take := func(part int) keptRows {
		var x []float32
		var y []int
		for i, l := range labels {
			if parts[i] == part {
				for _, v := range data[i*cols : (i+1)*cols] {
					x = append(x, float32(v))
				}
				y = append(y, l)
			}
		}
		m, err := matrix.Of(len(y), cols, x)
		if err != nil {
			t.Fatal(err)
		}
		return keptRows{m, y}
	}
	if archive["partition"] == nil {
		return take(0), nil
	}
	g := take(2)
	return take(1), &g
}

// reciprocalRank is the MRR by definition, in float64, of rows without ties.
func reciprocalRank(query keptRows, gallery *keptRows) float64 {
	against := query
	if gallery != nil {
		against = *gallery
	}
	sum, n := 0.0, 0.0
	for i := range query.x.Rows {
		best := math.Inf(-1)
		var negatives []float64
		for j := range against.x.Rows {
			s := cosine(query.x.Row(i), against.x.Row(j))
			switch {
			case gallery == nil && j == i:
			case against.labels[j] == query.labels[i]:
				best = max(best, s)
			default:
				negatives = append(negatives, s)
			}
		}
		if math.IsInf(best, -1) {
			continue
		}
		rank := 1.0
		for _, s := range negatives {
			if s > best {
				rank++
			}
		}
		sum, n = sum+1/rank, n+1
	}
	return sum / n
}

// What is asked for beside the metrics of a run changes none of them, and its id only
// where something is asked for.
func TestAlsoChangesNothingElse(t *testing.T) {
	overrides := []string{"losses=contrastive", "seeds=1", "steps=3", "metrics.clustering=true"}
	plain, also := t.TempDir(), t.TempDir()
	for dir, asked := range map[string]string{plain: "metrics.also=[]", also: alsoAsked} {
		if out, err := runInto(t.Context(), t, dir, tinySpec(t, append(overrides, asked)...), 1, &silence{}); err != nil || len(out.Failed) > 0 {
			t.Fatal(out, err)
		}
	}
	got, want := records(t, also), records(t, plain)
	for k, r := range want {
		settings, err := r.ReadSettings()
		if err != nil || settings.Metrics.Also != nil {
			t.Errorf("%s asks for %v, %v", r.Label, settings.Metrics.Also, err)
		}
		k = slices.IndexFunc(got, func(o results.Record) bool { return o.Label == want[k].Label })
		for key, v := range r.Metrics {
			if got[k].Metrics[key] != v {
				t.Errorf("%s: %s is %v beside other metrics, and %v alone", r.Label, key, got[k].Metrics[key], v)
			}
		}
		if got[k].ID == r.ID || len(got[k].Metrics) != len(r.Metrics)+3*11 {
			t.Errorf("%s has %d metrics and %d beside others", r.Label, len(r.Metrics), len(got[k].Metrics))
		}
	}
}

// What collapsed embeddings have no value of is said in the record, which is whole.
func TestUnanswered(t *testing.T) {
	m := matrix.New(6, 2)
	for i := range m.Rows {
		m.Row(i)[0] = 1
	}
	ratio, _ := metrics.Find("class_ratio")
	mrr, _ := metrics.Find("mrr")
	q := question{Options: retrieval.Options{Ks: []int{1}}, also: []metrics.Asked{ratio, mrr}}
	a, err := ask(t.Context(), metrics.Set{Vectors: retrieval.Float32(m), Labels: []int{0, 0, 0, 1, 1, 1}}, nil, q)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := a.Also("class_ratio"); ok || a.unanswered()["class_ratio"] == "" || len(a.unanswered()) != 1 {
		t.Errorf("the ratio of distances that are 0 is %v, unanswered %v", ok, a.unanswered())
	}
	if v, ok := a.Also("mrr"); !ok || !(v > 0.3 && v < 1) {
		t.Errorf("MRR of equal rows is %v, %v", v, ok)
	}
	if _, err := a.valueOf("class_ratio", math.Inf(-1)); err == nil {
		t.Error("a protocol chooses by what has no value")
	}

	settings, err := results.Canonical(results.Settings{Metrics: results.MetricSettings{Also: []string{"class_ratio"}}})
	if err != nil {
		t.Fatal(err)
	}
	rec := results.Record{Settings: settings, Metrics: map[string]float64{}}
	if checkPromisedMetrics(rec, "x") == nil {
		t.Error("a record without a metric that was asked for is whole")
	}
	if rec.Unanswered = a.unanswered(); checkPromisedMetrics(rec, "x") != nil {
		t.Error("a record that says why it lacks a metric is damaged")
	}
}

// A protocol chooses by a metric of the catalogue what a loop by hand chooses by its
// definition: the greatest MRR, the least EER.
func TestHoldoutByCatalogue(t *testing.T) {
	for metric, c := range map[string]struct {
		of     func(x matrix.Matrix, labels []int) float64
		better float64
	}{
		"mrr": {func(x matrix.Matrix, labels []int) float64 { return reciprocalRank(keptRows{x, labels}, nil) }, 1},
		"eer": {equalErrorRate, -1},
	} {
		t.Run(metric, func(t *testing.T) {
			t.Parallel()
			s, dir := holdoutSpec(t, "protocol={name: holdout, folds: 3, every: 3, metric: "+metric+"}", "losses=[contrastive]"), t.TempDir()
			if out, err := runInto(t.Context(), t, dir, s, 2, nil); err != nil || len(out.Failed) > 0 {
				t.Fatal(out, err)
			}
			x, labels, _, _, key := heldData(t, s)
			for _, r := range recordsOf(t, dir) {
				if r.Kind != results.KindLoss {
					continue
				}
				folds, err := train.Folds(labels, 3, key, r.Seed)
				if err != nil {
					t.Fatal(err)
				}
				means := make([]float64, 8)
				for _, f := range folds {
					fx, fl := take(x, labels, f.Train)
					hx, hl := take(x, labels, f.Validation)
					h := byHand(t, s, r.Loss, key, r.Seed, fx, fl, hx, hl)
					for step := range means {
						means[step] += c.of(h.embeddings(), hl) / 3
						h.steps(1)
					}
				}
				best := 0
				for k, step := range []int{0, 3, 6, 7} {
					if got := r.Validation.Points[k]; math.Abs(got.Mean-means[step]) > 1e-6 {
						t.Errorf("seed %d, %d steps: the mean %s is %v, by definition %v", r.Seed, step, metric, got.Mean, means[step])
					}
					if c.better*(means[step]-means[best]) > 1e-9 {
						best = step
					}
				}
				if r.Validation.Metric != metric || r.Steps != best || best == 0 {
					t.Errorf("seed %d: %d steps chosen by %s, by hand %d", r.Seed, r.Steps, r.Validation.Metric, best)
				}
			}
		})
	}
}

// equalErrorRate is the EER by definition: where the polygon of the rates at all
// thresholds crosses the diagonal of equal rates.
func equalErrorRate(x matrix.Matrix, labels []int) float64 {
	type pair struct {
		s        float64
		positive bool
	}
	var pairs []pair
	positives, negatives := 0.0, 0.0
	for i := range x.Rows {
		for j := range i {
			positive := labels[i] == labels[j]
			pairs = append(pairs, pair{cosine(x.Row(i), x.Row(j)), positive})
			if positive {
				positives++
			} else {
				negatives++
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Compare(b.s, a.s) })

	accepted, missed := 0.0, 1.0 // of the negatives, of the positives
	for k := 0; k < len(pairs); {
		at, fa, miss := pairs[k].s, accepted, missed
		for ; k < len(pairs) && pairs[k].s == at; k++ {
			if pairs[k].positive {
				miss -= 1 / positives
			} else {
				fa += 1 / negatives
			}
		}
		if fa >= miss {
			t := (missed - accepted) / (missed - accepted + fa - miss)
			return accepted + t*(fa-accepted)
		}
		accepted, missed = fa, miss
	}
	return missed
}
