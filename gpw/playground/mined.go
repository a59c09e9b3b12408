package playground

import (
	"regexp"
	"slices"

	"gpwbench/gpw/formula"
	"gpwbench/losses"
)

// kept returns, for each anchor and candidate of a square batch, whether the pair takes
// part: whether the miner of the loss and the conditions of its formula keep it.
func kept(c losses.Choice, l *Loss, b *losses.Batch) []bool {
	n := b.Candidates()
	keep := make([]bool, b.Anchors()*n)
	miner := c.Miner
	if whole, ok := miner.(losses.BatchMiner); ok {
		miner = whole.ForBatch(b)
	}

	for i := range b.Anchors() {
		if miner == nil {
			for j := range n {
				keep[i*n+j] = j != i
			}
			continue
		}

		a := b.Anchor(i)
		pos, neg := a.Masks()
		clear(pos)
		clear(neg)
		miner.Keep(a, pos, neg)
		for k, kept := range pos {
			keep[i*n+b.PositiveColumn(i, k)] = kept
		}
		for k, kept := range neg {
			keep[i*n+b.NegativeColumn(i, k)] = kept
		}
	}

	conditions(c, l, b, keep)
	return keep
}

// word finds the names in a condition.
var word = regexp.MustCompile(`[a-z_][a-z0-9_]*`)

// conditions takes away the pairs that the conditions of a formula do not select. It
// evaluates a loss of the same conditions and miner, in which every pair has the weight
// 1.
func conditions(c losses.Choice, l *Loss, b *losses.Batch, keep []bool) {
	if l.Mine == nil || l.Mine.Positive+l.Mine.Negative == "" {
		return
	}

	params, err := l.formulaParams()
	if err != nil {
		return // the loss itself would not be here
	}
	used := word.FindAllString(l.Mine.Positive+" "+l.Mine.Negative, -1)
	params = slices.DeleteFunc(params, func(p formula.Param) bool { return !slices.Contains(used, p.Name) })

	source := l.source()
	source.Value, source.Positive, source.Negative = "", "1", "1"
	marks, err := formula.New(source, params)
	if err != nil {
		return
	}
	g := make([]float64, len(keep))
	losses.MeanMined(c.Miner, marks).Eval(b, g)
	for k := range keep {
		keep[k] = keep[k] && g[k] != 0
	}
}
