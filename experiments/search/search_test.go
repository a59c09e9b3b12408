package search

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

var space = Space{
	{Path: "optimizer.lr", Low: 1e-6, High: 1e-2, Log: true, Default: 1e-4},
	{Path: "losses.x.params.margin", Low: -1, High: 1, Default: 0.5},
	{Path: "losses.x.params.bins", Low: 2, High: 200, Log: true, Whole: true, Default: 50},
}

// worth has its maximum 0 at lr 1e-3.5, margin −0.2, whatever the bins.
func worth(v []float64) float64 {
	lr, margin := (math.Log10(v[0])+3.5)/4, (v[1]+0.2)/2
	return -(lr*lr + margin*margin)
}

func search(n int, seed uint64) []Trial {
	var done []Trial
	for k := range n {
		v := space.Propose(done, k, n, seed)
		done = append(done, Trial{v, worth(v)})
	}
	return done
}

func best(trials []Trial) float64 {
	most := math.Inf(-1)
	for _, t := range trials {
		most = math.Max(most, t.Score)
	}
	return most
}

// Over 60 seeds the search is better than as many random points: its best is nearer the
// optimum on average.
func TestBetterThanRandom(t *testing.T) {
	const n, seeds = 30, 60
	var ours, random float64
	for seed := range uint64(seeds) {
		ours += best(search(n, seed)) / seeds
		r := rand.New(rand.NewPCG(seed, 99))
		var trials []Trial
		for range n {
			v := make([]float64, len(space))
			for i, d := range space {
				v[i] = d.Value(r.Float64())
			}
			trials = append(trials, Trial{v, worth(v)})
		}
		random += best(trials) / seeds
	}
	t.Logf("mean of the best: %.5f by the search, %.5f at random", ours, random)
	if ours < random/2 {
		t.Errorf("the best of %d trials is %.5f from the optimum on average, of random ones %.5f", n, -ours, -random)
	}
}

// Trial 0 has the defaults, all values are in their ranges, and a proposal depends on the
// generations before its own only.
func TestPropose(t *testing.T) {
	trials := search(30, 7)
	if got := trials[0].Values; !reflect.DeepEqual(got, []float64{1e-4, 0.5, 50}) {
		t.Errorf("trial 0 has %v, not the defaults", got)
	}
	for k, trial := range trials {
		for i, d := range space {
			if v := trial.Values[i]; v < d.Low || v > d.High || d.Whole && v != math.Round(v) {
				t.Errorf("trial %d: %s is %v, beyond %v to %v", k, d.Path, v, d.Low, d.High)
			}
		}
		before := k / Generation * Generation
		if again := space.Propose(trials[:before], k, 30, 7); !reflect.DeepEqual(again, trial.Values) {
			t.Errorf("trial %d depends on trials of its generation: %v and %v", k, trial.Values, again)
		}
	}
	if reflect.DeepEqual(trials[3], search(30, 8)[3]) {
		t.Error("another seed has the same points")
	}
}

// A failed trial is the worst, and nothing that is not finite comes of it.
func TestFailedTrials(t *testing.T) {
	var done []Trial
	for k := range 30 {
		v := space.Propose(done, k, 30, 1)
		for _, x := range v {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				t.Fatalf("trial %d has %v", k, v)
			}
		}
		score := worth(v)
		if k%2 == 0 {
			score = math.Inf(-1)
		}
		done = append(done, Trial{v, score})
	}
}

// A value has three digits, and place finds it again.
func TestValueAndPlace(t *testing.T) {
	for _, d := range space {
		for _, u := range []float64{0, 0.1, 0.5, 0.77, 1} {
			v := d.Value(u)
			if !d.Whole && Digits(v) != v {
				t.Errorf("%s at %v is %v", d.Path, u, v)
			}
			if back := d.Value(d.place(v)); math.Abs(back-v) > 1e-9*math.Abs(v) {
				t.Errorf("%s: %v is found again as %v", d.Path, v, back)
			}
		}
	}
	if v := (Dimension{Low: 0, High: 1}).Value(0); v != 0 {
		t.Errorf("the lower bound is %v", v)
	}
}

// The density of the cut kernels has the integral 1.
func TestDensity(t *testing.T) {
	d := Space{{Low: 0, High: 1}}.density([]Trial{{Values: []float64{0.02}}, {Values: []float64{0.9}}})
	sum, n := 0.0, 20000
	for k := range n {
		sum += math.Exp(d.log([]float64{(float64(k) + 0.5) / float64(n)})) / float64(n)
	}
	if math.Abs(sum-1) > 1e-6 {
		t.Errorf("the density has the integral %v", sum)
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		d    Dimension
		want string
	}{
		{Dimension{Path: "a", Low: 0, High: math.Inf(1)}, "a: the range from 0 to +Inf is infinite; give two finite bounds"},
		{Dimension{Path: "a", Low: 2, High: 1}, "a: the range from 2 to 1 is empty; give the lower bound first"},
		{Dimension{Path: "a", Low: 0, High: 1, Log: true}, "a: the range from 0 to 1 is searched by ratio, which needs a lower bound above 0"},
		{Dimension{Path: "a", Low: 0, High: 1}, "<nil>"},
	} {
		if err := (Space{c.d}).Check(); fmt.Sprint(err) != c.want {
			t.Errorf("%+v: %v, want %s", c.d, err, c.want)
		}
	}
}
