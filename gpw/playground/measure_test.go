package playground

import (
	"context"
	"slices"
	"testing"

	"gpwbench/gpw/probe"
	"gpwbench/losses"
)

// What is measured is what gpw probe prints, with its reasons.
func TestMeasure(t *testing.T) {
	for _, name := range []string{"npairs", "contrastive"} {
		got, err := MeasureRow(context.Background(), name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := losses.Choose(losses.Catalogue, name)
		if err != nil {
			t.Fatal(err)
		}
		want, err := probe.Run(context.Background(), []losses.Choice{c}, probe.Options{Seed: probeSeed, Tables: []string{probe.TicksTable}})
		if err != nil {
			t.Fatal(err)
		}

		for k, tick := range got.Ticks {
			axis := probe.Axes[k]
			if tick.Part != axis.String() || tick.Measured != want[0].Dependence.Negative.On[axis].Depends() || *tick.Printed != slices.Contains(c.Spec.Table1, axis) {
				t.Errorf("%s: the tick %+v is not that of the probe", name, tick)
			}
			if (tick.Why != "") != (tick.Measured != *tick.Printed) {
				t.Errorf("%s: %s has the reason %q", name, tick.Part, tick.Why)
			}
		}
		for k, c := range got.Cases {
			if c.Responds != want[0].Scenario.Responds(k) {
				t.Errorf("%s: %+v", name, c)
			}
		}
	}
	if _, err := MeasureRow(context.Background(), "circle"); err == nil {
		t.Error("circle has a row in Table 1")
	}
}
