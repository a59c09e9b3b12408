package status

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"gpwbench/results"
	"gpwbench/results/claims"
)

// A State is what a run is, by the files of its folder.
type State string

// The states of a run.
const (
	Done    State = "done"    // it has a record
	Running State = "running" // a process has its claim
	Lost    State = "lost"    // the process that had its claim was killed, or renews no more
	Failed  State = "failed"  // it ended with an error
	Missing State = "missing" // nothing of it is there
)

// States are all of them, in the order in which they are counted.
var States = []State{Done, Running, Failed, Lost, Missing}

// A Run is one run of the plan, or one trial of a search.
type Run struct {
	ID    string `json:"id"`
	Run   string `json:"run"` // "cub: Triplet, fixed, seed 0"; "" where nothing names it
	State State  `json:"state"`

	Seconds *float64 `json:"seconds,omitempty"` // that it took, if it is done
	Again   int      `json:"begun_again"`       // how often, because a process lost it

	// Process has its claim, or lost it. Since is by the clock of its host.
	Process  *Process `json:"process,omitempty"`
	Error    string   `json:"error,omitempty"`
	Revision string   `json:"revision,omitempty"` // of the program that has it, or failed
	Problem  string   `json:"problem,omitempty"`  // with one of its files

	Task *Task `json:"task,omitempty"` // the last that was given the run
}

// A Process has a claim.
type Process struct {
	Host  string    `json:"host"`
	PID   int       `json:"pid"`
	Since time.Time `json:"since"`
	// LeaseLeft is about the seconds until its lease runs out; nil for a claim that ends
	// with its process, and where it cannot be said.
	LeaseLeft *float64 `json:"lease_left_seconds,omitempty"`
}

func (p *Process) String() string {
	if p == nil {
		return ""
	}
	return fmt.Sprintf("%d on %s", p.PID, p.Host)
}

// A Task is what a launcher knows of a task of a scheduler that makes runs.
type Task struct {
	Runs  []string `json:"-"`               // their ids; none for a share of all work
	Job   string   `json:"job"`             // as the scheduler calls it: "1234_7"
	State string   `json:"state,omitempty"` // in the scheduler's words; "" where it knows nothing
	Log   string   `json:"log,omitempty"`   // path of its log
	Hint  string   `json:"hint,omitempty"`  // why it does not go on, and what to do
}

// A Status is how far an experiment is.
type Status struct {
	Experiment string        `json:"experiment"`
	Search     bool          `json:"search"` // a folder of gpw tune, whose runs are its trials
	Runs       int           `json:"runs"`
	Counts     map[State]int `json:"counts"`

	// BegunAgain is how often work was begun again, because the process that had begun it
	// was killed or did not renew its lease.
	BegunAgain int `json:"begun_again"`

	// Mean is the mean number of seconds of the runs that are done, over Timed of them:
	// of trained losses, where there are any (Trained). Left is about how long the others
	// take with as many at the same time as are running now; nil where nothing is
	// running, or no run was timed.
	Mean    *float64 `json:"mean_seconds"`
	Timed   int      `json:"timed"`
	Trained bool     `json:"timed_trained"`
	Left    *float64 `json:"seconds_left"`

	All   []Run    `json:"all"`             // in the order of the plan
	Tasks []Task   `json:"tasks,omitempty"` // that share the work, and have no runs of their own
	Notes []string `json:"notes"`
}

// Options say what [Of] asks beside the folder.
type Options struct {
	Tasks []Task            // of a launcher, the oldest first
	Note  func(text string) // receives what takes time; nil for nobody
}

// Of reads how far the experiment of a results folder is. The folder need not be
// writable; it may take a few seconds where a lease seems to have run out, to see whether
// it is still renewed.
func Of(ctx context.Context, dir string, o Options) (*Status, error) {
	shared := slices.DeleteFunc(slices.Clone(o.Tasks), func(t Task) bool { return len(t.Runs) > 0 })
	store, err := results.OpenRead(dir)
	if err != nil && len(shared) > 0 {
		return &Status{Counts: map[State]int{}, All: []Run{}, Tasks: shared, Notes: []string{
			"These tasks are of no experiment; the command that launched them says how far their work is.",
		}}, nil
	}
	if err != nil {
		return nil, err
	}
	plan, err := store.Plan()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("status: %s holds no experiment: name a folder that one was run into", dir)
	}
	if err != nil {
		return nil, err
	}
	_, search := store.HoldsTuning(plan)
	s := &Status{Experiment: plan.Experiment, Search: search, Counts: map[State]int{}}

	// The claims are read before the records are: a run that ends in between is done.
	held, err := claims.Look(ctx, store.Path("locks"), claims.Options{Note: o.Note})
	if err != nil {
		return nil, fmt.Errorf("status: %w", err)
	}
	records, damaged, err := store.Records(plan)
	if err != nil {
		return nil, err
	}
	if s.Notes = append([]string{}, damaged...); search {
		err = s.addTrials(store, held)
	} else {
		s.addRuns(plan, records)
	}
	if err != nil {
		return nil, err
	}

	s.Tasks = shared
	if err := s.describe(store, held, o.Tasks); err != nil {
		return nil, err
	}
	return s, s.estimate(store, records)
}

// addRuns adds the runs of a plan, done or missing so far.
func (s *Status) addRuns(plan results.Plan, records []results.Record) {
	done := map[string]results.Record{}
	for _, r := range records {
		done[r.ID] = r
	}
	for _, id := range plan.Runs {
		r, is := done[id]
		if !is {
			s.All = append(s.All, Run{ID: id, State: Missing})
			continue
		}
		name := fmt.Sprintf("%s: %s", r.Dataset.Name, r.Label)
		if r.Protocol != "none" {
			name += fmt.Sprintf(", %s, seed %d", r.Protocol, r.Seed)
		}
		s.All = append(s.All, Run{ID: id, Run: name, State: Done})
	}
}

// addTrials adds the trials that are there, and those that are claimed.
func (s *Status) addTrials(store *results.Store, held []claims.State) error {
	entries, err := os.ReadDir(store.Path("trials"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("status: %w", err)
	}
	for _, e := range entries {
		id, is := strings.CutSuffix(e.Name(), ".json")
		if !is || strings.HasPrefix(id, ".") {
			continue
		}
		trial, err := store.GetTrial(id)
		if damaged := new(results.DamagedError); errors.As(err, &damaged) {
			s.Notes = append(s.Notes, damaged.Error())
			continue
		}
		if err != nil {
			return err
		}
		run := Run{ID: id, State: Done, Error: trial.Failed}
		if trial.Failed != "" {
			run.State = Failed
		}
		s.All = append(s.All, run)
	}
	for _, c := range held {
		if !slices.ContainsFunc(s.All, func(r Run) bool { return r.ID == c.Name }) {
			s.All = append(s.All, Run{ID: c.Name, State: Missing})
		}
	}
	s.Notes = append(s.Notes, "How many trials there will be is not in the folder; gpw tune goes on until each row has its number.")
	return nil
}

// describe says of each run that is not done what is known, and counts.
func (s *Status) describe(store *results.Store, held []claims.State, tasks []Task) error {
	claimed := map[string]claims.State{}
	for _, c := range held {
		claimed[c.Name] = c
	}
	again := map[string]int{}
	lost, err := store.LostWork()
	if err != nil {
		return err
	}
	for _, l := range lost {
		again[l.ID]++
	}
	given := map[string]*Task{}
	for k := range tasks {
		for _, id := range tasks[k].Runs {
			given[id] = &tasks[k]
		}
	}

	revisions := map[string]bool{}
	for k := range s.All {
		r := &s.All[k]
		r.Again, r.Task = again[r.ID], given[r.ID]
		s.BegunAgain += r.Again
		if r.State == Missing {
			if c, is := claimed[r.ID]; is {
				r.claimed(c)
			} else if err := r.failed(store); err != nil {
				return err
			}
		}
		if r.State == Running && r.Revision != "" {
			revisions[r.Revision] = true
		}
		s.Counts[r.State]++
	}
	if s.Runs = len(s.All); len(revisions) > 1 {
		s.Notes = append(s.Notes, fmt.Sprintf("Processes of %d revisions of the program make runs here: use one on all machines, as every record says which made it.", len(revisions)))
	}
	return nil
}

// claimed takes over what a claim says.
func (r *Run) claimed(c claims.State) {
	if r.State = Running; c.Lost {
		r.State = Lost
	}
	h := c.Holder
	r.Run, r.Revision, r.Problem = h.Run, h.Revision, c.Problem
	if h.Host == "" {
		return // of a claim that cannot be read
	}
	r.Process = &Process{Host: h.Host, PID: h.PID, Since: h.Since}
	if c.Left > 0 {
		left := c.Left.Round(time.Second).Seconds()
		r.Process.LeaseLeft = &left
	}
}

// failed takes over the failure of a run, if it has one.
func (r *Run) failed(store *results.Store) error {
	f, err := store.GetFailure(r.ID)
	if damaged := new(results.DamagedError); errors.As(err, &damaged) {
		r.State, r.Problem = Failed, damaged.Error()
		return nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	r.State, r.Run, r.Error, r.Revision = Failed, f.Run, f.Error, f.Revision
	return nil
}

// estimate says how long the rest takes, as the runs that are done took.
func (s *Status) estimate(store *results.Store, records []results.Record) error {
	timings, err := store.Timings()
	if err != nil {
		return err
	}
	took := map[string]float64{} // the last time
	for _, t := range timings {
		took[t.ID] = t.Seconds
	}
	for k := range s.All {
		if seconds, is := took[s.All[k].ID]; is && s.All[k].State == Done {
			s.All[k].Seconds = &seconds
		}
	}

	trained := map[string]bool{}
	for _, r := range records {
		trained[r.ID] = r.Kind == results.KindLoss
	}
	for _, losses := range []bool{true, false} { // baselines take a part of the time
		sum := 0.0
		for _, r := range s.All {
			if r.Seconds != nil && (trained[r.ID] || !losses) {
				sum += *r.Seconds
				s.Timed++
			}
		}
		if s.Timed > 0 {
			mean := sum / float64(s.Timed)
			s.Mean, s.Trained = &mean, losses
			break
		}
	}
	if n := s.Counts[Running]; s.Mean != nil && n > 0 && !s.Search {
		left := *s.Mean * float64(s.Runs-s.Counts[Done]) / float64(n)
		s.Left = &left
	}
	return nil
}
