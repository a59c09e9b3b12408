package output

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"

	"gpwbench/internal/escape"
)

// An Object writes a JSON object on one line whose long lists come in parts, in the bytes
// of [JSON]. It holds one part.
type Object struct {
	parts *jsonParts
	any   bool // whether there is a member already
}

// NewObject begins an object.
func NewObject(w io.Writer) *Object {
	o := &Object{parts: newJSONParts(w)}
	o.parts.raw("{")
	return o
}

// Members writes the members of a struct.
func (o *Object) Members(v any) {
	o.separate()
	o.parts.within(v)
}

// List writes a member that is a list. Each part is a slice of some of its elements.
func (o *Object) List(name string, parts iter.Seq[any]) {
	o.separate()
	o.parts.raw(`"` + name + `":`)
	o.parts.list(parts)
}

// Close ends the object. The error is the first of the writer below or of
// [json.Encoder.Encode]; after one, nothing more is written and lists end.
func (o *Object) Close() error {
	o.parts.raw("}\n")
	return o.parts.err
}

func (o *Object) separate() {
	if o.any {
		o.parts.raw(",")
	}
	o.any = true
}

// JSONList writes a list on one line, in the bytes of [JSON]. Each part is a slice of
// some of its elements. The error is that of w or of [json.Encoder.Encode].
func JSONList(w io.Writer, parts iter.Seq[any]) error {
	p := newJSONParts(w)
	p.list(parts)
	p.raw("\n")
	return p.err
}

// jsonParts writes what is within lists and objects.
type jsonParts struct {
	w    io.Writer
	text bytes.Buffer // of one part
	to   *json.Encoder
	err  error
}

func newJSONParts(w io.Writer) *jsonParts {
	p := &jsonParts{w: w}
	p.to = json.NewEncoder(&p.text)
	p.to.SetEscapeHTML(false)
	return p
}

func (p *jsonParts) raw(text string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, text)
	}
}

// list writes a list. An empty part is none of its elements.
func (p *jsonParts) list(parts iter.Seq[any]) {
	p.raw("[")
	first := true
	for part := range parts {
		body := p.body(part)
		if p.err != nil {
			return
		}
		if len(body) == 0 {
			continue
		}
		if !first {
			p.raw(",")
		}
		first = false
		p.write(body)
	}
	p.raw("]")
}

func (p *jsonParts) within(v any) { p.write(p.body(v)) }

func (p *jsonParts) write(text []byte) {
	if p.err == nil {
		_, p.err = p.w.Write(text)
	}
}

// body encodes v, a struct or a slice, without its brackets. It is valid until the next
// call.
func (p *jsonParts) body(v any) []byte {
	p.text.Reset()
	if err := p.to.Encode(v); err != nil {
		if p.err == nil {
			p.err = err
		}
		return nil
	}
	text := bytes.TrimSuffix(p.text.Bytes(), []byte("\n"))
	return escape.JSON(text[1 : len(text)-1])
}
