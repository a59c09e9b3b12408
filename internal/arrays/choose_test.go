package arrays

import (
	"os"
	"strings"
	"testing"
)

// docs/spec.md lists the usual names that the code has, and no others.
func TestUsualNamesOfThePage(t *testing.T) {
	page, err := os.ReadFile("../../docs/spec.md")
	if err != nil {
		t.Fatal(err)
	}
	for of, names := range map[string][]string{"features": featureNames, "labels": labelNames, "partitions": partitionNames} {
		want := "\n- of " + of + ": `" + strings.Join(names, "`, `") + "`\n"
		if !strings.Contains(string(page), want) {
			t.Errorf("docs/spec.md lacks the line%s", want)
		}
	}
}
