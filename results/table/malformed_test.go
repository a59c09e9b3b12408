package table

import (
	"io"
	"testing"

	"gpwbench/results"
)

func TestMalformed(t *testing.T) {
	if _, err := Of(nil, results.Plan{}); err == nil {
		t.Error("a table of no folder")
	}
	for _, format := range append([]string{"none such"}, results.Formats...) {
		if err := (*Table)(nil).Write(io.Discard, format); err == nil {
			t.Errorf("no table is written as %s", format)
		}
	}
}
