package data

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The IDX format (LeCun and Cortes): a big-endian magic number, whose third
// byte is the type (8: unsigned byte) and whose fourth the number of
// dimensions, the dimensions, then the numbers.
const (
	magicLabels = 0x00000801
	magicImages = 0x00000803
)

// maxSide bounds an image's height and width, so that their product is harmless.
const maxSide = 1 << 14

// chunk is how much is read at once: a header's claims allocate no more than
// this beyond what the file really holds.
const chunk = 1 << 20

// ReadImages reads images of bytes from IDX data, plain or compressed by gzip.
// name stands in errors, which also give the offset in the plain data.
func ReadImages(r io.Reader, name string) (pixels []uint8, height, width int, err error) {
	in, err := newIDX(r, name, magicImages, 3)
	if err != nil {
		return nil, 0, 0, err
	}
	height, width = int(in.dims[1]), int(in.dims[2])
	if in.dims[1] < 1 || in.dims[2] < 1 || in.dims[1] > maxSide || in.dims[2] > maxSide {
		return nil, 0, 0, in.fail(8, "images of %d x %d pixels, want 1 to %d a side", in.dims[1], in.dims[2], maxSide)
	}
	pixels, err = in.body(int64(in.dims[0]) * int64(height) * int64(width))
	return pixels, height, width, err
}

// ReadLabels reads labels below classes from IDX data, plain or compressed.
func ReadLabels(r io.Reader, name string, classes int) ([]uint8, error) {
	in, err := newIDX(r, name, magicLabels, 1)
	if err != nil {
		return nil, err
	}
	labels, err := in.body(int64(in.dims[0]))
	if err != nil {
		return nil, err
	}
	for i, l := range labels {
		if int(l) >= classes {
			return nil, in.fail(int64(8+i), "label %d, want below %d", l, classes)
		}
	}
	return labels, nil
}

type idx struct {
	r    io.Reader
	name string
	dims []uint32
}

func (in *idx) fail(offset int64, format string, args ...any) error {
	return fmt.Errorf("data: %s, byte %d: %s", in.name, offset, fmt.Sprintf(format, args...))
}

func newIDX(r io.Reader, name string, magic uint32, dims int) (*idx, error) {
	in := &idx{name: name}
	buffered := bufio.NewReaderSize(r, 1<<16)
	in.r = buffered
	if head, _ := buffered.Peek(2); len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		z, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, in.fail(0, "broken gzip header: %v", err)
		}
		in.r = z
	}
	var header [16]byte
	n, err := io.ReadFull(in.r, header[:4+4*dims])
	if err != nil {
		return nil, in.fail(int64(n), "the header ends early: %v", err)
	}
	if got := binary.BigEndian.Uint32(header[:]); got != magic {
		return nil, in.fail(0, "magic number %#08x, want %#08x", got, magic)
	}
	for i := range dims {
		in.dims = append(in.dims, binary.BigEndian.Uint32(header[4+4*i:]))
	}
	return in, nil
}

// body reads exactly size bytes and expects the end after them.
func (in *idx) body(size int64) ([]uint8, error) {
	start := int64(4 + 4*len(in.dims))
	data := make([]uint8, 0, min(size, chunk))
	for int64(len(data)) < size {
		if len(data) == cap(data) {
			data = append(make([]uint8, 0, min(size, 2*int64(cap(data)))), data...)
		}
		free := data[len(data):min(int64(cap(data)), size)]
		n, err := io.ReadFull(in.r, free)
		data = data[:len(data)+n]
		if err != nil {
			return nil, in.fail(start+int64(len(data)), "ends after %d of %d bytes: %v", len(data), size, err)
		}
	}
	var one [1]byte
	switch n, err := io.ReadFull(in.r, one[:]); {
	case n > 0:
		return nil, in.fail(start+size, "more data than the header's %v elements", in.dims)
	case !errors.Is(err, io.EOF):
		return nil, in.fail(start+size, "broken end: %v", err)
	}
	return data, nil
}
