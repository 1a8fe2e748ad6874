package folder_test

import (
	"context"
	"fmt"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"

	"symgrad/data/folder"
	"symgrad/data/letters"
)

// Twelve pictures of A and of B, each letter in a folder of its own.
func ExampleLoad() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	if err := draw(dir, "AB", 12); err != nil {
		fmt.Println(err)
		return
	}
	train, test, err := folder.Load(context.Background(), dir, folder.Options{Size: 24})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(train.Shape, train.ClassNames, train.Len(), test.Len())
	// Output: [3 24 24] [A B] 20 4
}

func draw(dir, alphabet string, each int) error {
	pen, err := letters.NewPen()
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(1, 1))
	for _, letter := range alphabet {
		class := filepath.Join(dir, string(letter))
		if err := os.Mkdir(class, 0o755); err != nil {
			return err
		}
		for i := range each {
			f, err := os.Create(filepath.Join(class, fmt.Sprint(i)+".png"))
			if err != nil {
				return err
			}
			if err := png.Encode(f, pen.Draw(letter, 32, r)); err != nil {
				return err
			}
			if err := f.Close(); err != nil {
				return err
			}
		}
	}
	return nil
}
