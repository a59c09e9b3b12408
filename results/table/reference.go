package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// About is what holds for all numbers of a [Reference]: the file NAME.json beside its
// numbers.
type About struct {
	Protocol string `json:"protocol"` // how the numbers came about, as far as it is known
	Frozen   string `json:"frozen"`   // what a head on frozen features cannot reproduce

	// Tuned says that the parameters of the losses were tuned for these numbers. They
	// then belong beside a row of the same loss and preset whatever its parameters are.
	Tuned bool `json:"tuned"`

	Orders []PublishedOrder `json:"orders"`
}

// A PublishedOrder is a claim that rows rank in some order.
type PublishedOrder struct {
	Title   string   `json:"title"`   // whose it is
	Dataset string   `json:"dataset"` // the benchmark, as of a PublishedValue
	Metric  string   `json:"metric"`  // as in Record.Metrics
	Rows    []string `json:"rows"`    // labels, the worst first
}

// readAbout reads the text of the file that describes a reference.
func readAbout(text []byte, values []PublishedValue) (About, error) {
	var a About
	if err := json.Unmarshal(text, &a); err != nil {
		return a, err
	}
	if a.Protocol == "" || a.Frozen == "" {
		return a, errors.New("protocol and frozen must not be empty")
	}

	for _, o := range a.Orders {
		if o.Title == "" || len(o.Rows) < 2 {
			return a, errors.New("an order needs a title and two rows or more")
		}
		for _, row := range o.Rows {
			of := func(c PublishedValue) bool { return c.Dataset == o.Dataset && c.Metric == o.Metric && c.Row == row }
			if !slices.ContainsFunc(values, of) {
				return a, fmt.Errorf("an order has the row %q, of which there is no %s on %s", row, o.Metric, o.Dataset)
			}
		}
	}
	return a, nil
}
