package experiments

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/losses/losstest"
)

// The examples of docs/formulas.md are losses that keep the contract.
func TestFormulaManual(t *testing.T) {
	b, err := os.ReadFile("../docs/formulas.md")
	if err != nil {
		t.Fatal(err)
	}
	manual, checked := string(b), 0
	check := func(c losses.Choice) {
		checked++
		if err := losstest.Err(losstest.Check(c, 1)); err != nil {
			t.Errorf("%s: %v", c.Spec.Name, err)
		}
	}

	for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(manual, -1) {
		s, err := parseSpec(formulaHead + "  " + strings.ReplaceAll(block[1], "\n", "\n  "))
		if err != nil {
			t.Errorf("%v\n%s", err, block[1])
			continue
		}
		for _, row := range s.Losses {
			check(row.Choice)
		}
	}

	for _, command := range regexp.MustCompile(`gpw check --loss '(.*)'`).FindAllStringSubmatch(manual, -1) {
		row, _, err := spec.ParseLoss(command[1], losses.Catalogue)
		if err != nil {
			t.Errorf("%s: %v", command[1], err)
			continue
		}
		check(row.Choice)
	}

	if checked < 6 {
		t.Errorf("%d examples were checked", checked)
	}
}
