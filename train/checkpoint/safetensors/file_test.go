package safetensors

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// sealed is a file with a header as given.
func sealed(header string, data string) []byte {
	return append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header+data...)
}

func written(t interface{ Fatal(...any) }, f *File) []byte {
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The example of the format's description, byte for byte.
func TestThePublishedExample(t *testing.T) {
	f, err := Decode(sealed(`{"__metadata__":{"format":"pt"},"TENSOR_NAME":{"dtype":"F16","shape":[1,16,256],"data_offsets":[0,8192]},"NEXT":{"dtype":"I64","shape":[],"data_offsets":[8192,8200]}}   `,
		strings.Repeat("x", 8192)+"12345678"))
	if err != nil {
		t.Fatal(err)
	}
	if a := f.Tensor("TENSOR_NAME"); a == nil || a.DType != "F16" || len(a.Data) != 8192 || !cmp.Equal(a.Shape, []int{1, 16, 256}) {
		t.Errorf("%+v", a)
	}
	if b := f.Tensor("NEXT"); b == nil || string(b.Data) != "12345678" || len(b.Shape) != 0 {
		t.Errorf("%+v", b)
	}
	if f.Tensor("x") != nil || f.Metadata["format"] != "pt" {
		t.Error(f.Metadata)
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := &File{Metadata: rapid.MapOf(rapid.String(), rapid.String()).Draw(t, "metadata")}
		dtypes := []DType{"BOOL", "U8", "I16", "BF16", F32, F64, "U64"}
		for _, name := range rapid.SliceOfNDistinct(rapid.String(), 0, 5, rapid.ID).Draw(t, "names") {
			if name == metadataKey || !Printable(name) {
				continue
			}
			a := Tensor{Name: name, DType: rapid.SampledFrom(dtypes).Draw(t, "dtype"), Shape: rapid.SliceOfN(rapid.IntRange(0, 4), 0, 4).Draw(t, "shape")}
			n, err := dataLength(a.DType, a.Shape, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			a.Data = rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, "data")
			f.Tensors = append(f.Tensors, a)
		}
		file := written(t, f)
		if n := binary.LittleEndian.Uint64(file); n%8 != 0 {
			t.Fatalf("a header of %d bytes: the data are not aligned", n)
		}
		got, err := Decode(file)
		if err != nil {
			t.Fatal(err)
		}
		byName := cmpopts.SortSlices(func(a, b Tensor) bool { return a.Name < b.Name }) // empty ones have no place
		if diff := cmp.Diff(f, got, cmpopts.EquateEmpty(), byName); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestWhatCannotBeWritten(t *testing.T) {
	a := Tensor{Name: "a", DType: F32, Shape: []int{2}, Data: make([]byte, 8)}
	for want, f := range map[string]*File{
		`the name "a" is taken`:                 {Tensors: []Tensor{a, a}},
		`the name "__metadata__" is taken`:      {Tensors: []Tensor{{Name: "__metadata__", DType: "U8", Data: []byte{1}}}},
		"tensor b: 3 bytes for shape [] of F32": {Tensors: []Tensor{{Name: "b", DType: F32, Data: []byte{1, 2, 3}}}},
		"of F3":                                 {Tensors: []Tensor{{Name: "b", DType: "F3", Data: []byte{1, 2, 3}}}},
		"shape [-1] of U8":                      {Tensors: []Tensor{{Name: "b", DType: "U8", Shape: []int{-1}}}},
		`name "\xff" is not printable`:          {Tensors: []Tensor{{Name: "\xff", DType: "U8", Data: []byte{1}}}},
		`metadata "a" is not UTF-8`:             {Metadata: map[string]string{"a": "\xff"}},
		"4097 tensors and 0 entries of metadata, at most 4096 and 256": {Tensors: make([]Tensor, 4097)},
		"1 bytes for shape [1 1 1 1 1 1 1 1 1] of U8":                  {Tensors: []Tensor{{Name: "a", DType: "U8", Shape: []int{1, 1, 1, 1, 1, 1, 1, 1, 1}, Data: []byte{1}}}},
		"a header of": {Metadata: map[string]string{"a": strings.Repeat("x", maxHeader)}},
	} {
		if err := f.Write(&bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func manyEntries() string {
	var out []string
	for i := range maxMetadata + 1 {
		out = append(out, fmt.Sprintf(`"%d":""`, i))
	}
	return strings.Join(out, ",")
}

func TestMistakesAreNamed(t *testing.T) {
	const data = "12345678"
	entry := func(body string) []byte { return sealed(`{"a":{`+body+`}}`, data) }
	for want, file := range map[string][]byte{
		"3 bytes, want at least the 8":                                             []byte("abc"),
		"byte 0: a header of 99 bytes, but 1 follow: the file is truncated":        append(binary.LittleEndian.AppendUint64(nil, 99), '{'),
		"byte 0: a header of 18446744073709551615 bytes, at most 16777216":         bytes.Repeat([]byte{255}, 20),
		"the header does not begin with {":                                         sealed("[]", ""),
		"the header is not UTF-8":                                                  sealed("{\"\xff\":1}", ""),
		"something follows the header's last }":                                    sealed("{} {}", ""),
		"the header ends too early":                                                sealed(`{"a":`, ""),
		"byte 9: invalid character":                                                sealed(`{,`, ""),
		"got 3, want {":                                                            sealed(`{"a":3}`, ""),
		"tensor a: want dtype, shape and data_offsets":                             entry(`"dtype":"U8"`),
		`"strides" is no field of a tensor`:                                        entry(`"strides":[1]`),
		"dtype occurs twice":                                                       entry(`"dtype":"U8","dtype":"U8"`),
		`the name "a" occurs twice`:                                                sealed(`{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{}}`, ""),
		`metadata "k" occurs twice`:                                                sealed(`{"__metadata__":{"k":"1","k":"2"}}`, ""),
		"got 7, want a string":                                                     sealed(`{"__metadata__":{"k":7}}`, ""),
		"got -1, want at most 8 whole numbers":                                     entry(`"dtype":"U8","shape":[-1],"data_offsets":[0,8]`),
		"got 1.5, want at most 8 whole numbers":                                    entry(`"dtype":"U8","shape":[1.5],"data_offsets":[0,8]`),
		"got 9223372036854775808, want at most":                                    entry(`"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,8]`),
		"got 1, want at most 8 whole numbers":                                      entry(`"dtype":"U8","shape":[1` + strings.Repeat(",1", 8) + `],"data_offsets":[0,8]`),
		"1 data_offsets, want 2":                                                   entry(`"dtype":"U8","shape":[8],"data_offsets":[0]`),
		`dtype "F9" is none of the format`:                                         entry(`"dtype":"F9","shape":[8],"data_offsets":[0,8]`),
		"data_offsets [1,8], want them to start at 0":                              entry(`"dtype":"U8","shape":[7],"data_offsets":[1,8]`),
		"tensor a ends at byte 9 of the data, which have 8: the file is truncated": entry(`"dtype":"U8","shape":[9],"data_offsets":[0,9]`),
		"shape [7] of U8 needs 7 bytes, data_offsets [0,8] give 8":                 entry(`"dtype":"U8","shape":[7],"data_offsets":[0,8]`),
		"shape [4611686018427387904 4] of U8 needs more than the 8 bytes":          entry(`"dtype":"U8","shape":[4611686018427387904,4],"data_offsets":[0,8]`),
		"more than 256 entries of metadata":                                        sealed(`{"__metadata__":{`+manyEntries()+`}}`, ""),
		"1 bytes follow the last tensor":                                           entry(`"dtype":"U8","shape":[7],"data_offsets":[0,7]`),
		"tensor b: data_offsets [4,8], want them to start at 8":                    sealed(`{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}`, data),
	} {
		f, err := Decode(file)
		if err == nil || f != nil || !strings.HasPrefix(err.Error(), "safetensors: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

// allocated is how many bytes Decode asks for.
func allocated(file []byte) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _ = Decode(file) // an error is as good
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Claims cost nothing: a small file that promises terabytes is refused with the
// memory of a small file, and a large one is read without a copy.
func TestClaimsAllocateNothing(t *testing.T) {
	huge := fmt.Sprint(int64(1 << 50))
	for _, file := range [][]byte{
		binary.LittleEndian.AppendUint64(nil, 1<<63),
		binary.LittleEndian.AppendUint64(nil, maxHeader),
		sealed(`{"a":{"dtype":"F64","shape":[`+huge+`],"data_offsets":[0,`+huge+`]}}`, ""),
		sealed(`{"a":{"dtype":"F64","shape":[0,`+huge+`,`+huge+`],"data_offsets":[0,0]}}`, ""),
		sealed(`{"a":{"dtype":"F64","shape":[1],"data_offsets":[`+huge+`,8]}}`, ""),
	} {
		if got := allocated(file); got > 8<<10 {
			t.Errorf("%d bytes allocated for %q", got, file)
		}
	}
	large := written(t, &File{Tensors: []Tensor{{Name: "a", DType: "U8", Shape: []int{1 << 20}, Data: make([]byte, 1<<20)}}})
	if got := allocated(large); got > 8<<10 {
		t.Errorf("%d bytes allocated for a tensor of a megabyte", got)
	}
	// A header as dense as can be is given up long before its end.
	var dense bytes.Buffer
	dense.WriteByte('{')
	for i := 0; dense.Len() < maxHeader-100; i++ {
		fmt.Fprintf(&dense, `"%x":{"dtype":"U8","shape":[0,0,0,0,0,0,0,0],"data_offsets":[0,0]},`, i)
	}
	file := sealed(dense.String(), "")
	if got := allocated(file); got > uint64(len(file)) {
		t.Errorf("%d bytes allocated for a header of %d", got, len(file))
	}
	if _, err := Decode(file); err == nil || !strings.Contains(err.Error(), "more than 4096 tensors") {
		t.Error(err)
	}
}

// The stream is read as the memory is, whatever it holds, and no further than the
// header tells.
func TestReadIsDecode(t *testing.T) {
	whole := written(t, &File{Tensors: []Tensor{{Name: "a", DType: "U8", Shape: []int{5}, Data: []byte("abcde")}}})
	for n := range len(whole) + 1 {
		for _, file := range [][]byte{whole[:n], append(bytes.Clone(whole[:n]), 0)} {
			want, wantErr := Decode(file)
			got, err := Read(iotest.HalfReader(bytes.NewReader(file)))
			if fmt.Sprint(err) != fmt.Sprint(wantErr) || !cmp.Equal(got, want) {
				t.Fatalf("%d bytes: %v, want %v", n, err, wantErr)
			}
		}
	}
	endless := io.MultiReader(bytes.NewReader(whole), zeros{})
	if _, err := Read(endless); err == nil || !strings.Contains(err.Error(), "1 bytes follow the last tensor") {
		t.Error(err)
	}
	if _, err := Read(zeros{}); err == nil || !strings.Contains(err.Error(), "does not begin with {") {
		t.Error(err)
	}
	huge := sealed(`{"a":{"dtype":"U8","shape":[1073741825],"data_offsets":[0,1073741825]}}`, "")
	if _, err := Read(io.MultiReader(bytes.NewReader(huge), zeros{})); err == nil || !strings.Contains(err.Error(), "at most 1073741824 are read") {
		t.Error(err)
	}
}

// zeros is /dev/zero.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestPrintable(t *testing.T) {
	for name, want := range map[string]bool{"conv1.weight": true, "größe 3": true, "": true, strings.Repeat("x", 256): true,
		"\x1b[2J": false, "a\nb": false, "\u202eb": false, "\xff": false, strings.Repeat("x", 257): false} {
		if Printable(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
		if !want && utf8.ValidString(name) {
			f := File{Tensors: []Tensor{{Name: name, DType: "U8", Data: []byte{1}}}}
			if err := f.Write(io.Discard); err == nil {
				t.Errorf("%q was written", name)
			}
		}
	}
}
