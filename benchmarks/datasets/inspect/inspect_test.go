package inspect

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gpwbench/internal/npy"
)

const testDim = 16

// clusters is a subject of classes of per rows about their centres, ordered by class.
func clusters(classes, per int) *Subject { return clustersOf(classes, func(int) int { return per }) }

func clustersOf(classes int, size func(class int) int) *Subject {
	rng := rand.New(rand.NewPCG(1, 2))
	var data []float32
	var labels []int
	for class := range classes {
		var centre [testDim]float64
		for k := range centre {
			centre[k] = rng.NormFloat64()
		}
		for range size(class) {
			for _, v := range centre {
				data = append(data, float32(v+0.4*rng.NormFloat64()))
			}
			labels = append(labels, class)
		}
	}
	return New("x.npy", NewRows(len(labels), testDim, data), labels)
}

func inspected(t *testing.T, all ...*Subject) *Report {
	t.Helper()
	r, err := Inspect(t.Context(), all, 1)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (x *Rows) at(i int) []float32 { return x.narrow[i*x.D : (i+1)*x.D] }

// Of rows without a fault nothing is found, and each fault is found by its check, with
// the number that was made.
func TestChecks(t *testing.T) {
	if r := inspected(t, clusters(40, 8)); len(r.Findings) > 0 {
		t.Fatalf("of good rows it finds %+v", r.Findings)
	}

	for name, c := range map[string]struct {
		change   func(s *Subject)
		severity Severity
		count    int
		rows     []int
	}{
		"not_finite": {func(s *Subject) {
			s.X.at(7)[3], s.X.at(7)[4], s.X.at(9)[0] = float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))
		}, Error, 2, []int{7, 9}},
		"zero_rows":      {func(s *Subject) { clear(s.X.at(5)); clear(s.X.at(319)) }, Error, 2, []int{5, 319}},
		"beyond_float32": {func(s *Subject) { widen(s, 3, 1e200); widen(s, 4, 1e-200) }, Error, 2, []int{3, 4}},
		"float_labels":   {func(s *Subject) { s.FloatLabel, s.LabelType = true, "float64" }, Error, 0, nil},
		"one_class":      {func(s *Subject) { clear(s.Labels) }, Error, 0, nil},
		"label_count":    {func(s *Subject) { s.Labels = s.Labels[:319] }, Error, -1, nil},
		"copies":         {func(s *Subject) { copy(s.X.at(9), s.X.at(8)); copy(s.X.at(15), s.X.at(8)) }, Warning, 2, []int{9, 15}},
		"conflicting_copies": {func(s *Subject) {
			copy(s.X.at(9), s.X.at(0))
			s.X.at(0)[0], s.X.at(9)[0] = 0, float32(math.Copysign(0, -1)) // equal all the same
		}, Warning, 1, []int{9}},
		"single_rows":   {func(s *Subject) { s.Labels[4] = 40 }, Note, 1, []int{4}},
		"label_numbers": {func(s *Subject) { shift(s.Labels, 1) }, Note, 0, nil},
		"constant_columns": {func(s *Subject) {
			for i := range s.X.N {
				s.X.at(i)[2] = 0.5
			}
		}, Note, 1, []int{2}},
		"normalised": {func(s *Subject) {
			for i := range s.X.N {
				length := 0.0
				for _, v := range s.X.at(i) {
					length += float64(v) * float64(v)
				}
				for k := range s.X.at(i) {
					s.X.at(i)[k] /= float32(math.Sqrt(length))
				}
			}
		}, Note, 0, nil},
		"out_of_step": {func(s *Subject) { s.Labels = append(s.Labels[1:], 0) }, Error, -1, []int{0}},
		"unrelated_labels": {func(s *Subject) {
			rand.New(rand.NewPCG(3, 4)).Shuffle(320, func(i, j int) { s.Labels[i], s.Labels[j] = s.Labels[j], s.Labels[i] })
		}, Warning, -1, nil},
		"closed_set": {func(s *Subject) { s.Part = divided(160, 160, 0); s.Labels[0] = 20 }, Error, 1, nil},
		"leak": {func(s *Subject) {
			s.Part = divided(160, 80, 80)
			copy(s.X.at(200), s.X.at(3))
			copy(s.X.at(300), s.X.at(3))
		}, Warning, 2, []int{200, 300}},
		"mixed_labels": {func(s *Subject) {
			s.Names, s.LabelType = make([]string, 40), "strings"
			for k := range s.Names {
				s.Names[k] = fmt.Sprint("class ", k)
			}
			s.Names[1] = "-9"
		}, Warning, 8, []int{8, 9, 10, 11, 12}},
		"lonely_queries": {func(s *Subject) { s.Part = divided(160, 8, 152) }, Warning, 8, []int{160, 161, 162, 163, 164}},
	} {
		s := clusters(40, 8)
		c.change(s)
		r := inspected(t, s)
		k := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Name == name })
		if k < 0 {
			t.Errorf("%s is not found: %+v", name, r.Findings)
			continue
		}
		f := r.Findings[k]
		if f.Severity != c.severity || c.count >= 0 && f.Count != c.count || c.count < 0 && name == "label_count" && f.Count != -1 || !slices.Equal(f.Rows, c.rows) {
			t.Errorf("%s: %+v, want %s, %d, rows %v", name, f, c.severity, c.count, c.rows)
		}
		if f.Advice == "" || strings.HasSuffix(f.Text, ".") {
			t.Errorf("%s: text %q, advice %q", name, f.Text, f.Advice)
		}
	}
}

// widen makes the rows float64, and one of them a multiple.
func widen(s *Subject, row int, by float64) {
	if s.X.wide == nil {
		for _, v := range s.X.narrow {
			s.X.wide = append(s.X.wide, float64(v))
		}
	}
	for k := range s.X.D {
		s.X.wide[row*s.X.D+k] *= by
	}
}

func shift(labels []int, by int) {
	for i := range labels {
		labels[i] += by
	}
}

func divided(train, query, gallery int) (part []int) {
	for p, n := range []int{train, query, gallery} {
		part = append(part, slices.Repeat([]int{p}, n)...)
	}
	return part
}

// What is between two files: rows of the one in the other, classes of both, other widths.
func TestBetweenFiles(t *testing.T) {
	train, test := clusters(40, 8), clusters(40, 8)
	test.Path = "z.npy"
	shift(test.Labels, 100)
	for i := range test.X.narrow {
		test.X.narrow[i] += 0.01
	}
	copy(test.X.at(17), train.X.at(300))
	r := inspected(t, train, test)
	if len(r.Findings) != 2 || r.Findings[0].Name != "leak" || !slices.Equal(r.Findings[0].Rows, []int{17}) || r.Findings[0].File != "x.npy, z.npy" || r.Findings[1].Name != "label_numbers" {
		t.Errorf("one row and no class are in both, and it finds %+v", r.Findings)
	}

	// Queries and a gallery share classes; two rows of the first have none in the second.
	queries, gallery := clusters(40, 8), clusters(40, 8)
	queries.Labels[7], queries.Labels[90] = 40, 41
	for _, c := range []struct {
		before, s *Subject
		want      []int
	}{{queries, gallery, []int{7, 90}}, {gallery, queries, nil}} {
		var found []int
		for _, f := range inspected(t, c.before, c.s).Findings {
			if f.Name == "lonely_queries" {
				found = f.Rows
			}
		}
		if !slices.Equal(found, c.want) {
			t.Errorf("queries without a match are %v, want %v", found, c.want)
		}
	}

	words := clusters(40, 8)
	words.Names, words.LabelType = slices.Repeat([]string{"word"}, 40), "strings"
	if !slices.ContainsFunc(inspected(t, clusters(40, 8), words).Findings, func(f Finding) bool { return f.Name == "mixed_labels" && f.Severity == Error }) {
		t.Error("numbers and words are not told")
	}

	narrow := New("n.npy", NewRows(2, 3, []float32{1, 2, 3, 4, 5, 6}), []int{0, 0})
	found := map[string]int{}
	for _, f := range inspected(t, clusters(40, 8), narrow).Findings {
		found[f.Name] = f.Count
	}
	if _, ok := found["columns"]; !ok || found["closed_set"] != 1 {
		t.Errorf("16 and 3 columns, one class in both, and it finds %v", found)
	}
}

// Every check is reached by a test above or by TestKnownSets.
func TestEveryCheckHasAName(t *testing.T) {
	names := map[string]bool{}
	for _, c := range Checks {
		if names[c.Name] || c.Name == "" || c.One == nil && c.Two == nil {
			t.Errorf("the check %q is there twice, has no name or does nothing", c.Name)
		}
		names[c.Name] = true
	}
}

// A list whose lines were taken for labels is told.
func TestLinesAsLabels(t *testing.T) {
	s := New("list.txt", nil, []int{0, 1})
	s.Names, s.LabelType = []string{"img/1.jpg 7 train", "img/2.jpg 7 train"}, "strings"
	if r := inspected(t, s); len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Text, `such as "img/2.jpg 7 train"`) || r.Worst() != Error {
		t.Errorf("%+v", r.Findings)
	}
}

// Counts that only one set has name it.
func TestKnownSets(t *testing.T) {
	for _, c := range []struct {
		rows, classes int
		severity      Severity
		text          string
	}{
		{6033, 200, Warning, "CUB-200-2010"},
		{5994, 200, Warning, "closed-set split of CUB-200-2011"},
		{8144, 196, Warning, "closed-set split of Cars-196"},
		{11788, 200, Note, "the counts of CUB-200-2011"},
		{11787, 200, Warning, "11787 rows of 200 classes: CUB-200-2011 has 11788"},
		{120053, 22634, Note, "Stanford Online Products"},
		{9000, 200, "", ""},
	} {
		labels := make([]int, c.rows)
		for i := range labels {
			labels[i] = i % c.classes
		}
		r := inspected(t, New("labels.npy", nil, labels))
		if c.severity == "" {
			if len(r.Findings) > 0 {
				t.Errorf("%d of %d: %+v", c.rows, c.classes, r.Findings)
			}
			continue
		}
		if len(r.Findings) != 1 || r.Findings[0].Severity != c.severity || !strings.Contains(r.Findings[0].Text, c.text) {
			t.Errorf("%d of %d: %+v, want %s", c.rows, c.classes, r.Findings, c.text)
		}
	}
}

// The shift and the row from which it holds are found, whichever way labels and rows are
// out of step, and no shift is found where they are in step, however rows are ordered.
func TestOutOfStep(t *testing.T) {
	for name, c := range map[string]struct {
		change func(s *Subject)
		want   *step
	}{
		"in step":        {func(*Subject) {}, nil},
		"a header label": {func(s *Subject) { s.Labels = append([]int{99}, s.Labels...) }, &step{shift: 1}},
		"one lost":       {func(s *Subject) { s.Labels = s.Labels[1:] }, &step{shift: -1}},
		"seven lost":     {func(s *Subject) { s.Labels = s.Labels[7:] }, &step{shift: -7}},
		"lost within":    {func(s *Subject) { s.Labels = slices.Delete(s.Labels, 160, 161) }, &step{shift: -1, from: 160}},
		"added within":   {func(s *Subject) { s.Labels = slices.Insert(s.Labels, 200, 39) }, &step{shift: 1, from: 200}},
		"shuffled": {func(s *Subject) {
			rand.New(rand.NewPCG(3, 4)).Shuffle(s.X.N, func(i, j int) {
				s.Labels[i], s.Labels[j] = s.Labels[j], s.Labels[i]
				for k := range s.X.D {
					s.X.at(i)[k], s.X.at(j)[k] = s.X.at(j)[k], s.X.at(i)[k]
				}
			})
		}, nil},
	} {
		s := clustersOf(40, func(class int) int { return 5 + class*7%11 })
		c.change(s)
		found, ok := stepOf(nearestOf(t, s), s.Labels)
		if c.want == nil {
			if ok {
				t.Errorf("%s: found %+v", name, found)
			}
			continue
		}
		// Where it begins is known up to the rows of a class on either side.
		if !ok || found.shift != c.want.shift || max(found.from-c.want.from, c.want.from-found.from) > 16 {
			t.Errorf("%s: found %+v (%v), want %+v", name, found, ok, *c.want)
		}
	}
}

// The tail of the binomial distribution, from SciPy 1.17: scipy.stats.binom.sf(k - 1, n,
// p).
func TestBinomialTail(t *testing.T) {
	for _, c := range []struct {
		n, k int
		p    float64
		want float64
	}{
		{10, 8, 0.5, 0.0546875}, {1, 1, 0.5, 0.5}, {0, 0, 0.5, 1}, {5, 0, 0.1, 1}, {40, 40, 0.5, math.Pow(0.5, 40)}, {3, 1, 0.25, 1 - 0.421875},
	} {
		if got := math.Exp(logBinomialTail(c.n, c.k, c.p)); math.Abs(got-c.want) > 1e-11*c.want {
			t.Errorf("P(X ≥ %d) of %d at %v is %v, want %v", c.k, c.n, c.p, got, c.want)
		}
	}
}

// Nearest rows are those of a comparison of all pairs in float64.
func TestNearestPairs(t *testing.T) {
	s := clusters(20, 5)
	copy(s.X.at(50), s.X.at(10)) // copies are nearest to each other
	r := inspected(t, s)
	hits := 0
	for _, p := range s.near {
		best, at := math.Inf(-1), -1
		for j := range s.X.N {
			if c := s.cosine(p.row, j); j != p.row && c > best {
				best, at = c, j
			}
		}
		if c := s.cosine(p.row, p.nearest); c < best-1e-12 {
			t.Errorf("row %d: nearest is %d at %v, want %d at %v", p.row, p.nearest, c, at, best)
		}
		hits += b2i(s.Labels[p.row] == s.Labels[at])
	}
	if got := r.Files[0].Nearest; got.Hits != hits || got.Of != 100 || math.Abs(got.Chance-4.0/99) > 1e-15 {
		t.Errorf("%+v, want %d of 100, chance 4/99", got, hits)
	}
}

// Sampled similarities have the means of all pairs, within three standard errors.
func TestSimilarities(t *testing.T) {
	s := clusters(12, 4)
	inspected(t, s)
	within, between := s.similarities(1)
	if len(within) != pairSample || len(between) != pairSample {
		t.Fatalf("%d and %d pairs", len(within), len(between))
	}
	var sums, squares, n [2]float64
	for i := range s.X.N {
		for j := range s.X.N {
			if i == j {
				continue
			}
			k := b2i(s.Labels[i] != s.Labels[j])
			c := s.cosine(i, j)
			sums[k], squares[k], n[k] = sums[k]+c, squares[k]+c*c, n[k]+1
		}
	}
	for k, sample := range [][]float64{within, between} {
		mean := 0.0
		for _, v := range sample {
			mean += v / float64(len(sample))
		}
		want := sums[k] / n[k]
		if off := math.Sqrt((squares[k]/n[k] - want*want) / pairSample); math.Abs(mean-want) > 3*off {
			t.Errorf("the mean of sample %d is %v, want %v ± %v", k, mean, want, off)
		}
	}
	if again, _ := s.similarities(1); !slices.Equal(again, within) {
		t.Error("the same seed gives other pairs")
	}
	if other, _ := s.similarities(2); slices.Equal(other, within) {
		t.Error("another seed gives the same pairs")
	}
}

// Sets of one row, of one column, of equal rows, and of nothing are reported without NaN.
func TestEdges(t *testing.T) {
	for name, s := range map[string]*Subject{
		"one row":      New("x", NewRows(1, 2, []float32{1, 2}), []int{0}),
		"two rows":     New("x", NewRows(2, 2, []float32{1, 2, 3, 4}), []int{0, 1}),
		"no rows":      New("x", NewRows(0, 2, nil), []int{}),
		"no columns":   New("x", NewRows(2, 0, nil), []int{0, 1}),
		"equal rows":   New("x", NewRows(4, 1, []float32{2, 2, 2, 2}), []int{0, 0, 1, 1}),
		"opposite":     New("x", NewRows(2, 1, []float32{1, -1}), []int{0, 0}),
		"all zero":     New("x", NewRows(3, 2, make([]float32, 6)), []int{0, 1, 1}),
		"huge":         New("x", &Rows{N: 2, D: 2, wide: []float64{1.7e308, 1.7e308, -1.7e308, 1}}, []int{0, 1}),
		"tiny":         New("x", &Rows{N: 2, D: 2, wide: []float64{5e-324, 0, 0, 5e-324}}, []int{0, 1}),
		"labels alone": New("y", nil, []int{3, 3, -1}),
		"rows alone":   New("x", NewRows(2, 2, []float32{1, 2, 1, 2}), nil),
		"extremes":     New("y", nil, []int{math.MinInt, math.MaxInt, 0, 0}),
	} {
		r := inspected(t, s)
		for _, format := range Formats {
			var b bytes.Buffer
			if err := Write(&b, r, format); err != nil {
				t.Errorf("%s: %s: %v", name, format, err)
			}
			for _, bad := range []string{"NaN,", "+Inf", "%!", "NaN to"} {
				if strings.Contains(b.String(), bad) {
					t.Errorf("%s: %s holds %s:\n%s", name, format, bad, b.String())
				}
			}
		}
	}
	if r := inspected(t, New("x", NewRows(4, 1, []float32{2, 2, 2, 2}), []int{0, 0, 1, 1})); r.Worst() != Error {
		t.Errorf("equal rows are no error: %+v", r.Findings)
	}
}

// The spectrum of rows in a plane is that of the two squares of their spread: D numbers
// beside each other, 3 : 1 after the rows are brought to length 1.
func TestSpectrum(t *testing.T) {
	// (±a, ±b) on a circle about nothing: the mean is 0, the variances are a² and b².
	a, b := math.Sqrt(0.75), math.Sqrt(0.25)
	var data []float64
	for k := range 8 {
		data = append(data, 5*a*float64(1-k%2*2), 5*b*float64(1-k/2%2*2), 0)
	}
	s := New("x", &Rows{N: 8, D: 3, wide: data}, nil)
	inspected(t, s)
	for _, rows := range [][]int{{0, 1, 2, 3, 4, 5, 6, 7}, {0, 1, 2, 3}} {
		got := s.spectrum(rows)
		if len(got) != 3 || math.Abs(got[0]-0.75) > 1e-12 || math.Abs(got[1]-0.25) > 1e-12 || got[2] > 1e-12 {
			t.Errorf("%d rows: the spectrum is %v, want 0.75, 0.25, 0", len(rows), got)
		}
	}
	// Fewer rows than columns: the same numbers from the products of rows.
	wide := New("x", &Rows{N: 4, D: 5, wide: []float64{a, b, 0, 0, 0, -a, b, 0, 0, 0, a, -b, 0, 0, 0, -a, -b, 0, 0, 0}}, nil)
	inspected(t, wide)
	if got := wide.Picture(1).Spectrum; len(got) != 3 || math.Abs(got[0]-0.75) > 1e-12 || math.Abs(got[1]-0.25) > 1e-12 {
		t.Errorf("4 rows of 5 columns: the spectrum is %v", got)
	}
	if got := inspectedSpectrum(t, 2, 2, 2, 2, 2, 2); got != nil {
		t.Errorf("equal rows have the spectrum %v", got)
	}
}

func inspectedSpectrum(t *testing.T, data ...float32) []float64 {
	s := New("x", NewRows(len(data), 1, data), nil)
	inspected(t, s)
	return s.Picture(1).Spectrum
}

// Text, JSON and CSV have the same numbers and findings.
func TestFormatsKnowTheSame(t *testing.T) {
	s := clusters(40, 8)
	clear(s.X.at(5))
	s.Labels[4] = 40
	r := inspected(t, s)
	var text, table, object bytes.Buffer
	for format, b := range map[string]*bytes.Buffer{"text": &text, "csv": &table, "json": &object} {
		if err := Write(b, r, format); err != nil {
			t.Fatal(err)
		}
	}
	var back Report
	if err := json.Unmarshal(object.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&table).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for k, f := range r.Findings {
		if back.Findings[k].Text != f.Text || !strings.Contains(text.String(), f.Text) || !slices.ContainsFunc(rows, func(r []string) bool { return r[3] == f.Text && r[5] == f.Advice }) {
			t.Errorf("the finding %q is not in all formats", f.Text)
		}
	}
	for name, want := range map[string]string{"rows of zeros": "1", "classes of one row": "1", "classes": "41", "labels": "320", "copies of earlier rows": "0"} {
		if !slices.ContainsFunc(rows, func(r []string) bool { return r[1] == name && r[3] == want }) || !strings.Contains(text.String(), name) {
			t.Errorf("%s = %s is not in csv and text", name, want)
		}
	}
	if back.Files[0].Zero != 1 || back.Files[0].Singleton != 1 || back.Files[0].Classes.Classes != 41 {
		t.Errorf("JSON has %+v", back.Files[0])
	}
	if err := Write(&text, r, "xml"); err == nil {
		t.Error("xml is written")
	}
}

// Files are paired by order, by themselves, and by being beside each other.
// A list of OML divides its images, and a folder of arrays names them.
func TestOpenPlaces(t *testing.T) {
	dir := t.TempDir()
	list := filepath.Join(dir, "list.csv")
	text := "label,path,split,is_query,is_gallery\n0,a.jpg,train,,\n0,b.jpg,train,,\n1,c.jpg,validation,True,False\n1,d.jpg,validation,False,True\n"
	if err := os.WriteFile(list, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	all, err := Open(nil, []string{list}, nil)
	if err != nil || all[0].Format != "OML's CSV" || !slices.Equal(all[0].Part, []int{0, 0, 1, 2}) || len(all[0].Labels) != 4 {
		t.Errorf("%+v, %v", all, err)
	}

	folder := t.TempDir()
	for _, name := range []string{"features.npy", "labels.npy", "provenance.json"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := "is a folder of arrays: name the files that belong together, of " + filepath.Join(folder, "features.npy") + ", " + filepath.Join(folder, "labels.npy")
	if _, err := Open(nil, []string{folder}, nil); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}

	// The kit of Cars as it is distributed has no classes of the test images.
	kit := t.TempDir()
	for _, name := range []string{"cars_train_annos.mat", "cars_test_annos.mat"} {
		if err := os.WriteFile(filepath.Join(kit, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want = "cars_test_annos.mat has no classes: get cars_test_annos_withlabels.mat, which is distributed apart"
	if _, err := Open(nil, []string{kit}, nil); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	save := func(name string, write func(b *bytes.Buffer) error) string {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	x := save("x.npy", func(b *bytes.Buffer) error { return npy.WriteFloat32(b, []int{3, 2}, []float32{1, 2, 3, 4, 5, 6}) })
	y := save("y.npy", func(b *bytes.Buffer) error { return npy.WriteInt64(b, []int{3}, []int64{1, 1, 2}) })
	whole := save("whole.npy", func(b *bytes.Buffer) error { return npy.WriteFloat64(b, []int{3}, []float64{1, 1, 2}) })
	half := save("half.npy", func(b *bytes.Buffer) error { return npy.WriteFloat64(b, []int{3}, []float64{1, 1.5, 2}) })
	table := save("t.csv", func(b *bytes.Buffer) error {
		_, err := fmt.Fprint(b, "bird,f0,f1,split\njay,1,2,train\njay,3,4,query\nwren,5,6,gallery\n")
		return err
	})

	for _, paths := range [][2][]string{{{x, y}, nil}, {{x}, {y}}, {{x}, {whole}}, {{x}, {table + ":bird"}}, {{table + ""}, nil}} {
		all, err := Open(nil, paths[0], paths[1])
		if err != nil || len(all) != 1 || all[0].X == nil || all[0].X.N != 3 || len(all[0].Labels) != 3 || all[0].Labels[0] != all[0].Labels[1] || all[0].Labels[1] == all[0].Labels[2] {
			t.Errorf("%v: %+v, %v", paths, all, err)
			continue
		}
		if want := slices.Contains(paths[1], whole); all[0].FloatLabel != want {
			t.Errorf("%v: floats as labels: %v", paths, all[0].FloatLabel)
		}
	}
	all, err := Open(nil, []string{table, x}, nil)
	if err != nil || len(all) != 2 || all[0].Names[1] != "wren" || all[1].Labels != nil {
		t.Errorf("two files of features: %+v, %v", all, err)
	}
	if err := all[0].Divide(table + ":split"); err != nil || !slices.Equal(all[0].Part, []int{0, 1, 2}) {
		t.Errorf("the partition is %v, %v", all[0].Part, err)
	}
	if err := all[0].Divide(table + ":bird"); err == nil || !strings.Contains(err.Error(), `"jay" in row 0 of the partition`) {
		t.Errorf("birds are a partition: %v", err)
	}

	raw := save("raw.npy", func(b *bytes.Buffer) error {
		var whole bytes.Buffer
		err := npy.WriteFloat32(&whole, []int{3, 2}, make([]float32, 6))
		b.WriteString(strings.Replace(whole.String(), "<f4", "<V2", 1))
		return err
	})

	for want, paths := range map[string][2][]string{
		"if they are bfloat16, give " + raw + ":bfloat16": {{raw}, nil},
		"row 1 holds 1.5":                    {{x}, {half}},
		"2 files of labels for 1":            {{x}, {y, y}},
		"holds labels and no features":       {{y}, {y}},
		"no such file":                       {{filepath.Join(dir, "none.npy")}, nil},
		"holds neither rows of features nor": {{save("cube.npy", func(b *bytes.Buffer) error { return npy.WriteFloat32(b, []int{1, 1, 1}, []float32{1}) })}, nil},
	} {
		if _, err := Open(nil, paths[0], paths[1]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %s", paths, err, want)
		}
	}
}
