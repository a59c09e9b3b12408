package status

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// many is a status of 5,000 runs on a cluster: 2,000 done, 500 running on four nodes, 300
// that failed for two reasons, one lost, and the others waiting in two arrays.
func many() *Status {
	s := &Status{Experiment: "many", Runs: 5000, Counts: map[State]int{}, Notes: []string{}}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for k := range s.Runs {
		r := Run{ID: fmt.Sprintf("%064x", k), State: Missing}
		row := []string{"cub: Triplet, fixed", "cub: NCA, fixed"}[k%2]
		name := fmt.Sprintf("%s, seed %d", row, k)
		switch {
		case k < 2000:
			r.State, r.Run = Done, name
		case k < 2500:
			left := float64(60 - k%50)
			r.State, r.Run, r.Task = Running, name, &Task{Job: fmt.Sprintf("7_%d", k), State: "RUNNING", Log: fmt.Sprintf("logs/7_%d.log", k)}
			r.Process = &Process{Host: fmt.Sprintf("n%d", k%4), PID: k, Since: at.Add(time.Duration(k) * time.Second), LeaseLeft: &left}
			r.Again = k % 2
		case k < 2800:
			r.State, r.Run, r.Error = Failed, name, []string{"the loss is NaN", "the disk is full"}[k/2%2]
		case k == 2800:
			r.State, r.Run, r.Process = Lost, name, &Process{Host: "n1", PID: 7}
		case k < 4000:
			r.Task = &Task{Job: fmt.Sprintf("8_%d", k), State: "PENDING", Hint: fmt.Sprintf("task 8_%d waits (JobHeldUser): it is held", k)}
		default:
			r.Task = &Task{Job: fmt.Sprintf("9_%d", k), State: "PENDING"}
		}
		s.Counts[r.State]++
		s.All = append(s.All, r)
	}
	return s
}

// Text sums thousands of runs up, a line for each row, state, reason and array of tasks,
// and lists them where that is asked for.
func TestManyRuns(t *testing.T) {
	s := many()
	write := func(every bool) []string {
		var b bytes.Buffer
		if err := s.Write(&b, "text", every); err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(b.String()), "\n")
	}
	lines := write(false)
	text := strings.Join(lines, "\n")
	for _, want := range []string{
		"many: 5000 runs: 2000 done, 500 running, 300 failed, 1 lost, 2199 missing",
		"running  cub: Triplet, fixed, 250 runs   on n0, n2 ", "7_2000 … 7_2498", "cub: NCA, fixed, 250 runs", "2026-01-02T03:37:25Z",
		"failed   cub: Triplet, fixed, 75 runs", "the disk is full", "1199 runs", "8_2801 … 8_3999", "task 8_2801 waits (JobHeldUser): it is held", "1000 runs", "9_4000 … 9_4999",
		"lost     cub: Triplet, fixed, seed 2800  7 on n1", "3000 runs in 9 lines",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("text lacks %q:\n%s", want, text)
		}
	}
	for _, line := range lines {
		if strings.HasPrefix(line, "running  cub: Triplet") && !slices.Contains(strings.Fields(line), "12s") {
			t.Errorf("the least lease left of the even runs is 60−48 seconds: %s", line)
		}
		if strings.HasPrefix(line, "running  cub: NCA") && !slices.Contains(strings.Fields(line), "250") {
			t.Errorf("250 of these runs were begun again: %s", line)
		}
	}
	if n := len(lines); n > 16 {
		t.Errorf("%d lines:\n%s", n, text)
	}
	if n := len(write(true)); n < s.Runs || n > s.Runs+8 {
		t.Errorf("%d lines of every run, of %d", n, s.Runs)
	}

	var data bytes.Buffer
	if err := s.Write(&data, "json", false); err != nil {
		t.Fatal(err)
	}
	var read Status
	if err := json.Unmarshal(data.Bytes(), &read); err != nil || len(read.All) != s.Runs {
		t.Errorf("JSON has %d runs, %v", len(read.All), err)
	}
}

// Tasks that share a work are summed up too.
func TestManyTasks(t *testing.T) {
	s := &Status{Counts: map[State]int{}}
	for k := range 300 {
		s.Tasks = append(s.Tasks, Task{Job: fmt.Sprintf("7_%d", k), State: []string{"COMPLETED", "PENDING"}[k%2], Log: fmt.Sprintf("logs/7_%d.log", k)})
	}
	var b bytes.Buffer
	if err := s.Write(&b, "text", false); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); !strings.Contains(text, "7_0 … 7_298, 150 tasks  COMPLETED") || strings.Count(text, "\n") != 3 {
		t.Errorf("%s", text)
	}
}
