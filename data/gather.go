package data

// Gather writes the inputs of the examples idx, one after the other, into x,
// which holds len(idx)*Size() numbers, and their targets into y, which holds
// len(idx)*Classes, or is nil. A byte b becomes exactly F(b)/255.
func Gather[F float32 | float64](s *Set, idx []int, x, y []F) {
	size := s.Size()
	if s.Pixels != nil {
		var shade [256]F
		for b := range shade {
			shade[b] = F(b) / 255
		}
		for k, i := range idx {
			row := x[k*size : (k+1)*size]
			for j, b := range s.Pixels[i*size : (i+1)*size][:len(row)] {
				row[j] = shade[b]
			}
		}
	} else {
		for k, i := range idx {
			row := x[k*size : (k+1)*size]
			for j, v := range s.Values[i*size : (i+1)*size] {
				row[j] = F(v)
			}
		}
	}
	if y == nil {
		return
	}
	for k, i := range idx {
		row := y[k*s.Classes : (k+1)*s.Classes]
		if s.Labels != nil {
			clear(row)
			row[s.Labels[i]] = 1
			continue
		}
		for j, v := range s.Targets[i*s.Classes : (i+1)*s.Classes] {
			row[j] = F(v)
		}
	}
}
