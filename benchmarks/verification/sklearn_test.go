package verification

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"gpwbench/benchmarks/retrieval"
)

// A reference is a set of integers with what scikit-learn says of its pairs. The script
// that wrote it is beside it.
type reference struct {
	Name          string
	Queries       [][]float64
	QueryLabels   []int `json:"query_labels"`
	Gallery       [][]float64
	GalleryLabels []int `json:"gallery_labels"`

	Positives, Negatives int64
	AUC, EER             float64
	FARs, TARs           []float64
	Accuracy, Balanced   float64
	OPISFrom             float64 `json:"opis_from"`
	OPISTo               float64 `json:"opis_to"`
	OPIS                 float64
}

func references(t *testing.T) []reference {
	data, err := os.ReadFile("testdata/sklearn.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []reference }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) == 0 {
		t.Fatal("no case")
	}
	return file.Cases
}

func vectorsOf(t *testing.T, rows [][]float64) retrieval.Vectors {
	var data []float64
	for _, row := range rows {
		data = append(data, row...)
	}
	v, err := retrieval.Float64(len(rows), len(rows[0]), data)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (r reference) pairs(t *testing.T) *retrieval.Pairs {
	p, err := retrieval.PairsOf(vectorsOf(t, r.Queries), r.QueryLabels)
	if r.Gallery != nil {
		p, err = retrieval.PairsBetween(vectorsOf(t, r.Queries), r.QueryLabels, vectorsOf(t, r.Gallery), r.GalleryLabels)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The figures are those of scikit-learn, in float64 and, where that orders all pairs,
// by two passes in float32.
func TestScikitLearn(t *testing.T) {
	for _, r := range references(t) {
		for _, force := range []precision{directly, narrow} {
			s, err := evaluate(t.Context(), r.pairs(t), Options{FARs: r.FARs, force: force})
			if err != nil {
				t.Fatal(r.Name, err)
			}
			if s.Positives != r.Positives || s.Negatives != r.Negatives {
				t.Errorf("%s: %d and %d pairs, want %d and %d", r.Name, s.Positives, s.Negatives, r.Positives, r.Negatives)
			}

			near := func(what string, f Figure, want float64) {
				if math.Abs(f.Value-want) > 1e-12 || !f.Exact() || f.Value != f.Low {
					t.Errorf("%s, precision %d: %s %+v, want %v", r.Name, force, what, f, want)
				}
			}
			if s.Direct {
				near("AUC", s.AUC, r.AUC)
			} else if s.AUC.Low > r.AUC+1e-12 || s.AUC.High < r.AUC-1e-12 {
				t.Errorf("%s: AUC %+v does not hold %v", r.Name, s.AUC, r.AUC)
			}
			near("EER", s.EER.Figure, r.EER)
			near("accuracy", s.Accuracy.Figure, r.Accuracy)
			near("balanced accuracy", s.Balanced.Figure, r.Balanced)
			for k, p := range s.AtFAR {
				near("TAR", p.Figure, r.TARs[k])
			}
		}
	}
}

// OPIS is that of its definition, over the same distances.
func TestInconsistencyByDefinition(t *testing.T) {
	for _, r := range references(t) {
		for _, workers := range []int{1, 2} {
			u := newUtilities(r.pairs(t), r.OPISFrom, r.OPISTo)
			if err := (&second{pairs: u.pairs, utilities: u}).run(t.Context(), workers); err != nil {
				t.Fatal(err)
			}

			u.sum()
			if got := u.score().Score; math.Abs(got-r.OPIS) > 1e-12 {
				t.Errorf("%s, %d workers: OPIS %v, want %v", r.Name, workers, got, r.OPIS)
			}
		}
	}
}
