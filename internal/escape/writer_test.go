package escape

import (
	"bytes"
	"errors"
	"testing"
)

// TestWriter: text that is cut anywhere is the text of Output.
func TestWriter(t *testing.T) {
	text := []byte("a\tb\nβ − \u202e∞ \U0001d6fc\x1b[1m \xff\xe2\x82 end \xe2\x82")
	want := Output(text)
	for first := range len(text) + 1 {
		for second := first; second <= len(text); second++ {
			var b bytes.Buffer
			w := NewWriter(&b)
			for _, part := range [][]byte{text[:first], text[first:second], text[second:]} {
				if n, err := w.Write(part); n != len(part) || err != nil {
					t.Fatalf("%d of %d bytes, error %v", n, len(part), err)
				}
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(b.Bytes(), want) {
				t.Fatalf("cut at %d and %d: %q, want %q", first, second, b.Bytes(), want)
			}
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestWriterFails(t *testing.T) {
	w := NewWriter(full{})
	if _, err := w.Write([]byte("a")); err == nil {
		t.Error("a full disk is no error")
	}
	w.Write([]byte("\xe2"))
	if w.Flush() == nil {
		t.Error("a full disk is no error of Flush")
	}
}
