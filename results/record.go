package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// Schema is the version of the record format. A change of a field's name or meaning
// raises it, and so changes every ID whose settings include it.
const Schema = 1

// Kinds of rows.
const (
	KindLoss     = "loss"
	KindBaseline = "baseline"

	// Embeddings of another program, evaluated by this one.
	KindElsewhere = "trained_elsewhere"
)

// A Record is one run of a data set, loss, preset, head, protocol and seed, with
// everything that was measured in it. Two repetitions of a run give the same record to
// the byte.
type Record struct {
	ID         string `json:"id"`         // ID(Settings)
	Schema     int    `json:"schema"`     // Schema of the writer
	Experiment string `json:"experiment"` // name of the spec

	// Settings are all that decides the numbers below, in canonical form; see the type
	// Settings.
	Settings json.RawMessage `json:"settings"`

	Dataset DatasetInfo `json:"dataset"`

	Label  string `json:"label"` // the row of a table this run belongs to
	Loss   string `json:"loss"`
	Preset string `json:"preset"`

	// AsPreset reports that parameters, miner and candidates are the preset's. It is
	// false in older records.
	AsPreset bool `json:"as_preset,omitempty"`

	Params string `json:"params"` // caption: "α 2, β 40, λ 0.5"
	Kind   string `json:"kind"`   // KindLoss, KindBaseline or KindElsewhere
	Head   string `json:"head"`   // "linear 1280→1280, identity"

	// Preprocess are the steps that the features went through: "l2, center", or "none". It
	// is empty in older records.
	Preprocess string `json:"preprocess,omitempty"`

	Protocol     string `json:"protocol"`      // fixed or paper
	ProtocolNote string `json:"protocol_note"` // what it did, in a sentence

	Seed  uint64 `json:"seed"`
	Steps int    `json:"steps"` // training steps of the embeddings that were measured

	// Metrics are fractions of 1, by the keys of package-level Metrics. The extremes of a
	// metric are over the orders of ties, and over the starts of k-means.
	Metrics map[string]float64 `json:"metrics"`

	Queries          int `json:"queries"`
	WithoutPositives int `json:"lonely"` // queries without a positive in the gallery

	// Ties counts queries whose best positive is as similar as some negative, as far as
	// float64 can tell.
	Ties int `json:"ties"`

	// Learned are the loss's own trained parameters, by name, at the step that was
	// measured; absent for a loss that has none.
	Learned map[string]float64 `json:"learned,omitempty"`

	// Drawn is what the batches of a training held, nil without one.
	Drawn *Drawn `json:"drawn,omitempty"`

	// Validation is the choice that a protocol made on classes held out of the training;
	// nil without one.
	Validation *Validation `json:"validation,omitempty"`

	// Ensembles are the metrics of the heads of a validation's folds, by Separated and
	// Concatenated; nil where the spec does not ask for them.
	Ensembles map[string]map[string]float64 `json:"ensembles,omitempty"`

	// TestEvaluations is how often the test classes were evaluated.
	TestEvaluations int     `json:"test_evaluations"`
	Trajectory      []Point `json:"trajectory,omitempty"`

	Warnings  []string    `json:"warnings,omitempty"`
	Diagnoses []Diagnosis `json:"diagnoses,omitempty"` // what is wrong with the training

	SourceRevision string    `json:"source_revision"` // of the program
	Revisions      Revisions `json:"revisions"`

	// Files are the SHA-256, in hex, of the files that were kept with the run, by their
	// names in the folder. The record of an older program has nil here: then a file that
	// is there may be the run's.
	Files map[string]string `json:"files,omitzero"`
}

// A recordFile is what the file of a record holds. The checksum is the ID of the
// canonical form of the rest; records of older programs have none.
type recordFile struct {
	Record
	Checksum string `json:"checksum,omitempty"`
}

// DatasetInfo says what was measured on.
type DatasetInfo struct {
	Name         string `json:"name"`       // in the spec: "cub"
	Title        string `json:"title"`      // in full: "CUB-200-2011"
	Provenance   string `json:"provenance"` // where the vectors come from, in one clause
	Synthetic    bool   `json:"synthetic"`
	Checksum     string `json:"checksum"`
	Rows         int    `json:"rows"`
	TrainRows    int    `json:"train_rows"`
	TestRows     int    `json:"test_rows"`
	TrainClasses int    `json:"train_classes"`
	TestClasses  int    `json:"test_classes"`
	Dim          int    `json:"dim"`
}

// Drawn counts what the batches of a training held, all steps together.
type Drawn struct {
	Rows             int `json:"rows"`    // training rows that were in some batch
	Classes          int `json:"classes"` // of these rows
	Anchors          int `json:"anchors"`
	WithoutPositives int `json:"lonely"` // anchors that had no positive to compare with
}

// A Point is one evaluation on the way.
type Point struct {
	Step    int                `json:"step"`
	Loss    float64            `json:"loss"`
	Metrics map[string]float64 `json:"metrics,omitempty"` // fractions of 1
}

// Revisions count the changes of the code that decides the numbers.
type Revisions struct {
	Loss    int `json:"loss"`
	Trainer int `json:"trainer"`
}

// encode is the bytes of r's file: indented, for people to read and for git to compare.
func (r Record) encode() ([]byte, error) {
	if err := r.check(); err != nil {
		return nil, err
	}

	text, err := canonical(r)
	if err != nil {
		return nil, err
	}

	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(recordFile{r, ID(text)}); err != nil {
		return nil, err
	}

	return out.Bytes(), nil
}

// A foreignError is about a record that is whole, and of another program.
type foreignError struct{ error }

// decode reads what encode wrote, and nothing else. The error is a foreignError for the
// record of a newer program; any other says that data is damaged.
func decode(data []byte) (Record, error) {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return Record{}, fmt.Errorf("not a whole JSON record (%w)", err)
	}

	// The schema comes first: the fields of another version are not ours to judge.
	var version struct{ Schema int }
	if err := json.Unmarshal(data, &version); err != nil {
		return Record{}, fmt.Errorf("not a record of this program (%w)", err)
	}

	switch {
	case version.Schema > Schema:
		return Record{}, &foreignError{fmt.Errorf("written by a newer program (schema %d, this one reads %d): use that program, or another folder", version.Schema, Schema)}
	case version.Schema < Schema:
		return Record{}, fmt.Errorf("not a record of this program (schema %d, want %d)", version.Schema, Schema)
	}

	summed, err := checkSum(whole)
	if err != nil {
		return Record{}, err
	}

	var r recordFile
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		if summed {
			return Record{}, &foreignError{fmt.Errorf("written by a newer program (%w): use that program, or another folder", err)}
		}
		return Record{}, fmt.Errorf("not a record of this program (%w)", err)
	}

	if r.Checksum != "" && !summed {
		// Package json takes any case.
		return Record{}, errors.New("its checksum is not spelled checksum")
	}

	if err := missing(data, reflect.TypeFor[Record](), ""); err != nil {
		return Record{}, err
	}
	return r.Record, r.Record.check()
}

// checkSum holds the fields of a record against its checksum, and reports whether there
// is one.
func checkSum(whole map[string]json.RawMessage) (summed bool, err error) {
	text, summed := whole["checksum"]
	if !summed {
		return false, nil
	}

	var want string
	if err := json.Unmarshal(text, &want); err != nil {
		return true, fmt.Errorf("its checksum is no text (%w)", err)
	}

	delete(whole, "checksum")
	rest, err := canonical(whole)
	if err != nil {
		return true, err
	}
	if got := ID(rest); got != want {
		return true, fmt.Errorf("it was changed since it was written (its checksum is %.12s, its fields have %.12s)", want, got)
	}

	return true, nil
}
