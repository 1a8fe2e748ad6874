package digit

import (
	"math/bits"
	"slices"
)

// nth is the value that would stand at index k if the values, whose order it
// changes, were sorted: Hoare, "Algorithm 65: find" (1961). Values that are
// halved badly for long are sorted, so that no picture makes it slow.
func nth(values []float64, k int) float64 {
	from, to := 0, len(values)-1
	for range 2 * bits.Len(uint(len(values))) {
		pivot := values[from+(to-from)/2]
		i, j := from, to
		for i <= j {
			for values[i] < pivot {
				i++
			}
			for pivot < values[j] {
				j--
			}
			if i <= j {
				values[i], values[j] = values[j], values[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			to = j
		case k >= i:
			from = i
		default:
			return values[k]
		}
	}
	slices.Sort(values[from : to+1])
	return values[k]
}

// median leaves the values as they are; that of none is 0.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	return nth(slices.Clone(values), len(values)/2)
}
