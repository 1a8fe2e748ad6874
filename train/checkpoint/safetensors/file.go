package safetensors

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// DType names the kind of a tensor's numbers as the format does.
type DType string

// The dtypes of Go's own floating-point numbers. Others of the format can be
// read and written as bytes.
const (
	F32 DType = "F32"
	F64 DType = "F64"
)

// Size is the number of bytes of one number; 0 for a dtype that the format does
// not have.
func (d DType) Size() int {
	switch d {
	case "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3":
		return 1
	case "U16", "I16", "F16", "BF16":
		return 2
	case "U32", "I32", F32:
		return 4
	case "U64", "I64", F64:
		return 8
	}
	return 0
}

// Tensor is a named block of numbers.
type Tensor struct {
	Name  string
	DType DType
	Shape []int  // empty for a single number
	Data  []byte // little-endian, row-major
}

// File is what one file holds.
type File struct {
	Metadata map[string]string // the header's __metadata__; may be nil
	Tensors  []Tensor          // in the order of their data
}

// Tensor finds a tensor by its name; nil where there is none.
func (f *File) Tensor(name string) *Tensor {
	for i := range f.Tensors {
		if f.Tensors[i].Name == name {
			return &f.Tensors[i]
		}
	}
	return nil
}

// dataLength is the length of a tensor's data, of at most limit bytes.
func dataLength(d DType, shape []int, limit int) (int, error) {
	n := d.Size()
	if n == 0 {
		return 0, fmt.Errorf("dtype %q is none of the format", d)
	}
	if slices.Contains(shape, 0) {
		return 0, nil
	}
	for _, dim := range shape {
		if dim < 0 || n > limit/dim {
			return 0, fmt.Errorf("shape %v of %s needs more than the %d bytes there are", shape, d, limit)
		}
		n *= dim
	}
	return n, nil
}

// Printable tells whether a name can be shown as it is: not long, of letters,
// marks, numbers, punctuation, symbols and the space alone. An escape sequence
// would have its way with a terminal.
func Printable(name string) bool {
	return len(name) <= maxName && utf8.ValidString(name) && strings.IndexFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}
