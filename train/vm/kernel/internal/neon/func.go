package neon

import (
	"fmt"
	"slices"
	"strings"
)

// Func is a function being written. Its vectors get registers when it is done.
type Func struct {
	name, signature, doc string
	params               map[string]param
	frame                int
	file                 *File
	head, body           []instruction // constants are loaded in the head
	vectors, registers   int
	constants            map[int]Vec // by their place
	table                Register    // where constants are
}

// Vec is a vector without a register as yet.
type Vec int

// Register is a register for addresses and counts.
type Register int

func (r Register) String() string { return fmt.Sprint("R", int(r)) }

type param struct {
	offset int
	single bool // float32
}

// instruction is one of the assembler's lines.
type instruction struct {
	text     func(v []V) string // of the vectors' registers
	vectors  []Vec
	loop     int  // 1 where a loop begins, -1 where it ends
	move     bool // copies the second vector to the first
	constant int  // the place of the constant that is loaded, plus 1
}

// Func begins a function with a signature such as (dst, x *float32, n int) float32.
func (f *File) Func(name, signature, doc string) *Func {
	fn := &Func{name: name, signature: signature, doc: doc, file: f, params: map[string]param{}, constants: map[int]Vec{}, table: -1}
	inside, result, _ := strings.Cut(signature[1:], ")")
	var names []string
	for _, field := range strings.Split(inside, ", ") {
		name, kind, last := strings.Cut(field, " ")
		names = append(names, name)
		if !last {
			continue
		}
		for _, name := range names {
			fn.param(name, kind)
		}
		names = nil
	}
	if kind := strings.TrimSpace(result); kind != "" {
		fn.frame = (fn.frame + 7) &^ 7
		fn.param("ret", kind)
	}
	return fn
}

func (f *Func) param(name, kind string) {
	size := 8
	if kind == "float32" {
		size = 4
	}
	at := (f.frame + size - 1) &^ (size - 1)
	f.params[name] = param{at, size == 4}
	f.frame = at + size
}

// Place is a parameter, or the result ret, as an operand.
func (f *Func) Place(name string) string {
	p, ok := f.params[name]
	if !ok {
		panic(f.name + " has no parameter " + name)
	}
	return fmt.Sprintf("%s+%d(FP)", name, p.offset)
}

// Register gives a register that nobody uses.
func (f *Func) Register() Register {
	r := Register(f.registers)
	if f.registers++; r >= 18 { // the platform's
		r++
	}
	if r > 25 {
		panic(f.name + ": no register left")
	}
	return r
}

// Param gives a pointer or an integer in a register.
func (f *Func) Param(name string) Register {
	r := f.Register()
	f.Go("MOVD %v, %v", f.Place(name), r)
	return r
}

// Scalar gives a parameter in all lanes.
func (f *Func) Scalar(name string) Vec {
	v := f.New()
	if f.params[name].single {
		f.Go("FMOVS %s, F%v", f.Place(name), v)
		f.Go("VDUP V%v.S[0], V%[1]v.S4", v)
	} else {
		f.Go("FMOVD %s, F%v", f.Place(name), v)
		f.Go("VDUP V%v.D[0], V%[1]v.D2", v)
	}
	return v
}

// New gives a vector.
func (f *Func) New() Vec { f.vectors++; return Vec(f.vectors - 1) }

// Constant gives a vector of equal bits, which must not be written to.
func (f *Func) Constant(l Lanes, bits uint64) Vec {
	at := f.file.constant(l, bits)
	v, ok := f.constants[at]
	if ok {
		return v
	}
	if f.table < 0 {
		f.table = f.Register()
		f.head = append(f.head, instruction{text: func([]V) string { return fmt.Sprintf("MOVD $constants<>(SB), %v", f.table) }})
	}
	v = f.New()
	f.constants[at] = v
	f.head = append(f.head, f.load(at, v))
	return v
}

func (f *Func) load(at int, v Vec) instruction {
	return instruction{constant: at + 1, vectors: []Vec{v}, text: func(v []V) string { return fmt.Sprintf("FMOVQ %d(%v), F%d", at, f.table, v[0]) }}
}

// Go writes an instruction of Go's assembler, or a label; vectors among the
// arguments become the numbers of their registers.
func (f *Func) Go(format string, args ...any) {
	i := instruction{}
	for _, a := range args {
		if v, ok := a.(Vec); ok {
			i.vectors = append(i.vectors, v)
		}
	}
	i.text = func(v []V) string {
		numbered := slices.Clone(args)
		for j, a := range args {
			if _, ok := a.(Vec); ok {
				numbered[j], v = int(v[0]), v[1:]
			}
		}
		return fmt.Sprintf(format, numbered...)
	}
	f.body = append(f.body, i)
}

// Into writes an instruction with the result d, which some read too.
func (f *Func) Into(l Lanes, o Op, d Vec, sources ...Vec) {
	f.body = append(f.body, instruction{vectors: append([]Vec{d}, sources...), text: func(v []V) string { return o.Text(l, v[0], v[1:]...) }})
}

// Shift gives a shifted by so many bits.
func (f *Func) Shift(l Lanes, s Shift, a Vec, by int) Vec {
	d := f.New()
	f.body = append(f.body, instruction{vectors: []Vec{d, a}, text: func(v []V) string { return s.Text(l, v[0], v[1], by) }})
	return d
}

// Copy gives a vector that may be written to.
func (f *Func) Copy(a Vec) Vec {
	d := f.New()
	f.body = append(f.body, instruction{move: true, vectors: []Vec{d, a}, text: func(v []V) string { return ORR.S4(v[0], v[1], v[1]) }})
	return d
}

// Loop repeats what body writes while its last instruction branches to the label.
func (f *Func) Loop(label string, body func()) {
	f.body = append(f.body, instruction{loop: 1})
	f.Label(label)
	body()
	f.body = append(f.body, instruction{loop: -1})
}

// Together writes what the bodies write, without loops, in turns: while an instruction
// of one waits for its operands, those of the others run.
func (f *Func) Together(bodies ...func()) {
	before, parts, longest := f.body, make([][]instruction, len(bodies)), 0
	for i, body := range bodies {
		f.body = nil
		body()
		parts[i], longest = f.body, max(longest, len(f.body))
	}
	f.body = before
	for at := range longest {
		for _, part := range parts {
			if at < len(part) {
				f.body = append(f.body, part[at])
			}
		}
	}
}

// Label names a place.
func (f *Func) Label(name string) { f.Go("%s:", name) }
