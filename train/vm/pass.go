package vm

import (
	"fmt"
	"io"
	"slices"
)

// pass is one rewriting of a program.
type pass struct {
	name    string
	does    string
	float32 bool     // only programs in float32: the kernels are
	after   []string // passes whose work it builds on
	run     func(p *program)
}

// passes in the order in which they run. What holds before and after each of
// them, verify checks; each may be left out, and the values stay the same.
var passes = []pass{
	{name: "constants", does: "computes constants, looks through aliases, repeats no scalar that an elementwise operation repeats for itself", run: foldConstants},
	{name: "rectifier", does: "finds x(x >= 0) and the gradients that multiply by x >= 0", after: []string{"constants"}, run: rectify},
	{name: "slopes", does: "finds the gradients of sigmoid and tanh", after: []string{"constants"}, run: slopes},
	{name: "dense", does: "lets a product add the bias and apply the activation", after: []string{"rectifier", "slopes"}, run: fuseDense},
	{name: "patches", does: "finds Gorgonia's convolutions, which are products of patches", float32: true, after: []string{"constants"}, run: findConvolutions},
	{name: "convolutions", does: "lets a convolution add the bias, apply the activation and pool, and its gradients visit only the maxima", float32: true,
		after: []string{"rectifier", "slopes", "patches"}, run: fuseConvolutions},
	{name: "layouts", does: "keeps maps between two convolutions in the order that the kernels like", float32: true, after: []string{"convolutions"}, run: chainLayouts},
}

// Passes lists the names of the compiler's passes, in their order.
func Passes() (names []string) {
	for _, p := range passes {
		names = append(names, p.name)
	}
	return names
}

// rewrite runs the passes but for those left out. The program is verified
// before the first and after each if asked for, and dumped.
func (p *program) rewrite(skip []string, verify bool, dump io.Writer) error {
	for _, name := range skip {
		if !slices.Contains(Passes(), name) {
			return fmt.Errorf("no pass %q among %v", name, Passes())
		}
	}
	stage := func(name string) error {
		p.reach()
		if dump != nil {
			if err := p.dump(dump, name); err != nil {
				return err
			}
		}
		if verify {
			if err := p.verify(); err != nil {
				return fmt.Errorf("after pass %s: %w", name, err)
			}
		}
		return nil
	}
	if err := stage("lower"); err != nil {
		return err
	}
	for _, pass := range passes {
		if pass.float32 && !p.float32 || slices.Contains(skip, pass.name) {
			continue
		}
		if err := p.apply(pass); err != nil {
			return err
		}
		if err := stage(pass.name); err != nil {
			return err
		}
	}
	return nil
}

// apply runs one pass; a panic names it.
func (p *program) apply(pass pass) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = internalError("pass "+pass.name, r)
		}
	}()
	pass.run(p)
	return nil
}
