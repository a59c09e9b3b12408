package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gpwbench/results/compare"
)

// A TestedOrder is an order of a reference, tested on the runs of a block.
type TestedOrder struct {
	Title string `json:"title"` // whose claim it is
	compare.Order
}

// testOrders tests the orders that the reference claims on the blocks of their benchmark,
// and says below what came out.
func (t *Table) testOrders() {
	if t.reference == nil {
		return
	}
	said := false
	for _, o := range t.reference.About.Orders {
		for _, b := range t.Blocks {
			if benchmarkOf(b.Dataset.Name) != o.Dataset || b.Compared == nil {
				continue
			}
			lacking := b.lacks(o.Rows)
			if len(lacking) > len(o.Rows)-2 { // this is another experiment
				continue
			}

			note := fmt.Sprintf("%s: %s claims an order of rows in %s", b.datasetCell(), o.Title, metricTitle(o.Metric))
			if len(lacking) > 0 {
				t.Notes = append(t.Notes, fmt.Sprintf("%s, which is not tested, because there is no row %s.", note, strings.Join(lacking, ", ")))
				continue
			}
			tested, err := b.Compared.TestOrder(o.Metric, o.Rows)
			if name := new(compare.NameError); errors.As(err, &name) {
				err = fmt.Errorf("several rows are called %s", name.Name)
			}
			if err != nil {
				t.Notes = append(t.Notes, fmt.Sprintf("%s, which is not tested, because %v.", note, err))
				continue
			}

			t.Orders = append(t.Orders, TestedOrder{o.Title, *tested})
			t.Notes = append(t.Notes, note+". "+o.asks(b))
			if !said {
				t.Notes, said = append(t.Notes, compare.OrderNote()), true
			}
			t.Notes = append(t.Notes, tested.Sentences()...)
		}
	}
}

// asks says what of the order is tested, and on what.
func (o PublishedOrder) asks(b Block) string {
	text := fmt.Sprintf("It is tested on the figures measured here, and so is that %s is the best.", o.Rows[len(o.Rows)-1])
	if b.Dataset.Synthetic {
		text += fmt.Sprintf(" What comes out on a stand-in says nothing of the real %s.", benchmarkTitle(o.Dataset))
	}
	return text
}

// lacks are the labels that no row of the block has.
func (b Block) lacks(labels []string) []string {
	var lacking []string
	for _, label := range labels {
		if !slices.ContainsFunc(b.Rows, func(r Row) bool { return r.Label == label }) {
			lacking = append(lacking, label)
		}
	}
	return lacking
}
