package arrays

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/format"
)

// The library accepts blocks of up to this many values, in parts of a multiple of this
// many.
const (
	deltaBlock     = 1 << 16
	deltaMiniBlock = 32
)

var errDeltaShort = errors.New("ends early in its differences: it is cut short or damaged")

// isDelta reports whether the values of an encoding have counts of their own.
func isDelta(encoding int64) bool {
	switch format.Encoding(encoding) {
	case format.DeltaBinaryPacked, format.DeltaLengthByteArray, format.DeltaByteArray:
		return true
	}
	return false
}

// checkDelta goes through the counts of a page of differences at a byte of the file
// before the library believes them. It returns the bytes that its strings take.
func (c *parquetColumn) checkDelta(codec format.CompressionCodec, h pageHeader, at, n int64) (int64, error) {
	body, err := c.body(codec, h, at, n)
	if err != nil {
		return 0, err
	}
	if h.kind == format.DataPage {
		if body, err = c.withoutLevels(body); err != nil {
			return 0, err
		}
	}

	switch wide := c.leaf.Type().Kind() == parquet.Int64; format.Encoding(h.encoding) {
	case format.DeltaBinaryPacked:
		_, err = walkDeltas(body, h.values, wide)
		return 0, err
	case format.DeltaLengthByteArray:
		lengths, rest, err := deltaLengths(body, h.values)
		if err != nil {
			return 0, err
		}
		return stringsSize(make([]int32, len(lengths)), lengths, int64(len(rest)))
	}

	prefixes, rest, err := deltaLengths(body, h.values)
	if err != nil {
		return 0, err
	}
	suffixes, rest, err := deltaLengths(rest, h.values)
	if err != nil {
		return 0, err
	}
	return stringsSize(prefixes, suffixes, int64(len(rest)))
}

// body is what a page expands to, which checkBody has measured.
func (c *parquetColumn) body(codec format.CompressionCodec, h pageHeader, at, n int64) ([]byte, error) {
	packed := make([]byte, n)
	if _, err := c.f.r.ReadAt(packed, at); err != nil && err != io.EOF {
		return nil, err
	}
	if codec == format.Uncompressed || !h.compressed || n == 0 {
		return packed, nil
	}

	want := h.unpacked - h.levels
	body, err := parquet.LookupCompressionCodec(codec).Decode(make([]byte, 0, want), packed)
	if err != nil || int64(len(body)) != want {
		return nil, fmt.Errorf("expands to %d bytes and claims %d: it is damaged%s", len(body), want, because(err))
	}
	return body, nil
}

// withoutLevels skips the levels before the values of a page of version 1, which have
// their length before them.
func (c *parquetColumn) withoutLevels(body []byte) ([]byte, error) {
	for _, most := range []int{c.leaf.MaxRepetitionLevel(), c.leaf.MaxDefinitionLevel()} {
		if most == 0 {
			continue
		}
		if len(body) < 4 {
			return nil, errDeltaShort
		}
		n := uint64(binary.LittleEndian.Uint32(body))
		if n > uint64(len(body)-4) {
			return nil, errDeltaShort
		}
		body = body[4+n:]
	}
	return body, nil
}

// walkDeltas goes through the blocks of differences of at most some values of 32 bits, or
// of 64 if wide is set, and returns where they end.
func walkDeltas(b []byte, values int64, wide bool) (end int, err error) {
	var header [3]uint64 // values of a block, parts of a block, values of all
	for k := range header {
		v, n := binary.Uvarint(b[end:])
		if n <= 0 {
			return 0, errDeltaShort
		}
		header[k], end = v, end+n
	}
	block, parts, left := header[0], header[1], header[2]
	if block == 0 || block > deltaBlock || parts == 0 || block%parts != 0 || block/parts%deltaMiniBlock != 0 {
		return 0, fmt.Errorf("has blocks of %d differences in %d parts: it is damaged", block, parts)
	}
	if left > uint64(values) {
		return 0, fmt.Errorf("claims %d differences for %d values: it is damaged", left, values)
	}
	_, n := binary.Varint(b[end:])
	if n <= 0 {
		return 0, errDeltaShort
	}
	end += n

	for left -= min(left, 1); left > 0; {
		if end, left, err = walkDeltaBlock(b, end, int(block/parts), int(parts), left, wide); err != nil {
			return 0, err
		}
	}
	return end, nil
}

// walkDeltaBlock goes through one block of parts of size differences each. The last parts
// may be left out, and their widths are any.
func walkDeltaBlock(b []byte, at, size, parts int, left uint64, wide bool) (end int, rest uint64, err error) {
	_, n := binary.Varint(b[at:])
	if n <= 0 || len(b)-at-n < parts {
		return 0, 0, errDeltaShort
	}
	widths, end := b[at+n:at+n+parts], at+n+parts
	widest := byte(32)
	if wide {
		widest = 64
	}

	for _, width := range widths {
		if left == 0 {
			break
		}
		if width > widest {
			return 0, 0, fmt.Errorf("has differences of %d bits where values have %d: it is damaged", width, widest)
		}
		bytes := size / 8 * int(width)
		if bytes > len(b)-end {
			return 0, 0, errDeltaShort
		}
		end, left = end+bytes, left-min(left, uint64(size))
	}
	return end, left, nil
}

// deltaLengths reads lengths of at most some values, and returns what is after them.
func deltaLengths(b []byte, values int64) ([]int32, []byte, error) {
	end, err := walkDeltas(b, values, false)
	if err != nil {
		return nil, nil, err
	}
	lengths, err := new(delta.BinaryPackedEncoding).DecodeInt32(nil, b[:end])
	if err != nil {
		return nil, nil, fmt.Errorf("is damaged: %w", err)
	}
	return lengths, b[end:], nil
}

// stringsSize is the bytes of strings that begin as the one before for a length, and go
// on with others.
func stringsSize(prefixes, suffixes []int32, others int64) (int64, error) {
	if len(prefixes) != len(suffixes) {
		return 0, fmt.Errorf("has %d lengths of beginnings and %d of ends: it is damaged", len(prefixes), len(suffixes))
	}
	total, last := int64(0), int64(0)
	for k, n := range suffixes {
		before, own := int64(prefixes[k]), int64(n)
		if before < 0 || own < 0 || before > last || own > others {
			return 0, fmt.Errorf("has a string %d that takes %d bytes of %d and %d of %d: it is damaged", k, before, last, own, others)
		}
		others -= own
		last = before + own
		total += last
	}
	if total > math.MaxInt32 {
		return 0, fmt.Errorf("has strings of %d bytes, and a page holds %d at the most: write smaller pages", total, math.MaxInt32)
	}
	return total, nil
}
