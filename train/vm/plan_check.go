package vm

import "fmt"

// verifyPlan runs a schedule on paper: it follows whose numbers lie where, and
// tells if a unit reads what is not there yet or no longer.
func (p *program) verifyPlan(units []unit, places map[*value]place, size int) error {
	owner := make(map[int]*value) // by cache line
	lines := func(at place, n int) (from, to int) { return at.offset / 16, (at.offset + aligned(n)) / 16 }
	holds := func(v *value) bool {
		at, placed := places[v]
		if !placed {
			return true // needs none, or was missed below
		}
		from, to := lines(at, v.size)
		for i := from; i < to; i++ {
			if owner[i] != v {
				return false
			}
		}
		return true
	}
	for i := range units {
		u := &units[i]
		inside := map[*value]bool{}
		for _, v := range u.values {
			for _, a := range v.args {
				if x := root(a); !inside[x] && !holds(x) {
					return fmt.Errorf("instruction %d, %v, reads %v where it is not", i, v, x)
				}
			}
			inside[v] = true
		}
		for _, v := range u.written() {
			at, ok := places[v]
			if !ok || at.offset+v.size > size {
				return fmt.Errorf("instruction %d, %v, has no place", i, v)
			}
			from, to := lines(at, v.size)
			for l := from; l < to; l++ {
				owner[l] = v
			}
		}
	}
	for v := range p.lasting() {
		if !holds(v) {
			return fmt.Errorf("%v is overwritten before the run ends", v)
		}
	}
	return nil
}
