package data

// Gather writes the inputs of the examples idx, one after the other, into x,
// which holds len(idx)*Size() numbers or is nil, and their targets into y, which holds
// len(idx)*Classes numbers or is nil. A byte b becomes exactly F(b)/255. The
// set must be valid (see [Set.Validate]) and every index within it. Nothing is
// allocated.
func Gather[F float32 | float64](s *Set, idx []int, x, y []F) {
	size := s.Size()
	switch {
	case x == nil:
	case s.Pixels != nil:
		gatherBytes(x, s.Pixels, size, idx)
	default:
		gatherRows(x, s.Values, size, idx)
	}
	switch {
	case y == nil:
	case s.Labels != nil:
		clear(y[:len(idx)*s.Classes])
		for k, i := range idx {
			y[k*s.Classes : (k+1)*s.Classes][s.Labels[i]] = 1
		}
	default:
		gatherRows(y, s.Targets, s.Classes, idx)
	}
}

func gatherBytes[F float32 | float64](x []F, from []uint8, size int, idx []int) {
	shade := shades[F]()
	for k, i := range idx {
		src := from[i*size : (i+1)*size]
		row := x[k*size : (k+1)*size][:len(src)] // as long as src for the compiler, too
		for j, b := range src {
			row[j] = shade[b]
		}
	}
}

func gatherRows[F float32 | float64](x []F, from []float64, width int, idx []int) {
	for k, i := range idx {
		src := from[i*width : (i+1)*width]
		row := x[k*width : (k+1)*width][:len(src)]
		for j, v := range src {
			row[j] = F(v)
		}
	}
}

// The value of each byte. Looking it up is twice as fast as dividing.
var (
	shades32 = divide[float32]()
	shades64 = divide[float64]()
)

func divide[F float32 | float64]() *[256]F {
	var shade [256]F
	for b := range shade {
		shade[b] = F(b) / 255
	}
	return &shade
}

func shades[F float32 | float64]() *[256]F {
	if t, ok := any(shades32).(*[256]F); ok {
		return t
	}
	return any(shades64).(*[256]F)
}
