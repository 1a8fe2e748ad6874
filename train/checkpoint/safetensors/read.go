package safetensors

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// maxData bounds the tensors' data that [Read] takes from a stream.
const maxData = 1 << 30

// Read reads a file from a stream. It takes no more of it than the header says,
// and one byte; it keeps no more memory than has arrived, twice. An error names
// the byte or the tensor at fault.
func Read(r io.Reader) (*File, error) {
	var length [8]byte
	if n, err := io.ReadFull(r, length[:]); err != nil {
		return nil, fmt.Errorf("safetensors: %w", early(err, "%d bytes, want at least the 8 of the header's length", n))
	}
	size, err := headerSize(length[:])
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	header, err := take(r, size)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", early(err, "byte 0: a header of %d bytes, but %d follow", size, len(header)))
	}
	f, places, err := parse(header)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	claimed := 0
	for _, p := range places {
		claimed = max(claimed, p.end)
	}
	if claimed > maxData {
		return nil, fmt.Errorf("safetensors: the header tells of %d bytes of data, at most %d are read", claimed, maxData)
	}
	data, err := take(r, claimed+1) // one more: nothing may follow
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	if err := f.place(places, data); err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	return f, nil
}

// Decode reads a whole file from memory, of any size. The tensors' data are slices
// of it.
func Decode(file []byte) (*File, error) {
	if len(file) < 8 {
		return nil, fmt.Errorf("safetensors: %d bytes, want at least the 8 of the header's length: the file is truncated", len(file))
	}
	size, err := headerSize(file)
	if err == nil && size > len(file)-8 {
		err = fmt.Errorf("byte 0: a header of %d bytes, but %d follow: the file is truncated", size, len(file)-8)
	}
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	f, places, err := parse(file[8:][:size])
	if err == nil {
		err = f.place(places, file[8+size:])
	}
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	return f, nil
}

func headerSize(file []byte) (int, error) {
	size := binary.LittleEndian.Uint64(file)
	if size > maxHeader {
		return 0, fmt.Errorf("byte 0: a header of %d bytes, at most %d are allowed: this is no safetensors file", size, maxHeader)
	}
	return int(size), nil
}

// take reads so many bytes, or as many as there are.
func take(r io.Reader, size int) ([]byte, error) {
	const first = 1 << 20
	out := make([]byte, 0, min(size, first))
	for {
		n, err := io.ReadFull(r, out[len(out):cap(out)])
		out = out[:len(out)+n]
		if err != nil || len(out) == size {
			return out, err
		}
		out = append(make([]byte, 0, min(size, 2*len(out))), out...)
	}
}

// early is what is said of a stream that ends too soon; other errors stay.
func early(err error, format string, args ...any) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf(format+": the file is truncated", args...)
	}
	return err
}
