package spec

import (
	"fmt"
	"slices"

	"gpwbench/experiments/protocol"
	"gpwbench/losses"
	"gpwbench/results"
	"gpwbench/train/config"
)

// A Spec is an experiment as its YAML file says, checked, with the defaults filled in.
type Spec struct {
	Name      string
	Datasets  []Dataset
	Baselines []Baseline
	Losses    []Row
	Elsewhere []Elsewhere // rows that are not trained here, behind the losses
	Seeds     int         // seeds 0 … Seeds−1
	// Steps whose pair weights are kept, for the first seed; Last is the last step.
	Weights   []int
	Keep      []string // what more is kept of a run: KeepHead, KeepEmbeddings, KeepNeighbours
	Launch    Launch   // on a cluster: the tasks and their resources
	Reference string   // published numbers to print beside ours, or ""
	// Settings that have one value after the other; Variants makes the specs.
	Sweep []SweepKey
	Hints []string // hints for the author of the spec: aliases that were used

	// OptionalBaselines leaves out baselines that the data cannot fit, with a note,
	// instead of refusing them. It is set where the spec names no baselines.
	OptionalBaselines bool

	origin *origin // nil: built, not parsed
}

// New returns a spec of that name with the defaults of all but its data sets and losses.
func New(name string) *Spec {
	return &Spec{
		Name:      name,
		Baselines: []Baseline{{Name: Frozen}, {Name: PCA}, {Name: Whitening}},
		Seeds:     3,
		Weights:   []int{0, Last},
		Launch:    Launch{Requeues: DefaultRequeues},

		OptionalBaselines: true,
	}
}

// addUntrained adds the baseline [Untrained] where a head is trained and there are other
// baselines. A table shows then what training changed, and not what the start of the head
// and the preprocessing of its features did.
func (s *Spec) addUntrained() {
	trains := slices.ContainsFunc(s.Datasets, func(d Dataset) bool { return d.Head.Trains() })
	has := slices.ContainsFunc(s.Baselines, func(b Baseline) bool { return b.Name == Untrained })
	if len(s.Losses) > 0 && len(s.Baselines) > 0 && trains && !has {
		s.Baselines = append(slices.Clip(s.Baselines), Baseline{Name: Untrained})
	}
}

// What [Spec.Keep] may hold.
const (
	KeepHead       = "head"       // what leads from raw features to embeddings
	KeepEmbeddings = "embeddings" // of the test rows
	KeepNeighbours = "neighbours" // the nearest test rows of each query
)

var kept = []string{KeepHead, KeepEmbeddings, KeepNeighbours}

// Last stands for the last step in Spec.Weights.
const Last = -1

// A Dataset is one data set of a spec with its settings: the spec's, and those that the
// data set overrides. NewDataset fills in the defaults. What a program sets to zero is
// refused where it means nothing, as a learning rate of 0.
type Dataset struct {
	Name             string
	Features, Labels string // paths, with $VARIABLES; Features empty for labels alone, both for a stand-in

	Layout string // path of an annotation as it is distributed, in place of Labels, or ""
	Paths  string // path of the images' paths, by which rows are aligned with Layout, or ""

	// What divides the rows into train, query and gallery, at most one of them: the path
	// of a partition, rows, or files of each part in place of Features and Labels.
	Partition string
	Rows      Ranges
	Separate  Separate

	// Ignore are labels, as text, whose rows count for nothing. Groups is the path of the
	// groups of all rows, such as their cameras: rows of one group are neither positives
	// nor negatives of each other. "" for none.
	Ignore []string
	Groups string

	Split Split
	// Benchmark whose stand-in is used where there are no files; "" for none.
	Synthetic string
	Scale     float64 // of the stand-in, in (0, 1]

	Settings
}

// A Split names how classes are divided: half, a benchmark's own, a number of training
// classes, Partitioned or AsDistributed. A data set of labels alone may be All test. The
// zero Split is the default of a data set that gives none: Partitioned with a partition,
// AsDistributed with a layout, half, the benchmark of a stand-in without files, or All of
// labels alone.
type Split struct {
	Name         string // half, cub200, cars196, sop, inshop, all, partition, layout; "" with TrainClasses
	TrainClasses int
}

// Settings are the blocks that a data set may override.
type Settings struct {
	Preprocess []string // of config.PreprocessSteps, in order
	Head       config.Head
	// Classes is 0 for the default: 16, or all training classes where those are fewer.
	Sampler   config.Sampler
	Optimizer config.Optimizer
	Memory    config.Memory
	Augment   config.Augment
	Average   config.Average
	Steps     int
	Protocol  protocol.Protocol
	Metrics   results.MetricSettings
}

// DefaultSettings are the settings of a spec that gives none.
func DefaultSettings() Settings {
	return Settings{
		Preprocess: []string{config.Center},
		Head:       config.DefaultHead(config.Linear),
		Sampler:    config.DefaultSampler(),
		Optimizer:  config.DefaultOptimizer(config.Adam),
		Memory:     config.DefaultMemory(config.None),
		Steps:      200,
		Protocol:   protocol.Fixed{},
		Metrics:    results.MetricSettings{MAPAtR: true},
	}
}

// The names of baselines.
const (
	Raw       = "raw"       // features as they are
	Frozen    = "frozen"    // features, preprocessed
	PCA       = "pca"       // projected on principal components of the training rows
	Whitening = "whitening" // whitened by the training classes
	Untrained = "untrained" // with the head at its start
)

// A Baseline is a row that is not trained. Its features are preprocessed as those of the
// trained rows, except for raw.
type Baseline struct {
	Name string // one of the names above
	Dim  int    // of pca; 0 stands for that of the head if it is smaller than the features', else 512
}

// A Row is a loss of the spec, one row of its table. NewRow makes one. What a program
// leaves out is filled in by [Spec.Checked].
type Row struct {
	Choice   losses.Choice
	Label    string            // "": the title and what differs from the preset
	Protocol protocol.Protocol // nil: the data set's
	Memory   *config.Memory    // nil: the data set's
	// Nil: the data set's. Losses differ in the rate that suits them.
	Optimizer *config.Optimizer
	Proxies   config.Proxies // of a loss that compares with proxies
}

// Label returns the label of the baseline in the table.
func (b Baseline) Label() string {
	switch {
	case b.Name == PCA && b.Dim > 0:
		return fmt.Sprintf("PCA to %d", b.Dim)
	case b.Name == PCA:
		return "PCA"
	case b.Name == Raw:
		return "raw features"
	}
	return b.Name
}
