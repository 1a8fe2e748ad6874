package safetensors

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// parser reads the header token by token: a name that occurs twice or a field
// that is not of the format is an error, which json.Unmarshal would pass over.
type parser struct {
	json *json.Decoder
	file *File
	seen map[string]bool
	at   []place
}

func parse(header []byte) (*File, []place, error) {
	if len(header) == 0 || header[0] != '{' {
		return nil, nil, fmt.Errorf("byte 8: the header does not begin with {")
	}
	if !utf8.Valid(header) {
		return nil, nil, fmt.Errorf("byte 8: the header is not UTF-8")
	}
	p := &parser{json: json.NewDecoder(bytes.NewReader(header)), file: &File{}, seen: map[string]bool{}}
	p.json.UseNumber()
	err := p.object(p.entry)
	if err == nil && len(bytes.TrimRight(header[p.json.InputOffset():], " ")) > 0 {
		err = fmt.Errorf("something follows the header's last }")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("byte %d: %w", 8+p.json.InputOffset(), err)
	}
	return p.file, p.at, nil
}

// entry reads what stands behind one name of the header.
func (p *parser) entry(name string) error {
	if p.seen[name] {
		return fmt.Errorf("the name %q occurs twice", name)
	}
	p.seen[name] = true
	if name == metadataKey {
		p.file.Metadata = map[string]string{}
		return p.object(p.metadata)
	}
	if !Printable(name) {
		return fmt.Errorf("the name %.100q is not printable or longer than %d bytes", name, maxName)
	}
	if len(p.file.Tensors) == maxTensors {
		return fmt.Errorf("more than %d tensors", maxTensors)
	}
	t, at, fields := Tensor{Name: name, Shape: []int{}}, [2]int{}, map[string]bool{}
	err := p.object(func(field string) (err error) {
		if fields[field] {
			return fmt.Errorf("%s occurs twice", field)
		}
		fields[field] = true
		switch field {
		case "dtype":
			var s string
			s, err = p.text()
			t.DType = DType(s)
		case "shape":
			t.Shape, err = p.integers(maxDims)
		case "data_offsets":
			var n []int
			if n, err = p.integers(2); err == nil && len(n) != 2 {
				err = fmt.Errorf("%d data_offsets, want 2", len(n))
			}
			copy(at[:], n)
		default:
			err = fmt.Errorf("%q is no field of a tensor", field)
		}
		return err
	})
	if err == nil && len(fields) != 3 {
		err = fmt.Errorf("want dtype, shape and data_offsets")
	}
	if err != nil {
		return fmt.Errorf("tensor %s: %w", name, err)
	}
	p.at = append(p.at, place{len(p.file.Tensors), at[0], at[1]})
	p.file.Tensors = append(p.file.Tensors, t)
	return nil
}

func (p *parser) metadata(key string) error {
	if _, ok := p.file.Metadata[key]; ok {
		return fmt.Errorf("metadata %q occurs twice", key)
	}
	if len(p.file.Metadata) == maxMetadata {
		return fmt.Errorf("more than %d entries of metadata", maxMetadata)
	}
	value, err := p.text()
	p.file.Metadata[key] = value
	return err
}

// object reads { name: ..., } and lets field read each value.
func (p *parser) object(field func(name string) error) error {
	if err := p.delim('{'); err != nil {
		return err
	}
	for p.json.More() {
		name, err := p.text()
		if err != nil {
			return err
		}
		if err := field(name); err != nil {
			return err
		}
	}
	return p.delim('}')
}

func (p *parser) integers(most int) ([]int, error) {
	if err := p.delim('['); err != nil {
		return nil, err
	}
	out := []int{}
	for p.json.More() {
		token, err := p.token()
		if err != nil {
			return nil, err
		}
		number, _ := token.(json.Number)
		n, err := strconv.ParseUint(number.String(), 10, strconv.IntSize-1)
		if err != nil || len(out) == most {
			return nil, fmt.Errorf("got %v, want at most %d whole numbers that are not negative", token, most)
		}
		out = append(out, int(n))
	}
	return out, p.delim(']')
}

func (p *parser) text() (string, error) {
	token, err := p.token()
	if err != nil {
		return "", err
	}
	s, ok := token.(string)
	if !ok {
		return "", fmt.Errorf("got %v, want a string", token)
	}
	return s, nil
}

func (p *parser) delim(want json.Delim) error {
	token, err := p.token()
	if err == nil && token != want {
		err = fmt.Errorf("got %v, want %v", token, want)
	}
	return err
}

func (p *parser) token() (json.Token, error) {
	token, err := p.json.Token()
	if err == io.EOF {
		err = fmt.Errorf("the header ends too early")
	}
	return token, err
}
