package experiments

import (
	"fmt"
	"slices"
	"strings"

	"gpwbench/experiments/protocol"
	"gpwbench/experiments/spec"
	"gpwbench/train"
	"gpwbench/train/config"
)

// maxRunBytes bounds the memory of one run beside its data set: that of a batch of 9,000
// rows compared with itself. It is the same on every machine, so that a spec which is
// right on one is right on all.
const maxRunBytes = 4 << 30

// validateAgainstData makes defaults fit a data set, and refuses settings that do not. It
// fills the remarks of the data set and the baselines that are left out.
func validateAgainstData(s *spec.Spec, src *loadedDataset) error {
	f := fitting{spec: s, source: src, large: map[string]bool{}}
	f.folds()
	if len(f.Problems) > 0 {
		return &f.SpecError
	}

	if len(s.Losses) > 0 {
		src.clampSampler()
		src.noteCopies()
	}
	f.directions()
	f.baselines()
	if len(s.Losses) > 0 {
		f.sampler()
		f.head()
		f.augment()
	}

	if len(f.Problems) == 0 {
		f.rows()
	}
	if len(f.Problems) > 0 {
		return &f.SpecError
	}

	return nil
}

// clampSampler lowers the default number of classes in a batch to what the training split
// has. A number that the spec gives is not touched: it is refused.
func (s *loadedDataset) clampSampler() {
	d, have := s.spec, s.classesToDraw
	if d.Sampler.Classes > 0 {
		return
	}
	d.Sampler.Classes = config.DefaultClasses
	if d.Sampler.Name == config.Uniform || have >= config.DefaultClasses || have < 2 {
		return
	}
	s.remarks = append(s.remarks, fmt.Sprintf("batches have all %d training classes, fewer than the default %d; sampler.classes sets the number", have, config.DefaultClasses))
	d.Sampler.Classes = have
}

// counts returns the rows of each class.
func counts(labels []int) map[int]int {
	n := map[int]int{}
	for _, l := range labels {
		n[l]++
	}
	return n
}

// checkTest refuses test rows that measure nothing: retrieval needs a query with a
// positive and a negative.
func (s *loadedDataset) checkTest() error {
	inGallery, self, where := counts(s.galleryLabels), 0, "rows"
	if s.split.GalleryIsQuery {
		self = 1
	} else {
		where = "gallery rows"
	}

	positives, negatives := s.measurable(s.queryGroups, s.galleryGroups)
	if s.queryGroups != nil && negatives == 0 {
		if n, _ := s.measurable(nil, nil); n > 0 {
			return s.noneOfAnotherGroup(positives)
		}
	}

	gallery := fmt.Sprintf("%d test %s of %s", len(s.galleryLabels), where, classesText(len(inGallery)))
	switch {
	case positives > 0 && negatives > 0:
		return nil
	case positives > 0:
		return fmt.Errorf("%s: no query has a negative among the %s, and so Recall@K is 100 %% of any embedding; put more classes into the test", s.spec.Name, gallery)
	case self == 1:
		return fmt.Errorf("%s: no query has a positive: the %s have one row a class; put classes of two rows or more into the test", s.spec.Name, gallery)
	}

	of, in := counts(s.queryLabels), ""
	if len(s.data.Names) > 0 {
		every := func(int) bool { return true }
		gallery, in = gallery+s.classNames(inGallery, every), s.classNames(of, every)
	}
	return fmt.Errorf("%s: no query has a positive: the %d queries are of %s%s, and none of these is among the %s; query and gallery must share classes",
		s.spec.Name, len(s.queryLabels), classesText(len(of)), in, gallery)
}

func classesText(n int) string {
	if n == 1 {
		return "1 class"
	}
	return fmt.Sprintf("%d classes", n)
}

// A fitting collects what of a spec does not fit a data set.
type fitting struct {
	spec.SpecError
	spec   *spec.Spec
	source *loadedDataset
	// Settings whose size is refused, for the first row that meets them.
	large map[string]bool
}

func (f *fitting) refuse(path string, format string, args ...any) {
	line := f.spec.Where(path) + ": " + fmt.Sprintf(format, args...)
	if !slices.Contains(f.Problems, line) {
		f.Problems = append(f.Problems, line)
	}
}

// path is the path of a setting of the data set.
func (f *fitting) path(key string) string {
	for k := range f.spec.Datasets {
		if &f.spec.Datasets[k] == f.source.spec {
			return fmt.Sprintf("datasets.%d.%s", k, key)
		}
	}
	return key
}

// row is the path of a row.
func (f *fitting) row(r *spec.Row) string {
	for k := range f.spec.Losses {
		if &f.spec.Losses[k] == r {
			return fmt.Sprintf("losses.%d", k)
		}
	}
	return "losses"
}

// baselines leaves out those that cannot be fitted, with a remark; if the spec gives
// them, they are refused.
func (f *fitting) baselines() {
	src := f.source
	src.leftOut = map[*spec.Baseline]string{}
	for k := range f.spec.Baselines {
		if src.spec.LabelsOnly() {
			return
		}
		b := &f.spec.Baselines[k]
		why := src.unfit(b.Name, src.pcaDim(b), nil)
		if _, chosen := src.spec.Protocol.(protocol.Validated); why == "" && chosen && b.Name == spec.Whitening {
			why = f.unfitOnFolds(b.Name, src.info.Dim)
		}
		switch {
		case why == "":
		case !f.spec.OptionalBaselines:
			f.refuse("baselines", "%s of %s %s; leave it out of the baselines", b.Name, src.spec.Name, why)
		default:
			src.leftOut[b] = why
			src.remarks = append(src.remarks, fmt.Sprintf("the baseline %s is left out: it %s", b.Name, why))
		}
	}
}

// unfit says why a linear map cannot be fitted on the training rows with these numbers,
// nil for all of them, or "".
func (s *loadedDataset) unfit(kind string, dim int, rows []int) string {
	if kind != spec.PCA && kind != spec.Whitening {
		return ""
	}

	features := float64(s.info.Dim)
	// The covariance, its factors, and room to find them.
	if bytes := 3 * 8 * features * features; bytes > maxRunBytes {
		return fmt.Sprintf("takes %s for %d features, and a run may take %s", size(bytes), s.info.Dim, size(maxRunBytes))
	}
	n := s.info.TrainRows
	if rows != nil {
		n = len(rows)
	}
	reduces := kind == spec.PCA || dim < s.info.Dim
	if most := min(s.info.Dim, n-1); reduces && dim > most {
		return fmt.Sprintf("is to have %d dimensions, and %d training rows of %d features have at most %d", dim, n, s.info.Dim, most)
	}
	if kind == spec.PCA && s.directions.alike {
		return fmt.Sprintf("needs training rows that differ, and all %d are equal", s.info.TrainRows)
	}
	if kind == spec.Whitening && !s.hasVariedClass(rows) {
		return "needs a training class with two different rows, and there is none"
	}

	return ""
}

// hasVariedClass reports whether a training class has two different rows, of the rows
// with these numbers; nil for all.
func (s *loadedDataset) hasVariedClass(rows []int) bool {
	if rows == nil {
		rows = everyRow(len(s.trainLabels))
	}
	first := map[int]int{}
	for _, i := range rows {
		l := s.trainLabels[i]
		k, ok := first[l]
		if !ok {
			first[l] = i
			continue
		}
		if x, of := s.data.X, s.split.Train; !slices.Equal(x.Row(of[i]), x.Row(of[k])) {
			return true
		}
	}
	return false
}

func (f *fitting) sampler() {
	d, have := f.source.spec, f.source.classesToDraw
	switch batch := d.Sampler.Classes * d.Sampler.PerClass; {
	case have < 2:
		f.refuse(f.path("sampler.classes"), "the training split of %s has %s, so that no pair is negative; a loss needs two or more: give the training more classes by split, or leave out the losses",
			d.Name, classesText(have))
	case d.Sampler.Name == config.Uniform && batch > f.source.info.TrainRows:
		f.refuse(f.path("sampler.classes"), "a batch has %d·%d rows, and the training split of %s has %d; lower sampler.classes or sampler.per_class",
			d.Sampler.Classes, d.Sampler.PerClass, d.Name, f.source.info.TrainRows)
	case d.Sampler.Name != config.Uniform && have < d.Sampler.Classes:
		of := "the training split"
		if have < f.source.info.TrainClasses {
			of = "a training on the folds"
		}
		f.refuse(f.path("sampler.classes"), "a batch has %d classes, and %s of %s has %d; lower sampler.classes", d.Sampler.Classes, of, d.Name, have)
	}
}

func (f *fitting) head() {
	d, features := f.source.spec, f.source.info.Dim
	dim := d.Head.Dim
	switch {
	case !d.Head.Trains() && d.Average.InUse():
		f.refuse(f.path("average"), "average is of the weights of a head, and %s has head none; leave average out", d.Name)
		return
	case !d.Head.Trains():
		return
	case dim > features:
		f.refuse(f.path("head.dim"), "the head is to have %d dimensions, the features of %s have %d; lower head.dim, or leave it out for all", dim, d.Name, features)
		return
	case d.Head.Hidden > features:
		f.refuse(f.path("head.hidden"), "the head is to have %d hidden units, and the features of %s have %d dimensions; lower head.hidden, or leave it out for as many as head.dim", d.Head.Hidden, d.Name, features)
		return
	case dim == 0:
		dim = features
	}

	start := startMap(d.Head.Init)
	if why := f.source.unfit(start, dim, nil); why != "" {
		f.refuse(f.path("head.init"), "the start %s of the head %s; take another head.init or head.dim", d.Head.Init, why)
	} else if why := f.unfitOnFolds(start, dim); why != "" {
		f.refuse(f.path("head.init"), "the start %s of the head %s; lower head.dim, raise protocol.folds, or take another head.init or protocol", d.Head.Init, why)
	}
}

// rows holds what every row trains with against the batch and the bound of memory.
func (f *fitting) rows() {
	d := f.source.spec
	batch := d.Sampler.Classes * d.Sampler.PerClass
	for _, c := range plannedRuns(f.spec) {
		if c.Dataset != d || c.Row == nil || c.Seed > 0 {
			continue
		}

		at := f.path("memory")
		if c.Row.Memory != nil {
			at = f.row(c.Row)
		}
		m := c.Row.MemoryOn(d)
		switch {
		case m.Remembers() && m.Size < batch:
			f.refuse(at, "memory.size is %d, and a batch of %s has %d rows; the memory must hold one", m.Size, d.Name, batch)
		case m.Remembers() && m.Warmup >= d.Steps:
			f.refuse(at, "memory.warmup is %d, and %s trains for %d steps, so that the memory would never be used; lower it", m.Warmup, d.Name, d.Steps)
		default:
			f.memory(c, at)
		}
	}
}

// memory refuses a run that takes more memory than the bound, and names the setting that
// takes most.
func (f *fitting) memory(c PlannedRun, memoryAt string) {
	d, features, classes := f.source.spec, f.source.info.Dim, f.source.info.TrainClasses
	setup := f.source.trainConfig(c)
	bytes, kept, joined := setup.Bytes(features, classes), keptBytes(c), f.source.ensembleBytes(c)
	if bytes+kept+joined <= maxRunBytes {
		return
	}

	alone := setup // without what the batch is compared with
	alone.Memory.Name, alone.Proxies.PerClass = "", 0
	small := alone // and with the smallest batch
	small.Sampler.Classes, small.Sampler.PerClass = 1, 2
	at, advice := f.path("sampler.classes"), "sampler.classes"
	if d.Sampler.PerClass > d.Sampler.Classes {
		at, advice = f.path("sampler.per_class"), "sampler.per_class"
	}

	switch {
	case small.Bytes(features, classes) > maxRunBytes:
		at, advice = f.path("head.dim"), "head.dim"
	case alone.Bytes(features, classes) > maxRunBytes:
	case joined > max(bytes, kept):
		at, advice = f.path("protocol"), "protocol.folds or head.dim, or take ensemble none"
		if c.Row.Protocol != nil {
			at = f.row(c.Row)
		}
	case kept > bytes:
		at, advice = "weights.at", "the number of steps in weights.at"
	case setup.Memory.Name == config.XBM:
		at, advice = memoryAt, "memory.size"
	case setup.Proxies.PerClass > 0:
		at, advice = f.row(c.Row), "proxies.per_class"
	}

	if f.large[at] {
		return
	}

	f.large[at] = true
	f.refuse(at, "a run of %s on %s takes about %s of memory, and one may take %s; lower %s", c.Row.Label, d.Name, size(bytes+kept+joined), size(maxRunBytes), advice)
}

// keptBytes are those of the snapshots of a run: S, G and labels of every step that is
// kept, and while they are written S again, in float32, and a file that grows.
func keptBytes(c PlannedRun) float64 {
	m, steps := float64(c.Dataset.Sampler.Classes)*float64(c.Dataset.Sampler.PerClass), 0.0
	for _, step := range c.Keep {
		if c.Row.ComparesBatch(c.Dataset, step) {
			steps++
		}
	}
	return steps * m * m * (8 + 8 + 4 + 2*(4+8))
}

// size writes bytes in the largest unit of which there is one.
func size(bytes float64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"}
	k := 0
	for bytes >= 1024 && k+1 < len(units) {
		bytes /= 1024
		k++
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", bytes), ".0") + " " + units[k]
}

// checkPreprocess refuses steps that the rows cannot take, such as the root of a negative
// feature, before a run meets them.
func (s *loadedDataset) checkPreprocess() error {
	steps := s.spec.Preprocess
	if s.spec.LabelsOnly() || !slices.Contains(steps, config.Sqrt) && slices.Index(steps, config.L2) < 1 {
		return nil // the others take every row, and no row of a data set is all zeros
	}
	p, err := train.FitPreprocessRows(steps, s.data.X, s.split.Train)
	if err != nil {
		return fmt.Errorf("%s: %w", s.spec.Name, err)
	}
	parts := [][]int{s.split.Query}
	if !s.split.GalleryIsQuery {
		parts = append(parts, s.split.Gallery)
	}
	for _, rows := range parts {
		if err := p.Each(s.data.X, rows, func(int, []float32) {}); err != nil {
			return fmt.Errorf("%s: %w", s.spec.Name, err)
		}
	}
	return nil
}

// describe says in a few words what was read.
func (s *loadedDataset) describe() string {
	if s.spec.LabelsOnly() {
		return fmt.Sprintf("%s of %s, labels alone", s.describeTest(), classesText(s.info.TestClasses))
	}
	return fmt.Sprintf("%d training rows of %s, %s of %s, %d dimensions",
		s.info.TrainRows, classesText(s.info.TrainClasses), s.describeTest(), classesText(s.info.TestClasses), s.info.Dim)
}
