package data

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// The IDX format (LeCun, Cortes and Burges, "The MNIST database"): a big-endian
// magic number whose third byte is the type (8: unsigned byte) and whose fourth
// is the number of dimensions, then the dimensions, 32 bits each, then the
// numbers.
const (
	magicLabels = 0x00000801
	magicImages = 0x00000803 // (count, height, width)
	magicColour = 0x00000804 // (count, channels, height, width)
)

// maxSide bounds an image's height and width, and maxChannels its channels, so
// that their product with any count of images fits 63 bits.
const (
	maxSide     = 1 << 14
	maxChannels = 4
)

// A header is believed for firstChunk bytes; after that, a buffer grows by no
// more than chunk, or as much again, beyond what the stream has really delivered.
// MNIST's 47 MB are so read into one buffer, and a false claim costs little.
// More than mostBytes are not read, whatever a compressed file unpacks to; the
// largest set of MNIST's form, EMNIST by class, has 547 MB.
const (
	firstChunk = 1 << 20
	chunk      = 1 << 26
	mostBytes  = 2 << 30
)

// ReadImages reads images of bytes, of three dimensions or, with channels, of
// four, from IDX data, plain or compressed by gzip: pixels holds one image after
// the other, channel by channel and row by row, each of the shape (channels,
// height, width). name stands in errors, beside the offset, which counts
// uncompressed bytes.
func ReadImages(r io.Reader, name string) (pixels []uint8, shape []int, err error) {
	pixels, shape, _, err = readImages(r, name, 0)
	return pixels, shape, err
}

// readImages reads so many images, 0: all, and tells how many there are.
func readImages(r io.Reader, name string, most int) (pixels []uint8, shape []int, count int, err error) {
	in, err := openIDX(r, name, magicImages, magicColour)
	if err != nil {
		return nil, nil, 0, err
	}
	channels, size := int64(1), in.dims[1:]
	if len(size) == 3 {
		channels, size = size[0], size[1:]
	}
	h, w := size[0], size[1]
	switch {
	case h < 1 || w < 1 || h > maxSide || w > maxSide:
		return nil, nil, 0, in.fail(in.start()-8, "images of %d x %d pixels, want 1 to %d a side", h, w, maxSide)
	case channels < 1 || channels > maxChannels:
		return nil, nil, 0, in.fail(8, "images of %d channels, want 1 to %d", channels, maxChannels)
	}
	if pixels, err = in.body(channels*h*w, most); err != nil {
		return nil, nil, 0, err
	}
	return pixels, []int{int(channels), int(h), int(w)}, int(in.dims[0]), nil
}

// ReadLabels reads labels, a byte each, from IDX data, plain or compressed by
// gzip. name is as for [ReadImages].
func ReadLabels(r io.Reader, name string) ([]uint8, error) {
	in, err := openIDX(r, name, magicLabels)
	if err != nil {
		return nil, err
	}
	labels, err := in.body(1, 0)
	if err != nil {
		return nil, err
	}
	return labels, nil
}

// idx is an IDX stream behind its header.
type idx struct {
	r      io.Reader
	name   string
	packed bool
	read   int64   // bytes of the header
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

// openIDX reads the header, whose magic number is one of those given; its last
// digit is the number of dimensions.
func openIDX(r io.Reader, name string, magics ...uint32) (*idx, error) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	in := &idx{r: buffered, name: name}
	if head, _ := buffered.Peek(2); string(head) == "\x1f\x8b" {
		z, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, in.fail(0, "broken gzip header: %w", err)
		}
		in.r, in.packed = z, true
	}
	magic, err := in.number()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(magics, magic) {
		return nil, in.fail(0, "magic number %#08x, want %#08x, an IDX file of bytes in %d dimensions", magic, magics[0], magics[0]&0xff)
	}
	for range magic & 0xff {
		d, err := in.number()
		if err != nil {
			return nil, err
		}
		in.dims = append(in.dims, int64(d))
	}
	return in, nil
}

// number reads the next one of the header.
func (in *idx) number() (uint32, error) {
	var b [4]byte
	if n, err := io.ReadFull(in.r, b[:]); err != nil {
		return 0, in.fail(in.read+int64(n), "the header ends early: %w", err)
	}
	in.read += 4
	return binary.BigEndian.Uint32(b[:]), nil
}

// body reads so many of the header's rows, 0: all, of so many bytes each. After
// all of them it expects the stream to end.
func (in *idx) body(width int64, most int) ([]uint8, error) {
	all := in.dims[0] * width
	if all > mostBytes {
		return nil, in.fail(4, "%v are %d MB, want at most %d", in.dims, all>>20, mostBytes>>20)
	}
	size := all
	if most > 0 && int64(most) < in.dims[0] {
		size = int64(most) * width
	}
	data := make([]uint8, 0, min(size, firstChunk))
	for {
		n, err := io.ReadFull(in.r, data[len(data):cap(data)])
		data = data[:len(data)+n]
		have := int64(len(data))
		if err != nil {
			return nil, in.fail(in.start()+have, "ends after %d of %d bytes: %w", have, size, err)
		}
		if have == all {
			return data, in.end(all)
		}
		if have == size {
			return data, nil
		}
		data = append(make([]uint8, 0, min(size, max(2*have, have+chunk))), data...)
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
