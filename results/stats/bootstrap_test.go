package stats

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/gonum/stat"
)

// byQuery returns a data set of classes of 1, 2, 3, … queries, and two rows' values.
func byQuery(classes int, seed uint64) (class []int, a, b []float64) {
	r := seeded(seed)
	for c := range classes {
		hard := r.Float64()
		for range c + 1 {
			class = append(class, 100-7*c)
			a = append(a, r.Float64()*hard)
			b = append(b, r.Float64()*hard)
		}
	}

	return class, a, b
}

// The distances are those of resamples that are made query by query, with the standard
// error from its definition.
func TestBootstrapDirectly(t *testing.T) {
	class, values, _ := byQuery(6, 1)
	b := OverClasses("set", class)
	mean, atoms := b.atoms(values)
	if want := stat.Mean(values, nil); !near(mean, want, 1e-14) {
		t.Errorf("mean %v, want %v", mean, want)
	}

	var labels []int
	members := map[int][]float64{}
	for q, c := range class {
		members[c] = append(members[c], values[q])
	}
	for c := range members {
		labels = append(labels, c)
	}
	slices.Sort(labels)
	ratio := func(drawn []int) (mean, se float64) {
		var all []float64
		for _, u := range drawn {
			all = append(all, members[labels[u]]...)
		}
		mean = stat.Mean(all, nil)
		for _, u := range drawn {
			sum := 0.0
			for _, v := range members[labels[u]] {
				sum += v - mean
			}
			se += sum * sum
		}
		n := float64(len(drawn))
		return mean, math.Sqrt(se*n/(n-1)) / float64(len(all))
	}
	_, se := ratio([]int{0, 1, 2, 3, 4, 5})
	if got := b.standardError(atoms); !near(got, se, 1e-14) {
		t.Errorf("standard error %v, want %v", got, se)
	}

	stream := recorded(b, 6)
	var want []float64
	for range Resamples {
		m, s := ratio(stream())
		want = append(want, math.Abs(m-mean)/s*se)
	}
	got := b.distances(atoms, se)
	slices.Sort(want)
	for k := range got {
		if math.IsInf(got[k], 1) || want[k] > 1e6 {
			continue // a resample of one class: its standard error is 0 but for rounding
		}
		if !near(got[k], want[k], 1e-9) {
			t.Fatalf("distance %d is %v, want %v", k, got[k], want[k])
		}
	}
}

// recorded returns a function that gives the units of one resample after the other, found
// by resampling atoms whose residuals are powers that count them.
func recorded(b *Bootstrap, units int) func() []int {
	marks := make([]atom, units)
	for u := range marks {
		marks[u] = atom{residual: math.Pow(16, float64(u)), size: 1}
	}
	stream := b.stream()

	return func() []int {
		var drawn []int
		counts := uint64(resample(stream, marks).r)
		for u := range units {
			for range counts >> (4 * u) & 15 {
				drawn = append(drawn, u)
			}
		}

		return drawn
	}
}

// Over all n^n resamples of three and four units the law of the distances is known; the
// bootstrap's p is its tail but for the error of 9,999 draws.
func TestBootstrapEnumerated(t *testing.T) {
	class := []int{1, 2, 3, 4}
	values := []float64{0.1, 0.25, 0.3, 0.9}
	b := OverClasses("set", class)
	mean, atoms := b.atoms(values)
	se := b.standardError(atoms)

	var exact []float64
	for code := range 256 {
		var x []float64
		for k := range 4 {
			x = append(x, values[code>>(2*k)&3])
		}
		m, sd := stat.MeanStdDev(x, nil)
		switch {
		case sd > 0:
			exact = append(exact, math.Abs(m-mean)/(sd/2)*se)
		default:
			exact = append(exact, math.Inf(1))
		}
	}
	got := b.distances(atoms, se)
	for _, x := range []float64{0.05, 0.1, 0.2, 0.5, 1} {
		tail := rate{n: Resamples}
		for _, d := range got {
			if d >= x {
				tail.hits++
			}
		}
		want := 0.0
		for _, d := range exact {
			if d >= x {
				want += 1.0 / 256
			}
		}
		if !tail.within(want) {
			t.Errorf("%.4f of the resamples are at least %v away, want %.4f", tail.value(), x, want)
		}
	}
}

// The p is below the level exactly where 0 is outside the interval, and a − b is the
// reverse of b − a to the bit.
func TestBootstrapConsistent(t *testing.T) {
	significant := 0
	for seed := range uint64(60) {
		class, x, y := byQuery(9, seed)
		for q := range y {
			y[q] -= 0.004 * float64(seed)
		}
		b := OverClasses("set", class)
		b.resamples = 499
		d, reverse := b.Difference(x, y), b.Difference(y, x)
		if (*d.P < Level) != (*d.Low > 0 || *d.High < 0) {
			t.Errorf("p = %v, interval [%v, %v]", *d.P, *d.Low, *d.High)
		}
		if *d.P < Level {
			significant++
		}
		if d.Mean != -reverse.Mean || *d.P != *reverse.P || *d.Low != -*reverse.High || *d.High != -*reverse.Low {
			t.Errorf("%+v is not the reverse of %+v", d, reverse)
		}
	}
	if significant < 10 || significant > 50 {
		t.Errorf("%d of 60 are significant: too few or too many to tell", significant)
	}
}

// The order of queries does not matter, nor the names of classes; the key does, and
// goroutines do not.
func TestBootstrapDeterministic(t *testing.T) {
	class, x, y := byQuery(12, 3)
	b := OverClasses("set", class)
	want := b.Difference(x, y)
	if b.Units() != 12 || want.N != 12 || want.Unit != "class" {
		t.Errorf("%d units, n %d, unit %q", b.Units(), want.N, want.Unit)
	}

	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got := b.Difference(x, y); !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
	wg.Wait()

	renamed := slices.Clone(class)
	for q := range renamed {
		renamed[q] = 1000 + 3*renamed[q]
	}
	if got := OverClasses("set", renamed).Difference(x, y); !reflect.DeepEqual(got, want) {
		t.Errorf("with other labels: %+v, want %+v", got, want)
	}
	if got := OverClasses("other", class).Difference(x, y); *got.Low == *want.Low || !near(*got.Low, *want.Low, 0.02) {
		t.Errorf("another key gives the interval from %v, the first from %v", *got.Low, *want.Low)
	}
}

// Where each class has one query, classes and queries are the same units, and with many
// of them both are the interval of the mean by the normal law.
func TestOverQueries(t *testing.T) {
	r := seeded(8)
	values := make([]float64, 2000)
	for q := range values {
		values[q] = r.Float64()
	}
	e := OverQueries("set", len(values)).Mean(values)
	mean, sd := stat.MeanStdDev(values, nil)
	se := sd / math.Sqrt(2000)
	if e.N != 2000 || e.Unit != "query" || !near(e.Mean, mean, 1e-14) || !near(*e.SE, se, 1e-14) {
		t.Errorf("got %+v, want mean %v, standard error %v", e, mean, se)
	}
	if half := (*e.High - *e.Low) / 2; math.Abs(half/(1.96*se)-1) > 0.05 {
		t.Errorf("half the interval is %v, want about %v", half, 1.96*se)
	}
}

func TestBootstrapEdges(t *testing.T) {
	one := OverClasses("set", []int{7, 7, 7})
	x, y := []float64{0.5, 1, 0}, []float64{0.5, 0, 0}
	if e := one.Mean(x); e.Mean != 0.5 || e.SE != nil || e.Low != nil || e.High != nil || e.Why != "one class: no interval and no p" {
		t.Errorf("one class: %+v", e)
	}
	if d := one.Difference(x, y); !near(d.Mean, 1.0/3, 1e-15) || d.SE != nil || d.Low != nil || d.P != nil || d.Smallest != nil || d.Why == "" {
		t.Errorf("one class: %+v", d)
	}

	class, a, _ := byQuery(10, 4)
	b := OverClasses("set", class)
	if d := b.Difference(a, a); d.Mean != 0 || *d.P != 1 || *d.Low != 0 || *d.High != 0 || d.Smallest != nil || d.Why != "" {
		t.Errorf("equal rows: %+v", d)
	}
	constant := slices.Repeat([]float64{0.1}, len(a))
	if e := b.Mean(constant); e.Mean != 0.1 || *e.SE != 0 || e.Low != nil || e.High != nil || e.Why != "the mean is the same for every class" {
		t.Errorf("a constant: %+v", e)
	}
	shifted := make([]float64, len(a))
	for q := range a {
		shifted[q] = a[q] - 0.1
	}
	if d := b.Difference(a, shifted); d.P != nil || *d.SE != 0 || !strings.Contains(d.Why, "the same for every class") {
		t.Errorf("a constant difference: %+v", d)
	}
}

// Two rows that differ in two of 98 classes are not told apart: a resample in eight has
// neither class, so there is no interval either.
func TestBootstrapTooFewVary(t *testing.T) {
	class := make([]int, 980)
	a, b := make([]float64, 980), make([]float64, 980)
	for q := range class {
		class[q] = q / 10
		b[q] = 0.7
		a[q] = 0.7
		if q < 20 {
			a[q] = 1
		}
	}
	d := OverClasses("set", class).Difference(a, b)
	if d.Low != nil || d.High != nil || *d.P < 0.1 || d.Why != "too few classes vary for an interval" {
		t.Errorf("got %+v", d)
	}
	for _, n := range []int{2, 3} {
		few := OverQueries("set", n).Difference(a[18:18+n], []float64{0, 0.1, 0.3}[:n])
		if few.Low != nil || *few.P < Level || few.Why != "too few queries vary for an interval" {
			t.Errorf("%d queries: %+v", n, few)
		}
	}
}

// The test keeps its level where two rows are equal in the long run, and where the
// difference is the smallest that it should see, sees it as often as it says.
func TestBootstrapPower(t *testing.T) {
	const classes = 49
	even := populations[0]
	se := math.Sqrt(0.3*0.3+0.3*0.3/50) / math.Sqrt(classes)
	smallest := SmallestDifference(se, classes)
	r := seeded(6)
	var rejected, seen rate
	for range simulations(t, 500) {
		b, values := even.sample(r, classes)
		zero := make([]float64, len(values))
		rejected.count(*b.Difference(values, zero).P < Level)
		for q := range zero {
			zero[q] = -smallest
		}
		seen.count(*b.Difference(values, zero).P < Level)
	}
	t.Logf("%d classes: rejected %.3f, seen at the smallest difference %.3f", classes, rejected.value(), seen.value())
	if !rejected.within(Level) || !seen.within(Power) {
		t.Errorf("rejected %.3f, seen %.3f", rejected.value(), seen.value())
	}
}

func TestBootstrapPanics(t *testing.T) {
	b := OverQueries("set", 3)
	for _, c := range []struct {
		values []float64
		want   string
	}{{[]float64{1, 2}, "2 values for 3 queries"}, {[]float64{1, 2, math.NaN()}, "value 2 is NaN"}} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, c.want) {
					t.Errorf("panics with %q, want %q", got, c.want)
				}
			}()
			b.Mean(c.values)
		}()
	}
}

// A metric is a share, and so are the ends of its interval: near 0 and 1 they are cut.
func TestMeanWithinShares(t *testing.T) {
	const classes = 12
	class, values := make([]int, 2*classes), make([]float64, 2*classes)
	for i := range class {
		class[i], values[i] = i/2, 1
	}
	values[0], values[3], values[7] = 0.2, 0.9, 0.95

	b := OverClasses("k", class)
	e := b.Mean(values)
	if e.High == nil || *e.High != 1 || *e.Low > e.Mean {
		t.Fatalf("the interval of %v is %v, want one cut at 1", e.Mean, e)
	}

	for i, v := range values {
		values[i] = 1 - v
	}
	if e := b.Mean(values); *e.Low != 0 || *e.High < e.Mean {
		t.Errorf("the interval of %v is [%v, %v], want one cut at 0", e.Mean, *e.Low, *e.High)
	}
}

// Four classes have 35 resamples that differ, of which the widest are two classes alone.
// Their intervals reach beyond all that a share, or a difference of two, can be. They are
// left out with a reason. With the same values in more classes there are some.
func TestFewClassesHaveNoWholeInterval(t *testing.T) {
	kinds := []float64{0.9, 0.2, 0.6, 0.4}
	other := []float64{0.1, 0.9, 0.2, 0.9}
	for _, n := range []int{4, 40} {
		class, a, b := make([]int, n), make([]float64, n), make([]float64, n)
		for k := range n {
			class[k], a[k], b[k] = k, kinds[k%4], other[k%4]
		}
		boot := OverClasses("few", class)
		few := "4 classes are too few: the interval is the whole range and says nothing"
		if e := boot.Mean(a); (e.Low == nil) != (n == 4) || (e.High == nil) != (n == 4) || (e.Why == few) != (n == 4) || e.SE == nil {
			t.Errorf("%d classes: mean %+v", n, e)
		}
		if d := boot.Difference(a, b); (d.Low == nil) != (n == 4) || (d.Why == few) != (n == 4) || d.P == nil || (*d.Smallest == 1) != (n == 4) {
			t.Errorf("%d classes: difference %+v", n, d)
		}
	}
}
