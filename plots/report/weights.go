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
	Set       string        `json:"set"` // the data set
	Name      string        `json:"name"`
	Caption   string        `json:"caption"` // hyper-parameters and seed
	Steps     []batchData   `json:"steps"`
	Moments   []momentData  `json:"moments"`
	At        []number      `json:"at"` // the steps of the moments
	Diagnoses []string      `json:"diagnoses"`
	Chosen    *number       `json:"chosen,omitempty"` // the step that was measured, where it was chosen
	batches   []*batchPairs // of Steps, until the pairs are thinned
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
}

// batchPairs are the pairs of a batch, to be thinned.
type batchPairs struct {
	scatter *analysis.Scatter
	kept    gpw.Snapshot
}

// addLosses adds the weights of every row, those of the first seed that kept some.
func (f *Folder) addLosses(ctx context.Context, store *results.Store) error {
	for _, b := range f.table.Blocks {
		names := rowNames(b)
		for k, r := range b.Rows {
			if r.Kind != results.KindLoss {
				continue
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			l, err := lossOf(store, r)
			if err != nil {
				return err
			}
			if l != nil {
				l.Set, l.Name = b.DatasetName(), names[k]
				f.data.Losses = append(f.data.Losses, *l)
			}
		}
	}
	f.thin()
	return nil
}

// lossOf reads what the first seed of a row kept; nil if none kept anything.
func lossOf(store *results.Store, r table.Row) (*lossData, error) {
	for _, run := range r.Runs {
		history, err := figures.TrainingHistory(store, run, gpw.Pooling{})
		if err != nil {
			return nil, err
		}
		scatters := []*analysis.Scatter(nil)
		if history != nil {
			scatters = history.Batches
		} else if scatters, err = figures.Scatters(store, run, gpw.Pooling{}); err != nil {
			return nil, err
		}
		if history == nil && len(scatters) == 0 {
			continue
		}

		l := &lossData{Caption: captionOf(run), Steps: []batchData{}, Moments: []momentData{}, At: []number{}, Diagnoses: []string{}}
		for _, d := range run.Diagnoses {
			l.Diagnoses = append(l.Diagnoses, d.String())
		}
		if history != nil {
			l.addMoments(history)
		}
		return l, l.addBatches(store, run, scatters)
	}
	return nil, nil
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

// addBatches adds the batches that a run kept, with the classes of their rows.
func (l *lossData) addBatches(store *results.Store, r results.Record, scatters []*analysis.Scatter) error {
	if len(scatters) == 0 {
		return nil
	}
	kept, err := analysis.ReadSnapshots(store.Path(analysis.SnapshotFile(r.ID)))
	if err != nil {
		return err
	}
	if len(kept) != len(scatters) {
		return fmt.Errorf("%s changed while it was read; make the report again", store.Path(analysis.SnapshotFile(r.ID)))
	}
	for k, s := range scatters {
		l.batches = append(l.batches, &batchPairs{s, kept[k]})
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

// addMoments adds the statistics of the steps.
func (l *lossData) addMoments(h *analysis.TrainingHistory) {
	if h.Chosen != nil {
		chosen := number(*h.Chosen)
		l.Chosen = &chosen
	}
	for _, s := range h.Stats {
		l.At = append(l.At, number(s.Step))
	}
	for _, m := range moments {
		d := momentData{Key: m.key, Title: m.title, Log: m.log}
		for _, s := range h.Stats {
			if m.both != nil {
				d.Both = append(d.Both, number(m.both(s)))
				continue
			}
			d.Pos, d.Neg = append(d.Pos, number(m.side(s.Positive))), append(d.Neg, number(m.side(s.Negative)))
		}
		l.Moments = append(l.Moments, d)
	}
}

const (
	// pairBytes is what a pair takes in the page, at the most.
	pairBytes = 48
	// allPairs is how many pairs a page of several batches has, in bytes of them.
	allPairs = 3 << 20
	// A batch shows at least fewPairs on either side, and at most manyPairs.
	fewPairs, manyPairs = 60, 1000
)

// thin chooses the pairs of the batches that the page shows. Batches between the first
// and the last of a run are left out before a batch has fewer than fewPairs on a side.
func (f *Folder) thin() {
	batches := 0
	for _, l := range f.data.Losses {
		batches += len(l.batches)
	}
	if batches == 0 {
		return
	}
	room := allPairs / pairBytes / 2 / batches
	most := min(max(room, fewPairs), manyPairs)
	share := min(1, float64(room)/fewPairs) // of the batches
	for k := range f.data.Losses {
		l := &f.data.Losses[k]
		n := min(len(l.batches), max(2, int(share*float64(len(l.batches)))))
		for _, at := range evenly(len(l.batches), n) {
			l.Steps = append(l.Steps, l.batches[at].thinned(most))
		}
		if left := len(l.batches) - n; left > 0 {
			l.Caption += fmt.Sprintf("; %d of %d kept batches are not on this page", left, len(l.batches))
		}
		l.batches = nil
	}
}

// thinned takes at most so many positive and negative pairs of a batch.
func (b *batchPairs) thinned(most int) batchData {
	d := batchData{Step: b.scatter.Step, Loss: number(b.kept.Loss), Class: b.kept.Labels}
	var sides [2][]gpw.Pair
	for _, p := range b.scatter.Pairs {
		if p.Positive {
			sides[0] = append(sides[0], p)
		} else {
			sides[1] = append(sides[1], p)
		}
	}
	pos, neg := b.scatter.Summary(true), b.scatter.Summary(false)
	d.Says = fmt.Sprintf("%d of %d positive and %d of %d negative pairs have weight", pos.Weighted, pos.Pairs, neg.Weighted, neg.Pairs)
	if pos.Opposite+neg.Opposite > 0 {
		d.Says += fmt.Sprintf("; %d of them in the opposite direction, drawn below zero", pos.Opposite+neg.Opposite)
	}
	for k, side := range sides {
		chosen := b.choose(side, most)
		if len(chosen) < len(side) {
			d.Thin += fmt.Sprintf(" %d of %d %s pairs are drawn: half of them those of the largest weights, the others evenly over S.",
				len(chosen), len(side), []string{"positive", "negative"}[k])
		}
		to := []*pairData{&d.Pos, &d.Neg}[k]
		*to = b.side(chosen)
		to.Means = map[string][]line{}
		for name, a := range map[string]gpw.Axis{"s": gpw.S, "n": gpw.N, "p": gpw.P} {
			to.Means[name] = meansOf(b.scatter.Curve(a, k == 0))
		}
	}
	d.Thin = strings.TrimSpace(d.Thin)
	return d
}

// choose takes the pairs of the largest weights and as many of the others, evenly over
// their similarity. They stand in the order of S.
func (b *batchPairs) choose(side []gpw.Pair, most int) []gpw.Pair {
	along := func(x, y gpw.Pair) int {
		return cmp.Or(cmp.Compare(x.S, y.S), cmp.Compare(x.Anchor, y.Anchor), cmp.Compare(x.Candidate, y.Candidate))
	}
	if len(side) > most {
		slices.SortFunc(side, func(x, y gpw.Pair) int { return cmp.Or(cmp.Compare(y.Weight(), x.Weight()), along(x, y)) })
		strongest, others := side[:most/2], side[most/2:]
		slices.SortFunc(others, along)
		chosen := slices.Clone(strongest)
		for _, k := range evenly(len(others), most-most/2) {
			chosen = append(chosen, others[k])
		}
		side = chosen
	}
	slices.SortFunc(side, along)
	return side
}

func (b *batchPairs) side(pairs []gpw.Pair) pairData {
	d := pairData{Anchor: []int{}, Candidate: []int{}, S: []number{}, N: []number{}, P: []number{}, W: []number{}}
	for _, p := range pairs {
		d.Anchor, d.Candidate = append(d.Anchor, p.Anchor), append(d.Candidate, p.Candidate)
		d.S, d.N, d.P = append(d.S, place(p.S)), append(d.N, place(p.N)), append(d.P, place(p.P))
		d.W = append(d.W, number(b.scatter.Weight(p)))
	}
	return d
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
