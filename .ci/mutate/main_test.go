package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestToy: of a package whose tests leave gaps, the gaps and nothing else.
func TestToy(t *testing.T) {
	t.Chdir("../..")
	listed, err := readList(".ci/mutate/testdata/equivalent")
	if err != nil {
		t.Fatal(err)
	}
	var printed strings.Builder
	cfg := config{out: &printed, workers: 1, listed: listed, only: regexp.MustCompile("")}
	if err := cfg.run([]string{".ci/mutate/testdata/toy"}); err == nil || err.Error() != "5 mutants are not what they should be" {
		t.Errorf("%v", err)
	}
	const toy = ".ci/mutate/testdata/toy/toy.go "
	want := []string{
		"survives: " + toy + "All: func All(a, b, c bool) bool { return «a» && b && c } => true",
		"makes no difference to any test: " + toy + "Untested: func «Untested»() int { return 1 } => does nothing",
		"makes no difference to any test: " + toy + "Untested: func Untested() int { return «1» } => one more",
		"listed, but a test sees it: " + toy + "Clamp: «x = high» => left out",
		"listed, but there is no such mutant: " + toy + "Clamp: no such line => true",
		".ci/mutate/testdata/toy: 21 mutants, 21 tried: 15 killed, 2 equivalent, 5 not as they should be",
	}
	got := strings.Split(strings.TrimSpace(printed.String()), "\n")
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("printed\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestChoice: mutants are chosen by their names.
func TestChoice(t *testing.T) {
	cfg := config{only: regexp.MustCompile("^vm/")}
	if got := cfg.choose([]string{"vm/a", "ops/a", "vm/c"}); !slices.Equal(got, []int{1, 3}) {
		t.Errorf("%v, want the first and the last", got)
	}
}

// TestListWithoutReason: nothing is listed without one, nor twice.
func TestListWithoutReason(t *testing.T) {
	for text, want := range map[string]string{
		"# so\na\nb\n\n# and\nc\n": "",
		"# so\na\n\nb\n":           "list:4: no reason is given",
		"# so\na\nb\n\n# and\na\n": "list:6: stands in line 2 already",
	} {
		got := ""
		if _, err := parseList("list", strings.NewReader(text)); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
