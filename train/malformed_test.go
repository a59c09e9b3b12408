package train

import (
	"strings"
	"testing"

	"gpwbench/losses"
	"gpwbench/matrix"
)

// The zero values of what New and others make are errors, as is a loss that lacks what its
// traits ask for.
func TestMalformed(t *testing.T) {
	for _, tr := range []*Trainer{nil, {}} {
		if _, err := tr.Step(); err == nil {
			t.Error("a step of no trainer")
		}
	}
	if s := new(Trainer).Whole(); s.S != nil {
		t.Errorf("the step %+v of no trainer", s)
	}
	for _, o := range []*Objective{nil, {}} {
		if _, err := o.Eval(matrix.Matrix{}, matrix.Matrix{}); err == nil {
			t.Error("an objective of no loss has a value")
		}
	}
	if _, err := (*Linear)(nil).Apply(matrix.New(1, 1)); err == nil {
		t.Error("no map is applied")
	}
	x := matrix.New(1, 2)
	if y, err := (*Preprocess)(nil).Apply(x); err != nil || y.Rows != 1 {
		t.Errorf("no preprocessing returns %v, %v", y, err)
	}
	if _, err := PCA(matrix.New(-1, 3), 1); err == nil {
		t.Error("a PCA of a negative number of rows")
	}

	for k := range losses.Catalogue {
		spec := &losses.Catalogue[k]
		if spec.Traits&losses.ReadsVectorMeans == 0 {
			continue
		}
		c, err := losses.Choose(losses.Catalogue, spec.Name)
		if err != nil {
			t.Fatal(err)
		}
		loss, err := c.Loss()
		if err != nil {
			t.Fatal(err)
		}
		o, err := NewObjective(loss, 0, []int{0, 0}, 2)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := matrix.Of(2, 2, []float32{1, 0, 0.6, 0.8})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Eval(rows, matrix.New(2, 2)); err == nil || !strings.HasPrefix(err.Error(), "losses: ") {
			t.Errorf("%s without the means has the error %v", c.Name(), err)
		}
	}
}
