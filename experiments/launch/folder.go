package launch

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"gpwbench/internal/input"
	"gpwbench/results/claims"
)

// Folder is where a results folder has its launches.
const Folder = "launch"

const schema = 1

// A Launch is what was submitted at one time. It is the file launch.json of its folder.
type Launch struct {
	Schema     int       `json:"schema"`
	Scheduler  string    `json:"scheduler"` // Slurm
	Experiment string    `json:"experiment"`
	Revision   string    `json:"revision"` // of the program
	SpecFile   string    `json:"spec_file"`
	Token      string    `json:"token"` // that the file marker holds
	JobName    string    `json:"job_name"`
	Requeues   int       `json:"requeues"` // of a task that reaches its time limit
	Claims     Claims    `json:"claims,omitzero"`
	Host       string    `json:"host"`
	Made       time.Time `json:"made"`
	Search     *Search   `json:"search,omitempty"` // that all tasks share, in place of runs
	Tasks      []Task    `json:"tasks"`

	dir string
}

// Claims are what was said of how processes are kept apart; the zero Claims leave it to
// the folder.
type Claims struct {
	Kind  claims.Kind   `json:"kind,omitempty"`
	Lease time.Duration `json:"lease,omitempty"` // in nanoseconds
}

// Slurm is the one scheduler that there is.
const Slurm = "slurm"

// Schedulers are those that a launch may name.
var Schedulers = []string{Slurm}

// A Task is some runs that one process makes, or its share of other work.
type Task struct {
	Runs     []string `json:"runs"`     // their ids, or that of the share
	Datasets []string `json:"datasets"` // that they are on
	Seconds  float64  `json:"seconds"`  // of one core, about

	// Args are the command of this program that is the share, in place of runs.
	Args []string `json:"args,omitempty"`
}

// A Report is what a task says at its end. It is the file ended/<task>.json.
type Report struct {
	Job    string    `json:"job"` // "12_3"
	Node   string    `json:"node"`
	Ended  time.Time `json:"ended"`
	Made   int       `json:"made"`             // runs, or trials
	Failed []string  `json:"failed,omitempty"` // one line a run
	Error  string    `json:"error,omitempty"`  // that ended the task
}

// Files of a launch's folder.
const (
	launchFile = "launch.json"
	specFile   = "spec.yaml"
	markerFile = "marker"
	logFolder  = "logs"
)

// create makes the folder of a launch, with what its tasks read.
func create(dir string, l Launch, source []byte) (*Launch, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("launch: %w", err)
	}
	l.Token = randomName()
	l.Made = time.Now().UTC().Truncate(time.Second)
	l.JobName = fmt.Sprintf("gpw_%s_%.8s", l.Experiment, l.Token)
	l.dir = filepath.Join(dir, Folder, fmt.Sprintf("%s-%.8s", l.Made.Format("20060102T150405Z"), l.Token))
	if err := os.MkdirAll(filepath.Join(l.dir, logFolder), 0o755); err != nil {
		return nil, fmt.Errorf("launch: %w: the folder of the results must be writable", err)
	}

	data, err := json.MarshalIndent(l, "", " ")
	if err != nil {
		return nil, fmt.Errorf("launch: %w", err)
	}
	err = l.write(specFile, source)
	if err == nil {
		err = l.write(markerFile, []byte(l.Token+"\n"))
	}
	if err == nil {
		err = l.write(launchFile, append(data, '\n')) // last: then the launch is whole
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(l.dir))
	}
	return &l, nil
}

// randomName tells one launch from all others. No number of a result depends on it.
func randomName() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	return hex.EncodeToString(b[:])
}

func (l *Launch) path(names ...string) string {
	return filepath.Join(append([]string{l.dir}, names...)...)
}

// results is the folder that the launch is in.
func (l *Launch) results() string { return filepath.Dir(filepath.Dir(l.dir)) }

// Name is the name of the launch's folder, which begins with the time it was made.
func (l *Launch) Name() string { return filepath.Base(l.dir) }

func (l *Launch) write(name string, data []byte) error {
	file := l.path(name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("launch: %w", err)
	}
	if err := renameio.WriteFile(file, data, 0o644, renameio.WithTempDir(filepath.Dir(file))); err != nil {
		return fmt.Errorf("launch: writing %s: %w", file, err)
	}
	return nil
}

// read reads a launch from its folder.
func read(dir string) (*Launch, error) {
	file := filepath.Join(dir, launchFile)
	data, err := input.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("launch: %w", err)
	}
	l := &Launch{}
	if err := json.Unmarshal(data, l); err != nil {
		return nil, fmt.Errorf("launch: %s is no whole launch (%w): launch again", file, err)
	}
	if l.Schema != schema {
		return nil, fmt.Errorf("launch: %s is a launch of schema %d, and this program reads %d: use the program that made it, or launch again", file, l.Schema, schema)
	}
	l.dir = dir
	return l, nil
}

// launches are those of a results folder, the oldest first. What is no whole launch, as
// after a kill, has submitted nothing and is left out.
func launches(dir string) ([]*Launch, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("launch: %w", err)
	}
	entries, err := os.ReadDir(filepath.Join(dir, Folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("launch: %w", err)
	}
	var all []*Launch
	for _, e := range entries {
		l, err := read(filepath.Join(dir, Folder, e.Name()))
		if errors.Is(err, fs.ErrNotExist) || !e.IsDir() {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	slices.SortStableFunc(all, func(a, b *Launch) int { return a.Made.Compare(b.Made) })
	return all, nil
}

// arrays are the first tasks of the arrays of which the folder has a script, in order.
func (l *Launch) arrays() []int {
	var all []int
	scripts, _ := filepath.Glob(l.path("*.sh"))
	for _, s := range scripts {
		if first, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(s), ".sh")); err == nil {
			all = append(all, first)
		}
	}
	slices.Sort(all)
	return all
}

// arrayName is the name of the job of an array, by which the scheduler is asked for it.
func (l *Launch) arrayName(first int) string { return fmt.Sprintf("%s_%d", l.JobName, first) }

// job is the number of an array's job, "" where none is known.
func (l *Launch) job(first int) string {
	data, err := input.ReadFile(l.path(strconv.Itoa(first) + ".job"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

// report reads what a task said at its end; nil for nothing.
func (l *Launch) report(task int) *Report {
	data, err := input.ReadFile(l.path("ended", strconv.Itoa(task)+".json"))
	if err != nil {
		return nil
	}
	r := &Report{}
	if json.Unmarshal(data, r) != nil {
		return nil
	}
	return r
}
