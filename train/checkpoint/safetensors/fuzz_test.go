package safetensors

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever is read is consistent, is written again to the same contents, and
// costs no more than its length allows.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{})
	f.Add(sealed("{}", ""))
	f.Add(sealed(`{"__metadata__":{"a":"b"},"x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"y":{"dtype":"U8","shape":[],"data_offsets":[8,9]}}  `, "123456789"))
	f.Add(sealed(`{"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`, ""))
	f.Fuzz(func(t *testing.T, file []byte) {
		a, err := Decode(file)
		if err != nil {
			return
		}
		total := 0
		for _, x := range a.Tensors {
			total += len(x.Data)
			if n, err := dataLength(x.DType, x.Shape, len(file)); err != nil || n != len(x.Data) {
				t.Fatalf("%s: %d bytes for %v of %s", x.Name, len(x.Data), x.Shape, x.DType)
			}
		}
		if total > len(file)-8 {
			t.Fatalf("%d bytes of data in a file of %d", total, len(file))
		}
		var out bytes.Buffer
		if err := a.Write(&out); err != nil {
			t.Fatal(err)
		}
		b, err := Decode(out.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Metadata) == 0 {
			a.Metadata, b.Metadata = nil, nil
		}
		if diff := cmp.Diff(a, b); diff != "" {
			t.Fatal(diff)
		}
	})
}
