package app

import (
	"bytes"
	"testing"
	"unicode"
)

func TestShown(t *testing.T) {
	for text, want := range map[string]string{
		"epoch 1: größe 3 → 4, ━\t\"x\"\\\n": "epoch 1: größe 3 → 4, ━\t\"x\"\\\n",
		"a\x1b[2Jb\rc":    `a\x1b[2Jb\rc`,
		"\u202eabc\u0085": `\u202eabc\u0085`,
		"\xff\xfe":        `\xff\xfe`,
		"":                "",
	} {
		if got := string(shown([]byte(text))); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}

func FuzzShown(f *testing.F) {
	f.Add([]byte("a\x1b[2J\xff\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, r := range string(shown(text)) {
			if r != '\n' && r != '\t' && !unicode.IsPrint(r) {
				t.Fatalf("%q in what is shown", r)
			}
		}
		if once := shown(text); !bytes.Equal(shown(once), once) {
			t.Fatalf("%q is shown otherwise than itself", once)
		}
	})
}
