package arrays

import (
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

// Encodings whose values take as much memory as the header of their page says. Those of
// differences have counts of their own, which checkDelta goes through.
var parquetEncodings = []int64{int64(format.Plain), int64(format.PlainDictionary), int64(format.RLE), int64(format.RLEDictionary), int64(format.ByteStreamSplit)}

// A pageHeader is what the header of a page claims.
type pageHeader struct {
	kind             format.PageType
	packed, unpacked int64
	values, encoding int64
	levels           int64 // bytes of levels, which are not compressed in version 2
	compressed       bool
}

// checkPages goes through the pages of a column in a row group before the library reads
// them, which allocates what their headers claim, and what compressed data expand to.
func (c *parquetColumn) checkPages(group int) error {
	m := c.p.Metadata().RowGroups[group].Columns
	if c.leaf.Index() >= len(m) {
		return fmt.Errorf("has %d columns in row group %d: it is damaged", len(m), group)
	}
	meta := m[c.leaf.Index()].MetaData
	at := meta.DataPageOffset
	if d := meta.DictionaryPageOffset; d > 0 && d < at {
		at = d
	}
	end := at + meta.TotalCompressedSize
	if at < 4 || meta.TotalCompressedSize < 0 || end < at || end > c.f.size {
		return fmt.Errorf("has a column at bytes %d to %d of %d: it is cut short or damaged", at, end, c.f.size)
	}

	memory := c.f.limit
	for at < end {
		h, n, err := readPageHeader(c.f.r, at, end)
		if err != nil {
			return fmt.Errorf("has a page at byte %d whose header is damaged: %w", at, err)
		}
		body := at + n
		at = body + h.packed
		if h.packed < 0 || at > end || h.unpacked < 0 || h.values < 0 || h.levels < 0 || h.levels > h.packed || h.levels > h.unpacked {
			return fmt.Errorf("has a page at byte %d that claims %d bytes, and %d are left: it is damaged", body, h.packed, end-body)
		}
		if memory -= max(h.unpacked, 8*h.values); memory < 0 {
			return c.tooMuch()
		}
		if err := checkEncoding(h); err != nil {
			return err
		}
		strings, err := c.checkBody(meta.Codec, h, body+h.levels, h.packed-h.levels)
		if err != nil {
			return fmt.Errorf("has a page at byte %d that %w", body, err)
		}
		if memory -= strings; memory < 0 {
			return c.tooMuch()
		}
	}
	return nil
}

func (c *parquetColumn) tooMuch() error {
	return fmt.Errorf("takes more than the %d bytes of memory that a file of %d is given: write it uncompressed and with the encoding PLAIN", c.f.limit, c.f.size)
}

// checkEncoding refuses an encoding whose counts are not gone through. A dictionary is
// PLAIN, by either of its names.
func checkEncoding(h pageHeader) error {
	e := format.Encoding(h.encoding)
	switch h.kind {
	case format.DictionaryPage:
		if e != format.Plain && e != format.PlainDictionary {
			return fmt.Errorf("has a dictionary with the encoding %v: it is damaged", e)
		}
	case format.DataPage, format.DataPageV2:
		if !slices.Contains(parquetEncodings, h.encoding) && !isDelta(h.encoding) {
			return fmt.Errorf("has a page with the encoding %v, which is not read: write it with PLAIN or RLE_DICTIONARY", e)
		}
	}
	return nil
}

// readPageHeader reads the header at a byte, and returns its length.
func readPageHeader(r io.ReaderAt, at, end int64) (h pageHeader, n int64, err error) {
	for size := int64(1 << 10); ; size *= 32 {
		b := make([]byte, min(size, end-at))
		if _, err := r.ReadAt(b, at); err != nil && err != io.EOF {
			return h, 0, err
		}
		w, err := walkThrift(b)
		if errors.Is(err, errThriftShort) && int64(len(b)) < end-at && size < 1<<20 {
			continue // long statistics
		}
		if err != nil {
			return h, 0, err
		}

		get := func(outer, inner int16) int64 { return w.ints[[2]int16{outer, inner}] }
		h = pageHeader{kind: format.PageType(get(1, 0)), unpacked: get(2, 0), packed: get(3, 0), compressed: true}
		switch h.kind {
		case format.DataPage:
			h.values, h.encoding = get(5, 1), get(5, 2)
		case format.DictionaryPage:
			h.values, h.encoding = get(7, 1), get(7, 2)
		case format.DataPageV2:
			h.values, h.encoding, h.levels = get(8, 1), get(8, 4), get(8, 5)+get(8, 6)
			if v, ok := w.ints[[2]int16{8, 7}]; ok {
				h.compressed = v == 1
			}
		}
		return h, int64(w.at), nil
	}
}

// checkBody compares what a page expands to with what its header claims, and goes through
// the counts of differences. It returns the bytes that their strings take.
func (c *parquetColumn) checkBody(codec format.CompressionCodec, h pageHeader, at, n int64) (int64, error) {
	if err := c.checkSize(codec, h, at, n); err != nil || h.kind == format.DictionaryPage || !isDelta(h.encoding) {
		return 0, err
	}
	return c.checkDelta(codec, h, at, n)
}

// checkSize compares what a page expands to with what its header claims, without keeping
// it.
func (c *parquetColumn) checkSize(codec format.CompressionCodec, h pageHeader, at, n int64) error {
	want := h.unpacked - h.levels
	if codec == format.Uncompressed || !h.compressed {
		if n != want {
			return fmt.Errorf("has %d bytes and claims %d: it is damaged", n, want)
		}
		return nil
	}
	if n == 0 && want == 0 {
		return nil
	}

	section := io.NewSectionReader(c.f.r, at, n)
	var r io.Reader
	switch codec {
	case format.Snappy: // begins with the number of bytes that it expands to
		var start [binary.MaxVarintLen64]byte
		got, _ := section.Read(start[:])
		if v, k := binary.Uvarint(start[:got]); k <= 0 || v != uint64(want) {
			return fmt.Errorf("expands to %d bytes and claims %d: it is damaged", v, want)
		}
		return nil
	case format.Gzip:
		z, err := gzip.NewReader(section)
		if err != nil {
			return fmt.Errorf("is damaged (%w)", err)
		}
		r = z
	case format.Zstd:
		z, err := zstd.NewReader(section, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(uint64(max(c.f.limit, 1<<23))))
		if err != nil {
			return fmt.Errorf("is damaged (%w)", err)
		}
		defer z.Close()
		r = z
	default: // also LZ4_RAW, of which the library returns other bytes than it expands to
		return fmt.Errorf("is compressed by %v, which is not read: write it with snappy, gzip or zstd", codec)
	}
	got, err := io.Copy(io.Discard, io.LimitReader(r, want+1))
	if err != nil || got != want {
		return fmt.Errorf("expands to %d bytes and claims %d: it is damaged%s", got, want, because(err))
	}
	return nil
}

func because(err error) string {
	if err == nil {
		return ""
	}
	return fmt.Sprintf(" (%v)", err)
}
