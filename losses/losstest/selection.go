package losstest

import (
	"slices"

	"gpwbench/losses"
)

// selection checks that a PairSelector looks at nothing but the rows that it selects.
// Classes ascend, as SelectRows requires.
func (c *checker) selection() verdict {
	l, ok := c.loss.(losses.PairSelector)
	if !ok {
		return skip("it looks at all pairs")
	}
	pairs := 0
	for range 10 {
		labels := mixed(c.rng).anchors
		slices.Sort(labels)
		whole := embedded(c.rng, labels)

		rows, columns := l.SelectRows(nil, nil, labels)
		part := sample{anchors: at(labels, rows), candidates: at(labels, columns)}

		m := len(labels)
		want := make([]float64, m*m)
		for _, i := range rows {
			for _, j := range columns {
				if i == j {
					return fail("row %d of classes %v is an anchor and a candidate", i, labels)
				}
				part.s = append(part.s, whole.s[i*m+j])
			}
		}

		value, g := eval(l, whole)
		ofPart, h := eval(l, part)
		for k := range h {
			want[rows[k/len(columns)]*m+columns[k%len(columns)]] = h[k]
		}

		if value != ofPart || !slices.Equal(g, want) {
			return fail("L = %v, and of rows %v against %v alone %v, or G differs, classes %v", value, rows, columns, ofPart, labels)
		}

		pairs += len(h)
	}

	return pass("L and G of %d pairs of 10 batches, to the bit", pairs)
}

func at(labels, rows []int) []int {
	picked := make([]int, len(rows))
	for k, row := range rows {
		picked[k] = labels[row]
	}
	return picked
}
