package metrics

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/benchmarks/structure"
	"gpwbench/benchmarks/verification"
	"gpwbench/matrix"
)

func noisySet(rows, classes int) Set {
	r := rand.New(rand.NewPCG(3, 4))
	x, labels := matrix.New(rows, 6), make([]int, rows)
	for i := range labels {
		labels[i] = i % classes
		for k := range 6 {
			x.Row(i)[k] = float32(r.NormFloat64())
		}
		x.Row(i)[labels[i]%6] += 2
	}
	return Set{retrieval.Float32(x), labels}
}

func answers(t *testing.T, names string, queries Set, gallery *Set, o Options) map[string]Value {
	asked, err := ParseAll([]string{names}, nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Evaluate(t.Context(), queries, gallery, asked, o)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]Value{}
	for _, v := range e.Values {
		values[v.Key()] = v
	}
	return values
}

// Every metric of pairs and of structure is that of its package, whose numbers are held
// to those of other programs, and stands within its range.
func TestMetricsOfPairs(t *testing.T) {
	q, g := noisySet(90, 5), noisySet(60, 7)
	for _, gallery := range []*Set{nil, &g} {
		values := answers(t, "verification,structure,tar@far=0.05,fnmr@fmr=0.05,tar@0.2", q, gallery, Options{})
		o := verification.Options{FARs: []float64{0.001, 0.05, 0.2}, OPIS: true}
		s, err := verification.Evaluate(t.Context(), q.Vectors, q.Labels, o)
		if gallery != nil {
			s, err = verification.EvaluateGallery(t.Context(), q.Vectors, q.Labels, g.Vectors, g.Labels, o)
		}
		if err != nil {
			t.Fatal(err)
		}
		p, err := retrieval.PairsOf(q.Vectors, q.Labels)
		if err != nil {
			t.Fatal(err)
		}
		near, _ := structure.Alignment(p)
		even, _ := structure.Uniformity(t.Context(), p, 0)
		apart, _ := structure.ClassDistances(p)
		singular, _ := structure.SingularValues(t.Context(), p, 0)
		rho, _ := structure.Decay(singular)

		want := map[string]float64{
			"roc_auc": s.AUC.Value, "eer": s.EER.Value, "eer_threshold": s.EER.Threshold, "accuracy": s.Accuracy.Value,
			"balanced_accuracy": s.Balanced.Value, "balanced_threshold": s.Balanced.Threshold, "opis": s.OPIS.Score,
			"tar@far=0.001": s.AtFAR[0].Value, "fnmr@fmr=0.001": 1 - s.AtFAR[0].Value, "tar@far=0.05": s.AtFAR[1].Value,
			"fnmr@fmr=0.05": 1 - s.AtFAR[1].Value, "tar@far=0.2": s.AtFAR[2].Value,
			"alignment": near, "uniformity": even.Value, "class_ratio": apart.Ratio, "spectrum": rho, "effective_rank": structure.EffectiveRank(singular),
		}
		for name, v := range want {
			got := values[name]
			if got.Expected != v || got.Why != "" || v < got.Least || v > got.Most {
				t.Errorf("%s: %+v, %q; want %v", name, got.Range, got.Why, v)
			}
		}
		if v := values["accuracy_threshold"]; s.Accuracy.None != (v.Why != "") {
			t.Errorf("accuracy_threshold: %+v, %q", v.Range, v.Why)
		}
		if len(values) != len(want)+1 {
			t.Errorf("%d values, want %d", len(values), len(want)+1)
		}
		if of := values["spectrum"].Notes; gallery != nil != slices.Contains(of, "metrics of structure are of the queries alone") {
			t.Errorf("notes %q", of)
		}
	}
}

// ARI is that of the clustering, which follows the number of starts.
func TestStartsOfClustering(t *testing.T) {
	q := noisySet(90, 5)
	for _, starts := range []int{0, 3} {
		c, _, err := retrieval.Cluster(t.Context(), q.Vectors, q.Labels, starts)
		if err != nil {
			t.Fatal(err)
		}
		v := answers(t, "ari,nmi", q, nil, Options{Starts: starts})["ari"]
		if want := (retrieval.Range{Low: c.ARI.Low, Expected: c.ARI.Mean, High: c.ARI.High}); v.Range != want || v.Low == v.High {
			t.Errorf("%d starts: %+v, want %+v", starts, v.Range, want)
		}
	}
}

// What a set cannot answer is said for that metric, and no number is NaN.
func TestReasonsOfPairs(t *testing.T) {
	one, each := noisySet(20, 1), noisySet(20, 20)
	for _, test := range []struct {
		set  Set
		why  map[string]string
		rest string
	}{
		{one, map[string]string{"roc_auc": "all rows are of one class", "ari": "one class", "class_ratio": "all rows are of one class"}, "alignment,uniformity,spectrum,effective_rank"},
		{each, map[string]string{"roc_auc": "no two rows", "eer": "no two rows", "alignment": "no two rows", "class_ratio": "no two rows"}, "ari,uniformity,spectrum"},
	} {
		names := test.rest
		for name := range test.why {
			names += "," + name
		}
		for name, v := range answers(t, names, test.set, nil, Options{}) {
			if want := test.why[name]; (want == "") != (v.Why == "") || !strings.HasPrefix(v.Why, "all") && !strings.HasPrefix(v.Why, "no") && v.Why != "" || !strings.Contains(v.Why, want) {
				t.Errorf("%s: %q, want %q", name, v.Why, want)
			}
			if math.IsNaN(v.Low) || math.IsNaN(v.Expected) || math.IsNaN(v.High) {
				t.Errorf("%s: %+v", name, v.Range)
			}
		}
	}

	euclidean := Options{Rules: retrieval.Rules{Similarity: retrieval.Euclidean}}
	if v := answers(t, "eer", noisySet(30, 3), nil, euclidean)["eer"]; v.Why != "it is of cosines alone" {
		t.Errorf("%+v", v)
	}
	groups := Options{Rules: retrieval.Rules{Groups: make([]int, 30)}}
	if v := answers(t, "eer", noisySet(30, 3), nil, groups)["eer"]; !slices.ContainsFunc(v.Notes, func(n string) bool { return strings.Contains(n, "of one group") }) {
		t.Errorf("%+v", v)
	}
}

// Random pairs have an interval, and say so.
func TestRandomPairs(t *testing.T) {
	v := answers(t, "roc_auc", noisySet(90, 5), nil, Options{Pairs: 500, Seed: 3})["roc_auc"]
	if !(v.Low < v.Expected && v.Expected < v.High) || len(v.Notes) == 0 || !strings.Contains(v.Notes[0], "500 of ") {
		t.Errorf("%+v, %q", v.Range, v.Notes)
	}
}

func TestParseRate(t *testing.T) {
	for name, want := range map[string]string{
		"tar@far=1e-3": "tar@far=0.001", "TAR@0.01": "tar@far=0.01", "tar": "tar@far=0.001", "fnmr@fmr=0.5": "fnmr@fmr=0.5", "frr@1e-06": "fnmr@fmr=1e-06",
	} {
		if asked, err := Parse(name, nil); err != nil || len(asked) != 1 || asked[0].Key() != want {
			t.Errorf("%s: %v, %v; want %s", name, asked, err, want)
		}
	}
	for _, name := range []string{"tar@far=0", "tar@far=1", "tar@frr=0.1", "fnmr@fmr=NaN", "eer@0.1"} {
		if asked, err := Parse(name, nil); err == nil {
			t.Errorf("%s is accepted as %v", name, asked)
		}
	}
}

// No pass is made that no metric needs.
func TestAskedOfPairs(t *testing.T) {
	for names, want := range map[string]verification.Options{
		"roc_auc,nmi":                      {AUCOnly: true},
		"roc_auc,opis":                     {AUCOnly: true, OPIS: true},
		"eer,roc_auc":                      {},
		"roc_auc,tar@0.1,fnmr@0.1,tar@0.2": {FARs: []float64{0.1, 0.2}},
	} {
		asked, err := ParseAll([]string{names}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var e Evaluation
		for _, a := range asked {
			e.Values = append(e.Values, Value{Asked: a})
		}
		if got := e.askedOfPairs(); got.AUCOnly != want.AUCOnly || got.OPIS != want.OPIS || !slices.Equal(got.FARs, want.FARs) {
			t.Errorf("%s: %+v, want %+v", names, got, want)
		}
	}
}
