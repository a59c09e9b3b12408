package stats

// A Tie is what a row's difference to the best row comes to.
type Tie struct {
	Difference          // the row less the best one, so at most 0
	PHolm      *float64 `json:"p_holm"` // P adjusted for all rows; nil for the best and where P is
	Best       bool     `json:"best"`
	Tied       bool     `json:"tied"` // not distinguishable from the best; true for the best itself
}

// Ties says which rows are tied with the best one, that of the highest mean (the first
// of those that have it). rows[r] has row r's value for every query, averaged over its
// seeds. Every row is compared with the best by [Bootstrap.Difference], and the
// p-values are adjusted by [Holm] as one family. A row whose p is below [Level] then is
// not tied. Where a difference has no p, the row is tied, and Why says so.
//
// A row that is truly the best is called worse with a probability of at most Level.
// That one of several equally good rows is called worse is likelier, because the row
// they are all compared with is the one that chance favoured: TestTies measures both.
// Rows that are tied are not shown to be equal; Smallest says how far apart they could
// be unnoticed.
//
// It panics unless each row has one finite value per query. No rows give no ties.
func (b *Bootstrap) Ties(rows [][]float64) []Tie {
	if len(rows) == 0 {
		return nil
	}
	best, highest := 0, 0.0
	for r, row := range rows {
		b.mustFit(row)
		if mean, _ := b.atoms(row); r == 0 || mean > highest {
			best, highest = r, mean
		}
	}

	ties := make([]Tie, len(rows))
	p := make([]*float64, len(rows))
	for r, row := range rows {
		if r != best {
			ties[r].Difference = b.Difference(row, rows[best])
			p[r] = ties[r].P
		}
	}
	adjusted, tied := TiesOf(best, p)
	for r := range ties {
		ties[r].PHolm, ties[r].Tied = adjusted[r], tied[r]
	}
	ties[best].Best = true
	ties[best].Difference = Difference{N: b.Units(), Unit: b.unit}

	return ties
}

// TiesOf says the same from p-values made elsewhere: p[r] is that of row r against row
// best, nil where it is not known; p[best] is not read. An unknown p counts in the
// family, as 1. Its row is tied and has no adjusted p.
func TiesOf(best int, p []*float64) (adjusted []*float64, tied []bool) {
	var family []float64
	for r := range p {
		switch {
		case r == best:
		case p[r] == nil:
			family = append(family, 1)
		default:
			family = append(family, *p[r])
		}
	}
	family = Holm(family)

	adjusted, tied = make([]*float64, len(p)), make([]bool, len(p))
	next := 0
	for r := range p {
		if r == best {
			tied[r] = true
			continue
		}
		if p[r] != nil {
			adjusted[r] = &family[next]
		}
		tied[r] = family[next] >= Level
		next++
	}

	return adjusted, tied
}

// AverageSeeds returns the mean over seeds of each query's values: perSeed[s][q] is query
// q's with seed s. It panics unless all seeds have the same number of queries.
func AverageSeeds(perSeed [][]float64) []float64 {
	mean := make([]float64, len(perSeed[0]))
	for _, values := range perSeed {
		if len(values) != len(mean) {
			panic("stats: seeds of different queries")
		}
		for q, v := range values {
			mean[q] += v
		}
	}
	for q := range mean {
		mean[q] /= float64(len(perSeed))
	}

	return mean
}
