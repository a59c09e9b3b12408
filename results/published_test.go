package results

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
		wantError(t, err, fmt.Sprintf("results: no published numbers named %q: there are ms_cvpr2019", name))
	}
}

func TestPublishedFilesParse(t *testing.T) {
	for _, name := range References() {
		ref, err := Published(name)
		if err != nil || len(ref.Cells) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The eight rows of the ablation, in the words of our labels: Recall@1 on Cars-196 at 64 dimensions.
func TestLookupAblation(t *testing.T) {
	ref := reference(t)
	for label, want := range map[string]string{
		"Binomial": "71.9", "LiftedStruct*": "69.7", "MS mining": "67.0", "BinLifted": "70.4", "MS weighting": "73.2",
		"Binomial + MS mining": "74.6", "LiftedStruct* + MS mining": "72.2", "MS": "77.3",
	} {
		for _, dataset := range []string{"cars196", "cars", "cars196_train_mobilenetv2", "synthetic_cars_v1"} {
			got := ref.Lookup(dataset, label, "any", "thing")
			if len(got) != 1 || got[0].Percent != want || got[0].Metric != "recall@1" || got[0].Dim != 64 {
				t.Errorf("%s on %s: got %+v, want %s", label, dataset, got, want)
			}
		}
		if got := ref.Lookup("cub", label, "any", "thing"); got != nil {
			t.Errorf("%s has an ablation on cub: %+v", label, got)
		}
	}
}

func TestLookupLoss(t *testing.T) {
	ref := reference(t)
	values := func(dataset, label, loss, preset string) (got []string) {
		for _, c := range ref.Lookup(dataset, label, loss, preset) {
			got = append(got, fmt.Sprintf("%d-d %s %s", c.Dim, c.Metric, c.Percent))
		}
		return got
	}
	want := []string{"64-d recall@1 74.1", "128-d recall@1 76.6", "512-d recall@1 78.2", "512-d recall@10 90.5", "512-d recall@100 96.0"}
	for _, label := range []string{"multi_similarity", "multi_similarity.official"} {
		if diff := cmp.Diff(want, values("sop", label, "multi_similarity", "official")); diff != "" {
			t.Errorf("%s on sop (-want +got)\n%s", label, diff)
		}
	}
	// On Cars the ablation and the main table both have MS at 64 dimensions: one column, one number.
	want = []string{"64-d recall@1 77.3", "512-d recall@1 84.1", "512-d recall@2 90.4", "512-d recall@4 94.0", "512-d recall@8 96.5"}
	if diff := cmp.Diff(want, values("cars196", "multi_similarity", "multi_similarity", "official")); diff != "" {
		t.Errorf("on cars196 (-want +got)\n%s", diff)
	}
	for _, none := range [][4]string{
		{"cub50_mobilenetv2", "multi_similarity", "multi_similarity", "official"}, // a part of CUB
		{"mine", "multi_similarity", "multi_similarity", "official"},
		{"sop", "MS without mining", "multi_similarity", "official"}, // a variant
		{"sop", "multi_similarity", "multi_similarity", "paper"},
		{"sop", "frozen", "frozen", ""},
	} {
		if got := values(none[0], none[1], none[2], none[3]); got != nil {
			t.Errorf("%q has published numbers %v", none, got)
		}
	}
	if got := (*Reference)(nil).Lookup("sop", "MS", "multi_similarity", "official"); got != nil {
		t.Errorf("no reference has published numbers %v", got)
	}
}

// What could be verified nowhere must not be in the file: MS on Cars beyond these K, ABE on Cars, the [mem] cells of SOP
// and In-Shop.
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
	for _, c := range reference(t).Cells {
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
	if cells, err := readCells(strings.NewReader(header + good)); err != nil || len(cells) != 1 || cells[0].Value != 0.741 {
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
		_, err := readCells(strings.NewReader(c.file))
		wantError(t, err, c.want)
	}
}
