package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/plots/figures"
	"gpwbench/results"
	"gpwbench/results/table"
)

// A lossData is what the training of one row kept of its weights.
type lossData struct {
	Set       string       `json:"set"` // the data set
	Name      string       `json:"name"`
	Caption   string       `json:"caption"` // hyper-parameters and seed
	Steps     []batchData  `json:"steps"`
	Moments   []momentData `json:"moments"`
	At        []number     `json:"at"`    // the steps of the moments
	Seeds     string       `json:"seeds"` // whose moments they are
	Diagnoses []string     `json:"diagnoses"`
	Chosen    *number      `json:"chosen,omitempty"` // the step that was measured, where it was chosen

	// MomentsSay says which steps of the moments are left out.
	MomentsSay string `json:"momentsSay,omitempty"`

	rank    int          // of the row by its mean, among those of its data set
	kept    int          // batches of the run
	batches []*keptBatch // of which Steps are made
}

// A batchData is the weights of the pairs of one batch that was kept.
type batchData struct {
	Step  int      `json:"step"` // steps done before it
	Loss  number   `json:"loss"`
	Says  string   `json:"says"` // how many pairs there are and have a weight
	Thin  string   `json:"thin,omitempty"`
	Class []int    `json:"class"` // by the rows of the batch
	Pos   pairData `json:"pos"`
	Neg   pairData `json:"neg"`
}

// A pairData is the positive or the negative pairs of a batch, one an element.
type pairData struct {
	Anchor    []int             `json:"a"`
	Candidate []int             `json:"c"`
	S         []number          `json:"s"`
	N         []number          `json:"n"` // null of a pair without another negative
	P         []number          `json:"p"`
	W         []number          `json:"w"` // m·w
	Means     map[string][]line `json:"means"`
}

// A line is the mean weight of the pairs in an interval of S, N or P.
type line struct {
	At    number `json:"x"` // the middle of the interval
	Mean  number `json:"y"`
	Where string `json:"t"`
	Pairs int    `json:"k"`
}

// A momentData is one measure of the weights over the steps of a training.
type momentData struct {
	Key   string   `json:"key"`
	Title string   `json:"title"`
	Pos   []number `json:"pos,omitempty"`
	Neg   []number `json:"neg,omitempty"`
	Both  []number `json:"both,omitempty"`
	Log   bool     `json:"log,omitempty"` // it spans decades

	// The lowest and the highest over the seeds, for pos, neg and both; absent for one.
	Low  map[string][]number `json:"low,omitempty"`
	High map[string][]number `json:"high,omitempty"`
}

// addLosses adds the weights of the rows, those of the first seed that kept some: of as
// many rows and batches as a page has room for, the rows of the best means before others.
func (f *Folder) addLosses(ctx context.Context, store *results.Store) error {
	type candidate struct {
		block, row, rank, kept int
		shown                  bool
	}
	var all []*candidate
	for k, b := range f.table.Blocks {
		ranks := f.ranksIn(k, f.data.Metric)
		for r, row := range b.Rows {
			if row.Kind != results.KindLoss {
				continue
			}
			kept, any, err := keptBatches(store, row)
			if err != nil {
				return err
			}
			if any {
				all = append(all, &candidate{k, r, ranks[r], kept, false})
			}
		}
	}

	var counts []int
	for _, c := range all {
		counts = append(counts, c.kept)
	}
	plan := planWeights(counts, weightBytes)
	best := slices.Clone(all)
	slices.SortStableFunc(best, func(x, y *candidate) int { return cmp.Compare(x.rank, y.rank) })
	for _, c := range best[:plan.rows] {
		c.shown = true
	}
	f.weighed = len(all)

	for _, c := range all {
		if !c.shown {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		b := f.table.Blocks[c.block]
		l, err := lossOf(store, b.Rows[c.row], plan)
		if err != nil {
			return err
		}
		if l != nil {
			l.Set, l.Name, l.rank = b.DatasetName(), rowNames(b)[c.row], c.rank
			f.losses = append(f.losses, *l)
		}
	}
	return nil
}

// keptBatches counts the batches that the first seed of a row kept, of those that kept
// batches or statistics; any is false where none did.
func keptBatches(store *results.Store, r table.Row) (kept int, any bool, err error) {
	for _, run := range r.Runs {
		err := store.CheckFile(run, analysis.SnapshotFile(run.ID))
		if err == nil {
			kept, err = analysis.CountSnapshots(store.Path(analysis.SnapshotFile(run.ID)))
			return kept, true, err
		}
		if !isMissing(err) {
			return 0, false, err
		}
		switch err := store.CheckFile(run, analysis.StatsFile(run.ID)); {
		case err == nil:
			return 0, true, nil
		case !isMissing(err):
			return 0, false, err
		}
	}
	return 0, false, nil
}

// lossOf reads what the first seed of a row kept, with the statistics of the others; nil
// if none kept anything.
func lossOf(store *results.Store, r table.Row, plan weightPlan) (*lossData, error) {
	history, run, err := figures.History(store, r.Runs, gpw.Pooling{})
	if err != nil {
		return nil, err
	}
	var scatters []*analysis.Scatter
	if history != nil {
		scatters = history.Batches
	}
	for k := 0; history == nil && len(scatters) == 0 && k < len(r.Runs); k++ {
		run = r.Runs[k]
		if scatters, err = figures.Scatters(store, run, gpw.Pooling{}); err != nil {
			return nil, err
		}
	}
	if history == nil && len(scatters) == 0 {
		return nil, nil
	}

	l := &lossData{Caption: captionOf(run), Steps: []batchData{}, Moments: []momentData{}, At: []number{}, Diagnoses: []string{}}
	for _, d := range run.Diagnoses {
		l.Diagnoses = append(l.Diagnoses, d.String())
	}
	if history != nil {
		l.addMoments(history)
	}
	return l, l.addBatches(store, run, scatters, plan)
}

func captionOf(r results.Record) string {
	var words []string
	for _, w := range []string{r.Params, r.Head} {
		if w != "" {
			words = append(words, w)
		}
	}
	if !r.Seedless {
		words = append(words, "seed "+strconv.FormatUint(r.Seed, 10))
	}
	return strings.Join(words, "; ")
}

// addBatches keeps of the batches of a run what a page has room for, with the classes of
// their rows.
func (l *lossData) addBatches(store *results.Store, r results.Record, scatters []*analysis.Scatter, plan weightPlan) error {
	if len(scatters) == 0 {
		return nil
	}
	path := store.Path(analysis.SnapshotFile(r.ID))
	kept, err := analysis.ReadSnapshots(path)
	if err != nil {
		return err
	}
	if len(kept) != len(scatters) {
		return fmt.Errorf("%s changed while it was read; make the report again", path)
	}
	l.kept = len(kept)
	for _, k := range evenly(len(kept), plan.batches) {
		l.batches = append(l.batches, keep(scatters[k], kept[k], plan.pairs))
	}
	return nil
}

// The moments that a page shows, in the words of the figures.
var moments = []struct {
	key, title string
	log        bool
	side       func(analysis.SideStats) float64
	both       func(analysis.WeightStats) float64
}{
	{"loss", "Loss of the batch", false, nil, func(s analysis.WeightStats) float64 { return s.Loss }},
	{"weighted", "Pairs with weight, %", false, func(s analysis.SideStats) float64 { return 100 * ratio(s.Weighted, s.Pairs) }, nil},
	{"effective", "Effective number of pairs", true, func(s analysis.SideStats) float64 { return positive(s.Effective) }, nil},
	{"mass", "Weight of an anchor's pairs, Σw", true, func(s analysis.SideStats) float64 { return positive(s.Mass) }, nil},
	{"hardest", "Share of the hardest 1 % of the pairs in the weight, %", false, func(s analysis.SideStats) float64 { return 100 * s.Hardest }, nil},
	{"largest", "Largest share of one pair in the weight, %", false, func(s analysis.SideStats) float64 { return 100 * s.Largest }, nil},
	{"force", "Tangential force, Σ w·√(1−S²)", true, func(s analysis.SideStats) float64 { return positive(s.Force) }, nil},
	{"similarity", "Mean similarity S", false, func(s analysis.SideStats) float64 { return s.Mean }, nil},
}

func ratio(part, whole int) float64 { return float64(part) / float64(whole) }

// positive is a value of a logarithmic axis, NaN where it has no place there.
func positive(v float64) float64 {
	if v > 0 {
		return v
	}
	return math.NaN()
}

// addMoments adds the statistics of the steps: means over the seeds, and their range.
func (l *lossData) addMoments(h *analysis.TrainingHistory) {
	if h.Chosen != nil {
		chosen := number(*h.Chosen)
		l.Chosen = &chosen
	}
	seeds, ends := len(h.Others)+1, ""
	for _, at := range h.OverSeeds(func(analysis.WeightStats) float64 { return 0 }) {
		l.At = append(l.At, number(at.Step))
		if at.Seeds < seeds {
			ends = "; a seed ends at the step that was chosen for it, and later means are over the others"
		}
	}
	l.Seeds = "of one seed"
	if seeds > 1 {
		l.Seeds = fmt.Sprintf("means over %d seeds, and bands from the lowest to the highest of them", seeds) + ends
	}
	for _, m := range moments {
		d := momentData{Key: m.key, Title: m.title, Log: m.log}
		if m.both != nil {
			d.Both = d.over(h, "both", m.both)
		} else {
			d.Pos = d.over(h, "pos", func(s analysis.WeightStats) float64 { return m.side(s.Positive) })
			d.Neg = d.over(h, "neg", func(s analysis.WeightStats) float64 { return m.side(s.Negative) })
		}
		l.Moments = append(l.Moments, d)
	}
}

// over returns the means over the seeds, and keeps their range where there are several.
func (d *momentData) over(h *analysis.TrainingHistory, line string, value func(analysis.WeightStats) float64) (means []number) {
	for _, at := range h.OverSeeds(value) {
		means = append(means, number(at.Mean))
		if len(h.Others) == 0 {
			continue
		}
		if d.Low == nil {
			d.Low, d.High = map[string][]number{}, map[string][]number{}
		}
		d.Low[line], d.High[line] = append(d.Low[line], number(at.Low)), append(d.High[line], number(at.High))
	}
	return means
}

// place is a similarity with four decimals, because a page has no use for more.
func place(v float64) number { return number(math.Round(v*1e4) / 1e4) }

func meansOf(bins []analysis.Bin) []line {
	lines := []line{}
	for _, b := range bins {
		lines = append(lines, line{
			At: number((b.Low + b.High) / 2), Mean: number(b.Mean), Pairs: b.Pairs,
			Where: minus(strconv.FormatFloat(b.Low, 'f', 2, 64)) + " to " + minus(strconv.FormatFloat(b.High, 'f', 2, 64)),
		})
	}
	return lines
}

// isMissing reports whether an error says that a run did not keep a file.
func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
