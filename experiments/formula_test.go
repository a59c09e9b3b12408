package experiments

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"gpwbench/experiments/spec"
	"gpwbench/losses"
)

const formulaHead = "name: small\ndatasets: [{name: cub, synthetic: cub}]\nlosses:\n"

// Errors of formulas point at the character, which § marks here, however YAML has the
// text.
func TestFormulaErrors(t *testing.T) {
	for _, c := range []struct{ name, losses, want string }{
		{"plain", "  - {name: a, value: sum_neg(s + §x)}\n", `unknown name "x"; known: s, count_pos, count_neg`},
		{"plain over lines", "  - name: a\n    value: sum_neg(s\n      + §x)\n", `unknown name "x"`},
		{"single quotes", "  - {name: a, value: 'sum_neg(s + §x)'}\n", `unknown name "x"`},
		{"double quotes", "  - {name: a, value: \"sum_neg(s + §x)\"}\n", `unknown name "x"`},
		{"double quotes over lines", "  - {name: a, value: \"sum_neg(s \\\n      + §x)\"}\n", `unknown name "x"`},
		{"an escaped blank", "  - {name: a, value: \"sum_neg(s +\\t§x)\"}\n", `unknown name "x"`},
		{"an escaped letter", "  - {name: a, value: §\"sum_neg(\\x73 + x)\"}\n", `character 13 of value: unknown name "x"`},
		{"literal", "  - name: a\n    value: |\n      sum_neg(\n        s + §x)\n", `unknown name "x"`},
		{"folded", "  - name: a\n    value: >-  # folded\n      sum_neg(\n        s\n\n      + §x)\n", `unknown name "x"`},
		{"behind an anchor and a tag", "  - {name: a, value: &v !!str 'sum_neg(s + §x)'}\n", `unknown name "x"`},
		{"behind letters of two bytes", "  - {title: Größe, name: a, value: sum_neg(s + §x)}\n", `unknown name "x"`},
		{"at the end", "  - {name: a, value: 'sum_neg(s) +§ '}\n", `the formula ends where a number, a name or a function should stand`},
		{"a foreign character", "  - {name: a, value: sum_neg(s §− 1)}\n", `'−' is not of the grammar; write -`},
		{"the nearest name", "  - {name: a, value: sum_neg(§alhpa*s), params: {alpha: 2}}\n", `unknown name "alhpa" (did you mean alpha?); known: s, count_pos, count_neg, alpha`},
		{"the nearest function", "  - {name: a, value: sum_neg(§sofplus(s))}\n", `unknown function "sofplus" (did you mean softplus?); known: abs, `},
		{"mine", "  - {name: a, value: sum_neg(s), mine: {negative: s > min_pos(§t)}}\n", `unknown name "t"`},
		{"every formula", "  - {name: a, positive: §x, negative: y}\n", `unknown name "x"`},
		{"an unused parameter", "  - {name: a, value: sum_neg(s), params: {§alpha: 2}}\n", "no formula has the parameter alpha; remove it, or use it"},
		{"a parameter's name", "  - {name: a, value: sum_neg(s)*exp(1), params: {§exp: 2}}\n", "exp has a meaning in formulas; give the parameter another name"},
		{"a parameter's value", "  - {name: a, value: sum_neg(s)*x, params: {x: §fast}}\n", `x must be a number, not "fast"`},
		{"a list of parameters", "  - {name: a, value: sum_neg(s)*x, params: §[2]}\n", `params must be names with numbers, such as {alpha: 2}`},
		{"no name", "  - §{value: sum_neg(s)}\n", "a loss of formulas needs a name of its own, such as {name: my_loss, value: …}"},
		{"a bad name", "  - {name: §My loss, value: sum_neg(s)}\n", `name must be a name of lower-case letters, digits and _, beginning with a letter, not "My loss"`},
		{"a name of the catalogue", "  - {name: §nca, value: sum_neg(s)}\n", "nca is a loss of the catalogue; give the formula a name of its own"},
		{"a name of a comparator", "  - {name: §proxy_nca, value: sum_neg(s)}\n", "proxy_nca is a loss of the catalogue; give the formula a name of its own"},
		{"both forms", "  - §{name: a, value: sum_neg(s), positive: 1}\n", "a loss is a value, or the weights positive and negative; remove one"},
		{"half a form", "  - §{name: a, positive: 1}\n", "a loss of formulas is a value, or the weights positive and negative of its pairs; one that has none is written 0"},
		{"no text", "  - {name: a, value: §[s]}\n", `value must be a formula, such as "relu(s - 0.5)"`},
		{"an unknown key", "  - {name: a, value: sum_neg(s), §preset: b}\n", `unknown key "preset" in a loss of formulas; known: name, title, params, value, positive, negative, mine, label, miner, memory, optimizer, protocol`},
		{"a misspelt key", "  - {name: a, §valeu: sum_neg(s)}\n", `unknown key "valeu" in a loss (did you mean value?); known: `},
		{"twice", "  - {name: a, value: sum_neg(s)}\n  - §{name: a, value: sum_pos(-s)}\n", `the same row as s.yaml:4:5: both are labelled "a"; give one a label`},
	} {
		t.Run(c.name, func(t *testing.T) {
			source := formulaHead + c.losses
			before, after, ok := strings.Cut(source, "§")
			if !ok {
				t.Fatal("the source has no mark")
			}
			line := before[strings.LastIndexByte(before, '\n')+1:]
			want := fmt.Sprintf("s.yaml:%d:%d: %s", strings.Count(before, "\n")+1, len([]rune(line))+1, c.want)
			if _, err := parseSpec(before + after); err == nil || !strings.Contains("\n"+err.Error(), "\n"+want) {
				t.Errorf("error %v, want %s", err, want)
			}
		})
	}

	_, err := parseSpec(formulaHead+"  - nca\n", `losses=[{name: a, value: "sum_neg(s + x)"}]`)
	if want := `losses=[{name: a, value: "sum_neg(s + x)"}]: character 13 of value: unknown name "x"`; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("an override: %v, want %s", err, want)
	}
	_, _, err = spec.ParseLoss("{name: a, value: sum_neg(s + x)}", losses.Catalogue)
	if want := `loss:1:30: unknown name "x"`; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("the flag: %v, want %s", err, want)
	}
}

// A formula is a row like any other, and what changes its numbers changes the settings
// behind the run's id; how it is spelled and called does not.
func TestFormulaRow(t *testing.T) {
	row, _, err := spec.ParseLoss("{name: mine, title: Mine, value: 'lambda*sum_neg(s)', params: {lambda: 2}, mine: {positive: s < 0.5}, miner: multi_similarity}", losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	spec := row.Choice.Spec
	got := fmt.Sprint(row.Label, "; ", row.Choice.Name(), "; ", row.Choice.Caption(), "; ", spec.Formula, "; ", spec.Family)
	if want := "Mine; mine.formula; λ 2, MS mining ε 0.1; value: lambda*sum_neg(s); mine.positive: s < 0.5; formula"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	settings := func(text string) string {
		s, err := parseSpec(formulaHead + "  - " + text + "\n")
		if err != nil {
			t.Fatal(err)
		}

		for _, c := range plannedRuns(s) {
			if c.Row != nil {
				b, err := json.Marshal(c.lossSettings())
				if err != nil {
					t.Fatal(err)
				}
				return string(b)
			}
		}

		t.Fatal("no run of a loss")
		return ""
	}

	base := settings("{name: mine, value: 'lambda*sum_neg(s)', params: {lambda: 2}}")
	for text, same := range map[string]bool{
		"{name: mine, value: ' (lambda * sum_neg( s ))', params: {lambda: 2.0}}":                 true,
		"{name: mine, value: 'lambda*sum_neg(s)', params: {lambda: 2}, title: T, label: L}":      true,
		"{name: mine, value: 'lambda*sum_neg(s)', params: {lambda: 3}}":                          false,
		"{name: mine, value: 'lambda*sum_neg(s^1)', params: {lambda: 2}}":                        false,
		"{name: mine, value: 'lambda*sum_neg(s)', params: {lambda: 2}, mine: {negative: s > 0}}": false,
		"{name: mine, value: 'lambda*sum_neg(s)', params: {lambda: 2}, miner: batch_hard}":       false,
		"{name: mine, positive: 0, negative: lambda, params: {lambda: 2}}":                       false,
	} {
		if (settings(text) == base) != same {
			t.Errorf("%s: the same settings %v, want %v", text, !same, same)
		}
	}
}
