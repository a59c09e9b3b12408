package table

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/results"
)

func reference(t *testing.T) *Reference {
	t.Helper()
	ref, err := Published("ms_cvpr2019")
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func TestPublishedUnknown(t *testing.T) {
	for _, name := range []string{"ms_cvpr2018", "", "../published/ms_cvpr2019"} {
		_, err := Published(name)
		errorHas(t, err, fmt.Sprintf("results: no published numbers named %q: there are ms_cvpr2019", name))
	}
}

func TestPublishedFilesParse(t *testing.T) {
	for _, name := range References() {
		ref, err := Published(name)
		if err != nil || len(ref.Values) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// trained is a run of a loss as its preset is, with embeddings of dim dimensions.
func trained(dataset, label, name string, dim int) results.Record {
	loss, preset, _ := strings.Cut(name, ".")
	return results.Record{
		Dataset: results.DatasetInfo{Name: dataset, Dim: 1280}, Label: label, Loss: loss, Preset: preset, Kind: results.KindLoss, AsPreset: true,
		Head: fmt.Sprintf("linear 1280→%d, pca", dim),
	}
}

// The eight rows of the ablation, in the words of our labels: Recall@1 on Cars-196 at 64
// dimensions.
func TestLookupAblation(t *testing.T) {
	ref := reference(t)
	for _, c := range []struct{ label, loss, want string }{
		{"Binomial", "binomial_deviance.scaled", "71.9"}, {"LiftedStruct*", "lifted_structure.star", "69.7"},
		{"MS mining", "multi_similarity.mining_only", "67.0"}, {"BinLifted", "binlifted.scaled", "70.4"},
		{"MS weighting", "multi_similarity.official", "73.2"}, {"Binomial + MS mining", "binomial_deviance.scaled", "74.6"},
		{"LiftedStruct* + MS mining", "lifted_structure.star", "72.2"}, {"MS", "multi_similarity.official", "77.3"},
	} {
		for _, dataset := range []string{"cars196", "cars", "cars196_train_mobilenetv2", "synthetic_cars_v1"} {
			r := trained(dataset, c.label, c.loss, 64)
			// A row of an ablation is known by its label, also where its miner is not the
			// preset's.
			r.AsPreset = false
			got, why := ref.lookup(r)
			if len(got) != 1 || got[0].Percent != c.want || got[0].Metric != "recall@1" || got[0].Dim != 64 || why != "" {
				t.Errorf("%s on %s: got %+v, %q, want %s", c.label, dataset, got, why, c.want)
			}
			if got, why := ref.lookup(trained(dataset, c.label, c.loss, 512)); c.label != "MS" && got != nil || got == nil && why == "" {
				t.Errorf("%s at 512 dimensions: got %+v, %q", c.label, got, why)
			}
		}
		if got, _ := ref.lookup(trained("cub", c.label, "contrastive.gpw", 64)); got != nil {
			t.Errorf("%s has an ablation on cub: %+v", c.label, got)
		}
	}

	// The default label of another loss or preset is no row of the ablation.
	if got, _ := ref.lookup(trained("cars", "Binomial", "binomial_deviance.gpw", 64)); got != nil {
		t.Errorf("another binomial has the ablation's number %+v", got)
	}
}

// A row has the numbers of its loss and preset under any label, its default one too, and
// those at the dimension of its own embeddings alone.
func TestLookupLoss(t *testing.T) {
	ref := reference(t)
	values := func(r results.Record) (got []string) {
		cells, _ := ref.lookup(r)
		for _, c := range cells {
			got = append(got, fmt.Sprintf("%d-d %s %s", c.Dim, c.Metric, c.Percent))
		}
		return got
	}

	for dim, want := range map[int][]string{
		64: {"64-d recall@1 74.1"}, 128: {"128-d recall@1 76.6"}, 512: {"512-d recall@1 78.2", "512-d recall@10 90.5", "512-d recall@100 96.0"},
	} {
		for _, label := range []string{"multi_similarity", "multi_similarity.official", "Multi-Similarity", "my MS"} {
			if diff := cmp.Diff(want, values(trained("sop", label, "multi_similarity.official", dim))); diff != "" {
				t.Errorf("%s on sop at %d (-want +got)\n%s", label, dim, diff)
			}
		}
	}

	// On Cars the ablation and the main table both have MS at 64 dimensions: one column,
	// one number.
	if diff := cmp.Diff([]string{"64-d recall@1 77.3"}, values(trained("cars196", "MS", "multi_similarity.official", 64))); diff != "" {
		t.Errorf("on cars196 (-want +got)\n%s", diff)
	}
	// Without a head the embeddings are the features.
	bare := trained("sop", "MS", "multi_similarity.official", 0)
	bare.Head, bare.Dataset.Dim = "none", 512
	if got := values(bare); len(got) != 3 {
		t.Errorf("512 features without a head: %v", got)
	}
	// A record older than as_preset says by a label of its own that it is a variant.
	old := trained("sop", "multi_similarity", "multi_similarity.official", 64)
	if old.AsPreset = false; len(values(old)) != 1 {
		t.Error("an older record of the loss by its name has lost its number")
	}
	if got, why := (*Reference)(nil).lookup(trained("sop", "MS", "multi_similarity.official", 64)); got != nil || why != "" {
		t.Errorf("no reference has published numbers %v, %q", got, why)
	}
}

// What has no published number says why.
func TestLookupSaysWhyNot(t *testing.T) {
	ref := reference(t)
	variant := trained("sop", "Multi-Similarity, β 10", "multi_similarity.official", 64)
	variant.AsPreset = false
	frozen := results.Record{Dataset: results.DatasetInfo{Name: "sop"}, Label: "frozen", Kind: results.KindBaseline}
	for _, c := range []struct {
		run  results.Record
		want string
	}{
		{trained("cub50_mobilenetv2", "MS", "multi_similarity.official", 64), "cub50_mobilenetv2 is none of the benchmarks cub200, cars196, sop, inshop by its name"},
		{trained("sop", "MS", "multi_similarity.paper", 64), "the reference has none of this loss and preset on SOP"},
		{trained("sop", "MS", "multi_similarity.official", 1280), "those of this loss on SOP are of 64, 128, 512 dimensions, the embeddings here of 1,280"},
		{variant, "parameters, miner or memory are not those of the preset that was published"},
		{frozen, ""},
	} {
		if got, why := ref.lookup(c.run); got != nil || why != c.want {
			t.Errorf("%s, %s: %v, %q, want %q", c.run.Dataset.Name, c.run.Label, got, why, c.want)
		}
	}
}

// What could be verified nowhere must not be in the file: MS on Cars beyond these K, ABE
// on Cars, the [mem] cells of SOP and In-Shop.
func TestPublishedOnlyVerified(t *testing.T) {
	allowed := map[string][]string{
		"cars196 MS 64":          {"recall@1"},
		"cars196 MS 512":         {"recall@1", "recall@2", "recall@4", "recall@8"},
		"cars196 ABE 512":        nil,
		"cub200 ABE 512":         {"recall@1"},
		"sop MS 64":              {"recall@1"},
		"sop MS 128":             {"recall@1"},
		"sop MS 512":             {"recall@1", "recall@10", "recall@100"},
		"inshop MS 128":          {"recall@1"},
		"inshop MS 512":          {"recall@1", "recall@10", "recall@20"},
		"inshop ABE 512":         {"recall@1", "recall@10", "recall@20", "recall@30", "recall@50"},
		"inshop FashionNet 4096": {"recall@1", "recall@10", "recall@20", "recall@30", "recall@50"},
	}
	for _, c := range reference(t).Values {
		key := fmt.Sprintf("%s %s %d", c.Dataset, c.Method, c.Dim)
		if metrics, listed := allowed[key]; listed && !slices.Contains(metrics, c.Metric) {
			t.Errorf("%s has %s %s, which was not verified", key, c.Metric, c.Percent)
		}
		if c.Dim == 256 || c.Dim == 1024 {
			t.Errorf("%s: no number at that size was found", key)
		}
	}
}

func TestReadCellsStrict(t *testing.T) {
	const header = "dataset,method,loss,row,backbone,dim,metric,value,paper,status,note\n"
	const good = "sop,MS,multi_similarity.official,,BN,64,recall@1,74.1,P,secondary,\n"
	if cells, err := readPublished(strings.NewReader(header + good)); err != nil || len(cells) != 1 || cells[0].Value != 0.741 {
		t.Fatalf("good cell: %+v, %v", cells, err)
	}

	for _, c := range []struct{ file, want string }{
		{"", "columns are"},
		{"dataset,method\n", "columns are"},
		{header + "sop,MS\n", "record on line 2: wrong number of fields"},
		{header + good + good, "line 3: a second recall@1 of MS at 64 dimensions on sop"},
		{header + strings.Replace(good, "sop", "sopp", 1), `line 2: unknown dataset "sopp"`},
		{header + strings.Replace(good, "MS", "", 1), "line 2: method, backbone and paper must not be empty"},
		{header + strings.Replace(good, ",P,", ",,", 1), "line 2: method, backbone and paper must not be empty"},
		{header + strings.Replace(good, ".official", "@40", 1), `line 2: loss is "multi_similarity@40"`},
		{header + strings.Replace(good, "64", "64-d", 1), `line 2: dim is "64-d"`},
		{header + strings.Replace(good, "64", "0", 1), `line 2: dim is "0"`},
		{header + strings.Replace(good, "recall@1", "R@1", 1), `line 2: unknown metric "R@1"`},
		{header + strings.Replace(good, "74.1", "", 1), `line 2: value is ""`},
		{header + strings.Replace(good, "74.1", "NaN", 1), `line 2: value is "NaN"`},
		{header + strings.Replace(good, "74.1", "101", 1), `line 2: value is "101"`},
		{header + strings.Replace(good, "74.1", "-1", 1), `line 2: value is "-1"`},
		{header + strings.Replace(good, "secondary", "mem", 1), `line 2: status is "mem"`},
	} {
		_, err := readPublished(strings.NewReader(c.file))
		errorHas(t, err, c.want)
	}
}
