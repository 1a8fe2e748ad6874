package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func picture(t *testing.T, width int) string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 2))); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// book is a notebook of one code cell with the outputs given as JSON.
func book(t *testing.T, outputs ...string) *notebook {
	t.Helper()
	n, err := parse([]byte(`{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["x := 1\n", "x"], "metadata": {"execution": {"t": "12:00"}},
		"outputs": [` + strings.Join(outputs, ",") + `]}], "metadata": {"kernelspec": {"name": "gophernotes"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func stream(text string) string {
	quoted, _ := json.Marshal(text)
	return `{"output_type": "stream", "text": [` + string(quoted) + `]}`
}

func TestCompare(t *testing.T) {
	img, other := `{"output_type": "execute_result", "data": {"image/png": "`+picture(t, 2)+`"}}`, `{"output_type": "execute_result", "data": {"image/png": "`+picture(t, 3)+`"}}`
	failure := `{"output_type": "error", "ename": "ERROR", "evalue": "boom"}`
	latex := `{"output_type": "execute_result", "data": {"text/latex": "$$x$$"}}`
	for name, c := range map[string]struct {
		committed, executed []string
		want                string
	}{
		"same":            {[]string{stream("loss 0.25\n"), img}, []string{stream("loss 0.25\n"), img}, ""},
		"cut elsewhere":   {[]string{stream("a"), stream("b")}, []string{stream("ab")}, ""},
		"last digit":      {[]string{stream("1.00000001e-3")}, []string{stream("1.00000002e-3")}, ""},
		"number":          {[]string{stream("0.1076")}, []string{stream("0.1077")}, "committed number 0.1076, now 0.1077"},
		"integer":         {[]string{stream("9 wrong")}, []string{stream("10 wrong")}, "committed number 9, now 10"},
		"sign":            {[]string{stream("-0.5")}, []string{stream("+0.5")}, "committed number -0.5, now +0.5"},
		"letter":          {[]string{stream("epoch 1")}, []string{stream("Epoch 1")}, `committed "epoch 1", now "Epoch 1"`},
		"one number more": {[]string{stream("1 2")}, []string{stream("1 2 3")}, "committed"},
		"NaN":             {[]string{stream("1")}, []string{stream("NaN")}, "now \"NaN\""},
		"missing picture": {[]string{img}, nil, "committed with pictures of [(2,2)], now of []"},
		"new picture":     {nil, []string{img}, "committed with pictures of [], now of [(2,2)]"},
		"another size":    {[]string{img}, []string{other}, "now of [(3,2)]"},
		"error":           {[]string{stream("1")}, []string{failure}, "it failed: ERROR: boom"},
		"committed error": {[]string{failure}, nil, "committed with an error"},
		"missing formula": {[]string{latex}, nil, "committed \"$$x$$\""},
	} {
		err := compare("nb", book(t, c.committed...), book(t, c.executed...))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "nb, cell 1 (x := 1): ")) {
			t.Errorf("%s: want %q, got %v", name, c.want, err)
		}
	}
	if err := compare("nb", book(t), &notebook{}); err == nil {
		t.Error("a missing cell was not found")
	}
	changed := book(t)
	changed.cells[0].source = "x := 2"
	if err := compare("nb", book(t), changed); err == nil {
		t.Error("another source was not found")
	}
}

func TestBroken(t *testing.T) {
	for _, text := range []string{"", "[]", `{"cells": 1}`, `{"cells": [{"outputs": [{"data": {"image/png": "!"}}]}]}`, `{"cells": [{"outputs": [{"data": {"image/png": "AAAA"}}]}]}`} {
		if _, err := parse([]byte(text)); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}

// What is written has no times, and else is the same notebook.
func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "n.ipynb")
	n := book(t, stream("a < b"))
	if err := n.write(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "12:00") || !strings.Contains(string(text), "a < b") || !strings.Contains(string(text), `"gophernotes"`) {
		t.Errorf("%s", text)
	}
	again, err := read(path)
	if err != nil || compare("n", n, again) != nil {
		t.Errorf("%v, %v", err, compare("n", n, again))
	}
}
