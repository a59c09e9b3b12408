//go:build browser

package page_test

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gpwbench/internal/browsertest"
	"gpwbench/internal/cli"
)

// gpw weigh prints, for the files and by the command that the page gives, the numbers
// that the page has: the value, and S, N, P, G and w of every pair, to 1e-12.
func TestBrowserAgreesWithWeigh(t *testing.T) {
	p := opened(t)
	agree(t, p, "new page")

	p.Choose("#surface", "sphere")
	p.Fill("#classes", "5")
	p.Fill("#each", "8")
	p.Click("#arrange button")
	p.Choose("#panel-0 [data-is=loss]", "triplet.pml")
	p.Choose("#panel-0 [data-is=miner]", "pair_margin")
	p.Fill(`#panel-0 [data-field="miner.pos_margin"] [data-value]`, "0.35")
	p.Press("Enter")
	p.Choose("#panel-1 [data-is=loss]", "formula")
	p.Fill(`#panel-1 [data-field="value"] textarea`, "softplus(lse_neg(beta*(s - 0.5)))/beta + mean_pos(1 - s)")
	p.Fill(`#panel-1 [data-field="params"] input`, "beta: 12.5")
	p.Fill(`#panel-1 [data-field="mine.negative"] input`, "s > min_pos(s) - 0.1")
	p.Choose("#pooling", "log_sum_exp:40")
	for range 3 {
		p.Click("#step")
	}
	agree(t, p, "sphere")
}

// agree compares every panel of the page with gpw weigh.
func agree(t *testing.T, p *browsertest.Page, what string) {
	t.Helper()
	still(p)
	browsertest.Eval[any](p, `showShare(), null`)
	for panel := range p.Count("article.panel") {
		files := browsertest.Eval[map[string]string](p, fmt.Sprintf(`ask('files', %d)`, panel))
		dir := t.TempDir()
		for _, name := range []string{"points.npy", "labels.npy"} {
			data, err := base64.StdEncoding.DecodeString(files[name])
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for name, text := range map[string]string{"points.csv": files["points.csv"], "labels.csv": files["labels.csv"]} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}

		command := p.Text(fmt.Sprintf("[data-command='%d']", panel))
		for _, form := range []string{".npy", ".csv"} {
			said := fmt.Sprintf("%s, loss %d, %s", what, panel+1, form)
			printed := weighed(t, dir, strings.ReplaceAll(command, ".npy", form))
			if shown := loss(t, p, panel); math.Abs(shown-printed.Loss) > 1e-12*max(1, math.Abs(shown)) {
				t.Errorf("%s: the page shows L = %v, gpw weigh %v", said, shown, printed.Loss)
			}
			compare(t, said, files["weights.csv"], printed)
		}
	}
}

// A printout is what gpw weigh prints as JSON.
type printout struct {
	Loss     float64
	Gradient [][]float64
	Pairs    []struct {
		Anchor, Candidate int
		Positive          bool
		S, Weight         float64
		N, P              *float64
	}
}

// weighed runs a command of the page in a folder.
func weighed(t *testing.T, dir, command string) printout {
	t.Helper()
	t.Chdir(dir)
	words, err := exec.Command("sh", "-c", `gpw() { printf '%s\0' "$@"; }; `+command+" --format json").Output()
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	var out, messages bytes.Buffer
	if code := cli.Main(strings.Split(strings.TrimSuffix(string(words), "\x00"), "\x00"), &out, &messages); code != 0 {
		t.Fatalf("%s ends with %d: %s", command, code, &messages)
	}
	var got printout
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

// compare holds the weights of the page against a printout.
func compare(t *testing.T, what, weights string, printed printout) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(weights)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if rows = rows[1:]; len(rows) != len(printed.Pairs) || len(rows) == 0 {
		t.Fatalf("%s: the page has %d pairs, gpw weigh %d", what, len(rows), len(printed.Pairs))
	}
	weighty := 0
	for k, pair := range printed.Pairs {
		row := rows[k]
		if row[0] != fmt.Sprint(pair.Anchor) || row[1] != fmt.Sprint(pair.Candidate) || row[2] != fmt.Sprint(pair.Positive) {
			t.Fatalf("%s: pair %d is %v on the page and %+v in gpw weigh", what, k, row, pair)
		}
		g := printed.Gradient[pair.Anchor][pair.Candidate]
		for column, want := range map[int]*float64{3: &pair.S, 4: pair.N, 5: pair.P, 6: &g, 7: &pair.Weight} {
			if (row[column] == "") != (want == nil) {
				t.Fatalf("%s: pair %d: %q is defined in one of the two only", what, k, row)
			}
			if want != nil && math.Abs(number(t, row[column])-*want) > 1e-12 {
				t.Fatalf("%s: pair %d: column %d is %s on the page and %v in gpw weigh", what, k, column, row[column], *want)
			}
		}
		if pair.Weight > 0 {
			weighty++
		}
	}
	if weighty == 0 {
		t.Errorf("%s: no pair has weight", what)
	}
}
