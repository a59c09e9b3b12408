package probe

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// probed are the ticks of every preset of the catalogue, measured once.
var probed = sync.OnceValue(func() []probedPreset {
	var all []probedPreset
	for k := range losses.Catalogue {
		spec := &losses.Catalogue[k]
		for _, p := range spec.Presets {
			c := losses.Choice{Spec: spec, Preset: p.Name, Value: p.Value, Miner: p.Miner}
			t, err := MeasureDependence(context.Background(), c, 1)
			if err != nil {
				panic(err)
			}
			all = append(all, probedPreset{c, p, t})
		}
	}
	return all
})

type probedPreset struct {
	choice losses.Choice
	preset losses.Preset
	ticks  *DependenceReport
}

func letters(d *Dependence) string {
	s := ""
	for _, g := range Axes {
		if d.On[g].Depends() {
			s += g.String()
		}
	}
	return s
}

// The goldens have dependences of their own, measured by moving groups of S and
// reading autograd's gradient: losses/testdata/README.md. Where the two differ the
// reason is here, and a difference that is gone fails, too.
func TestTicksAgainstGoldens(t *testing.T) {
	var goldens struct {
		Losses map[string]struct {
			Dependence []string `json:"gpw_similarities"` // of a positive, of a negative
		}
	}
	text, err := os.ReadFile("../../losses/testdata/goldens.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &goldens); err != nil {
		t.Fatal(err)
	}
	const (
		hinge   = "the goldens' batches never cross the hinge over the whole anchor"
		rowOnly = "here the anchor's row is shifted, there all of S: against other anchors' rows that is a move"
		unmined = "the golden is that of the loss with a miner"
		own     = "there the diagonal is shifted, too; here the anchor stays at 1 in its own ranking"
	)
	differ := map[string]string{ // by golden
		"binomial_msmined": unmined, "lifted_gpw": hinge, "lifted_generalized": hinge, "quadruplet_sq": rowOnly,
		"pnp_O_0.01": own, "pnp_Ds_0.1": own, "pnp_Dq_0.1": own, "pnp_Iu_0.1": own, "pnp_Ib_0.1": own,
	}
	compared := 0
	for _, p := range probed() {
		key, ok := strings.CutPrefix(p.preset.Oracle, "golden ")
		if !ok {
			continue
		}
		key = strings.Fields(key)[0]
		golden, ok := goldens.Losses[key]
		if !ok || len(golden.Dependence) != 2 {
			t.Errorf("%s: no golden dependence %q", p.choice.Name(), key)
			continue
		}
		compared++
		same := true
		for k, d := range []*Dependence{&p.ticks.Positive, &p.ticks.Negative} {
			want := strings.NewReplacer("const", "", "±", "", "(", "", ")", "", " ", "").Replace(golden.Dependence[k])
			if got := letters(d); got != want {
				same = false
				if differ[key] == "" {
					t.Errorf("%s, positive %v: measured %q, the golden %s has %q", p.choice.Name(), k == 0, got, key, golden.Dependence[k])
				}
			}
		}
		if same && differ[key] != "" && p.choice.Miner == nil {
			t.Errorf("%s agrees with its golden now; it is listed as different", p.choice.Name())
		}
	}
	if compared < 50 {
		t.Errorf("%d presets compared, want most", compared)
	}
}

// What is no dependence is rounding, and what is one is far above it: the limit
// between them decides nothing.
func TestRoundingIsFarFromEffects(t *testing.T) {
	for _, p := range probed() {
		for _, positive := range []bool{true, false} {
			for g, e := range p.ticks.Of(positive).On {
				switch {
				case e.Pairs < 30:
					t.Errorf("%s, positive %v, %v: rests on %d pairs", p.choice.Name(), positive, gpw.Axis(g), e.Pairs)
				case !e.Depends() && e.Rounding > 1e-13:
					t.Errorf("%s, positive %v, %v: rounding of %g", p.choice.Name(), positive, gpw.Axis(g), e.Rounding)
				case e.Depends() && e.Largest < 1e-6:
					t.Errorf("%s, positive %v, %v: no change above %g", p.choice.Name(), positive, gpw.Axis(g), e.Largest)
				}
			}
		}
	}
}

// Traits say what is measured.
func TestTicksAgainstTraits(t *testing.T) {
	for _, p := range probed() {
		traits, name := p.choice.Traits(), p.choice.Name()
		others, divisor, sign := false, false, false
		for _, d := range []*Dependence{&p.ticks.Positive, &p.ticks.Negative} {
			others = others || d.On[gpw.X].Depends()
			sign = sign || d.Opposite > 0
			for _, e := range d.On {
				divisor = divisor || e.Divisor > 0
			}
		}
		coupled := traits&losses.BatchCoupled != 0
		if others != coupled {
			t.Errorf("%s depends on other rows: %v, its traits say %v", name, others, coupled)
		}
		if divisor != (traits&losses.CountDivisor != 0) {
			t.Errorf("%s has a divisor that counts: %v, its traits say %v", name, divisor, !divisor)
		}
		// Tuplet margin changes sign at θ_ap < β = 5.73°, S above 0.995: nearer than
		// a probe goes.
		if changes := traits&losses.SignChanging != 0 && name != "tuplet_margin.pml"; sign != changes {
			t.Errorf("%s changes sign: %v, its traits say %v", name, sign, changes)
		}
	}
}

// Every disagreement with Table 1 has an explanation, and every explanation a
// disagreement.
func TestDisagreementsAreExplained(t *testing.T) {
	used := map[int]bool{}
	inTable := 0
	for _, p := range probed() {
		if p.choice.Spec.Table1 != nil {
			inTable++
		}
		for _, d := range Disagreements(p.choice, p.ticks) {
			if d.Why == "" {
				t.Errorf("%s: measured %v %v, the table has the reverse, and nobody says why", p.choice.Name(), d.On, d.Measured)
			}
			for k, r := range reasons {
				if r.loss == p.choice.Spec.Name && r.on == d.On && r.measured == d.Measured && (r.preset == "" || r.preset == p.choice.Preset) {
					used[k] = true
				}
			}
		}
	}
	for k, r := range reasons {
		if !used[k] {
			t.Errorf("%s %s, %v %v is explained, and does not happen", r.loss, r.preset, r.on, r.measured)
		}
	}
	if inTable < 20 {
		t.Errorf("%d presets of the table's losses, want all", inTable)
	}
}

// byHand is a loss whose G is a function of what the test names.
type byHand struct {
	weight func(b *losses.Batch, i, j int) float64
}

func (l byHand) Eval(b *losses.Batch, g []float64) float64 {
	n := b.Candidates()
	for i := range b.Anchors() {
		for j := range n {
			g[i*n+j] = 0
			if i != j {
				g[i*n+j] = l.weight(b, i, j)
			}
		}
	}
	return 0
}

// Losses whose dependences are known.
func TestTicksOfKnownWeights(t *testing.T) {
	row := func(b *losses.Batch, i int, take func(j int) bool) float64 {
		sum := 0.0
		for j := range b.Candidates() {
			if j != i && take(j) {
				sum += b.S(i, j)
			}
		}
		return sum
	}
	for _, c := range []struct {
		name   string
		weight func(b *losses.Batch, i, j int) float64
		want   string // of either kind
	}{
		{"one", func(*losses.Batch, int, int) float64 { return 1 }, ""},
		{"own", func(b *losses.Batch, i, j int) float64 { return 2 + b.S(i, j) }, "S"},
		{"negatives, shifting", func(b *losses.Batch, i, j int) float64 {
			return 50 + row(b, i, func(k int) bool { return k != j && b.IsNegative(i, k) })
		}, "SN"},
		{"to the positives", func(b *losses.Batch, i, j int) float64 {
			return 50 + row(b, i, func(k int) bool { return b.IsPositive(i, k) && k != j }) -
				b.S(i, j)*otherPositives(b, i, j)
		}, "P"},
		{"the other rows", func(b *losses.Batch, i, j int) float64 { return 50 + b.S(j, i) }, "X"},
		{"the diagonal only", func(b *losses.Batch, i, j int) float64 { return 1 + b.S(i, i) }, ""},
	} {
		choice := losses.Choice{Spec: &losses.Spec{Name: "by_hand"}, Preset: "test", Value: byHand{c.weight}}
		ticks, err := MeasureDependence(t.Context(), choice, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []*Dependence{&ticks.Positive, &ticks.Negative} {
			if got := letters(d); got != c.want {
				t.Errorf("%s: measured %q, want %q", c.name, got, c.want)
			}
		}
	}
}

// otherPositives counts the positives of anchor i other than j.
func otherPositives(b *losses.Batch, i, j int) float64 {
	n := 0.0
	for k := range b.Candidates() {
		if b.IsPositive(i, k) && k != j {
			n++
		}
	}
	return n
}

// A divisor that counts is told from a dependence.
func TestTicksOfDivisor(t *testing.T) {
	weight := func(b *losses.Batch, i, j int) float64 {
		active := 1.0
		for k := range b.Anchors() {
			for l := range b.Candidates() {
				if k != l && b.S(k, l) > 0.3 {
					active++
				}
			}
		}
		return 1 / active
	}
	choice := losses.Choice{Spec: &losses.Spec{Name: "by_hand", Traits: losses.CountDivisor}, Preset: "test", Value: byHand{weight}}
	ticks, err := MeasureDependence(t.Context(), choice, 7)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []*Dependence{&ticks.Positive, &ticks.Negative} {
		for g, e := range d.On {
			if e.Depends() || e.Divisor == 0 {
				t.Errorf("%v: %+v, want a change by the divisor alone", gpw.Axis(g), e)
			}
		}
	}
}

func TestProbeIsDeterministic(t *testing.T) {
	c, err := losses.Choose(losses.Catalogue, "dynamic_soft_margin.moving") // has a state
	if err != nil {
		t.Fatal(err)
	}
	a, _ := MeasureDependence(t.Context(), c, 3)
	b, _ := MeasureDependence(t.Context(), c, 3)
	if !reflect.DeepEqual(a, b) {
		t.Error("the same seed gives other ticks")
	}
	e, _ := MeasureEffects(t.Context(), c, 40, 3)
	f, _ := MeasureEffects(t.Context(), c, 40, 3)
	if !reflect.DeepEqual(e, f) {
		t.Error("the same seed gives other effects")
	}
}

// A loss that refuses its miner is an error; one without any weight has no evidence
// and no tick.
func TestProbeRefuses(t *testing.T) {
	c, err := losses.Choose(losses.Catalogue, "histogram")
	if err != nil {
		t.Fatal(err)
	}
	c.Miner = losses.BatchHardMiner{}
	if _, err := MeasureDependence(t.Context(), c, 1); err == nil {
		t.Error("histogram with a miner: no error of Probe")
	}
	if _, err := MeasureEffects(t.Context(), c, 10, 1); err == nil {
		t.Error("histogram with a miner: no error of MeasureEffects")
	}
	nothing := losses.Choice{Spec: &losses.Spec{Name: "nothing"}, Preset: "test", Value: byHand{func(*losses.Batch, int, int) float64 { return 0 }}}
	ticks, err := MeasureDependence(t.Context(), nothing, 1)
	if err != nil || ticks.Negative.On[gpw.S].Pairs != 0 || letters(&ticks.Positive) != "" {
		t.Errorf("a loss without weights: %+v, %v", ticks, err)
	}
	if e, err := MeasureEffects(t.Context(), nothing, 10, 1); err != nil || !e.Negative.Constant || e.Negative.Weight != 0 {
		t.Errorf("a loss without weights: %+v, %v", e, err)
	}
	constant := losses.Choice{Spec: &losses.Spec{Name: "constant"}, Preset: "test", Value: byHand{func(*losses.Batch, int, int) float64 { return 1 }}}
	if e, err := MeasureEffects(t.Context(), constant, 300, 1); err != nil || e.Negative.Active != 1 || e.Positive.Active != 1 {
		t.Errorf("a loss with a weight in every sample: %+v, %v: want the share 1", e, err)
	}
}

// One that is stopped ends with the context's error, at whatever row.
func TestProbeStops(t *testing.T) {
	rows := 0
	ctx, cancel := context.WithCancel(t.Context())
	counting := losses.Choice{Spec: &losses.Spec{Name: "counting"}, Preset: "test", Value: byHand{func(b *losses.Batch, i, j int) float64 {
		if rows++; rows == 100_000 {
			cancel()
		}
		return b.S(i, j)
	}}}
	if _, err := MeasureEffects(ctx, counting, 1<<20, 1); !errors.Is(err, context.Canceled) || rows < 100_000 || rows > 110_000 {
		t.Errorf("MeasureEffects: error %v after %d weights", err, rows)
	}
	if _, err := MeasureDependence(ctx, counting, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("Probe: error %v", err)
	}
	if i, err := jansen(ctx, []float64{1, 2}, []float64{3, 4}, []float64{1, 1}, []float64{1, 1}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("the intervals: %v, error %v", i, err)
	}
}

// A loss that is finite but at some similarities is refused where the probe meets
// them: NaN beside NaN would look like no change.
func TestProbeNeedsFinite(t *testing.T) {
	// From the given number of evaluations on it is NaN.
	failing := func(after int) losses.Choice {
		evaluations := 0
		return losses.Choice{Spec: &losses.Spec{Name: "failing"}, Preset: "test", Value: byHand{func(b *losses.Batch, i, j int) float64 {
			if i == 0 && j == 1 {
				evaluations++
			}
			if evaluations > after {
				return math.NaN()
			}
			return b.S(i, j)
		}}}
	}
	for _, after := range []int{0, 1, 3} {
		_, err := RunScenario(failing(after))
		wantNaN(t, "RunScenario", after, err)
	}
	for _, after := range []int{0, 7, 70} {
		_, err := FindThreshold(failing(after))
		wantNaN(t, "FindThreshold", after, err)
	}
	for _, after := range []int{0, 1, 3000} {
		_, err := MeasureDependence(t.Context(), failing(after), 1)
		wantNaN(t, "Probe", after, err)
	}
	// 40 evaluations that look for the pair and 6 of each of 10 rows, for either kind.
	for _, after := range []int{0, 39, 40, 99, 100, 199} {
		_, err := MeasureEffects(t.Context(), failing(after), 10, 1)
		wantNaN(t, "MeasureEffects", after, err)
	}
	if _, err := MeasureEffects(t.Context(), failing(200), 10, 1); err != nil {
		t.Errorf("MeasureEffects of a loss that is finite wherever it looks: %v", err)
	}
}

func wantNaN(t *testing.T, what string, after int, err error) {
	t.Helper()
	if err == nil || !strings.HasPrefix(err.Error(), "failing.test is NaN on a batch of the probe") {
		t.Errorf("%s, NaN after %d evaluations: error %v", what, after, err)
	}
}
