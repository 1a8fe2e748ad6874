package safetensors

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"unicode/utf8"
)

// Bounds of what is written and read: bytes in the header, tensors, entries of
// the metadata, dimensions of a tensor, bytes of its name. They keep a header that consists of
// nothing but names from costing many times its length.
const (
	maxHeader   = 16 << 20
	maxTensors  = 4096
	maxMetadata = 256
	maxDims     = 8
	maxName     = 256
)

const metadataKey = "__metadata__"

type entry struct {
	DType   DType  `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

// Write writes a file, its header padded with spaces to a multiple of eight
// bytes. Tensors must have different names, and data that fit their shapes.
func (f *File) Write(w io.Writer) error {
	header, err := f.header()
	if err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	for _, t := range f.Tensors {
		if _, err := w.Write(t.Data); err != nil {
			return err
		}
	}
	return nil
}

// header is everything before the data.
func (f *File) header() ([]byte, error) {
	if len(f.Tensors) > maxTensors || len(f.Metadata) > maxMetadata {
		return nil, fmt.Errorf("safetensors: %d tensors and %d entries of metadata, at most %d and %d are allowed", len(f.Tensors), len(f.Metadata), maxTensors, maxMetadata)
	}
	out := append(make([]byte, 8, 1024), '{')
	add := func(key string, value any) error {
		if !utf8.ValidString(key) {
			return fmt.Errorf("safetensors: name %q is not UTF-8", key)
		}
		k, err := json.Marshal(key)
		if err != nil {
			return err
		}
		v, err := json.Marshal(value)
		if err != nil {
			return err
		}
		if len(out) > 9 {
			out = append(out, ',')
		}
		out = append(append(append(out, k...), ':'), v...)
		return nil
	}
	if len(f.Metadata) > 0 {
		for k, v := range f.Metadata {
			if !utf8.ValidString(k) || !utf8.ValidString(v) {
				return nil, fmt.Errorf("safetensors: metadata %q is not UTF-8", k)
			}
		}
		if err := add(metadataKey, f.Metadata); err != nil {
			return nil, err
		}
	}
	seen := map[string]bool{metadataKey: true}
	at := 0
	for _, t := range f.Tensors {
		if seen[t.Name] {
			return nil, fmt.Errorf("safetensors: the name %q is taken", t.Name)
		}
		seen[t.Name] = true
		if !Printable(t.Name) {
			return nil, fmt.Errorf("safetensors: the name %.100q is not printable or longer than %d bytes", t.Name, maxName)
		}
		if n, err := dataLength(t.DType, t.Shape, math.MaxInt); err != nil || n != len(t.Data) || len(t.Shape) > maxDims {
			return nil, fmt.Errorf("safetensors: tensor %s: %d bytes for shape %v of %s", t.Name, len(t.Data), t.Shape, t.DType)
		}
		e := entry{DType: t.DType, Shape: append([]int{}, t.Shape...), Offsets: [2]int{at, at + len(t.Data)}}
		if err := add(t.Name, e); err != nil {
			return nil, err
		}
		at += len(t.Data)
	}
	out = append(out, '}')
	for len(out)%8 != 0 {
		out = append(out, ' ')
	}
	if len(out)-8 > maxHeader {
		return nil, fmt.Errorf("safetensors: a header of %d bytes, at most %d are allowed", len(out)-8, maxHeader)
	}
	binary.LittleEndian.PutUint64(out, uint64(len(out)-8))
	return out, nil
}
