// Package toy is something to change.
package toy

// Clamp gives the number between low and high that is nearest to x.
func Clamp(x, low, high int) int {
	if x < low {
		return low
	}
	if x > high {
		x = high
	}
	return x
}

// All tells whether all are so.
func All(a, b, c bool) bool { return a && b && c }

// Sum adds up.
func Sum(numbers []int) (sum int) {
	for i := 0; i < len(numbers); i++ {
		sum = sum + numbers[i]
	}
	return sum
}

// Untested has no test.
func Untested() int { return 1 }
