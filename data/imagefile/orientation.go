package imagefile

import (
	"bytes"
	"encoding/binary"
	"image"
)

// Orientation is a JPEG's EXIF orientation (tag 0x0112 of the first directory;
// CIPA DC-008, "Exif 2.32", section 4.6.4), 1 where there is none: phones store
// photos as the sensor lies and say here how they were held.
func Orientation(file []byte) int {
	if !bytes.HasPrefix(file, []byte{0xff, 0xd8}) {
		return 1
	}
	for at := file[2:]; len(at) >= 4 && at[0] == 0xff && at[1] != 0xda; { // up to the scan
		size := 2 + int(binary.BigEndian.Uint16(at[2:]))
		if size > len(at) {
			break
		}
		if exif, ok := bytes.CutPrefix(at[4:max(size, 4)], []byte("Exif\x00\x00")); ok && at[1] == 0xe1 {
			return tiffOrientation(exif)
		}
		at = at[size:]
	}
	return 1
}

// tiffOrientation looks through the first directory of a TIFF header.
func tiffOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	first := int64(order.Uint32(tiff[4:]))
	if first+2 > int64(len(tiff)) {
		return 1
	}
	directory := tiff[first:]
	entries := directory[2:]
	for range order.Uint16(directory) {
		if len(entries) < 12 {
			break
		}
		if order.Uint16(entries) == 0x0112 {
			return int(order.Uint16(entries[8:]))
		}
		entries = entries[12:]
	}
	return 1
}

// Upright undoes an EXIF orientation, 1 to 8: the pixel (x, y) of the upright
// image is taken from where the camera put it. Other orientations change
// nothing.
func Upright(img *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return img
	}
	from := img.Rect.Min
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if orientation > 4 {
		w, h = h, w
	}
	upright := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := x, y
			switch orientation {
			case 2: // mirrored
				fx = w - 1 - x
			case 3: // upside down
				fx, fy = w-1-x, h-1-y
			case 4: // mirrored, upside down
				fy = h - 1 - y
			case 5: // mirrored along the main diagonal
				fx, fy = y, x
			case 6: // to be turned clockwise
				fx, fy = y, w-1-x
			case 7: // mirrored along the other diagonal
				fx, fy = h-1-y, w-1-x
			case 8: // to be turned counterclockwise
				fx, fy = h-1-y, x
			}
			upright.SetRGBA(x, y, img.RGBAAt(from.X+fx, from.Y+fy))
		}
	}
	return upright
}
