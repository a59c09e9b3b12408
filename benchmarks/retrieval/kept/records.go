package kept

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/input"
)

// A record is the line before the results of a block.
type record struct {
	Block   int    `json:"block"`
	Queries int    `json:"queries"`
	SHA256  string `json:"sha256"` // of the line with this empty, and of the results
}

// resultBytes is the length of a result.
const resultBytes = 6*4 + 1 + 6*8

// longestLine bounds a line of the file.
const longestLine = 1 << 16

func (r record) line() []byte {
	line, _ := json.Marshal(r) // of strings and integers: cannot fail
	return append(line, '\n')
}

func (r record) checksum(payload []byte) string {
	r.SHA256 = ""
	h := sha256.New()
	h.Write(r.line())
	h.Write(payload)
	return hex.EncodeToString(h.Sum(nil))
}

// encode returns the line and the results of a block.
func encode(block int, results []retrieval.Result) []byte {
	payload := make([]byte, 0, len(results)*resultBytes)
	for _, r := range results {
		for _, v := range []int32{r.Row, r.Above, r.Equal, r.PosEqual, r.Negatives, r.Decided} {
			payload = binary.LittleEndian.AppendUint32(payload, uint32(v))
		}
		undecided := byte(0)
		if r.Undecided {
			undecided = 1
		}
		payload = append(payload, undecided)
		for _, v := range []float64{r.AP.Low, r.AP.Expected, r.AP.High, r.RP.Low, r.RP.Expected, r.RP.High} {
			payload = binary.LittleEndian.AppendUint64(payload, math.Float64bits(v))
		}
	}

	rec := record{Block: block, Queries: len(results)}
	rec.SHA256 = rec.checksum(payload)
	return append(rec.line(), payload...)
}

func decode(payload []byte) []retrieval.Result {
	results := make([]retrieval.Result, len(payload)/resultBytes)
	for i := range results {
		b := payload[i*resultBytes:]
		r := &results[i]
		for k, v := range []*int32{&r.Row, &r.Above, &r.Equal, &r.PosEqual, &r.Negatives, &r.Decided} {
			*v = int32(binary.LittleEndian.Uint32(b[4*k:]))
		}
		r.Undecided = b[24] != 0
		for k, v := range []*float64{&r.AP.Low, &r.AP.Expected, &r.AP.High, &r.RP.Low, &r.RP.Expected, &r.RP.High} {
			*v = math.Float64frombits(binary.LittleEndian.Uint64(b[25+8*k:]))
		}
	}
	return results
}

// readAll reads a file of so many bytes. It returns the identity and the results of the
// complete records, and where these end. A file that was killed in its first line is
// empty; begun is the line that it may have begun with.
func readAll(f io.Reader, size int64, begun []byte) (id *Identity, done map[int][]retrieval.Result, end int64, err error) {
	r := bufio.NewReader(f)
	line, err := input.Line(r, longestLine)
	if err != nil {
		if size < int64(len(begun)) && bytes.HasPrefix(begun, line) {
			return nil, nil, 0, nil
		}
		return nil, nil, 0, errForeign
	}
	id = new(Identity)
	if json.Unmarshal(line, id) != nil || id.Format != format {
		return nil, nil, 0, errForeign
	}

	end, done = int64(len(line)), map[int][]retrieval.Result{}
	for {
		line, err := input.Line(r, longestLine)
		var rec record
		if err != nil || json.Unmarshal(line, &rec) != nil || !bytes.Equal(line, rec.line()) {
			return id, done, end, nil
		}
		length := int64(rec.Queries) * resultBytes
		if rec.Block < 0 || rec.Queries < 1 || rec.Queries > math.MaxInt32 || length > size-end-int64(len(line)) {
			return id, done, end, nil
		}
		payload := make([]byte, length)
		if _, err := io.ReadFull(r, payload); err != nil || rec.checksum(payload) != rec.SHA256 {
			return id, done, end, nil
		}
		done[rec.Block] = decode(payload)
		end += int64(len(line)) + length
	}
}

var errForeign = errors.New("is no file of results of an evaluation, and is left as it is: choose another name")
