package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// Schema is the version of the record format. It is raised if the name or meaning of a
// field changes, and so changes every ID whose settings include it.
const Schema = 1

// Kinds of rows.
const (
	KindLoss     = "loss"
	KindBaseline = "baseline"

	// Embeddings of another program, evaluated by this one.
	KindElsewhere = "trained_elsewhere"
)

// A Record is one run of a data set, loss, preset, head, protocol and seed, with all its
// measurements. Two repetitions of a run give the same record to the byte.
type Record struct {
	ID         string `json:"id"`         // ID(Settings)
	Schema     int    `json:"schema"`     // Schema of the writer
	Experiment string `json:"experiment"` // name of the spec

	// Settings are everything that determines the numbers below, in canonical form; see
	// the type Settings.
	Settings json.RawMessage `json:"settings"`

	Dataset DatasetInfo `json:"dataset"`

	Label  string `json:"label"` // the row of a table this run belongs to
	Loss   string `json:"loss"`
	Preset string `json:"preset"`

	// AsPreset says that parameters, miner and candidates are those of the preset. It is
	// false in older records.
	AsPreset bool `json:"as_preset,omitempty"`

	Params string `json:"params"` // caption: "α 2, β 40, λ 0.5"
	Kind   string `json:"kind"`   // KindLoss, KindBaseline or KindElsewhere
	Head   string `json:"head"`   // "linear 1280→1280, identity"

	// Preprocess lists the steps applied to the features: "l2, center", or "none". It is
	// empty in older records.
	Preprocess string `json:"preprocess,omitempty"`

	Protocol     string `json:"protocol"`      // fixed, paper, holdout or none
	ProtocolNote string `json:"protocol_note"` // what the protocol did, in a sentence

	Seed uint64 `json:"seed"`

	// Seedless says that the run is of embeddings that are one file without a seed, so
	// that Seed means nothing. It is not in the file: a plan says it, see [Plan.Place].
	Seedless bool `json:"-"`

	// Swept are the swept settings that the run is of, in the sweep that it was made for;
	// absent without one. A plan has those of its own sweep.
	Swept Swept `json:"swept,omitempty"`

	Steps int `json:"steps"` // training steps of the embeddings that were measured

	// Metrics are values by their keys: see [FindMetric]. Most are fractions of 1. The
	// extremes of a metric are over the orders of ties, over the starts of k-means, or
	// what the precision of a sum over all pairs leaves open.
	Metrics map[string]float64 `json:"metrics"`

	// Unanswered says of metrics that were asked for why the embeddings have no value of
	// them, by their keys; nil where all have one.
	Unanswered map[string]string `json:"unanswered,omitempty"`

	Queries          int `json:"queries"`
	WithoutPositives int `json:"lonely"` // queries without a positive in the gallery

	// Ties counts queries whose best positive is as similar as some negative, or too
	// close to it for float64 to order.
	Ties int `json:"ties"`

	// Learned are the loss's own trained parameters, by name, at the step that was
	// measured. It is absent for a loss without such parameters.
	Learned map[string]float64 `json:"learned,omitempty"`

	// Drawn describes the batches of a training; nil without one.
	Drawn *Drawn `json:"drawn,omitempty"`

	// Validation is the choice that a protocol made on classes held out of the training;
	// nil without one.
	Validation *Validation `json:"validation,omitempty"`

	// Ensembles are the metrics of the heads of a validation's folds, by Separated and
	// Concatenated; nil where the spec does not ask for them.
	Ensembles map[string]map[string]float64 `json:"ensembles,omitempty"`

	// EnsemblesUnanswered are the Unanswered of ensembles, by their names; nil where each
	// has all metrics.
	EnsemblesUnanswered map[string]map[string]string `json:"ensembles_unanswered,omitempty"`

	// TestEvaluations is the number of evaluations on the test classes.
	TestEvaluations int     `json:"test_evaluations"`
	Trajectory      []Point `json:"trajectory,omitempty"`

	Warnings  []string    `json:"warnings,omitempty"`
	Diagnoses []Diagnosis `json:"diagnoses,omitempty"` // problems of the training

	SourceRevision string    `json:"source_revision"` // of the program
	Revisions      Revisions `json:"revisions"`

	// Files are the SHA-256, in hex, of the files of the run, by their names in the
	// folder. It is nil in the record of an older program; then any file of such a name
	// may be the run's.
	Files map[string]string `json:"files,omitzero"`
}

// A recordFile is the content of a record's file. The checksum is the ID of the canonical
// form of the other fields; records of older programs have none.
type recordFile struct {
	Record
	Checksum string `json:"checksum,omitempty"`
}

// DatasetInfo describes the data set of a run.
type DatasetInfo struct {
	Name         string `json:"name"`       // in the spec: "cub"
	Title        string `json:"title"`      // in full: "CUB-200-2011"
	Provenance   string `json:"provenance"` // the source of the vectors, in one clause
	Synthetic    bool   `json:"synthetic"`
	Checksum     string `json:"checksum"`
	Rows         int    `json:"rows"`
	TrainRows    int    `json:"train_rows"`
	TestRows     int    `json:"test_rows"`
	TrainClasses int    `json:"train_classes"`
	TestClasses  int    `json:"test_classes"`
	Dim          int    `json:"dim"`
}

// Drawn counts the rows in the batches of a training, over all steps.
type Drawn struct {
	Rows             int `json:"rows"`    // training rows that were in some batch
	Classes          int `json:"classes"` // their classes
	Anchors          int `json:"anchors"`
	WithoutPositives int `json:"lonely"` // anchors without a positive
}

// A Point is one evaluation during a training.
type Point struct {
	Step    int                `json:"step"`
	Loss    float64            `json:"loss"`
	Metrics map[string]float64 `json:"metrics,omitempty"` // fractions of 1
}

// Revisions are raised whenever the code that determines the numbers changes.
type Revisions struct {
	Loss    int `json:"loss"`
	Trainer int `json:"trainer"`
}

// encode returns the bytes of r's file, indented, for people to read and for git to
// compare.
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

// A foreignError reports a valid record of another program.
type foreignError struct{ error }

// decode reads exactly what encode wrote. The error is a foreignError for the record of a
// newer program. Any other error says that the data are damaged.
func decode(data []byte) (Record, error) {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return Record{}, fmt.Errorf("not a whole JSON record (%w)", err)
	}

	// The schema is checked first, because fields of another version cannot be judged.
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
		// Package json accepts any case.
		return Record{}, errors.New("its checksum is not spelled checksum")
	}

	if err := missing(data, reflect.TypeFor[Record](), ""); err != nil {
		return Record{}, err
	}
	return r.Record, r.Record.check()
}

// checkSum checks the checksum of a record's fields, and reports whether there is one.
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
