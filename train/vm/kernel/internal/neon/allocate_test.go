package neon

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// program is a function of random instructions: constants, sums and copies, in
// loops or not, whose operands exist.
func program(r *rapid.T, f *Func) {
	alive := []Vec{f.Constant(S4, 1)}
	var write func(depth int)
	write = func(depth int) {
		known := len(alive)
		for range rapid.IntRange(1, 12).Draw(r, "instructions") {
			a, b := rapid.SampledFrom(alive).Draw(r, "a"), rapid.SampledFrom(alive).Draw(r, "b")
			switch rapid.IntRange(0, 4).Draw(r, "kind") {
			case 0:
				alive = append(alive, f.Constant(S4, uint64(rapid.IntRange(1, 40).Draw(r, "constant"))))
			case 1:
				alive = append(alive, f.Copy(a))
			case 2:
				if depth < 2 {
					f.Loop("loop", func() { write(depth + 1) })
				}
			default:
				d := f.New()
				f.Into(S4, FADD, d, a, b)
				alive = append(alive, d)
			}
		}
		if depth > 0 {
			alive = alive[:known] // what a loop makes may not exist behind it
		}
	}
	write(0)
}

// run follows what the registers hold, every loop twice over, and fails where an
// instruction reads another vector than the one it names.
func run(r *rapid.T, all []instruction, registers []V) {
	holds := map[V]Vec{}
	var follow func(from, to int)
	follow = func(from, to int) {
		for at := from; at < to; at++ {
			i := all[at]
			if i.loop > 0 {
				end, depth := at, 0
				for ; ; end++ {
					if depth += all[end].loop; depth == 0 {
						break
					}
				}
				follow(at+1, end)
				follow(at+1, end)
				at = end
				continue
			}
			for j, v := range i.vectors {
				if j > 0 && holds[registers[v]] != v {
					r.Fatalf("instruction %d reads vector %d in V%d, which holds %d", at, v, registers[v], holds[registers[v]])
				}
			}
			if len(i.vectors) > 0 {
				holds[registers[i.vectors[0]]] = i.vectors[0]
			}
		}
	}
	follow(0, len(all))
}

// Vectors keep their registers while they are needed, in loops too, and constants
// leave theirs where there are too few.
func TestRegisters(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := new(File).Func("f", "(n int)", "")
		program(r, f)
		if _, err := f.lines(); err != nil {
			return
		}
		all := append(f.head[:len(f.head):len(f.head)], f.body...)
		registers, ok := allocate(all, f.vectors)
		if !ok {
			r.Fatal("lines has left no registers")
		}
		run(r, all, registers)
	})
}

// Only vectors that are no constants can be too many.
func TestConstantsLeave(t *testing.T) {
	f := new(File).Func("f", "(n int)", "")
	for range 2 {
		for c := range 60 {
			v := f.Copy(f.Constant(D2, uint64(c)))
			f.Into(D2, FADD, v, v, f.Constant(D2, uint64(c+1)))
		}
	}
	if lines, err := f.lines(); err != nil || len(lines) < 60*2*2 {
		t.Errorf("%d lines, %v", len(lines), err)
	}
	f = new(File).Func("f", "(n int)", "")
	many := make([]Vec, 33)
	for i := range many {
		many[i] = f.New()
		f.Into(D2, EOR, many[i], many[i], many[i])
	}
	for _, v := range many {
		f.Into(D2, FADD, v, v, v)
	}
	if _, err := f.lines(); err == nil {
		t.Error("33 vectors have found registers")
	}
}

// Bodies take turns, and none loses an instruction.
func TestTogether(t *testing.T) {
	f := new(File).Func("f", "(n int)", "")
	body := func(names ...string) func() {
		return func() {
			for _, n := range names {
				f.Go("%s", n)
			}
		}
	}
	f.Go("before")
	f.Together(body("a1", "a2", "a3"), body("b1"), body("c1", "c2"))
	lines, err := f.lines()
	if got := strings.Join(lines, ""); err != nil || got != "\tbefore\ta1\tb1\tc1\ta2\tc2\ta3" {
		t.Errorf("%q, %v", got, err)
	}
}
