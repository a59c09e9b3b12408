package probe

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"

	"gpwbench/losses"
)

// The names of the tables.
const (
	TicksTable     = "ticks"     // what weights depend on
	EffectsTable   = "effects"   // how much they depend on it
	CasesTable     = "cases"     // the three cases of Figure 2
	ThresholdTable = "threshold" // where weights jump
)

// Tables are the names of the tables, in the order in which [Write] prints them.
var Tables = []string{TicksTable, EffectsTable, CasesTable, ThresholdTable}

// The bounds of [Options.Samples]. With fewer rows the estimates are meaningless, and
// with more a loss takes minutes.
const (
	FewestSamples = 32
	MostSamples   = 65536
)

// Options say what [Run] measures.
type Options struct {
	Seed uint64 // of the batches and samples

	// Samples is the number of rows of each of the two samples of the effects, between
	// FewestSamples and MostSamples. With 0, the effects are not measured.
	Samples int

	// Tables are those that will be written; nil stands for all. The cases and the
	// threshold take little time and are always measured. The effects need the ticks.
	Tables []string

	// Progress is called after each loss with the number 1, from several goroutines.
	// It may be nil.
	Progress func(n int)
}

// needs reports whether one of the tables is asked for.
func (o Options) needs(tables ...string) bool {
	return o.Tables == nil || slices.ContainsFunc(tables, func(t string) bool { return slices.Contains(o.Tables, t) })
}

// check returns an error for invalid options.
func (o Options) check() error {
	for _, t := range o.Tables {
		if !slices.Contains(Tables, t) {
			return fmt.Errorf("unknown table %q; known: %s", t, strings.Join(Tables, ", "))
		}
	}
	if o.Samples != 0 && (o.Samples < FewestSamples || o.Samples > MostSamples) {
		return fmt.Errorf("%d samples: the effects take %d to %d, or 0 to leave them out",
			o.Samples, FewestSamples, MostSamples)
	}
	return nil
}

// A Result has the measurements of one loss.
type Result struct {
	Choice        losses.Choice
	Seed          uint64
	Dependence    *DependenceReport // nil if not measured
	Disagreements []Disagreement    // of Dependence with Table 1
	Effects       *Effects          // nil if not measured
	Scenario      Scenario
	Threshold     *Threshold
}

// Run measures losses, as many at a time as there are processors, and returns a result
// for each in their order. The results do not depend on the number of processors. The
// error is that of the options, of a loss that cannot be made, panics or is not finite on
// a batch, or of ctx. With an error there are no results. A nil ctx never ends.
func Run(ctx context.Context, choices []losses.Choice, o Options) ([]Result, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancelCause(cmp.Or(ctx, context.Background())) // the first error ends the measuring
	defer stop(nil)

	results := make([]Result, len(choices))
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for k := range next {
				var err error
				if results[k], err = o.measure(ctx, choices[k]); err != nil {
					stop(err)
				}
				if o.Progress != nil {
					o.Progress(1)
				}
			}
		})
	}

	for k := range choices {
		if ctx.Err() != nil {
			break
		}
		next <- k
	}

	close(next)
	workers.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return results, nil
}

// measure measures one loss. A panic of it is an error.
func (o Options) measure(ctx context.Context, c losses.Choice) (r Result, err error) {
	defer func() { // in a goroutine, it would end the program
		if p := recover(); p != nil {
			err = fmt.Errorf("%s panicked: %v", c.Name(), p)
		}
	}()

	r.Choice, r.Seed = c, o.Seed
	if o.needs(TicksTable, EffectsTable) {
		if r.Dependence, err = MeasureDependence(ctx, c, o.Seed); err != nil {
			return r, err
		}
	}

	if o.Samples > 0 && o.needs(EffectsTable) {
		if r.Effects, err = MeasureEffects(ctx, c, o.Samples, o.Seed); err != nil {
			return r, err
		}
		Reconcile(r.Dependence, r.Effects)
	}

	if r.Dependence != nil { // after the effects, which may add to it
		r.Disagreements = Disagreements(c, r.Dependence)
	}

	if r.Scenario, err = RunScenario(c); err != nil {
		return r, err
	}

	r.Threshold, err = FindThreshold(c)
	return r, err
}

// Label names the loss in a table, with the parameters that differ from the preset's.
func (r *Result) Label() string {
	c := r.Choice
	if c.Spec == nil {
		return c.Name()
	}
	for _, p := range c.Spec.Presets {
		if p.Name == c.Preset && reflect.DeepEqual(p.Value, c.Value) && reflect.DeepEqual(p.Miner, c.Miner) {
			return c.Name()
		}
	}
	if caption := c.Caption(); caption != "" {
		return c.Name() + " (" + caption + ")"
	}
	return c.Name()
}

// Remarks returns sentences on special cases of how the loss was measured.
func (r *Result) Remarks() []string {
	all := []string{}
	if r.Choice.Traits()&losses.Stateful != 0 {
		all = append(all, "remembers batches; measured with a new state for each, so X is of this batch's other rows alone")
	}
	if r.Choice.Traits()&losses.ReadsVectorMeans != 0 {
		all = append(all, "no function of S alone, so outside the paper's framework; measured for vectors whose coordinates have the mean 0")
	}
	return all
}
