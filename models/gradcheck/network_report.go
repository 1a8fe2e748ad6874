package gradcheck

import (
	"fmt"
	"strings"
)

// Report is what the witnesses say about one network's gradients.
type Report struct {
	Loss      float64
	Params    []ParamReport
	Single    bool // whether float32 was compared
	Operators int  // checked alone, because the weights are at corners

	// Other names parameters whose float32 gradient, at a corner, takes another of
	// the slopes that are right there.
	Other []string
}

// ParamReport is the largest relative disagreement for one parameter.
type ParamReport struct {
	Name                            string
	Weights                         int
	HandWritten, Difference, Single float64
	Corners                         int // directions that could not be differenced for corners of the loss
}

func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-14s %8s  %12s  %17s", "gradient of", "numbers", "hand-written", "finite difference")
	if r.Single {
		fmt.Fprintf(&b, "  %8s", "float32")
	}
	corners := 0
	for _, p := range r.Params {
		fmt.Fprintf(&b, "\n%-14s %8d  %12.1e  %17.1e", p.Name, p.Weights, p.HandWritten, p.Difference)
		if r.Single {
			fmt.Fprintf(&b, "  %8.1e", p.Single)
		}
		corners += p.Corners
	}
	if r.Operators > 0 {
		fmt.Fprintf(&b, "\n%d of %d directions at a corner: %d operators checked one by one", corners, 2*directions*len(r.Params), r.Operators)
	}
	if len(r.Other) > 0 {
		fmt.Fprintf(&b, "\nat a corner float32 takes another slope than float64: %s", strings.Join(r.Other, ", "))
	}
	return b.String()
}
