//go:build unix

// Gpwpeer times what this project computes for benchmarks/peers/compare.py, which times
// the same work in other libraries. It reads requests as JSON, one a line, from standard
// input, and answers each with a line on standard output. It ends with its input. A
// request is one timed block:
//
//	{"task": "loss", "loss": "multi_similarity.pml", "x": "rows.npy", "labels": "labels.npy", "calls": 10, "repetitions": 5}
//	{"wall": [0.0001, …], "cpu": [0.0001, …], "checks": {"value": 0.71, "gradient": 0.02}}
//
// Wall and CPU are seconds of one call, one number for every repetition. Checks are
// results of the work, for comparison. A request that fails is answered by {"error":
// "…"}, and the next request is read.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "gpwpeer:", err)
		os.Exit(1)
	}
}

// A request says what to time. All but Calls and Repetitions describe the work, which is
// prepared once if the next request has the same.
type request struct {
	work
	Calls       int `json:"calls"`       // of the work in a repetition; 0 is 1
	Repetitions int `json:"repetitions"` // 0 is 1
}

type answer struct {
	Wall   []float64          `json:"wall,omitempty"`
	CPU    []float64          `json:"cpu,omitempty"`
	Checks map[string]float64 `json:"checks,omitempty"`
	Error  string             `json:"error,omitempty"`
}

func serve(in io.Reader, out io.Writer) error {
	var (
		prepared work
		do       *task
		lines    = bufio.NewScanner(in)
		answers  = json.NewEncoder(out)
	)

	for lines.Scan() {
		var r request
		err := decode(lines.Bytes(), &r)
		if err == nil && (do == nil || r.work != prepared) {
			prepared = r.work
			do, err = r.work.prepare()
		}

		var a answer
		if err == nil {
			a, err = measure(do, max(r.Calls, 1), max(r.Repetitions, 1))
		}
		if err != nil {
			do, a = nil, answer{Error: err.Error()}
		}
		if err := answers.Encode(a); err != nil {
			return err
		}
	}

	return lines.Err()
}

func decode(line []byte, r *request) error {
	if err := json.Unmarshal(line, r); err != nil {
		return fmt.Errorf("a request is one JSON object a line: %w", err)
	}
	if r.Calls < 0 || r.Repetitions < 0 {
		return errors.New("calls and repetitions are 1 or more")
	}
	return nil
}

func measure(t *task, calls, repetitions int) (answer, error) {
	var a answer
	for range repetitions {
		wall, cpu := time.Now(), processTime()
		for range calls {
			if err := t.call(); err != nil {
				return answer{}, err
			}
		}

		a.CPU = append(a.CPU, (processTime()-cpu).Seconds()/float64(calls))
		a.Wall = append(a.Wall, time.Since(wall).Seconds()/float64(calls))
	}

	var err error
	a.Checks, err = t.checks()
	return a, err
}

// processTime is the CPU time of all threads of the process.
func processTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
