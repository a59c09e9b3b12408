package experiments

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"gpwbench/benchmarks/datasets"
	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/results"
	"gpwbench/train"
	"gpwbench/train/config"
)

// A job is a planned run on a data set that was read. All that is known of it before it
// runs is prepared once, here.
type job struct {
	PlannedRun
	on     *datasetRuns
	record results.Record // without what is measured
	setup  train.Config   // of a loss, without the map that the head may start from
}

// prepareJob prepares a planned run on the data set.
func (s *loadedDataset) prepareJob(c PlannedRun) (job, error) {
	settings, err := s.settings(c)
	if err != nil {
		return job{}, err
	}

	j := job{PlannedRun: c, record: results.Record{
		ID: results.ID(settings), Schema: results.Schema, Settings: settings, Dataset: s.info,
		Label: s.label(c), Kind: c.kind(), Seed: c.Seed, Protocol: c.Protocol.Name(),
		Revisions: results.Revisions{Trainer: train.Revision},
	}}
	switch {
	case c.Elsewhere != nil:
		return j, nil
	case c.Baseline != nil:
		j.record.Head, j.record.Preprocess = "none", preprocessCaption(preprocessOf(c.Baseline, s.spec))
		return j, nil
	}

	j.setup = s.trainConfig(c)
	s.describeLoss(&j.record, c, j.setup)
	return j, nil
}

// describeLoss writes into a record what is trained: names, captions and revision.
func (s *loadedDataset) describeLoss(rec *results.Record, c PlannedRun, setup train.Config) {
	choice := c.Row.Choice
	rec.Loss, rec.Preset, rec.Params = choice.Spec.Name, choice.Preset, choice.Caption()
	rec.AsPreset = c.Row.AsPreset(s.spec)
	rec.Revisions.Loss = choice.Spec.Revision

	if o := c.Row.Optimizer; o != nil && *o != s.spec.Optimizer {
		rec.Params += ", " + spec.OptimizerCaption(*o)
	}
	rec.Head, rec.Preprocess = headCaption(s.spec.Head, s.trainX.Cols), preprocessCaption(s.spec.Preprocess)
	if m := setup.Memory; m.Remembers() {
		rec.Head += ", " + spec.MemoryCaption(m)
	}
	if a := setup.Augment; a.InUse() {
		rec.Head += ", " + spec.AugmentCaption(a)
	}
	if a := setup.Average; a.InUse() {
		rec.Head += ", " + spec.AverageCaption(a)
	}
	if p := setup.Proxies; p.PerClass > 0 {
		rec.Params += fmt.Sprintf(", %d proxies a class, lr %g", p.PerClass, p.LR)
	}
}

// settings returns the canonical settings of a planned run on the data set, the pre-image
// of the run's id.
func (s *loadedDataset) settings(c PlannedRun) ([]byte, error) {
	set := results.Settings{
		Schema: results.Schema, Trainer: train.Revision, Kind: c.kind(), Label: s.label(c), Seed: c.Seed,
		Dataset: results.DatasetSettings{Name: s.spec.Name, Checksum: s.data.Checksum, Split: s.spec.Split.String(), Partition: s.divisionChecksum(), Ignore: s.ignore(), Groups: s.groupsSum},
		Metrics: s.metricSettings(),
	}
	switch {
	case c.Elsewhere != nil:
		set.Dataset.Partition = "" // of all rows; theirs is of the test rows
		set.Elsewhere = s.elsewhereSettings(c)
		return results.Canonical(set)
	case c.Baseline != nil:
		set.Baseline = s.baselineSettings(c)
		return results.Canonical(set)
	}

	set.Loss = c.lossSettings()
	set.Training = &results.TrainingSettings{
		Preprocess: s.spec.Preprocess, Head: s.spec.Head, Sampler: s.spec.Sampler, Optimizer: c.Row.OptimizerOn(s.spec),
		Steps: s.spec.Steps, Protocol: c.Protocol.Settings(),
	}

	if m := c.Row.MemoryOn(s.spec); m.Remembers() {
		set.Training.Memory = &m
	}
	if a := s.spec.Augment; a.InUse() {
		set.Training.Augment = &a
	}
	if a := s.spec.Average; a.InUse() {
		set.Training.Average = &a
	}
	if p := s.proxies(c); p.PerClass > 0 {
		set.Training.Proxies = &p
	}

	return results.Canonical(set)
}

// divisionChecksum is that of the parts where a file says which they are, and ""
// elsewhere: splits by class and the partition of a stand-in follow from the labels,
// whose checksum the settings have.
func (s *loadedDataset) divisionChecksum() string {
	if !s.divided || s.spec.LabelsOnly() {
		return ""
	}
	return s.partsChecksum()
}

// partsChecksum is over a byte for each row, 0 train, 1 query, 2 gallery, 3 both of them.
func (s *loadedDataset) partsChecksum() string {
	parts := make([]byte, len(s.data.Labels))
	for _, row := range s.split.Query {
		parts[row] = datasets.QueryPart
	}
	for _, row := range s.split.Gallery {
		parts[row] = datasets.GalleryPart
		if s.split.GalleryIsQuery {
			parts[row] = datasets.TestPart
		}
	}
	sum := sha256.Sum256(parts)
	return hex.EncodeToString(sum[:])
}

// proxies are those of the row, their rate filled in.
func (s *loadedDataset) proxies(c PlannedRun) config.Proxies {
	p := c.Row.Proxies
	if p.PerClass > 0 && p.LR == 0 {
		p.LR = 100 * c.Row.OptimizerOn(s.spec).LR
	}
	return p
}

// trainConfig is the configuration of a run's trainer, but for the map that its head may
// start from.
func (s *loadedDataset) trainConfig(c PlannedRun) train.Config {
	d := s.spec
	setup := train.Config{
		Head:      d.Head,
		Sampler:   d.Sampler,
		Optimizer: c.Row.OptimizerOn(d),
		Memory:    c.Row.MemoryOn(d),
		Proxies:   s.proxies(c),
		Augment:   d.Augment,
		Average:   d.Average,
		Relation:  c.Row.Choice.Spec.Relation,
		Traits:    c.Row.Choice.Traits(),
		DataKey:   s.data.Checksum,
		Seed:      c.Seed,
	}

	_, setup.ProxyAnchors = c.Row.Choice.Value.(losses.ProxyAnchor)
	return setup
}

// headCaption names a head in a table: "linear 1280→64, pca", "residual 1280→64, 128
// hidden, pca".
func headCaption(h config.Head, features int) string {
	if !h.Trains() {
		return "none"
	}
	dim := h.Dim
	if dim == 0 {
		dim = features
	}
	caption := fmt.Sprintf("%s %d→%d", h.Name, features, dim)
	if hidden := hiddenUnits(h, dim); hidden > 0 {
		caption += fmt.Sprintf(", %d hidden", hidden)
	}
	caption += ", " + h.Init
	if h.DecayToInit > 0 {
		caption += fmt.Sprintf(", decay to init %g", h.DecayToInit)
	}
	return caption
}

// hiddenUnits is the number of hidden units of a head of dim dimensions, 0 for one
// without.
func hiddenUnits(h config.Head, dim int) int {
	switch {
	case h.Name == config.MLP:
		return 2 * dim
	case h.Name == config.Residual && h.Hidden > 0:
		return h.Hidden
	case h.Name == config.Residual:
		return dim
	}
	return 0
}
