// Package imagefile turns files of pictures into the bytes that networks learn
// from.
//
//	img, err := imagefile.Decode(ctx, file, imagefile.Limits{})
//	rgb := imagefile.Planes(img, 32, 32)
//
// Formats: PNG, JPEG, GIF (its first frame), WebP, BMP and TIFF. Which one it is
// the file's first bytes decide, and no other decoder is asked.
package imagefile
