package main

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"sync"
)

// drawn is a stroke.
var drawn = sync.OnceValue(func() []byte {
	img := image.NewGray(image.Rect(0, 0, 200, 200))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for y := 30; y < 170; y++ {
		for x := 90; x < 110; x++ {
			img.SetGray(x, y, color.Gray{})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
})

// bombs are small files that would be large.
var bombs = sync.OnceValue(func() (all []string) {
	var b bytes.Buffer
	blank := image.NewGray(image.Rect(0, 0, 1000, 1000)) // 1 MB as 1 kB
	if err := png.Encode(&b, blank); err != nil {
		panic(err)
	}
	all = append(all, b.String(), strings.Replace(b.String(), "\x00\x00\x03\xe8\x00\x00\x03\xe8", "\x00\x00\x75\x30\x00\x00\x75\x30", 1)) // a broken sum, then 900 million pixels
	two, three := frames(2), frames(3)
	one := three[len(two)-1 : len(three)-1] // before the trailer
	all = append(all, (two[:len(two)-1] + strings.Repeat(one, 1000))[:1<<18])
	b.Reset()
	if err := jpeg.Encode(&b, blank, nil); err != nil {
		panic(err)
	}
	head, scan, _ := strings.Cut(strings.TrimSuffix(b.String(), "\xff\xd9"), "\xff\xda")
	return append(all, head+strings.Repeat("\xff\xda"+scan[:60], 4000)+"\xff\xd9", "II*\x00\xf0\xff\xff\xff")
})

// frames is a GIF of so many black pictures.
func frames(n int) string {
	var b bytes.Buffer
	var all gif.GIF
	for range n {
		all.Image = append(all.Image, image.NewPaletted(image.Rect(0, 0, 500, 500), color.Palette{color.Black, color.White}))
		all.Delay = append(all.Delay, 0)
	}
	if err := gif.EncodeAll(&b, &all); err != nil {
		panic(err)
	}
	return b.String()
}
