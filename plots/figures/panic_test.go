package figures

import (
	"strings"
	"testing"

	"gpwbench/plots"
)

// A figure that panics is an error, because it is drawn in a goroutine.
func TestDrawingThatPanics(t *testing.T) {
	err := drawAll(t.Context(), nil, []drawing{{name: "figures/x", draw: func() *plots.Figure { panic("mine") }}}, nil)
	if err == nil || !strings.Contains(err.Error(), "figures/x: drawing panicked: mine") {
		t.Errorf("error %v", err)
	}
}
