package mnist_test

import (
	"fmt"
	"strings"

	"symgrad/data/mnist"
)

// The first test image, every second row of the digit.
func Example() {
	test, err := mnist.Test()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: %d images of shape %v, the first one a %d\n", test.Name, test.Len(), test.Shape, test.Labels[0])
	for y := 8; y < 28; y += 2 {
		var row strings.Builder
		for x := range 28 {
			row.WriteByte(" .:oO@"[int(test.Pixels[28*y+x])*6/256])
		}
		fmt.Println("|" + strings.TrimRight(row.String(), " "))
	}
	// Output:
	// MNIST test set: 10000 images of shape [1 28 28], the first one a 7
	// |      @@@@@@OOOOOOOOo.
	// |            . .... @@:
	// |                  @@.
	// |                .@@.
	// |                O@.
	// |              .@@.
	// |             O@@
	// |            @@:
	// |          .@@@.
	// |          :@O
}
