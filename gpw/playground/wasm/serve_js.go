package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"syscall/js"
	"time"
	"unsafe"

	"gpwbench/gpw/playground"
)

// A server answers the page.
type server struct {
	page    *playground.Playground
	numbers []float64      // of the last frame
	drawn   time.Time      // when the last frame of the first panel was asked for
	frames  int            // of the first panel
	served  int            // frames when a measurement last went on
	measure map[int]func() // what ends the measurement of a panel
}

// serve gives the page the object gpw and never returns.
func serve() error {
	debug.SetGCPercent(400) // frames leave much behind, and one thread does everything
	s := &server{page: playground.New(), measure: map[int]func(){}}
	object := js.Global().Get("Object").New()
	for name, f := range s.functions() {
		object.Set(name, js.FuncOf(func(_ js.Value, args []js.Value) any { return answer(f, args) }))
	}
	object.Set("frame", js.FuncOf(func(_ js.Value, args []js.Value) any { return s.frame(args[0].Int(), args[1]) }))
	object.Set("measure", js.FuncOf(func(_ js.Value, args []js.Value) any { return s.measurePanel(args[0].Int()) }))
	object.Set("measureRow", js.FuncOf(func(_ js.Value, args []js.Value) any { return s.measureRow(args[0].String(), args[1].Bool()) }))
	js.Global().Set("gpw", object)
	js.Global().Call("gpwReady")
	select {}
}

// A function answers one question of the page. What it returns goes to the page as JSON.
type function func(args []js.Value) (any, error)

// answer calls f and returns {value} or {error, fields} as JSON. A panic is an error too,
// because it would end the module.
func answer(f function, args []js.Value) (reply string) {
	defer func() {
		if p := recover(); p != nil {
			reply = failure(fmt.Errorf("the page has a fault: %v", p))
		}
	}()

	value, err := f(args)
	if err != nil {
		return failure(err)
	}
	b, err := json.Marshal(map[string]any{"value": value})
	if err != nil {
		return failure(err)
	}
	return string(b)
}

func failure(err error) string {
	fields := playground.FieldErrors{}
	errors.As(err, &fields)
	b, _ := json.Marshal(map[string]any{"error": err.Error(), "fields": fields}) // text alone
	return string(b)
}

// frame packs the frame of a panel into a Uint8Array of 64-bit floats, and returns "" or
// why there is no loss.
func (s *server) frame(panel int, to js.Value) (failed string) {
	defer func() {
		if p := recover(); p != nil {
			failed = fmt.Sprintf("the loss has a fault: %v", p)
		}
	}()

	if panel == 0 {
		s.drawn = time.Now()
		s.frames++
	}
	f, err := s.page.Frame(panel)
	s.numbers = f.Pack(s.numbers[:0])
	// A Float64Array of a page has the bytes of the module's memory.
	js.CopyBytesToJS(to, unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s.numbers))), 8*len(s.numbers)))
	if err != nil {
		return err.Error()
	}
	return ""
}
