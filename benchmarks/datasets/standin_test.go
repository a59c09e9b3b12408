package datasets

import (
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func mustStandIn(t *testing.T, name string, scale float64, seed uint64) *Dataset {
	t.Helper()
	d, err := StandIn(name, scale, seed)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The rows of version 1, to the bit. If this fails after a change of the model, raise StandInVersion, print the figures again and set
// these to what the failure says; if it fails on another processor alone, the rounding to the grid is not coarse enough.
func TestStandInGolden(t *testing.T) {
	golden := map[string]string{
		"cub":    "b77a510de5387ae8558b094385aa06926cb10a7defe85b3bf578f9666128457b",
		"cars":   "e68988766527c7059b22aa37602fd6c96ef6aa4d968c076e83b41482fa624a04",
		"sop":    "8a753c5c1ebbcdaa974d406ac4eb41e44adc5c2c035e67f61cdf7cd4335bb677",
		"inshop": "c49f0aad79968e3a93ae8790064e4c7691e9c2a36b382b99a82a42bc45988ec4",
	}
	for name, want := range golden {
		if got := mustStandIn(t, name, 0.02, 1).Checksum; got != want {
			t.Errorf("%s: checksum %s, want %s", name, got, want)
		}
	}
	if part, err := StandInPartition("inshop", 0.001, 1); err != nil || !slices.Equal(part, wantPartition) {
		t.Errorf("the partition of inshop is %v (%v), want %v", part, err, wantPartition)
	}
}

var wantPartition = []int{
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	1, 2, 2, 2, 2, 2, 2, 1, 1, 2, 2, 1, 1, 1, 2, 1, 1, 2, 2, 2, 1, 2, 1, 1, 1, 1, 1,
}

func TestStandInIsDeterministic(t *testing.T) {
	first := mustStandIn(t, "cub", 0.05, 3)
	before := runtime.GOMAXPROCS(1)
	alone := mustStandIn(t, "cub", 0.05, 3)
	runtime.GOMAXPROCS(before)
	if first.Checksum != alone.Checksum {
		t.Error("one core and several give different rows")
	}
	if first.Checksum == mustStandIn(t, "cub", 0.05, 4).Checksum {
		t.Error("two seeds give the same rows")
	}
}

// A class has the same rows at every scale, but for how many.
func TestStandInScales(t *testing.T) {
	small, large := mustStandIn(t, "cars", 0.05, 1), mustStandIn(t, "cars", 0.1, 1)
	for _, c := range []struct{ small, large int }{{0, 0}, {4, 4}, {5, 10}, {9, 14}} { // 5 and 10 classes in each half
		a, b := slices.Index(small.Labels, c.small), slices.Index(large.Labels, c.large)
		for i := range 48 { // the least a class has
			if !slices.Equal(small.X.Row(a+i), large.X.Row(b+i)) {
				t.Fatalf("class %d at scale 0.05 differs from class %d at 0.1 in its row %d", c.small, c.large, i)
			}
		}
	}
}

// At scale 1 the counts are those of the benchmark, and so its own split takes the stand-in. SOP's rows would take seconds, so its
// and In-Shop's are only counted.
func TestStandInCounts(t *testing.T) {
	for _, s := range standIns {
		s, err := findStandIn(s.short, 1)
		if err != nil {
			t.Fatal(err)
		}
		sizes := s.sizes(1, 1)
		for half, want := range [2]struct{ classes, rows int }{{s.of.TrainClasses, s.of.TrainRows}, {s.of.Classes - s.of.TrainClasses, s.of.TestRows}} {
			if got := len(sizes[half]); got != want.classes {
				t.Errorf("%s: half %d has %d classes, want %d", s.short, half, got, want.classes)
			}
			rows := 0
			for _, n := range sizes[half] {
				rows += n
			}
			if rows != want.rows {
				t.Errorf("%s: half %d has %d rows, want %d", s.short, half, rows, want.rows)
			}
			if least, most := slices.Min(sizes[half]), slices.Max(sizes[half]); s.counted == nil && (least < s.rows.least || most > s.rows.most || least < 2) {
				t.Errorf("%s: classes of %d to %d rows, want %d to %d", s.short, least, most, s.rows.least, s.rows.most)
			}
		}
	}
	d := mustStandIn(t, "cub", 1, 1)
	split, err := Benchmarks[0].Split(d.Labels, nil)
	if err != nil {
		t.Fatal(err)
	}
	if differ := Benchmarks[0].Difference(split); differ != "" {
		t.Errorf("the stand-in of CUB at scale 1 has %s", differ)
	}
}

func TestStandInSmallScales(t *testing.T) {
	for _, c := range []struct {
		name    string
		scale   float64
		classes int
		rows    int // of the benchmark's halves in proportion
	}{
		{"cub", 1e-9, 4, 117 + 118},        // 2 of 100 classes with 5,864 and 5,924 rows
		{"cub", 0.2, 40, 1173 + 1185},      // 20 of 100
		{"cars", 0.2, 40, 1644 + 1659},     // 20 of 98 classes with 8,054 and 8,131 rows
		{"sop", 0.001, 22, 58 + 59},        // 11 of 11,318 and 11,316 classes with 59,551 and 60,502 rows
		{"inshop", 0.001, 8, 26 + 27},      // 4 of 3,997 and 3,985 classes with 25,882 and 26,830 rows
		{"inshop", 0.0001, 4, 13 + 13},     // 2 of each
		{"cars", 0.0255, 2 * 2, 164 + 166}, // 2.499 classes of 98
	} {
		d := mustStandIn(t, c.name, c.scale, 1)
		if got := len(Classes(d.Labels)); got != c.classes || d.X.Rows != c.rows || d.X.Cols != standInDim {
			t.Errorf("%s at %v: %d classes, %d×%d features, want %d, %d×%d", c.name, c.scale, got, d.X.Rows, d.X.Cols, c.classes, c.rows, standInDim)
		}
		if !slices.IsSorted(d.Labels) || d.Labels[0] != 0 || d.Labels[len(d.Labels)-1] != c.classes-1 {
			t.Errorf("%s at %v: labels are not 0 to %d in order", c.name, c.scale, c.classes-1)
		}
		if least := slices.Min(d.X.Data); least < 0 {
			t.Errorf("%s at %v: a feature is %v, want ≥ 0", c.name, c.scale, least)
		}
	}
}

func TestStandInSaysWhatItIs(t *testing.T) {
	d := mustStandIn(t, "cub", 0.02, 7)
	if d.Name != "synthetic_cub_v1" || !d.Synthetic || d.Provenance != "synthetic stand-in synthetic_cub_v1, scale 0.02, seed 7" {
		t.Errorf("name %q, synthetic %v, provenance %q", d.Name, d.Synthetic, d.Provenance)
	}
}

func TestStandInPartition(t *testing.T) {
	for _, scale := range []float64{0.0001, 0.03, 1} {
		part, err := StandInPartition("inshop", scale, 1)
		if err != nil {
			t.Fatal(err)
		}
		s, err := findStandIn("inshop", scale)
		if err != nil {
			t.Fatal(err)
		}
		sizes := s.sizes(scale, 1)
		var labels []int
		for class, n := range slices.Concat(sizes[0], sizes[1]) {
			labels = append(labels, slices.Repeat([]int{class}, n)...)
		}
		split, err := ByPartition(labels, part)
		if err != nil {
			t.Fatal(err)
		}
		train, test := len(sizes[0]), len(sizes[1])
		if got, want := len(split.Query), int(math.Round(14218*float64(test)/3985)); got != want {
			t.Errorf("scale %v: %d queries, want %d", scale, got, want)
		}
		if alone := withoutPositives(split, labels); len(alone) > 0 {
			t.Errorf("scale %v: %d queries have no positive in the gallery", scale, len(alone))
		}
		queries := make([]int, train+test)
		for _, row := range split.Query {
			queries[labels[row]]++
		}
		if slices.Max(queries[:train]) > 0 || slices.Min(queries[train:]) < 1 {
			t.Errorf("scale %v: queries of a class: %d in training, at least %d in the test, want 0 and 1", scale, slices.Max(queries[:train]), slices.Min(queries[train:]))
		}
	}
	if part, err := StandInPartition("sop", 0.01, 1); part != nil || err != nil {
		t.Errorf("the partition of sop is %v (%v), want none", part, err)
	}
}

func TestStandInErrors(t *testing.T) {
	for _, c := range []struct {
		name  string
		scale float64
		want  string
	}{
		{"cup", 1, `datasets: no stand-in for "cup": use one of cub, cars, sop, inshop, inshop_v2`},
		{"", 0, `datasets: no stand-in for "": use one of cub, cars, sop, inshop, inshop_v2`},
		{"cub", 0, "datasets: a stand-in at scale 0: take a fraction"},
		{"cub", -1, "scale -1"},
		{"cub", 1.01, "scale 1.01"},
		{"cub", math.NaN(), "scale NaN"},
		{"inshop", math.Inf(1), "scale +Inf"},
	} {
		if _, err := StandIn(c.name, c.scale, 1); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("StandIn(%q, %v): %v, want %s", c.name, c.scale, err, c.want)
		}
		if _, err := StandInPartition(c.name, c.scale, 1); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("StandInPartition(%q, %v): %v, want %s", c.name, c.scale, err, c.want)
		}
	}
}

// Moments of a million variates against those of the normal distribution, at five standard errors of each.
func TestStandInNormal(t *testing.T) {
	const n = 1e6
	r := standIns[0].stream(1, "test", 0)
	var m [5]float64
	for range int(n) {
		z := r.normal()
		for k, p := 1, z; k <= 4; k, p = k+1, p*z {
			m[k] += p / n
		}
	}
	for k, c := range map[int]struct{ want, variance float64 }{1: {0, 1}, 2: {1, 2}, 3: {0, 15}, 4: {3, 96}} {
		if math.Abs(m[k]-c.want) > 5*math.Sqrt(c.variance/n) {
			t.Errorf("moment %d is %v, want %v", k, m[k], c.want)
		}
	}
}
