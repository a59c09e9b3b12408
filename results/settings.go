package results

import (
	"encoding/json"
	"fmt"

	"gpwbench/train/config"
)

// Settings are everything on which the numbers of a run depend. The run's id is a hash of
// their canonical JSON, so adding or renaming a field gives every run a new id.
type Settings struct {
	Schema   int               `json:"schema"`
	Trainer  int               `json:"trainer_revision"`
	Kind     string            `json:"kind"`  // KindLoss, KindBaseline or KindElsewhere
	Label    string            `json:"label"` // the row of the table
	Dataset  DatasetSettings   `json:"dataset"`
	Baseline *BaselineSettings `json:"baseline,omitempty"`
	Loss     *LossSettings     `json:"loss,omitempty"`
	Training *TrainingSettings `json:"training,omitempty"` // of a loss
	// Of embeddings that were trained elsewhere.
	Elsewhere *ElsewhereSettings `json:"elsewhere,omitempty"`
	Metrics   MetricSettings     `json:"metrics"`
	Seed      uint64             `json:"seed"`
}

// DatasetSettings name the rows and their division.
type DatasetSettings struct {
	Name     string `json:"name"`
	Checksum string `json:"checksum"`
	Split    string `json:"split"`

	// SHA-256 of a byte for each row, 0 train, 1 query, 2 gallery, in hex, where a file
	// divides rows that are trained on. Rows trained elsewhere have one of their own.
	Partition string `json:"partition,omitempty"`

	// Ignore are the labels whose rows count for nothing, as text and ascending. Groups
	// is the SHA-256, in hex, of the groups of all rows as int64, little-endian, numbered
	// in the order in which they first occur.
	Ignore []string `json:"ignore,omitempty"`
	Groups string   `json:"groups,omitempty"`
}

// BaselineSettings describe the computation on features that are not trained.
type BaselineSettings struct {
	Name       string       `json:"name"`
	Dim        int          `json:"dim"` // of pca
	Preprocess []string     `json:"preprocess,omitempty"`
	Head       *config.Head `json:"head,omitempty"` // of untrained

	// Protocol is its name and its settings, where it chooses a parameter; nil otherwise.
	Protocol map[string]any `json:"protocol,omitempty"`
}

// ElsewhereSettings are the embeddings that were made by another program.
type ElsewhereSettings struct {
	Embeddings string `json:"embeddings"` // SHA-256 of type, shape and values, in hex

	// SHA-256 of which test rows are queries and which are the gallery, in hex; empty
	// where the test rows search each other.
	Partition string `json:"partition,omitempty"`
}

// LossSettings name a loss with its parameters.
type LossSettings struct {
	Name     string         `json:"name"`
	Preset   string         `json:"preset"`
	Form     string         `json:"form"` // losses.Preset.Form, or the text of a formula
	Params   map[string]any `json:"params"`
	Miner    string         `json:"miner"` // losses.MinerSpec.Form, or none
	Mining   map[string]any `json:"mining,omitempty"`
	Revision int            `json:"revision"`
}

// TrainingSettings describe the training of a head.
type TrainingSettings struct {
	Preprocess []string         `json:"preprocess"`
	Head       config.Head      `json:"head"`
	Sampler    config.Sampler   `json:"sampler"`
	Optimizer  config.Optimizer `json:"optimizer"`
	Memory     *config.Memory   `json:"memory,omitempty"`  // nil without one
	Proxies    *config.Proxies  `json:"proxies,omitempty"` // nil without them
	Augment    *config.Augment  `json:"augment,omitempty"` // nil where features are not changed
	Average    *config.Average  `json:"average,omitempty"` // nil without one
	Steps      int              `json:"steps"`
	Protocol   map[string]any   `json:"protocol"` // its name and its settings
}

// MetricSettings list the metrics of a run.
type MetricSettings struct {
	RecallAt []int `json:"recall_at"` // ascending; empty in a spec for those of the benchmark
	MAPAtR   bool  `json:"map_at_r"`  // also R-precision

	Clustering bool `json:"clustering,omitempty"` // NMI and AMI by k-means

	// Also are further metrics of the catalogue by their keys, such as ndcg@10, in the
	// order of [CompareMetrics].
	Also []string `json:"also,omitempty"`
}

// ReadSettings reads the settings of a run. Keys of other programs are ignored.
func (r Record) ReadSettings() (Settings, error) {
	var s Settings
	if err := json.Unmarshal(r.Settings, &s); err != nil {
		return s, fmt.Errorf("results: %s: the settings of its record are not of this program (%w): delete the record, and the run is made again", r.Label, err)
	}
	return s, nil
}
