package losses

import (
	"fmt"
	"strings"
)

// A Spec describes a loss for programs, tests and documentation. Revision is
// raised whenever its numbers change. Presets are named parameter sets with a source; the
// first is the default.
type Spec struct {
	Name     string // [a-z][a-z0-9_]*
	Title    string // as the paper's tables print it
	Cite     string
	Year     int // of the loss's first paper
	Family   Family
	Formula  string
	Table1   Axes // as in Table 1 of Wang et al., CVPR 2019; nil if not in it
	Relation Relation
	Traits   Traits
	Held     string   // what G holds constant beside the divisor, if detached
	Notes    []string // on what looks like a fault and is none, as a least value above 0
	Revision int
	Presets  []Preset
}

// A Preset is a named parameter set of a loss.
type Preset struct {
	Name   string // [a-z][a-z0-9_]*
	Source string // who uses these parameters

	// Code is the code that the preset is named after, with its version. It is "" if the
	// preset is named after a paper, or is the project's.
	Code string
	// Departs says how the preset differs from that code, or from other well-known code.
	// It is "" if no difference is known.
	Departs string

	// Form names the formula in the settings of a run, whose hash is the run's id.
	// Presets of one loss may be different formulas. Form never changes once records
	// exist, even if the Go type of Value gets another name.
	Form string

	// Value is a Loss, AnchorLoss, PerSideLoss or Factory. Its tagged fields are the
	// parameters.
	Value  any
	Miner  Miner  // nil for none; a Loss takes none
	Traits Traits // beyond those of the loss
	Oracle string // what the tests compare it with
}

// A Family groups losses by what a term of the loss compares.
type Family string

// The families, in the order in which they are listed.
const (
	Pairwise          Family = "pairwise"
	Triplets          Family = "triplet"
	Tuples            Family = "tuple"
	MultiSimilarities Family = "multi-similarity"
	Ranking           Family = "ranking"
	Proxies           Family = "proxy"   // of ProxyLosses only
	Formulas          Family = "formula" // in no catalogue: the formulas of specs
)

// Families lists the families of [Catalogue] in that order.
var Families = []Family{Pairwise, Triplets, Tuples, MultiSimilarities, Ranking}

// An Axis is one of the things that the weight of a pair can depend on (Wang et al., CVPR
// 2019, §3): the similarities S, N and P of the pair, and X, which the paper does not
// have.
type Axis int

// The axes, in the order in which tables and figures show them.
const (
	S Axis = iota // the pair's own similarity
	N             // relative to the anchor's other negatives
	P             // relative to the anchor's other positives
	X             // the rows of other anchors, which no similarity of the pair measures
)

// String returns the letter, and "Axis(7)" for a number that is no axis.
func (a Axis) String() string {
	if a < S || a > X {
		return fmt.Sprintf("Axis(%d)", int(a))
	}
	return [...]string{"S", "N", "P", "X"}[a]
}

// Axes are some of the axes, ascending.
type Axes []Axis

// Letters returns the letters of the axes.
func (a Axes) Letters() []string {
	letters := []string{}
	for _, axis := range a {
		letters = append(letters, axis.String())
	}
	return letters
}

func (a Axes) String() string { return strings.Join(a.Letters(), "") }

// A Relation says which candidates a loss can take.
type Relation int

const (
	// Rectangular losses take any candidates: the batch, a memory bank, proxies.
	Rectangular Relation = iota
	// Square losses need the rows of their candidates, so the candidates are the anchors.
	Square
)

func (r Relation) String() string {
	if r == Square {
		return "square"
	}
	return "rectangular"
}

// Traits are facts about a loss that a user or a test must know.
type Traits uint

const (
	// Detached: G is not the derivative of the value, because part of the formula is held
	// constant.
	Detached Traits = 1 << iota
	// SignChanging: a positive can have G > 0, or a negative G < 0.
	SignChanging
	// BatchCoupled: a pair's weight depends on other anchors' pairs.
	BatchCoupled
	// CountDivisor: the divisor counts active terms and jumps where one becomes active.
	CountDivisor
	// OrderDependent: which pairs take part depends on the order within a class.
	OrderDependent
	// ReadsVectorMeans: L also reads the means of the vectors (see [Batch.SetMeans]),
	// so G is only the part of its gradient through S.
	ReadsVectorMeans

	// The following are for programs and tests. Traits.Names omits them.

	// Stateful: the loss of a Factory depends on the batches that it has evaluated.
	Stateful
	// WeightDefined: the loss is given by its weights alone (Wang et al., CVPR 2019,
	// eq. 2). L is Σ G_ij·S_ij and can be compared with G, although G is not its
	// derivative.
	WeightDefined
	// Random: the miner draws pairs by a hash of S, so L jumps with every change of S.
	Random
)

// Names returns the names of the traits that users need to know.
func (t Traits) Names() []string {
	return names(uint(t), "detached", "sign_changing", "batch_coupled", "count_divisor", "order_dependent", "vectors")
}

func names(bits uint, all ...string) []string {
	set := []string{}
	for k, name := range all {
		if bits&(1<<k) != 0 {
			set = append(set, name)
		}
	}
	return set
}
