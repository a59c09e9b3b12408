package report

import (
	"cmp"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"gpwbench/internal/npy"
	"gpwbench/results"
)

// embeddingFile writes embeddings of 50 classes, of which every third row is a query and
// the others are the gallery. It returns the values too.
func embeddingFile(t testing.TB, rows, dim int) (path string, values []float32) {
	t.Helper()
	values = make([]float32, rows*dim)
	labels, places, partition := make([]int64, rows), make([]int64, rows), make([]int64, rows)
	for i := range rows {
		labels[i], places[i], partition[i] = int64(i%50), int64(1000+i), 2
		if i%3 == 0 {
			partition[i] = 1
		}
		for k := range dim {
			values[i*dim+k] = float32(math.Sin(float64(i*dim+k))*3 + math.Cos(float64((i%50)*(k+1))))
		}
	}
	path = filepath.Join(t.TempDir(), "embeddings.npz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	err = npy.WriteNPZ(f, []npy.Member{
		{Name: "embeddings", Shape: []int{rows, dim}, Data: values}, {Name: "labels", Shape: []int{rows}, Data: labels},
		{Name: "rows", Shape: []int{rows}, Data: places}, {Name: "partition", Shape: []int{rows}, Data: partition},
	})
	if err != nil {
		t.Fatal(err)
	}
	return path, values
}

// queriesOf are per-query results in which the k-th query has k·7 modulo 101 negatives
// above its best positive.
func queriesOf(rows int) *results.Queries {
	q := &results.Queries{}
	for k := range (rows + 2) / 3 {
		q.Above = append(q.Above, int32(k*7%101))
	}
	return q
}

// The nearest rows of the worst queries are those of all similarities, computed here from
// all values at once.
func TestNearestOfWorst(t *testing.T) {
	const rows, dim = 3000, 40
	path, values := embeddingFile(t, rows, dim)
	m, err := mapFile(path, queriesOf(rows))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Worst) != worstRows || len(m.Row) != mapRows || len(m.Views) != 2 {
		t.Fatalf("%d worst queries and %d points in %d maps", len(m.Worst), len(m.Row), len(m.Views))
	}

	cosine := func(i, j int) float64 {
		var xy, xx, yy float64
		for k := range dim {
			x, y := float64(values[i*dim+k]), float64(values[j*dim+k])
			xy, xx, yy = xy+x*y, xx+x*x, yy+y*y
		}
		return xy / math.Sqrt(xx*yy)
	}
	for _, w := range m.Worst {
		i := w.Row - 1000
		if i%3 != 0 || i%50 != w.Class || w.Rank != i/3*7%101+1 {
			t.Fatalf("row %d of class %d with rank %d is no worst query", w.Row, w.Class, w.Rank)
		}
		var gallery []int
		for j := range rows {
			if j%3 != 0 {
				gallery = append(gallery, j)
			}
		}
		similar := map[int]float64{}
		for _, j := range gallery {
			similar[j] = cosine(i, j)
		}
		slices.SortFunc(gallery, func(x, y int) int { return cmp.Compare(similar[y], similar[x]) })
		for k, got := range w.Nearest {
			j := gallery[k]
			if want := (nearest{1000 + j, j % 50, place(similar[j]), j%50 == i%50}); got != want {
				t.Errorf("neighbour %d of row %d is %v, want %v", k+1, w.Row, got, want)
			}
		}
		if len(w.Nearest) != nearestRows {
			t.Errorf("row %d has %d neighbours", w.Row, len(w.Nearest))
		}
	}
}

// What is allocated for a map does not grow with the numbers of the file, only by a few
// words a row.
func TestMapMemory(t *testing.T) {
	const few, many, dim = 4000, 16000, 256
	allocated := func(rows int) int64 {
		path, _ := embeddingFile(t, rows, dim)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := mapFile(path, queriesOf(rows)); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return int64(after.TotalAlloc - before.TotalAlloc)
	}
	grown := allocated(many) - allocated(few)
	if most := int64(150 * (many - few)); grown > most {
		t.Errorf("%d more rows take %d bytes more, above %d; as float32 they have %d", many-few, grown, most, 4*dim*(many-few))
	}
}
