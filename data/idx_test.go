package data

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func images(count, height, width uint32, pixels ...byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, 0x803)
	for _, d := range []uint32{count, height, width} {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return append(b, pixels...)
}

// colours are images with channels.
func colours(count, channels, height, width uint32, pixels ...byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, 0x804)
	for _, d := range []uint32{count, channels, height, width} {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return append(b, pixels...)
}

func labels(count uint32, classes ...byte) []byte {
	return append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 0x801), count), classes...)
}

func zipped(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

// Sizes around the reader's first chunk, through readers of every habit.
func TestReadImages(t *testing.T) {
	random := make([]byte, 2*firstChunk+6)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(random)
	for _, count := range []int{0, 1, firstChunk/2 - 1, firstChunk / 2, firstChunk/2 + 1, firstChunk + 3} {
		want := random[:2*count]
		plain := images(uint32(count), 1, 2, want...)
		for name, file := range map[string][]byte{"plain": plain, "gzip": zipped(plain)} {
			for habit, r := range map[string]io.Reader{
				"whole": bytes.NewReader(file), "halves": iotest.HalfReader(bytes.NewReader(file)), "early end": iotest.DataErrReader(bytes.NewReader(file)),
			} {
				pixels, shape, err := ReadImages(r, name)
				if err != nil || !slices.Equal(shape, []int{1, 1, 2}) || !bytes.Equal(pixels, want) {
					t.Errorf("%d images, %s, %s: %d pixels of %v, %v", count, name, habit, len(pixels), shape, err)
				}
			}
		}
	}
}

func TestReadImagesWithChannels(t *testing.T) {
	want := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	pixels, shape, err := ReadImages(bytes.NewReader(colours(2, 3, 1, 2, want...)), "f")
	if err != nil || !slices.Equal(shape, []int{3, 1, 2}) || !bytes.Equal(pixels, want) {
		t.Errorf("%v of %v, %v", pixels, shape, err)
	}
}

func TestReadLabels(t *testing.T) {
	for name, file := range map[string][]byte{"plain": labels(3, 0, 9, 5), "gzip": zipped(labels(3, 0, 9, 5))} {
		if got, err := ReadLabels(iotest.OneByteReader(bytes.NewReader(file)), name); err != nil || !bytes.Equal(got, []byte{0, 9, 5}) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestBadImagesSayWhatAndWhere(t *testing.T) {
	whole := images(2, 1, 3, 1, 2, 3, 4, 5, 6)
	packed := zipped(whole)
	for want, file := range map[string][]byte{
		"data: f, byte 0: magic number 0x00000801, want 0x00000803":                        labels(9, 1, 2, 3, 4, 5, 6, 7, 8, 9),
		"data: f, byte 0: magic number 0x89504e47":                                         []byte("\x89PNG\r\n\x1a\nsome picture"),
		"data: f, byte 0: magic number 0x00000d03":                                         append([]byte{0, 0, 0x0d, 3}, whole[4:]...), // floats
		"data: f, byte 0: the header ends early: EOF":                                      {},
		"data: f, byte 1: the header ends early":                                           {0x1f},
		"data: f, byte 7: the header ends early: unexpected EOF":                           whole[:7],
		"data: f, byte 16: ends after 0 of 6 bytes":                                        whole[:16],
		"data: f, byte 20: ends after 4 of 6 bytes: unexpected EOF":                        whole[:20],
		"data: f, byte 22: more data than the header's [2 1 3]":                            append(whole[:22:22], 7),
		"data: f, byte 8: images of 0 x 3 pixels":                                          images(2, 0, 3),
		"data: f, byte 8: images of 3 x 0 pixels":                                          images(2, 3, 0),
		"data: f, byte 8: images of 16385 x 1 pixels":                                      images(1<<31, 16385, 1),
		"data: f, byte 18: ends after 2 of 2147483648":                                     images(8, 1<<14, 1<<14, 1, 2),
		"data: f, byte 4 uncompressed: [9 16384 16384] are 2304 MB, want at most 2048":     zipped(images(9, 1<<14, 1<<14, 1, 2)),
		"data: f, byte 4: [2147483648 16384 16384] are 549755813888 MB, want at most 2048": images(1<<31, 1<<14, 1<<14, 1, 2),
		"data: f, byte 8: images of 0 channels, want 1 to 4":                               colours(2, 0, 1, 3),
		"data: f, byte 8: images of 5 channels, want 1 to 4":                               colours(2, 5, 1, 3),
		"data: f, byte 12: images of 0 x 3 pixels":                                         colours(2, 3, 0, 3),
		"data: f, byte 22: ends after 2 of 18 bytes":                                       colours(2, 3, 1, 3, 1, 2),
		"data: f, byte 0: broken gzip header: unexpected EOF":                              packed[:5],
		"data: f, byte 0: broken gzip header: gzip: invalid header":                        append([]byte{0x1f, 0x8b, 7}, packed[3:]...), // no deflate
		"data: f, byte 7 uncompressed: the header ends early":                              zipped(whole[:7]),
		"data: f, byte 20 uncompressed: ends after 4 of 6 bytes":                           zipped(whole[:20]),
		"data: f, byte 22 uncompressed: more data":                                         zipped(append(whole[:22:22], 7)),
		"data: f, byte 22 uncompressed: broken end: unexpected EOF":                        packed[:len(packed)-1],
		"broken end: gzip: invalid checksum":                                               append(packed[:len(packed)-8:len(packed)-8], 1, 2, 3, 4, 22, 0, 0, 0),
		"broken end: gzip: invalid header":                                                 append(packed[:len(packed):len(packed)], "something else"...),
	} {
		pixels, _, err := ReadImages(bytes.NewReader(file), "f")
		if err == nil || !strings.Contains(err.Error(), want) || pixels != nil {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestBadLabelsSayWhatAndWhere(t *testing.T) {
	for want, file := range map[string][]byte{
		"data: f, byte 0: magic number 0x00000803":           images(0, 1, 1),
		"data: f, byte 10: ends after 2 of 3 bytes":          labels(3, 1, 2),
		"data: f, byte 10: ends after 2 of 2147483648 bytes": labels(1<<31, 1, 2),
		"data: f, byte 4: [4294967295] are 4095 MB":          labels(1<<32-1, 1, 2),
		"data: f, byte 10: more data":                        labels(2, 1, 2, 3),
	} {
		if got, err := ReadLabels(bytes.NewReader(file), "f"); err == nil || !strings.Contains(err.Error(), want) || got != nil {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

// Cut anywhere, or with any one bit turned, a file is refused or, where gzip's
// header says nothing of the content, read as it was.
func TestNoDamageGoesUnnoticed(t *testing.T) {
	want := []byte("these are 24 grey pixels")
	plain := images(2, 3, 4, want...)
	packed := zipped(plain)
	for name, file := range map[string][]byte{"plain": plain, "gzip": packed} {
		for n := range len(file) {
			if _, _, err := ReadImages(bytes.NewReader(file[:n]), "f"); err == nil || !strings.Contains(err.Error(), "data: f, byte ") {
				t.Errorf("%s cut at %d: %v", name, n, err)
			}
		}
	}
	for bit := range 8 * len(packed) {
		bent := bytes.Clone(packed)
		bent[bit/8] ^= 1 << (bit % 8)
		if pixels, _, err := ReadImages(bytes.NewReader(bent), "f"); err == nil && !bytes.Equal(pixels, want) {
			t.Errorf("bit %d turned: read %q", bit, pixels)
		}
	}
}

func TestAReadersOwnErrorIsKept(t *testing.T) {
	broken := errors.New("the disk is on fire")
	file := images(2, 1, 3, 1, 2, 3, 4, 5, 6)
	for _, n := range []int{0, 1, 9, 18, 22} {
		_, _, err := ReadImages(io.MultiReader(bytes.NewReader(file[:n]), iotest.ErrReader(broken)), "f")
		if !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}

// allocated is the memory that f takes from the heap, given back or not.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// endless delivers zeros.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// A header's claim does not decide how much memory is taken: what has arrived
// does, and a bounded chunk.
func TestAHugeClaimAllocatesLittle(t *testing.T) {
	for delivered, most := range map[int64]uint64{3: 1.5e6, firstChunk + 3: 70e6} {
		header := bytes.NewReader(images(1<<31, 1<<14, 1<<14))
		if got := allocated(func() {
			_, _, err := ReadImages(io.MultiReader(header, io.LimitReader(endless{}, delivered)), "f")
			if err == nil {
				t.Error("a false claim was believed")
			}
		}); got > most {
			t.Errorf("%d bytes were allocated for a file of %d, want at most %d", got, delivered, most)
		}
	}
}

// A file that is larger than a chunk takes more than one step to grow.
func TestLargerThanAChunk(t *testing.T) {
	const count = chunk/784 + 3000
	header := bytes.NewReader(images(count, 28, 28))
	pixels, _, err := ReadImages(io.MultiReader(header, io.LimitReader(endless{}, count*784)), "f")
	if err != nil || len(pixels) != count*784 {
		t.Errorf("%d pixels, %v", len(pixels), err)
	}
}
