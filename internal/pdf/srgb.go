package pdf

import "encoding/binary"

// sRGB returns the color profile of IEC 61966-2-1 as ICC version 4: the three primaries adapted to
// D50, and their common curve.
func sRGB() []byte {
	tags := []profileTag{
		{"desc", localized("sRGB")},
		{"cprt", localized("No copyright")},
		{"wtpt", numbers("XYZ ", 0xF6D6, 0x10000, 0xD32D)},
		{"rXYZ", numbers("XYZ ", 0x6FA2, 0x38F5, 0x0390)},
		{"gXYZ", numbers("XYZ ", 0x6299, 0xB785, 0x18DA)},
		{"bXYZ", numbers("XYZ ", 0x24A0, 0x0F84, 0xB6CF)},
		{"chad", numbers("sf32", 0x10C42, 0x05DE, -0x0CD4, 0x0793, 0xFD90, -0x0459, -0x025D, 0x03DD, 0xC0C1)},
		{"rTRC", curve()},
		{"gTRC", curve()},
		{"bTRC", curve()},
	}
	head := make([]byte, 128)
	binary.BigEndian.PutUint32(head[8:], 0x04200000) // version 4.2
	copy(head[12:], "mntrRGB XYZ ")
	for i, part := range []uint16{2026, 1, 1} {
		binary.BigEndian.PutUint16(head[24+2*i:], part)
	}
	copy(head[36:], "acsp")
	copy(head[68:], numbers("XYZ ", 0xF6D6, 0x10000, 0xD32D)[8:])
	table := binary.BigEndian.AppendUint32(nil, uint32(len(tags)))
	var data []byte
	for _, t := range tags {
		table = append(table, t.name...)
		table = binary.BigEndian.AppendUint32(table, uint32(128+4+12*len(tags)+len(data)))
		table = binary.BigEndian.AppendUint32(table, uint32(len(t.data)))
		data = append(data, t.data...)
		data = append(data, make([]byte, -len(t.data)&3)...)
	}
	profile := append(append(head, table...), data...)
	binary.BigEndian.PutUint32(profile, uint32(len(profile)))
	return profile
}

type profileTag struct {
	name string
	data []byte
}

// numbers returns a tag of 16.16 fixed-point numbers.
func numbers(kind string, values ...int32) []byte {
	data := append([]byte(kind), 0, 0, 0, 0)
	for _, v := range values {
		data = binary.BigEndian.AppendUint32(data, uint32(v))
	}
	return data
}

// curve returns the transfer function of sRGB: linear near black, otherwise a power of 2.4.
func curve() []byte {
	data := append([]byte("para"), 0, 0, 0, 0, 0, 3, 0, 0)
	return append(data, numbers("", 0x26666, 0xF2A7, 0x0D59, 0x13D0, 0x0A5B)[4:]...)
}

// localized returns a text tag in American English.
func localized(text string) []byte {
	data := append([]byte("mluc"), 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 12)
	data = append(data, "enUS"...)
	data = binary.BigEndian.AppendUint32(data, uint32(2*len(text)))
	data = binary.BigEndian.AppendUint32(data, 28)
	return append(data, utf16BE(text)...)
}
