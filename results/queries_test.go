package results

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/matrix"
)

// evaluated are the scores of 40 rows of 9 classes, one of them of a single row, with
// copies that tie.
func evaluated(t *testing.T) (*retrieval.Scores, []int) {
	t.Helper()
	x, labels := matrix.New(40, 3), make([]int, 40)
	for i := range labels {
		labels[i] = 1000 - 7*(i%8)
		for k := range 3 {
			x.Row(i)[k] = float32((i*i*31+k*17*i+k)%11) - 5.5
		}
	}
	labels[13] = 5
	copy(x.Row(20), x.Row(3))
	copy(x.Row(21), x.Row(3))
	s, err := retrieval.Evaluate(context.Background(), retrieval.Float32(x), labels, retrieval.Options{Ks: []int{1, 2, 4}, MAPAtR: true})
	if err != nil {
		t.Fatal(err)
	}
	return s, labels
}

// The mean of a metric's values over the queries with a positive is the metric.
func TestQueriesValues(t *testing.T) {
	s, labels := evaluated(t)
	if s.Ties == 0 || s.WithoutPositives != 1 {
		t.Fatalf("%d ties, %d queries without a positive: the case is another", s.Ties, s.WithoutPositives)
	}

	ap, _ := s.MAPAtR()
	rp, _ := s.RPrecision()
	q := QueriesOf(s, labels)
	for key, want := range map[string]float64{
		"recall@1": s.Recall(1), "recall@4": s.Recall(4), "recall_pessimistic@2": s.RecallPessimistic(2),
		"recall_expected@1": s.RecallExpected(1), "map_at_r": ap.Expected, "r_precision": rp.Expected,
	} {
		values, ok := q.Values(key)
		sum, n := 0.0, 0
		for i, v := range values {
			if q.HasPositive(i) {
				sum, n = sum+v, n+1
			}
		}
		if !ok || math.Abs(sum/float64(n)-want) > 1e-7 {
			t.Errorf("%s: the mean of the queries is %v, the metric %v", key, sum/float64(n), want)
		}
	}

	for _, key := range []string{"nmi", "optimism", "recall", "map_at_r_low"} {
		if _, ok := q.Values(key); ok {
			t.Errorf("%s has values of single queries", key)
		}
	}
	if q.Classes[13] != 0 || q.Classes[0] != 8 || q.Classes[7] != 1 {
		t.Errorf("classes %v", q.Classes)
	}
}

func TestQueriesReadBack(t *testing.T) {
	s, labels := evaluated(t)
	store := open(t, t.TempDir())

	for _, withAP := range []bool{true, false} {
		want := QueriesOf(s, labels)
		if !withAP {
			want.AP, want.RP = nil, nil
			want.Add("ndcg@10", slices.Repeat([]retrieval.Range{{Low: 0.1, Expected: 0.25, High: 0.4}}, 40))
			want.Add("mrr", slices.Repeat([]retrieval.Range{{Expected: 1}}, 40))
		}
		var b bytes.Buffer
		if err := want.Write(&b); err != nil {
			t.Fatal(err)
		}
		r := sample("cub", "queries", uint64(b.Len()))
		r.Queries = 40
		r = kept(t, store, r, map[string][]byte{QueriesFile(r.ID): b.Bytes()})
		got, err := store.ReadQueries(r)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("read back otherwise (-want +got):\n%s", diff)
		}
	}
}

// What is missing, of another run, or not what a run writes is refused.
func TestQueriesRefused(t *testing.T) {
	s, labels := evaluated(t)
	store := open(t, t.TempDir())
	none := kept(t, store, sample("cub", "without", 1), nil)
	if _, err := store.ReadQueries(none); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a run without per-query results gives %v", err)
	}

	for name, c := range map[string]struct {
		change func(q *Queries)
		want   string
	}{
		"rows":      {func(q *Queries) { q.Above = q.Above[1:] }, "and the run has 40 queries"},
		"counts":    {func(q *Queries) { q.Above[3] = -1 }, "query 3 has the counts"},
		"negative":  {func(q *Queries) { q.Above[3] = -2 }, "query 3 has the counts"},
		"precision": {func(q *Queries) { q.AP[2] = 1.5 }, "precision 1.5"},
		"nan":       {func(q *Queries) { q.RP[2] = float32(math.NaN()) }, "precision NaN"},
		"also":      {func(q *Queries) { q.Add("mrr", slices.Repeat([]retrieval.Range{{Expected: 1.5}}, 40)) }, "query 0 has 1.5 in mrr"},
		"short":     {func(q *Queries) { q.Add("ndcg@10", make([]retrieval.Range, 39)) }, "array ndcg@10 has the shape [39]"},
		"missing":   {func(q *Queries) { q.RP = nil }, "the shape [0]"},
	} {
		q := QueriesOf(s, labels)
		q.Above = append([]int32{}, q.Above...)
		c.change(q)
		if len(q.Above) == 40 && len(q.Equal) == 40 {
			q.Equal, q.PosEqual = append([]int32{}, q.Equal...), append([]int32{}, q.PosEqual...)
		}
		var b bytes.Buffer
		if err := q.Write(&b); err != nil {
			t.Fatal(err)
		}
		r := sample("cub", name, 2)
		r.Queries = 40
		r = kept(t, store, r, map[string][]byte{QueriesFile(r.ID): b.Bytes()})
		_, err := store.ReadQueries(r)
		if damaged := new(DamagedError); !errors.As(err, &damaged) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}

		if err := os.WriteFile(store.Path(QueriesFile(r.ID)), b.Bytes()[:b.Len()/2], 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := store.ReadQueries(r); err == nil {
			t.Errorf("%s: half a file is read", name)
		}
	}
}
