package arrays

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Bounds of a pickle. One that describes tensors takes some kilobytes; a list of a label
// a row takes a few bytes for each.
const (
	maxPickle     = 64 << 20 // bytes
	maxValues     = 4 << 20
	maxContainers = 1 << 18
)

// Values of Python. Others are nil, bool, int64, float64 and string.
type (
	pyTuple  struct{ items []any }
	pyList   struct{ items []any }
	pyDict   struct{ keys, values []any }
	pyGlobal struct{ module, name string }
	// pyOther is a value that is of no use here, such as a torch.dtype.
	pyOther struct{}
)

func (g pyGlobal) String() string { return g.module + "." + g.name }

// An unpickler runs the instructions of Python's pickle that build data. It imports
// nothing: a global is only taken if allowed, and is called only by apply, which is Go.
type unpickler struct {
	r       *bufio.Reader
	at      int64 // bytes read
	limit   int64 // of them
	allowed func(g pyGlobal) bool
	apply   func(g pyGlobal, args []any) (any, error)
	build   func(object, state any) error // of what is no dict
	persist func(id any) (any, error)

	stack              []any
	marks              []int
	memo               map[int]any
	values, containers int
}

// load reads one pickle.
func (u *unpickler) load() (any, error) {
	u.stack, u.marks, u.memo = nil, nil, map[int]any{}
	for {
		at := u.at
		op, err := u.byte()
		if err != nil {
			return nil, err
		}
		if op == '.' {
			v, err := u.pop()
			if err == nil && len(u.stack)+len(u.marks) > 0 {
				err = fmt.Errorf("leaves %d values and %d marks", len(u.stack), len(u.marks))
			}
			return v, u.located(at, op, err)
		}
		if err := u.run(op); err != nil {
			return nil, u.located(at, op, err)
		}
		if u.at > u.limit {
			return nil, fmt.Errorf("has a pickle of more than %d bytes, more than tensors need: save tensors with torch.save", u.limit)
		}
	}
}

func (u *unpickler) located(at int64, op byte, err error) error {
	if err == nil || errors.As(err, new(*globalError)) {
		return err
	}
	return fmt.Errorf("has a pickle whose instruction %q at byte %d %w", []byte{op}, at, err)
}

// A globalError is a pickle that asks for a function or class.
type globalError struct{ name string }

func (e *globalError) Error() string {
	return fmt.Sprintf("asks for %s, and nothing in a file is run: only tensors, numbers, strings, lists and dicts are read; "+
		"save a dict of tensors or NumPy arrays (of a module its state_dict())", e.name)
}

var errPickleShort = errors.New("ends early: the file is cut short or damaged")

func (u *unpickler) byte() (byte, error) {
	b, err := u.r.ReadByte()
	if err == io.EOF {
		err = errPickleShort
	}
	u.at++
	return b, err
}

// bytes reads n bytes. They are allocated as they come, because n is not trusted.
func (u *unpickler) bytes(n uint64) (string, error) {
	if n > uint64(u.limit) {
		return "", fmt.Errorf("claims %d bytes", n)
	}
	var b strings.Builder
	got, err := io.CopyN(&b, u.r, int64(n))
	u.at += got
	if err == io.EOF {
		err = errPickleShort
	}
	return b.String(), err
}

// uint reads a little-endian integer of n bytes.
func (u *unpickler) uint(n int) (uint64, error) {
	b, err := u.bytes(uint64(n))
	if err != nil {
		return 0, err
	}
	var wide [8]byte
	copy(wide[:], b)
	return binary.LittleEndian.Uint64(wide[:]), nil
}

// line reads to the end of a line, which is not part of it.
func (u *unpickler) line() (string, error) {
	b, err := u.r.ReadSlice('\n')
	u.at += int64(len(b))
	switch err {
	case nil:
		return string(b[:len(b)-1]), nil
	case io.EOF:
		return "", errPickleShort
	}
	return "", errors.New("has a line of more than 4096 bytes")
}

func (u *unpickler) push(v any) error {
	switch v.(type) {
	case *pyTuple, *pyList, *pyDict, *tensor, *storage, *ndarray, *pyDtype:
		u.containers++
	}
	if u.values++; u.values > maxValues || u.containers > maxContainers {
		return fmt.Errorf("makes more than %d values or %d containers, more than tensors need: save tensors", maxValues, maxContainers)
	}
	u.stack = append(u.stack, v)
	return nil
}

var errNoValue = errors.New("has no value to work on")

func (u *unpickler) pop() (any, error) {
	if len(u.stack) == 0 || len(u.marks) > 0 && u.marks[len(u.marks)-1] == len(u.stack) {
		return nil, errNoValue
	}
	v := u.stack[len(u.stack)-1]
	u.stack = u.stack[:len(u.stack)-1]
	return v, nil
}

// popN pops n values, in the order in which they were pushed.
func (u *unpickler) popN(n int) ([]any, error) {
	bottom := 0
	if len(u.marks) > 0 {
		bottom = u.marks[len(u.marks)-1]
	}
	if len(u.stack)-bottom < n {
		return nil, errNoValue
	}
	at := len(u.stack) - n
	items := append([]any(nil), u.stack[at:]...)
	u.stack = u.stack[:at]
	return items, nil
}

// popMark pops what was pushed since the last mark.
func (u *unpickler) popMark() ([]any, error) {
	if len(u.marks) == 0 {
		return nil, errors.New("has no mark")
	}
	items, err := u.popN(len(u.stack) - u.marks[len(u.marks)-1])
	u.marks = u.marks[:len(u.marks)-1]
	return items, err
}

// run runs one instruction.
func (u *unpickler) run(op byte) error {
	if handled, err := u.runConstant(op); handled {
		return err
	}
	if handled, err := u.runNumber(op); handled {
		return err
	}
	if handled, err := u.runText(op); handled {
		return err
	}
	if handled, err := u.runMemo(op); handled {
		return err
	}
	if handled, err := u.runContainer(op); handled {
		return err
	}
	return u.runGlobal(op)
}

func (u *unpickler) runConstant(op byte) (bool, error) {
	switch op {
	case 0x80: // PROTO
		v, err := u.byte()
		if err == nil && v > 5 {
			err = fmt.Errorf("is of protocol %d, known are 0 to 5", v)
		}
		return true, err
	case 0x95: // FRAME
		_, err := u.uint(8)
		return true, err
	case 'N':
		return true, u.push(nil)
	case 0x88: // NEWTRUE
		return true, u.push(true)
	case 0x89: // NEWFALSE
		return true, u.push(false)
	case '(':
		if len(u.marks) > maxContainers {
			return true, errors.New("nests too deeply")
		}
		u.marks = append(u.marks, len(u.stack))
		return true, nil
	case '0': // POP
		_, err := u.pop()
		return true, err
	case '1': // POP_MARK
		_, err := u.popMark()
		return true, err
	case '2': // DUP
		v, err := u.pop()
		if err != nil {
			return true, err
		}
		u.stack = append(u.stack, v)
		return true, u.push(v)
	}
	return false, nil
}

func (u *unpickler) runNumber(op byte) (bool, error) {
	var v uint64
	var text string
	var err error
	switch op {
	case 'K':
		v, err = u.uint(1)
	case 'M':
		v, err = u.uint(2)
	case 'J':
		v, err = u.uint(4)
		v = uint64(int64(int32(v)))
	case 'G': // BINFLOAT, big-endian
		if text, err = u.bytes(8); err != nil {
			return true, err
		}
		return true, u.push(math.Float64frombits(binary.BigEndian.Uint64([]byte(text))))
	case 0x8a: // LONG1
		return true, u.runLong()
	case 'I', 'L':
		if text, err = u.line(); err != nil {
			return true, err
		}
		if op == 'I' && (text == "00" || text == "01") {
			return true, u.push(text == "01")
		}
		var i int64
		i, err = strconv.ParseInt(strings.TrimSuffix(text, "L"), 10, 64)
		v = uint64(i)
	case 'F':
		if text, err = u.line(); err != nil {
			return true, err
		}
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return true, err
		}
		return true, u.push(f)
	default:
		return false, nil
	}
	if err != nil {
		return true, err
	}
	return true, u.push(int64(v))
}

// runLong pushes an integer of up to 255 bytes, little-endian in two's complement. One
// that 64 bits do not hold is no number that a tensor has.
func (u *unpickler) runLong() error {
	n, err := u.byte()
	if err != nil {
		return err
	}
	text, err := u.bytes(uint64(n))
	if err != nil {
		return err
	}
	if n > 8 {
		return u.push(pyOther{})
	}

	var wide [8]byte
	if n > 0 && text[n-1] >= 0x80 {
		wide = [8]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	}
	copy(wide[:], text)
	return u.push(int64(binary.LittleEndian.Uint64(wide[:])))
}

// textWidths are the bytes of the length of strings, by instruction.
var textWidths = [256]int{'X': 4, 'T': 4, 'B': 4, 'U': 1, 'C': 1, 0x8c: 1, 0x8d: 8, 0x8e: 8}

func (u *unpickler) runText(op byte) (bool, error) {
	width := textWidths[op]
	if width == 0 {
		return false, nil
	}
	n, err := u.uint(width)
	if err != nil {
		return true, err
	}
	s, err := u.bytes(n)
	if err != nil {
		return true, err
	}
	return true, u.push(s)
}

func (u *unpickler) runMemo(op byte) (bool, error) {
	width, put := 0, false
	switch op {
	case 'q':
		width, put = 1, true
	case 'r':
		width, put = 4, true
	case 'h':
		width = 1
	case 'j':
		width = 4
	case 'p', 'g':
		put = op == 'p'
	case 0x94: // MEMOIZE
		return true, u.remember(len(u.memo))
	default:
		return false, nil
	}

	var index uint64
	var err error
	if width > 0 {
		index, err = u.uint(width)
	} else {
		var text string
		if text, err = u.line(); err == nil {
			index, err = strconv.ParseUint(text, 10, 31)
		}
	}
	if err != nil {
		return true, err
	}
	if put {
		return true, u.remember(int(index))
	}
	v, ok := u.memo[int(index)]
	if !ok {
		return true, fmt.Errorf("refers to value %d, which there is not", index)
	}
	return true, u.push(v)
}

func (u *unpickler) remember(index int) error {
	v, err := u.pop()
	if err != nil {
		return err
	}
	u.memo[index] = v
	u.values++
	return u.push(v)
}

func (u *unpickler) runContainer(op byte) (bool, error) {
	switch op {
	case '}':
		return true, u.push(&pyDict{})
	case ']':
		return true, u.push(&pyList{})
	case ')':
		return true, u.push(&pyTuple{})
	case 0x85, 0x86, 0x87: // TUPLE1 to TUPLE3
		items, err := u.popN(int(op) - 0x84)
		if err != nil {
			return true, err
		}
		return true, u.push(&pyTuple{items})
	case 't', 'l', 'd':
		items, err := u.popMark()
		if err != nil {
			return true, err
		}
		switch op {
		case 't':
			return true, u.push(&pyTuple{items})
		case 'l':
			return true, u.push(&pyList{items})
		}
		d := &pyDict{}
		if err := d.set(items); err != nil {
			return true, err
		}
		return true, u.push(d)
	case 'a', 'e', 's', 'u':
		return true, u.extend(op)
	}
	return false, nil
}

// extend appends to the list below, or sets keys of the dict below.
func (u *unpickler) extend(op byte) error {
	var items []any
	var err error
	switch op {
	case 'a':
		items, err = u.popN(1)
	case 's':
		items, err = u.popN(2)
	default:
		items, err = u.popMark()
	}
	if err != nil {
		return err
	}
	below, err := u.pop()
	if err != nil {
		return err
	}
	u.stack = append(u.stack, below)

	switch below := below.(type) {
	case *pyList:
		if op == 'a' || op == 'e' {
			below.items = append(below.items, items...)
			return nil
		}
	case *pyDict:
		if op == 's' || op == 'u' {
			return below.set(items)
		}
	}
	return errors.New("extends what is no list or dict")
}

// set adds keys and values that alternate. Of equal keys the later one is found first.
func (d *pyDict) set(items []any) error {
	if len(items)%2 != 0 {
		return errors.New("has a key without a value")
	}
	for k := 0; k < len(items); k += 2 {
		d.keys, d.values = append(d.keys, items[k]), append(d.values, items[k+1])
	}
	return nil
}

func (u *unpickler) runGlobal(op byte) error {
	switch op {
	case 'c':
		module, err := u.line()
		if err != nil {
			return err
		}
		name, err := u.line()
		if err != nil {
			return err
		}
		return u.global(module, name)
	case 0x93: // STACK_GLOBAL
		items, err := u.popN(2)
		if err != nil {
			return err
		}
		module, ok1 := items[0].(string)
		name, ok2 := items[1].(string)
		if !ok1 || !ok2 {
			return errors.New("names a global by what is no string")
		}
		return u.global(module, name)
	case 'R', 'b':
		items, err := u.popN(2)
		if err != nil {
			return err
		}
		if op == 'b' { // attributes of an ordered dict, such as the versions of a state
			if _, ok := items[0].(*pyDict); !ok {
				if err := u.build(items[0], items[1]); err != nil {
					return err
				}
			}
			return u.push(items[0])
		}
		g, ok := items[0].(pyGlobal)
		args, isTuple := items[1].(*pyTuple)
		if !ok || !isTuple {
			return errors.New("calls what is no global")
		}
		v, err := u.apply(g, args.items)
		if err != nil {
			return err
		}
		return u.push(v)
	case 'Q':
		id, err := u.pop()
		if err != nil {
			return err
		}
		v, err := u.persist(id)
		if err != nil {
			return err
		}
		return u.push(v)
	}
	return errors.New("is none that data of tensors need: save tensors with torch.save")
}

func (u *unpickler) global(module, name string) error {
	g := pyGlobal{module, name}
	if !u.allowed(g) {
		return &globalError{g.String()}
	}
	return u.push(g)
}
