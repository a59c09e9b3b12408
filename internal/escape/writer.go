package escape

import (
	"io"
	"unicode/utf8"
)

// A Writer passes text on as [Output] returns it, for text that comes in parts. A
// character whose bytes come in two parts is held until it is complete, so Flush has to
// be called at the end.
type Writer struct {
	w    io.Writer
	held []byte // the beginning of a character
}

// NewWriter returns a Writer to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write implements [io.Writer]. The error is that of the writer below.
func (w *Writer) Write(text []byte) (int, error) {
	n := len(text)
	if len(w.held) > 0 {
		text = append(w.held, text...)
		w.held = nil
	}

	whole := len(text) - incomplete(text)
	if whole < len(text) {
		w.held = append([]byte(nil), text[whole:]...)
	}
	if whole == 0 {
		return n, nil
	}
	if _, err := w.w.Write(Output(text[:whole])); err != nil {
		return 0, err
	}
	return n, nil
}

// Flush passes on what is held, which is not UTF-8. The error is that of the writer
// below.
func (w *Writer) Flush() error {
	held := w.held
	w.held = nil
	if len(held) == 0 {
		return nil
	}
	_, err := w.w.Write(Output(held))
	return err
}

// incomplete is the number of bytes at the end of text that begin a character and do not
// complete it.
func incomplete(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		end := text[len(text)-n:]
		if utf8.RuneStart(end[0]) {
			if utf8.FullRune(end) {
				return 0
			}
			return n
		}
	}
	return 0
}
