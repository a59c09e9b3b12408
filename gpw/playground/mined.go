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
	keep := make([]bool, b.Anchors()*b.Candidates())
	miner := c.Miner
	if whole, ok := miner.(losses.BatchMiner); ok {
		miner = whole.ForBatch(b)
	}

	for i := range b.Anchors() {
		a := b.Anchor(i)
		pos, neg := make([]bool, len(a.Pos)), make([]bool, len(a.Neg))
		if miner == nil {
			for _, side := range [][]bool{pos, neg} {
				for k := range side {
					side[k] = true
				}
			}
		} else {
			miner.Keep(a, pos, neg)
		}
		for k := range pos {
			keep[i*b.Candidates()+b.PositiveColumn(i, k)] = pos[k]
		}
		for k := range neg {
			keep[i*b.Candidates()+b.NegativeColumn(i, k)] = neg[k]
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
