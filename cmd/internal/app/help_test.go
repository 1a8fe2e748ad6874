package app

import "testing"

func TestFit(t *testing.T) {
	for text, want := range map[string]string{
		"a short line\n\n  another": "a short line\n\n  another\n",
		"  go run ./cmd/one      what it does, which is said in so many words that all do not fit\n": "" +
			"  go run ./cmd/one      what it does, which is said in so many words that all do\n                        not fit\n",
		"  go run ./cmd/classify -model pets/best.safetensors cat.webp    its classes too, and more\n": "" +
			"  go run ./cmd/classify -model pets/best.safetensors cat.webp\n        its classes too, and more\n",
		"    \tof the hidden layers: sigmoid, tanh, relu or leaky-relu (default: the network's own)\n": "" +
			"        of the hidden layers: sigmoid, tanh, relu or leaky-relu (default: the\n        network's own)\n",
		"https://example.org/01234567890123456789012345678901234567890123456789012345678901234567890 a\n": "" +
			"https://example.org/01234567890123456789012345678901234567890123456789012345678901234567890 a\n",
	} {
		if got := fit(text); got != want {
			t.Errorf("%q becomes\n%swant\n%s", text, got, want)
		}
	}
}
