package messages_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/messages"
)

// segmentCase is a text and what it takes.
type segmentCase struct {
	name            string
	body            string
	encoding        messages.Encoding
	units, segments int
}

// liveCases are the 16 texts that were sent through Twilio and counted by it
// (TwilioDevEd/message-segment-calculator, issue 66). In 3b and 3d Twilio had
// been asked to replace typographic characters: the text is the one that went out.
func liveCases() []segmentCase {
	const gsm, ucs = messages.EncodingGSM7, messages.EncodingUCS2
	a := func(n int) string { return strings.Repeat("a", n) }
	return []segmentCase{
		{"1a CR LF in the middle", a(80) + "\r\n" + a(79), gsm, 161, 2},
		{"1b LF in the middle", a(80) + "\n" + a(79), gsm, 160, 1},
		{"1c CR LF at the border of two and three", a(200) + "\r\n" + a(105), gsm, 307, 3},
		{"2a composed accents", strings.Repeat("\u00e9", 70), gsm, 70, 1},
		{"2b combining accents", strings.Repeat("e\u0301", 70), ucs, 140, 3},
		{"2c one combining accent", "e\u0301", ucs, 2, 1},
		{"3a curly quotes", "\u201cHi\u201d", ucs, 4, 1},
		{"3b curly quotes replaced", `"Hi"`, gsm, 4, 1},
		{"3c low quote and zero-width non-joiner", "a\u201eb\u200cc", ucs, 5, 1},
		{"3d low quote replaced, non-joiner dropped", `a"bc`, gsm, 4, 1},
		{"4 emoji and extension character", "\U0001f600|", ucs, 3, 1},
		{"5a full GSM-7 segment", a(160), gsm, 160, 1},
		{"5b one more than a GSM-7 segment", a(161), gsm, 161, 2},
		{"5c full UCS-2 segment", strings.Repeat("中", 70), ucs, 70, 1},
		{"5d one more than a UCS-2 segment", strings.Repeat("中", 71), ucs, 71, 2},
		{"5e extension character", "|", gsm, 2, 1},
	}
}

// borderCases are the corners that the live ones leave out.
func borderCases() []segmentCase {
	const gsm, ucs = messages.EncodingGSM7, messages.EncodingUCS2
	a := func(n int) string { return strings.Repeat("a", n) }
	zh := func(n int) string { return strings.Repeat("中", n) }
	return []segmentCase{
		{"empty", "", gsm, 0, 0},
		{"two full GSM-7 segments", a(306), gsm, 306, 2},
		{"ten full GSM-7 segments", a(1530), gsm, 1530, 10},
		{"80 extension characters", strings.Repeat("]", 80), gsm, 160, 1},
		{"153 extension characters", strings.Repeat("]", 153), gsm, 306, 3},
		{"escape pair on the last two units of a segment", a(151) + "€" + a(20), gsm, 173, 2},
		{"escape pair across the first border", a(152) + "[" + a(152), gsm, 306, 3},
		{"escape pair across the border of a lone segment", a(152) + "[" + a(6), gsm, 160, 1},
		{"two full UCS-2 segments", zh(134), ucs, 134, 2},
		{"one more than two UCS-2 segments", zh(135), ucs, 135, 3},
		{"35 emoji", strings.Repeat("\U0001f600", 35), ucs, 70, 1},
		{"surrogate pair across the first border", zh(66) + "\U0001f600" + zh(66), ucs, 134, 3},
		{"extension characters count once in UCS-2", "∞" + strings.Repeat("|", 69), ucs, 70, 1},
		{"grave accent is not in GSM-7", "`", ucs, 1, 1},
		{"small c with cedilla is not in GSM-7, the capital is", "Çç", ucs, 2, 1},
		{"bytes that are not UTF-8", "a\xff\xfe", ucs, 3, 1},
	}
}

// NUM-5
func TestSegmentsTable(t *testing.T) {
	require.Len(t, liveCases(), 16)
	cases := slices.Concat(liveCases(), borderCases())
	require.GreaterOrEqual(t, len(cases), 30)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := messages.Segments(c.body)
			assert.Equal(t, c.encoding, s.Encoding)
			assert.Equal(t, c.units, s.Units)
			assert.Equal(t, c.segments, s.Segments)
			assert.Equal(t, perSegment(c.encoding, c.segments), s.PerSegment)
		})
	}
}

func perSegment(e messages.Encoding, segments int) int {
	switch {
	case e == messages.EncodingGSM7 && segments <= 1:
		return 160
	case e == messages.EncodingGSM7:
		return 153
	case segments <= 1:
		return 70
	default:
		return 67
	}
}

// The alphabet as GSM 03.38 prints it, by position and without the escape at
// 0x1B, so that a look-alike character in the source of the package would show.
func TestSegmentsAlphabet(t *testing.T) {
	const basic = "@\u00a3$\u00a5\u00e8\u00e9\u00f9\u00ec\u00f2\u00c7\n\u00d8\u00f8\r\u00c5\u00e5" +
		"\u0394_\u03a6\u0393\u039b\u03a9\u03a0\u03a8\u03a3\u0398\u039e\u00c6\u00e6\u00df\u00c9" +
		" !\"#\u00a4%&'()*+,-./0123456789:;<=>?" +
		"\u00a1ABCDEFGHIJKLMNOPQRSTUVWXYZ\u00c4\u00d6\u00d1\u00dc\u00a7" +
		"\u00bfabcdefghijklmnopqrstuvwxyz\u00e4\u00f6\u00f1\u00fc\u00e0"
	const extension = "\f^{}\\[~]|\u20ac"
	require.Equal(t, 127, utf8.RuneCountInString(basic))

	for r := rune(0); r <= utf8.MaxRune; r++ {
		want := messages.Segmentation{Encoding: messages.EncodingUCS2, Units: 1, Segments: 1, PerSegment: 70}
		switch {
		case strings.ContainsRune(basic, r):
			want.Encoding, want.PerSegment = messages.EncodingGSM7, 160
		case strings.ContainsRune(extension, r):
			want.Encoding, want.PerSegment, want.Units = messages.EncodingGSM7, 160, 2
		case r > 0xffff:
			want.Units = 2
		}
		if got := messages.Segments(string(r)); got != want {
			t.Fatalf("%U: %+v, want %+v", r, got, want)
		}
	}
}

func TestSegmentsDoesNotAllocate(t *testing.T) {
	for _, body := range []string{strings.Repeat("Hello [world] ", 40), strings.Repeat("Grüße, 世界 😀 ", 40)} {
		assert.Zero(t, testing.AllocsPerRun(100, func() { messages.Segments(body) }))
	}
}

func FuzzSegments(f *testing.F) {
	for _, c := range slices.Concat(liveCases(), borderCases()) {
		f.Add(c.body, "a")
		f.Add(c.body, "€中😀")
	}
	f.Fuzz(func(t *testing.T, body, more string) {
		s := messages.Segments(body)
		runes := utf8.RuneCountInString(body)
		assert.GreaterOrEqual(t, s.Units, runes)
		assert.LessOrEqual(t, s.Units, 2*runes)
		assert.Equal(t, runes == 0, s.Segments == 0)
		assert.Equal(t, perSegment(s.Encoding, s.Segments), s.PerSegment)
		// Each segment but the last is full, or wants one unit for a pair.
		assert.LessOrEqual(t, s.Units, s.Segments*s.PerSegment)
		assert.Greater(t, s.Units+s.Segments, (s.Segments-1)*s.PerSegment)
		if s.Encoding == messages.EncodingUCS2 {
			assert.Len(t, utf16.Encode([]rune(body)), s.Units)
		}

		// More text never takes fewer segments. (Bytes that are not UTF-8 may
		// become a character together with what follows, hence the repair.)
		valid := strings.ToValidUTF8(body, "\ufffd")
		longer := valid + strings.ToValidUTF8(more, "\ufffd")
		assert.GreaterOrEqual(t, messages.Segments(longer).Segments, messages.Segments(valid).Segments)
	})
}

func BenchmarkSegments(b *testing.B) {
	body := strings.Repeat("Your code is 123456. ", 8)
	b.ReportAllocs()
	for b.Loop() {
		messages.Segments(body)
	}
}

func ExampleSegments() {
	for _, body := range []string{
		"Your table is booked for 7 pm.",
		"Your table is booked for 7 pm 🎉",
		strings.Repeat("Long ", 40),
	} {
		s := messages.Segments(body)
		fmt.Printf("%s: %d units, %d of %d each\n", s.Encoding, s.Units, s.Segments, s.PerSegment)
	}
	// Output:
	// GSM-7: 30 units, 1 of 160 each
	// UCS-2: 32 units, 1 of 70 each
	// GSM-7: 200 units, 2 of 153 each
}
