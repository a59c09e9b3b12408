package main

import (
	"context"
	"syscall/js"
	"time"

	"gpwbench/gpw/playground"
)

// slice is how long a measurement runs before the page may draw.
const slice = 8 * time.Millisecond

// A pausing context lets the page draw whenever a measurement asks for its end: both run
// in the one thread of the page.
type pausing struct {
	context.Context
	since time.Time
}

func (c *pausing) Err() error {
	if time.Since(c.since) > slice {
		time.Sleep(time.Millisecond)
		c.since = time.Now()
	}
	return c.Context.Err()
}

// measurePanel measures the loss of a panel, and ends an earlier measurement of it.
func (s *server) measurePanel(panel int) js.Value {
	if end := s.measure[panel]; end != nil {
		end()
	}
	ctx, end := context.WithCancel(context.Background())
	s.measure[panel] = end
	choice := s.page.Choice(panel)
	return promise(func([]js.Value) (any, error) { return playground.Measure(&pausing{ctx, time.Now()}, choice) })
}

func measureRow(loss string) js.Value {
	return promise(func([]js.Value) (any, error) {
		return playground.MeasureRow(&pausing{context.Background(), time.Now()}, loss)
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
