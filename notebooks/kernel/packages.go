//go:build gophernotes

package main

// These are the packages that notebooks can import, besides the standard
// library as gomacro has it: that of Go 1.15. A standard package named here
// gets its newer names too. This list is the one place to edit; afterwards run
// go run ./kernel and restart the kernels that are open.
import (
	_ "symgrad/data"
	_ "symgrad/data/mnist"
	_ "symgrad/data/truth"
	_ "symgrad/models"
	_ "symgrad/models/formula"
	_ "symgrad/models/gradcheck"
	_ "symgrad/models/ops"
	_ "symgrad/models/reference"
	_ "symgrad/models/repair"
	_ "symgrad/notebooks/lab"
	_ "symgrad/train"
	_ "symgrad/train/curvature"
	_ "symgrad/train/report"
	_ "symgrad/train/vm"

	_ "gonum.org/v1/plot"
	_ "gonum.org/v1/plot/plotter"
	_ "gonum.org/v1/plot/plotutil"
	_ "gonum.org/v1/plot/vg"
	_ "gonum.org/v1/plot/vg/draw"
	_ "gorgonia.org/gorgonia"
	_ "gorgonia.org/tensor"

	_ "bytes"
	_ "context"
	_ "errors"
	_ "fmt"
	_ "image"
	_ "image/color"
	_ "io"
	_ "math"
	_ "math/rand/v2"
	_ "os"
	_ "strconv"
	_ "strings"
	_ "time"
)
