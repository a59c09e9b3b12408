package verification

// Options say what is computed beside the AUC, the equal error rate and the thresholds
// of the greatest accuracy.
type Options struct {
	FARs []float64 // the false accept rates to report the true accept rate at, each between 0 and 1
	// AUCOnly leaves the operating points without their second pass, so they have
	// ranges.
	AUCOnly bool

	OPIS bool // also how much one threshold differs between classes, in the second pass

	// Sample is the number of negative pairs to draw, and of positive pairs where there
	// are more; 0 counts all pairs. Seed chooses them.
	Sample int
	Seed   uint64

	// Compared is called with numbers of queries that are all of them in the end, as far
	// as the passes have come, by one goroutine at a time. It may be nil.
	Compared func(queries int)

	workers int       // goroutines, 0 for one a core
	force   precision // what the size decides otherwise
	kept    int       // positives that are kept, 0 for keptPositives
	pilot   int       // pairs of the pilot sample, 0 for pilotSize
	open    float64   // what float32 may leave open of the AUC, 0 for tolerance
}

// A precision is how negatives are computed.
type precision int

const (
	bySize   precision = iota
	narrow             // float32 where that can be
	directly           // float64
)

// Scores are the results of a verification.
type Scores struct {
	Positives, Negatives int64 // pairs

	AUC      Figure    // the area under the ROC curve
	EER      Point     // where false accepts and false rejects are equally frequent
	FARs     []float64 // those of the options
	AtFAR    []Point   // the true accept rate at each of them
	Accuracy Point     // the threshold that is right about most pairs
	Balanced Point     // the threshold of the greatest mean of TAR and 1 − FAR

	// OPIS is nil unless Options.OPIS, or if there is none; NoOPIS is the reason.
	OPIS   *Inconsistency
	NoOPIS string

	// Sampled is how many negative pairs were drawn; 0 if all were counted. The ranges
	// of the figures are then confidence intervals of 95 %, and proved ones otherwise.
	// SampledPositives is how many positive pairs were drawn; 0 if all were taken.
	Sampled, SampledPositives int

	// Decided negatives were computed in float64 because float32 left the side of a
	// threshold open. If Direct is set, all were.
	Decided int64
	Direct  bool
}

// A Figure is a number with the range in which it lies. The three are equal where it is
// exact.
type Figure struct{ Low, Value, High float64 }

// Exact reports whether the range is the value alone.
func (f Figure) Exact() bool { return f.Low == f.High }

// A Point is a figure with the threshold at which it is reached: pairs with at least
// this similarity are accepted, a share FAR of the negatives and TAR of the positives.
// If None is set, no pair is accepted, and the threshold, which is 0, says nothing.
type Point struct {
	Figure
	Threshold, FAR, TAR float64
	None                bool
}

// point returns the point that accepts the groups up to and including g, without its
// figure.
func (c *curve) point(g int) Point {
	if g < 0 {
		return Point{None: true}
	}
	return Point{Threshold: c.threshold(g), FAR: c.far(c.groups[g].accepted), TAR: c.tar(c.groups[g].recalled)}
}

// A span is the groups from first to last, where first may be -1.
type span struct{ first, last int }
