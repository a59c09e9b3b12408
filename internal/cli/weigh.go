package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/analysis"
	"gpwbench/experiments"
	"gpwbench/gpw"
	"gpwbench/internal/npy"
	"gpwbench/losses"
)

// weighRows is the largest batch that weigh and plot take: its similarities are all in memory, 8 bytes a pair.
const weighRows = 4096

func weighCommand() *cobra.Command {
	var loss, embeddings, labels, pool, out, format string
	formats := append([]string{"text", "json"}, gridFormats...)
	cmd := &cobra.Command{
		Use:   "weigh --loss LOSS --embeddings X.npy --labels y.npy",
		Short: "Show the weight that a loss gives to every pair of a batch",
		Long: `Weigh evaluates a loss on one batch in float64: its value, its gradient G = ∂L/∂S, and for every ordered pair (row = anchor) the
similarities S, N and P and the weight w = |G|. N is S less the pooled similarity of the anchor's other negatives, P less that of its other
positives: their mean, or with --pooling log_sum_exp:SCALE a soft maximum of the negatives and a soft minimum of the positives. Rows need
not be normalised.

The text says of either kind how many even pairs would share the weight so, and which part of it is with the hardest 1 %. Hard is meant by
similarity, whatever the loss weighs: the positives of lowest S, the negatives of highest S.

LOSS is a name, a name with preset, or a YAML flow mapping with a spec's keys.`,
		Example: `  gpw weigh --loss multi_similarity.official --embeddings X.npy --labels y.npy
  gpw weigh --loss '{name: multi_similarity, params: {beta: 50}, miner: none}' --embeddings X.npy --labels y.npy --format json`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format, formats); err != nil {
				return err
			}
			if err := needFlags(cmd, "loss", "embeddings", "labels"); err != nil {
				return err
			}
			pooling, err := gpw.ParsePooling(pool)
			if err != nil {
				return &usageError{err}
			}
			row, err := pairLoss(cmd, loss)
			if err != nil {
				return err
			}
			b, err := readBatch(embeddings, labels)
			if err != nil {
				return err
			}
			choice := row.Choice
			value, g, err := lossOn(choice, b)
			if err != nil {
				return err
			}
			w := gpw.FromGradientPooled(b, g, pooling)
			w.Loss = value
			return output(cmd, out, func(to writer) error {
				switch format {
				case "json":
					return writeJSON(to, weightsJSON(choice, w, g), "")
				case "text":
					return weightsText(to, choice, w)
				}
				for _, remark := range weighRemarks(choice, w) { // a table has no place for them
					say(cmd, "%s", remark)
				}
				return weightsGrid(w).write(to, format)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&loss, "loss", "", "the loss: a name, a name with preset, or a YAML mapping")
	f.StringVar(&embeddings, "embeddings", "", "npy of N×D floats, one row a sample")
	f.StringVar(&labels, "labels", "", "npy of N integers, the class of each row")
	poolingFlag(cmd, &pool)
	outputFlags(cmd, &out, &format, formats)
	return cmd
}

// lossOn returns L and G of a loss on a batch. What is not finite is an error: of a
// formula, or of parameters that no number can serve.
func lossOn(c losses.Choice, b *losses.Batch) (value float64, g []float64, err error) {
	l, err := c.Loss()
	if err != nil {
		return 0, nil, err
	}
	g = make([]float64, b.Anchors()*b.Candidates())
	value = unsigned(l.Eval(b, g))
	for k, v := range g {
		g[k] = unsigned(v)
	}
	return value, g, c.CheckFinite(l, b, value, g, "on this batch")
}

// poolingFlag adds --pooling.
func poolingFlag(cmd *cobra.Command, pooling *string) {
	cmd.Flags().StringVar(pooling, "pooling", "mean", "of the others that N and P compare with: mean, log_sum_exp, log_sum_exp:SCALE")
}

// pairLoss reads a loss that compares the pairs of a batch, and prints its hints.
func pairLoss(cmd *cobra.Command, text string) (experiments.Row, error) {
	row, hints, err := experiments.ParseLoss(text, losses.Catalogue)
	if err != nil {
		return experiments.Row{}, err
	}
	for _, hint := range hints {
		say(cmd, "%s", hint)
	}
	if row.Proxies.PerClass > 0 {
		return experiments.Row{}, usagef("%s compares with trained proxies, and %s looks at the pairs of a batch; gpw run trains them, and its moments hold the loss and what its weights come to", row.Choice.Spec.Name, cmd.Name())
	}
	if row.Memory != nil && row.Memory.Name != "none" {
		return experiments.Row{}, usagef("%s looks at the pairs of one batch, and a memory bank holds those of earlier ones; leave memory out", cmd.Name())
	}
	return row, nil
}

// needFlags refuses a command line that lacks a flag, all of them at once.
func needFlags(cmd *cobra.Command, names ...string) error {
	var missing []string
	for _, n := range names {
		if !cmd.Flags().Changed(n) {
			missing = append(missing, "--"+n)
		}
	}
	if len(missing) > 0 {
		return usagef("%s needs %s; usage: %s", cmd.Name(), strings.Join(missing, " and "), cmd.UseLine())
	}
	return nil
}

func readBatch(embeddings, labels string) (*losses.Batch, error) {
	y, err := npy.ReadInts(labels)
	if err != nil {
		return nil, err
	}
	n, d, x, err := npy.ReadFloat64s(embeddings)
	if err != nil {
		return nil, err
	}
	if n != len(y) {
		return nil, fmt.Errorf("%s has %d rows, %s %d labels: they must agree", embeddings, n, labels, len(y))
	}
	if n > weighRows {
		return nil, fmt.Errorf("%s has %d rows; one batch has at most %d: take a part", embeddings, n, weighRows)
	}
	b, err := gpw.Batch(x, n, d, y)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", embeddings, err)
	}
	return b, nil
}

// The JSON of gpw weigh.
type (
	weighJSON struct {
		Name     string      `json:"name"`
		Params   string      `json:"params"`
		Formula  string      `json:"formula,omitempty"` // of a loss of formulas
		Loss     float64     `json:"loss"`
		Note     string      `json:"note,omitempty"`
		Remarks  []string    `json:"remarks"` // the clauses of the text, the note among them
		Kinds    []kindJSON  `json:"kinds"`
		Gradient [][]float64 `json:"gradient"`
		Pooling  string      `json:"pooling"`
		Pairs    []pairJSON  `json:"pairs"`
	}
	kindJSON struct {
		Pair      string   `json:"pair"` // positive or negative
		Pairs     int      `json:"pairs"`
		Weighted  int      `json:"weighted"`
		Mass      float64  `json:"mass"`         // Σw
		Effective float64  `json:"effective"`    // number of even pairs that would share the weight so
		Hardest   float64  `json:"hardest_1pct"` // share of the weight that is with the hardest 1 %
		Largest   float64  `json:"largest"`      // share of one pair
		Force     float64  `json:"force"`        // Σ w·√(1−S²)
		Mean      *float64 `json:"mean_S"`       // null where there are no pairs
		Low       *float64 `json:"lowest_S"`
		High      *float64 `json:"highest_S"`
	}
	pairJSON struct {
		Anchor    int      `json:"anchor"`
		Candidate int      `json:"candidate"`
		Positive  bool     `json:"positive"`
		S         float64  `json:"S"`
		N         *float64 `json:"N"`
		P         *float64 `json:"P"`
		Weight    float64  `json:"weight"`
	}
)

func weightsJSON(c losses.Choice, w *gpw.Weights, g []float64) weighJSON {
	j := weighJSON{Name: c.Name(), Params: c.Caption(), Formula: writtenFormula(c), Loss: w.Loss, Note: vectorsNote(c.Spec.Name, c.Traits()), Remarks: append([]string{}, weighRemarks(c, w)...), Gradient: [][]float64{}, Pooling: w.Pooling.String(), Pairs: []pairJSON{}}
	moment := analysis.StatsOf(w)
	for _, kind := range kinds {
		k := moment.Negative
		if kind.positive {
			k = moment.Positive
		}
		j.Kinds = append(j.Kinds, kindJSON{
			Pair: kind.name, Pairs: k.Pairs, Weighted: k.Weighted, Mass: k.Mass, Effective: k.Effective, Hardest: k.Hardest, Largest: k.Largest,
			Force: k.Force, Mean: orNull(k.Mean), Low: orNull(k.Low), High: orNull(k.High),
		})
	}
	for i := range w.Anchors {
		j.Gradient = append(j.Gradient, g[i*w.Anchors:(i+1)*w.Anchors])
	}
	for _, p := range w.Pairs {
		j.Pairs = append(j.Pairs, pairJSON{p.Anchor, p.Candidate, p.Positive, unsigned(p.S), orNull(p.N), orNull(p.P), p.Weight()})
	}
	return j
}

// vectorsNote says what the weights of a loss leave out.
func vectorsNote(name string, traits losses.Traits) string {
	if traits&losses.ReadsVectorMeans == 0 {
		return ""
	}
	return name + " reads the means of the vectors beside S: its weights are the part of its gradient that goes through S"
}

func orNull(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	v = unsigned(v)
	return &v
}

// unsigned has no negative zero, which would say that a number is below 0.
func unsigned(v float64) float64 {
	if v == 0 {
		return 0
	}
	return v
}

func weightsGrid(w *gpw.Weights) *grid {
	g := &grid{header: []string{"anchor", "candidate", "positive", "S", "N", "P", "gradient", "weight"}}
	for _, p := range w.Pairs {
		g.add(strconv.Itoa(p.Anchor), strconv.Itoa(p.Candidate), strconv.FormatBool(p.Positive), exact(p.S), exact(p.N), exact(p.P), exact(p.G), exact(p.Weight()))
	}
	return g
}

// exact writes all digits, and nothing for what is not there.
func exact(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(unsigned(v), 'g', -1, 64)
}
