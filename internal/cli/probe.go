package cli

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"gpwbench/gpw/probe"
	"gpwbench/losses"
)

// The bounds of --samples: fewer rows than the first say nothing, and more than the second take minutes a loss.
const fewestSamples, mostSamples = 32, 65536

// probeTables are the tables of probe, in the order of its text.
var probeTables = []string{"ticks", "effects", "cases", "threshold"}

// A probing is what the command line asks for.
type probing struct {
	losses  []losses.Choice
	seed    uint64
	samples int
	ticks   bool
}

// A probed is all that probe measures of one loss.
type probed struct {
	choice        losses.Choice
	ticks         *probe.DependenceReport // nil if not asked for
	disagreements []probe.Disagreement
	effects       *probe.Effects // nil if not asked for
	scenario      probe.Scenario
	threshold     *probe.Threshold
}

func probeCommand() *cobra.Command {
	var names []string
	var table, figure, out, format string
	var p probing
	formats := append([]string{"text", "json"}, gridFormats...)
	cmd := &cobra.Command{
		Use:   "probe [--loss LOSS]…",
		Short: "Measure what the weights of losses depend on: Table 1 of the paper, and the cases of its Figure 2",
		Long: `Probe measures, for every loss and preset or for those given, whether the weight of a positive and of a negative pair depends on S, on the
anchor's other negatives (N), on its positives (P), and on other anchors' rows (X), by moving one of them at a time over hundreds of
batches; and how much, by Sobol' indices. It prints that beside Table 1 of Wang et al., CVPR 2019, with a reason for each difference; then
what each weight does in the three cases of the paper's Figure 2, and where the weight jumps as the positives draw near.

text, markdown and json have all tables, unless --table names one; csv and latex have the one named, or ticks.

LOSS is a name, a name with preset, or a YAML flow mapping with a spec's keys; all is every preset of every loss.`,
		Example: `  gpw probe --loss multi_similarity.official --loss npairs
  gpw probe --loss '{name: circle, params: {gamma: 32}}' --table effects --format csv
  gpw probe --format markdown -o probe.md --figure cases.svg`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format, formats); err != nil {
				return err
			}
			tables, err := chosenTables(table, format)
			if err != nil {
				return err
			}
			if figure != "" {
				if _, err := figureFormat(figure); err != nil {
					return err
				}
			}
			if p.samples != 0 && (p.samples < fewestSamples || p.samples > mostSamples) {
				return usagef("--samples %d: write 0 to leave the effects out, or %d to %d", p.samples, fewestSamples, mostSamples)
			}
			if !tables["effects"] {
				p.samples = 0
			}
			p.ticks = tables["ticks"] || tables["effects"] || format == "json"
			for _, name := range names {
				if name == "all" {
					p.losses = append(p.losses, everyPreset()...)
					continue
				}
				row, err := pairLoss(cmd, name)
				if err != nil {
					return err
				}
				p.losses = append(p.losses, row.Choice)
			}
			if len(names) == 0 {
				p.losses = everyPreset()
			}
			step, done := counter(cmd.ErrOrStderr(), "losses", len(p.losses))
			measured, err := p.run(cmd.Context(), step)
			done()
			if err != nil {
				return err
			}
			if figure != "" {
				if err := writeProbeFigure(figure, measured); err != nil {
					return err
				}
			}
			return output(cmd, out, func(w writer) error { return p.write(w, format, tables, measured) })
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&names, "loss", nil, "a loss, repeatable: a name, a name with preset, a YAML mapping, or all, every preset of every loss (the default)")
	f.Uint64Var(&p.seed, "seed", 1, "of the batches and samples")
	f.IntVar(&p.samples, "samples", 2048, "rows of each of the two samples of the effects; 0 leaves them out")
	f.StringVar(&table, "table", "", "one table only: "+list(probeTables))
	f.StringVar(&figure, "figure", "", "file for a figure of the cases, and of the step (."+strings.Join(figureFormats, ", .")+"); its data go beside it as CSV")
	outputFlags(cmd, &out, &format, formats)
	return cmd
}

// chosenTables says which tables are asked for: the one named or, in formats that have room, all.
func chosenTables(table, format string) (map[string]bool, error) {
	chosen := map[string]bool{}
	for _, t := range probeTables {
		if table == t || table == "" && (format == "text" || format == "json" || format == "markdown" || t == "ticks") {
			chosen[t] = true
		}
	}
	if len(chosen) == 0 {
		return nil, usagef("unknown table %q; known: %s", table, list(probeTables))
	}
	return chosen, nil
}

// everyPreset is the catalogue as choices.
func everyPreset() []losses.Choice {
	var all []losses.Choice
	for k := range losses.Catalogue {
		spec := &losses.Catalogue[k]
		for _, p := range spec.Presets {
			all = append(all, losses.Choice{Spec: spec, Preset: p.Name, Value: p.Value, Miner: p.Miner})
		}
	}
	return all
}

// run measures all losses, as many at a time as there are processors. The results do not depend on how many.
func (p *probing) run(ctx context.Context, step func(n int)) ([]probed, error) {
	ctx, stop := context.WithCancelCause(ctx) // the others need not be measured if one cannot be
	defer stop(nil)
	measured := make([]probed, len(p.losses))
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for k := range next {
				var err error
				if measured[k], err = p.measure(ctx, p.losses[k]); err != nil {
					stop(err)
				}
				step(1)
			}
		})
	}
	for k := range p.losses {
		if ctx.Err() != nil {
			break
		}
		next <- k
	}
	close(next)
	workers.Wait()
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, context.Canceled):
		return nil, errors.New("probe was interrupted; nothing is written")
	case cause != nil:
		return nil, cause
	}
	return measured, nil
}

func (p *probing) measure(ctx context.Context, c losses.Choice) (m probed, err error) {
	m.choice = c
	if p.ticks {
		if m.ticks, err = probe.MeasureDependence(ctx, c, p.seed); err != nil {
			return m, err
		}
	}
	if p.samples > 0 {
		if m.effects, err = probe.MeasureEffects(ctx, c, p.samples, p.seed); err != nil {
			return m, err
		}
		probe.Reconcile(m.ticks, m.effects)
	}
	if p.ticks {
		m.disagreements = probe.Disagreements(c, m.ticks)
	}
	if m.scenario, err = probe.RunScenario(c); err != nil {
		return m, err
	}
	m.threshold, err = probe.FindThreshold(c)
	return m, err
}

// label names the loss in a table: with its parameters where they are not those of the preset.
func (m *probed) label() string {
	c := m.choice
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

// allThree names the losses that respond to all three cases.
func allThree(measured []probed) string {
	var names []string
	for _, m := range measured {
		if m.scenario.RespondsToAll() {
			names = append(names, m.label())
		}
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, ", ")
}

// amongTheNine compares with the paper's claim that of the losses of Table 1 only Multi-Similarity responds to all three, each by its first
// preset. It is "" where they are not all there.
func amongTheNine(measured []probed) string {
	const columns = 9
	var there, respond []string
	for _, m := range measured {
		if m.choice.Spec.Table1 == 0 || m.choice.Preset != m.choice.Spec.Presets[0].Name {
			continue
		}
		there = append(there, m.label())
		if m.scenario.RespondsToAll() {
			respond = append(respond, m.label())
		}
	}
	if len(there) != columns {
		return ""
	}
	verdict := "does not hold here"
	if len(respond) == 1 && strings.HasPrefix(respond[0], "multi_similarity.") {
		verdict = "holds"
	}
	if respond == nil {
		respond = []string{"none"}
	}
	return "Of the nine losses of Table 1, each by its first preset, these do: " + strings.Join(respond, ", ") +
		". The paper says that only Multi-Similarity does; that " + verdict + "."
}
