package inspect

import "fmt"

// A knownCount is rows and classes of a benchmark, or of a part of it.
type knownCount struct {
	rows, classes int
	severity      Severity
	is, advice    string
}

const (
	use2011   = "use CUB_200_2011 (11,788 images): results in papers on metric learning are of it, and these do not compare with them"
	useWhole  = "take the images of both parts together, and split by class: in metric learning training and test classes differ"
	splitWith = "as a data set of a spec give split: %s"
)

// knownCounts were counted in the annotations of the sets; those of CUB-200-2010 are of
// its technical report (Welinder et al., CNS-TR-2010-001).
var knownCounts = []knownCount{
	{6033, 200, Warning, "CUB-200-2010, the earlier and smaller set", use2011},
	{3000, 200, Warning, "the training images of CUB-200-2010", use2011},
	{3033, 200, Warning, "the test images of CUB-200-2010", use2011},
	{5994, 200, Warning, "the training images of the closed-set split of CUB-200-2011 (train_test_split.txt)", useWhole},
	{5794, 200, Warning, "the test images of the closed-set split of CUB-200-2011 (train_test_split.txt)", useWhole},
	{8144, 196, Warning, "the training images of the closed-set split of Cars-196 (cars_train)", useWhole},
	{8041, 196, Warning, "the test images of the closed-set split of Cars-196 (cars_test)", useWhole},
	{11788, 200, Note, "CUB-200-2011", fmt.Sprintf(splitWith, "cub200")},
	{16185, 196, Note, "Cars-196", fmt.Sprintf(splitWith, "cars196")},
	{120053, 22634, Note, "Stanford Online Products", fmt.Sprintf(splitWith, "sop")},
	{52712, 7982, Note, "In-Shop Clothes Retrieval", fmt.Sprintf(splitWith, "inshop") + " and a partition"},
	{5864, 100, Note, "the training classes of CUB-200-2011", "evaluate on the other 100 classes"},
	{5924, 100, Note, "the test classes of CUB-200-2011", "train on the other 100 classes"},
	{8054, 98, Note, "the training classes of Cars-196", "evaluate on the other 98 classes"},
	{8131, 98, Note, "the test classes of Cars-196", "train on the other 98 classes"},
	{59551, 11318, Note, "the training classes of Stanford Online Products", "evaluate on the other 11,316 classes"},
	{60502, 11316, Note, "the test classes of Stanford Online Products", "train on the other 11,318 classes"},
}

// near is how many rows a set may lack and still be named, of a hundred.
const nearPercent = 1

// knownSet recognises a benchmark by its counts, and one that lacks a few rows.
func knownSet(s *Subject) []Finding {
	if s.Differs != "" { // which says more
		return nil
	}
	n := len(s.Labels)
	if s.X != nil && s.Labels != nil {
		n = s.X.N
	}
	for _, k := range knownCounts {
		if n == k.rows && len(s.classes) == k.classes {
			return []Finding{{Severity: k.severity, Text: fmt.Sprintf("%d rows of %d classes are the counts of %s", k.rows, k.classes, k.is), Advice: k.advice}}
		}
	}
	for _, k := range knownCounts {
		off := n - k.rows
		if len(s.classes) == k.classes && off != 0 && 100*max(off, -off) <= nearPercent*k.rows {
			return []Finding{{Severity: Warning, Count: off,
				Text:   fmt.Sprintf("%d rows of %d classes: %s has %d", n, k.classes, k.is, k.rows),
				Advice: "find the images that are missing or twice there, before results are compared with papers",
			}}
		}
	}
	return nil
}
