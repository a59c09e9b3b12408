package experiments

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gpwbench/losses"
	"gpwbench/results"
	"gpwbench/results/table"
)

// Every shipped spec parses. Without the files that it names it runs on stand-ins, or
// says which files are missing.
func TestShippedDryRun(t *testing.T) {
	t.Setenv("GPW_DATA", "")
	onFilesAlone := []string{"features", "every_loss", "own_features"}
	for _, name := range Shipped() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := Open(name, nil, losses.Catalogue)
			if err != nil {
				t.Fatal(err)
			}
			if s.Name != name {
				t.Errorf("%s.yaml is called %s", name, s.Name)
			}
			for k := range s.Datasets { // the settings are the same at any scale
				if d := &s.Datasets[k]; d.Scale > 0.5 {
					d.Scale = 0.5
				}
			}
			text, err := DryRun(t.Context(), s, t.TempDir()+"/none", Options{})
			missing := new(MissingError)
			switch {
			case slices.Contains(onFilesAlone, name):
				if !errors.As(err, &missing) {
					t.Errorf("error %v, want one about missing files", err)
				}
			case err != nil:
				t.Error(err)
			case !strings.Contains(text, "runs") || s.Datasets[0].Features != "" && !strings.Contains(text, "a stand-in runs in its place"):
				t.Errorf("the dry run says:\n%s", text)
			}
		})
	}
}

// The papers' specs name their reference, and every row that a reference has a number of.
func TestPapersSpecs(t *testing.T) {
	t.Setenv("GPW_DATA", "")
	for name, left := range map[string]string{
		"paper_table1": "", "paper_embedding_size": "heads of 256, 512, 1024 dimensions are left out: the stand-in has 128 features",
		"paper_cub_cars": "heads of 512 dimensions are left out", "paper_sop": "heads of 512 dimensions are left out",
		"paper_inshop": "heads of 512 dimensions are left out", "reality_check": "",
	} {
		s, err := Open(name, nil, losses.Catalogue)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := table.Published(s.Reference); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		text, err := DryRun(t.Context(), s, t.TempDir()+"/none", Options{})
		if err != nil || left != "" && !strings.Contains(text, left) || left == "" && strings.Contains(text, "left out") {
			t.Errorf("%s: error %v, want %q in\n%s", name, err, left, text)
		}
	}
}

// The Reality Check runs as it is shipped, here with fewer losses and steps: four folds
// choose by MAP@R, their heads are rows of their own, and the numbers that are published
// of these stand beside them.
func TestRealityCheckRuns(t *testing.T) {
	t.Setenv("GPW_DATA", "")
	s, err := Open("reality_check", []string{"steps=2", "protocol.every=2", "losses=[{name: contrastive.pml, label: Contrastive}]", "baselines=frozen"}, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Run(t.Context(), s, t.TempDir(), Options{Workers: 2})
	if err != nil || len(out.Failed) > 0 {
		t.Fatal(err, out.Failed)
	}
	if len(out.Table.Blocks) != 2 {
		t.Fatalf("%d data sets", len(out.Table.Blocks))
	}
	for _, b := range out.Table.Blocks {
		want := map[string]string{"Contrastive, separated": "59.73", "Contrastive, concatenated": "68.13"}
		if strings.Contains(b.Dataset.Name, "cars") {
			want = map[string]string{"Contrastive, separated": "69.80", "Contrastive, concatenated": "81.87"}
		}
		for _, r := range b.Rows {
			value := ""
			for _, c := range r.Published {
				if c.Metric == "recall@1" {
					value = c.Percent
				}
			}
			if value != want[r.Label] {
				t.Errorf("%s on %s has the published %q, want %q", r.Label, b.Dataset.Name, value, want[r.Label])
			}
			if v := r.Runs[0].Validation; r.Label == "Contrastive" && (v.Folds != 4 || v.Metric != "map_at_r") {
				t.Errorf("chosen by %+v", v)
			}
			delete(want, r.Label)
		}
		if len(want) > 0 {
			t.Errorf("%s lacks the rows %v", b.Dataset.Name, want)
		}
	}
}

// Heads that a stand-in in place of missing files is too narrow for are left out of a
// sweep. What no dimension fits is refused, and so is any on a stand-in
// that was asked for.
func TestSweepLeavesOutWideHeads(t *testing.T) {
	const text = `name: wide
datasets: [{name: cars196, features: none/x.npy, labels: none/y.npy, synthetic: cars, scale: 0.03}]
losses: [multi_similarity]
baselines: [pca]
head: {dim: 64, init: pca}
sampler: {classes: 2, per_class: 2}
steps: 1
seeds: 1
sweep: {head.dim: [512, 64, 128, 1024]}
reference: ms_cvpr2019
`
	out := runText(t, t.TempDir(), text)
	var rows []string
	for _, r := range out.Table.Blocks[0].Rows {
		if r.Kind == results.KindLoss {
			rows = append(rows, results.SweptText(r.Swept["head.dim"]))
		}
	}
	if want := []string{"64", "128"}; !slices.Equal(rows, want) {
		t.Errorf("rows of %v dimensions, want %v", rows, want)
	}
	note := "cars196 (synthetic): heads of 512, 1,024 dimensions are left out, because the stand-in has 128 features."
	if !slices.Contains(out.Table.Notes, note) {
		t.Errorf("the notes lack %q:\n%s", note, strings.Join(out.Table.Notes, "\n"))
	}

	// With one value left the row is not swept, and runs.
	if out := runText(t, t.TempDir(), text, "sweep.head.dim=[64, 512]"); len(out.Table.Blocks[0].Rows) == 0 {
		t.Error("nothing ran")
	}
	for _, overrides := range [][]string{
		{"sweep.head.dim=[512, 1024]"}, {"sweep={}", "head.dim=512"}, {"datasets=[{name: cars196, synthetic: cars, scale: 0.03}]"},
	} {
		s, err := parseSpec(text, overrides...)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := DryRun(t.Context(), s, t.TempDir()+"/none", Options{}); err == nil || !strings.Contains(err.Error(), "the head is to have 512 dimensions") {
			t.Errorf("%q: error %v, want one about 512 dimensions", overrides, err)
		}
	}
}
