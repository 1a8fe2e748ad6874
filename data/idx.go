package data

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
)

// The IDX format (LeCun, Cortes and Burges, "The MNIST database"): a big-endian
// magic number whose third byte is the type (8: unsigned byte) and whose fourth
// is the number of dimensions, then the dimensions, 32 bits each, then the
// numbers.
const (
	magicLabels = 0x00000801
	magicImages = 0x00000803
)

// maxSide bounds an image's height and width, so that their product with any
// count of images fits 63 bits.
const maxSide = 1 << 14

// A header is believed for firstChunk bytes; after that, a buffer grows by no
// more than chunk beyond what the stream has really delivered. MNIST's 47 MB
// are so read into one buffer, and a false claim costs little.
const (
	firstChunk = 1 << 20
	chunk      = 1 << 26
)

// ReadImages reads images of bytes from IDX data, plain or compressed by gzip:
// pixels holds one image after the other, row by row. name stands in errors,
// beside the offset, which counts uncompressed bytes.
func ReadImages(r io.Reader, name string) (pixels []uint8, height, width int, err error) {
	in, err := openIDX(r, name, magicImages, 3)
	if err != nil {
		return nil, 0, 0, err
	}
	count, h, w := in.dims[0], in.dims[1], in.dims[2]
	if h < 1 || w < 1 || h > maxSide || w > maxSide {
		return nil, 0, 0, in.fail(8, "images of %d x %d pixels, want 1 to %d a side", h, w, maxSide)
	}
	if pixels, err = in.body(count * h * w); err != nil {
		return nil, 0, 0, err
	}
	return pixels, int(h), int(w), nil
}

// ReadLabels reads labels, each below classes, from IDX data, plain or
// compressed by gzip. name is as for [ReadImages].
func ReadLabels(r io.Reader, name string, classes int) ([]uint8, error) {
	in, err := openIDX(r, name, magicLabels, 1)
	if err != nil {
		return nil, err
	}
	labels, err := in.body(in.dims[0])
	if err != nil {
		return nil, err
	}
	for i, l := range labels {
		if int(l) >= classes {
			return nil, in.fail(in.start()+int64(i), "label %d, want below %d", l, classes)
		}
	}
	return labels, nil
}

// idx is an IDX stream behind its header.
type idx struct {
	r      io.Reader
	name   string
	packed bool
	dims   []int64 // each below 2^32
}

func (in *idx) fail(offset int64, format string, args ...any) error {
	of := ""
	if in.packed {
		of = " uncompressed"
	}
	return fmt.Errorf("data: %s, byte %d%s: %w", in.name, offset, of, fmt.Errorf(format, args...))
}

// start is the offset of the first number.
func (in *idx) start() int64 { return int64(4 + 4*len(in.dims)) }

func openIDX(r io.Reader, name string, magic uint32, dims int) (*idx, error) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	in := &idx{r: buffered, name: name, dims: make([]int64, dims)}
	if head, _ := buffered.Peek(2); string(head) == "\x1f\x8b" {
		z, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, in.fail(0, "broken gzip header: %w", err)
		}
		in.r, in.packed = z, true
	}
	header := make([]byte, in.start())
	n, err := io.ReadFull(in.r, header)
	if got := binary.BigEndian.Uint32(header); n >= 4 && got != magic {
		return nil, in.fail(0, "magic number %#08x, want %#08x, an IDX file of bytes in %d dimensions", got, magic, dims)
	}
	if err != nil {
		return nil, in.fail(int64(n), "the header ends early: %w", err)
	}
	for i := range in.dims {
		in.dims[i] = int64(binary.BigEndian.Uint32(header[4+4*i:]))
	}
	return in, nil
}

// body reads exactly size bytes and expects the stream to end after them.
func (in *idx) body(size int64) ([]uint8, error) {
	data := make([]uint8, 0, min(size, firstChunk))
	for {
		n, err := io.ReadFull(in.r, data[len(data):cap(data)])
		data = data[:len(data)+n]
		have := int64(len(data))
		if err != nil {
			return nil, in.fail(in.start()+have, "ends after %d of %d bytes: %w", have, size, err)
		}
		if have == size {
			return data, in.end(size)
		}
		data = append(make([]uint8, 0, min(size, have+chunk)), data...)
	}
}

// end reads on to the end of the stream, where gzip checks its sum.
func (in *idx) end(size int64) error {
	var one [1]byte
	switch n, err := io.ReadFull(in.r, one[:]); {
	case n > 0:
		return in.fail(in.start()+size, "more data than the header's %v", in.dims)
	case err != io.EOF:
		return in.fail(in.start()+size, "broken end: %w", err)
	}
	return nil
}
