package arrays

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"
)

// maxColumns bounds the fields of a line.
const maxColumns = 1 << 16

// records reads lines of fields. A field may be quoted, with "" for a quotation mark, and
// then hold separators and line ends (RFC 4180).
type records struct {
	r         *bufio.Reader
	separator byte // 0: the line is the field; ' ': any white space
	line      int  // of the record that was read last, from 1
	next      int  // line of the next record
	most      int  // fields

	raw    []byte
	text   []byte // of the fields, one after the other
	ends   []int
	fields [][]byte
}

// newRecords reads lines, until separator is set. The buffer is no larger than the text,
// which may be short and be read again for each of many columns.
func newRecords(r *io.SectionReader) *records {
	rs := &records{r: bufio.NewReaderSize(r, int(min(1<<16, r.Size()))), next: 1, most: maxColumns}
	if b, _ := rs.r.Peek(3); string(b) == "\ufeff" {
		rs.r.Discard(3)
	}
	return rs
}

// readLine reads a line with its end into raw, behind what is there.
func (rs *records) readLine() error {
	start := len(rs.raw)
	for {
		part, err := rs.r.ReadSlice('\n')
		rs.raw = append(rs.raw, part...)
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err != nil && (err != io.EOF || len(rs.raw) == start):
			return err
		}
		rs.next++
		if line := rs.raw[start:]; !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 {
			return fmt.Errorf("line %d holds bytes that are no UTF-8 text: save it as UTF-8", rs.next-1)
		}
		return nil
	}
}

// read returns the fields of the next record, valid until the next call, and io.EOF
// behind the last.
func (rs *records) read() ([][]byte, error) {
	rs.raw, rs.text, rs.ends, rs.line = rs.raw[:0], rs.text[:0], rs.ends[:0], rs.next
	if err := rs.readLine(); err != nil {
		return nil, err
	}

	var err error
	switch line := trimEnd(rs.raw); rs.separator {
	case 0:
		rs.text = append(rs.text, line...)
		rs.ends = append(rs.ends, len(rs.text))
	case ' ':
		for _, field := range bytes.Fields(line) {
			rs.text = append(rs.text, field...)
			rs.ends = append(rs.ends, len(rs.text))
		}
	default:
		err = rs.split()
	}
	if err == nil && len(rs.ends) > rs.most {
		err = rs.tooMany()
	}
	if err != nil {
		return nil, err
	}

	rs.fields = rs.fields[:0]
	start := 0
	for _, end := range rs.ends {
		rs.fields = append(rs.fields, bytes.TrimSpace(rs.text[start:end]))
		start = end
	}
	return rs.fields, nil
}

func (rs *records) tooMany() error {
	return fmt.Errorf("line %d has more than %d fields, want as many in every line: quote fields that hold a separator", rs.line, rs.most)
}

// split divides the line by the separator, and reads on where a quoted field ends in
// another line.
func (rs *records) split() error {
	for at := 0; ; {
		rest := rs.raw[at:]
		n := 0
		if len(rest) > 0 && rest[0] == '"' {
			var err error
			if n, err = rs.quoted(at); err != nil {
				return err
			}
		} else {
			rest = trimEnd(rest)
			if n = bytes.IndexByte(rest, rs.separator); n < 0 {
				n = len(rest)
			}
			rs.text = append(rs.text, rest[:n]...)
		}
		rs.ends = append(rs.ends, len(rs.text))

		at += n
		if len(trimEnd(rs.raw[at:])) == 0 {
			return nil
		}
		if len(rs.ends) >= rs.most {
			return rs.tooMany()
		}
		at++ // the separator
	}
}

// quoted reads a quoted field that begins at a place of raw, and returns its length
// there.
func (rs *records) quoted(at int) (int, error) {
	begins, start := rs.next-1, at
	for at++; ; {
		n := bytes.IndexByte(rs.raw[at:], '"')
		if n < 0 {
			rs.text = append(rs.text, rs.raw[at:]...)
			at = len(rs.raw)
			if err := rs.readLine(); err == io.EOF {
				return 0, fmt.Errorf("line %d has a quoted field that does not end: add the quotation mark", begins)
			} else if err != nil {
				return 0, err
			}
			continue
		}

		rs.text = append(rs.text, rs.raw[at:at+n]...)
		at += n + 1
		rest := rs.raw[at:]
		switch {
		case len(rest) > 0 && rest[0] == '"':
			rs.text = append(rs.text, '"')
			at++
		case len(trimEnd(rest)) == 0, rest[0] == rs.separator:
			return at - start, nil
		default:
			return 0, fmt.Errorf("line %d has text behind a quoted field, %.20q: double the quotation marks inside a field", rs.next-1, rest)
		}
	}
}

func trimEnd(line []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
}
