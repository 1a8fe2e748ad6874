package digit

import (
	"bytes"
	"encoding/binary"
)

// orientation is a JPEG's EXIF orientation (tag 0x0112 of the first directory;
// CIPA DC-008, "Exif 2.32", section 4.6.4), 1 where there is none: phones store
// photos as the sensor lies and say here how they were held.
func orientation(file []byte) int {
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
