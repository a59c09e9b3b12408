package main

import (
	"context"
	"syscall/js"
	"time"

	"gpwbench/gpw/playground"
)

// A measurement runs for a slice, and then rests, so that the page may draw. Every call
// of the page into the module first runs a measurement that has rested, so a short rest
// would add a slice to each of the calls that a drawing makes.
const (
	slice      = 5 * time.Millisecond
	rest       = time.Millisecond
	movingRest = 10 * time.Millisecond  // while points move
	moving     = 500 * time.Millisecond // so long after a drawing, which may take 100 ms
)

// A pausing context lets the page draw whenever a measurement asks for its end: both run
// in the one thread of the page.
type pausing struct {
	context.Context
	server  *server
	patient bool // it does not run at all while points move
	since   time.Time
}

func (c *pausing) Err() error {
	if time.Since(c.since) <= slice {
		return c.Context.Err()
	}

	time.Sleep(rest)
	for c.Context.Err() == nil && !c.server.allows(c.patient) {
		time.Sleep(movingRest)
	}
	c.since = time.Now()
	return c.Context.Err()
}

// allows reports whether a measurement may go on. While points move, one slice of one
// measurement follows each frame.
func (s *server) allows(patient bool) bool {
	if time.Since(s.drawn) >= moving {
		return true
	}
	allowed := !patient && s.served != s.frames
	if allowed {
		s.served = s.frames
	}
	return allowed
}

// measurePanel measures the loss of a panel, and ends an earlier measurement of it.
func (s *server) measurePanel(panel int) js.Value {
	if end := s.measure[panel]; end != nil {
		end()
	}
	ctx, end := context.WithCancel(context.Background())
	s.measure[panel] = end
	choice := s.page.Choice(panel)
	return promise(func([]js.Value) (any, error) { return playground.Measure(&pausing{ctx, s, false, time.Now()}, choice) })
}

// measureRow measures a row of Table 1. A patient reader waits until nothing moves.
func (s *server) measureRow(loss string, patient bool) js.Value {
	return promise(func([]js.Value) (any, error) {
		return playground.MeasureRow(&pausing{context.Background(), s, patient, time.Now()}, loss)
	})
}

// promise returns a Promise of the answer of f, which runs beside the page.
func promise(f function) js.Value {
	var executor js.Func
	executor = js.FuncOf(func(_ js.Value, args []js.Value) any {
		resolve := args[0]
		go func() {
			resolve.Invoke(answer(f, nil))
			executor.Release()
		}()
		return nil
	})
	return js.Global().Get("Promise").New(executor)
}
