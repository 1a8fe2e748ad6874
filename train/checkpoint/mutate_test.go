package checkpoint_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"

	"symgrad/train/checkpoint"
	"symgrad/train/checkpoint/safetensors"
)

// mutant is a checkpoint that is being changed as a script of bytes says, by
// someone who knows the format: what comes of it is a safetensors file whose
// checksum is right, of a network that is another one, or none.
type mutant struct {
	script []byte
	file   *safetensors.File
	meta   any // the metadata's JSON
}

// pick takes the next byte of the script, below n.
func (m *mutant) pick(n int) int {
	if len(m.script) == 0 || n == 0 {
		return 0
	}
	b := m.script[0]
	m.script = m.script[1:]
	return int(b) % n
}

// mutate gives the file that a script makes of another.
func mutate(whole, script []byte) []byte {
	m := &mutant{script: script, file: must(safetensors.Decode(bytes.Clone(whole)))}
	if err := json.Unmarshal([]byte(m.file.Metadata["symgrad"]), &m.meta); err != nil {
		panic(err)
	}
	changes := []func(){m.setField, m.setField, m.dropField, m.repeat, m.rename, m.reshape, m.retype, m.setNumber, m.setNumber, m.dropTensor, m.addTensor, m.swap, m.addMetadata}
	for range 12 {
		if len(m.script) == 0 {
			break
		}
		changes[m.pick(len(changes))]()
	}
	m.file.Metadata["symgrad"] = string(must(json.Marshal(m.meta)))
	m.file.Metadata["sha256"] = checkpoint.Checksum(m.file)
	return m.written()
}

// place is a node of the metadata: a way to read and to write it.
type place struct {
	value any
	set   func(any)
	drop  func()
}

// node walks into the metadata as far as the script says.
func (m *mutant) node() place {
	at := place{m.meta, func(v any) { m.meta = v }, func() { m.meta = nil }}
	for {
		switch v := at.value.(type) {
		case map[string]any:
			if len(v) == 0 {
				return at
			}
			keys := slices.Sorted(maps.Keys(v))
			key := keys[m.pick(len(keys))]
			at = place{v[key], func(x any) { v[key] = x }, func() { delete(v, key) }}
		case []any:
			i := m.pick(len(v) + 1)
			if i == len(v) {
				return at
			}
			set := at.set
			at = place{v[i], func(x any) { v[i] = x }, func() { set(slices.Delete(slices.Clone(v), i, i+1)) }}
		default:
			return at
		}
	}
}

func (m *mutant) setField() {
	n := m.node()
	values := []any{nil, true, -1, 0, 1, 2, 3, 4, 7, 8, 255, 256, int64(1 << 31), int64(1 << 62), int64(-1 << 63), 0.5, math.Copysign(0, -1), 1e-320, 1e308, "", "NaN", "-Inf", "dense", "conv", "max-pool", "mean-pool",
		"flatten", "dropout", "relu", "leaky-relu", "softmax", "float64", "float32", "adam", "sgd", "velocity", "half squared error", "\x1b[2J\n", "\u202e", strings.Repeat("x", 1<<16),
		[]any{}, map[string]any{}, []any{1 << 30, 1 << 30, 1 << 30}, []any{"velocity"}, []any{1}, json.RawMessage("1e999"), json.RawMessage("18446744073709551615")}
	n.set(values[m.pick(len(values))])
}

func (m *mutant) dropField() { m.node().drop() }

// repeat makes a list longer, such as that of the layers.
func (m *mutant) repeat() {
	n := m.node()
	if list, ok := n.value.([]any); ok && len(list) > 0 && len(list) < 1<<10 {
		n.set(slices.Repeat(list, 1+m.pick(40)))
	}
}

// tensor is one of the file's; nil where there is none.
func (m *mutant) tensor() *safetensors.Tensor {
	if len(m.file.Tensors) == 0 {
		return &safetensors.Tensor{}
	}
	return &m.file.Tensors[m.pick(len(m.file.Tensors))]
}

func (m *mutant) rename() {
	names := []string{"fc1.weight", "fc1.bias", "fc2.weight", "conv1.weight", "conv2.bias", "optimizer.velocity.fc1.weight", "optimizer.", "", "x", "\x1b[2J", strings.Repeat("n", 300), "__metadata__"}
	m.tensor().Name = names[m.pick(len(names))]
}

// reshape gives a tensor other sizes, and as many numbers.
func (m *mutant) reshape() {
	t := m.tensor()
	switch m.pick(4) {
	case 0:
		slices.Reverse(t.Shape)
		return
	case 1:
		t.Shape = append([]int{1}, t.Shape...)
		return
	case 2:
		t.Shape = t.Shape[:len(t.Shape)/2]
	case 3:
		if len(t.Shape) > 0 {
			t.Shape[m.pick(len(t.Shape))] = m.pick(9)
		}
	}
	m.fit(t)
}

func (m *mutant) fit(t *safetensors.Tensor) {
	n := t.DType.Size()
	for _, d := range t.Shape {
		n *= d
	}
	t.Data = append(t.Data, make([]byte, max(n-len(t.Data), 0))...)[:n]
}

func (m *mutant) retype() {
	t := m.tensor()
	types := []safetensors.DType{"F64", "F32", "F16", "BF16", "I64", "U8", "BOOL"}
	t.DType = types[m.pick(len(types))]
	m.fit(t)
}

func (m *mutant) setNumber() {
	t := m.tensor()
	values := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), math.MaxFloat64, -math.MaxFloat32, math.MaxFloat32, 1e-45, 5e-324, 1e38, 1}
	v := values[m.pick(len(values))]
	size := t.DType.Size()
	if size == 0 || len(t.Data) < size {
		return
	}
	at := t.Data[m.pick(len(t.Data)/size)*size:]
	switch t.DType {
	case "F32":
		binary.LittleEndian.PutUint32(at, math.Float32bits(float32(v)))
	case "F64":
		binary.LittleEndian.PutUint64(at, math.Float64bits(v))
	}
}

func (m *mutant) dropTensor() {
	if n := len(m.file.Tensors); n > 0 {
		i := m.pick(n)
		m.file.Tensors = slices.Delete(m.file.Tensors, i, i+1)
	}
}

func (m *mutant) addTensor() {
	t := *m.tensor()
	t.Name = []string{"again", "fc3.weight", "optimizer.velocity." + t.Name, "optimizer.x." + t.Name}[m.pick(4)]
	t.Shape, t.Data = slices.Clone(t.Shape), bytes.Clone(t.Data)
	m.file.Tensors = append(m.file.Tensors, t)
}

func (m *mutant) swap() {
	a, b := m.tensor(), m.tensor()
	*a, *b = *b, *a
}

func (m *mutant) addMetadata() {
	key := []string{"format", "a", "\n", strings.Repeat("k", 300)}[m.pick(4)]
	m.file.Metadata[key] = []string{"", "pt", "\x1b[2J", strings.Repeat("v", 1<<14)}[m.pick(4)]
}

// written is the file with its tensors' entries in any order, as the format
// allows, and with offsets that may be wrong. Names that the format forbids are
// written all the same.
func (m *mutant) written() []byte {
	type entry struct {
		DType   safetensors.DType `json:"dtype"`
		Shape   []int             `json:"shape"`
		Offsets [2]int            `json:"data_offsets"`
	}
	var entries []string
	var all []byte
	wrong := m.pick(8)
	for i, t := range m.file.Tensors {
		e := entry{t.DType, append([]int{}, t.Shape...), [2]int{len(all), len(all) + len(t.Data)}}
		if wrong == 7 && i == m.pick(len(m.file.Tensors)) {
			e.Offsets[m.pick(2)] += []int{-1, 1, -4, 4, 1 << 30, -1 << 30}[m.pick(6)]
		}
		all = append(all, t.Data...)
		entries = append(entries, string(must(json.Marshal(t.Name)))+":"+string(must(json.Marshal(e))))
	}
	entries = append(entries, `"__metadata__":`+string(must(json.Marshal(m.file.Metadata))))
	if m.pick(2) == 1 {
		slices.Reverse(entries)
	}
	header := []byte("{" + strings.Join(entries, ",") + "}")
	return append(append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...), all...)
}
