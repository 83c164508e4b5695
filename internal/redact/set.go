package redact

import (
	"math/bits"
	"math/rand/v2"
)

// set compares what was written with the texts that may be shown. Longer written
// texts are not kept: their parts are looked up among those of the texts, which
// are short. The shortest are kept by their hashes, and numbers by their parts.
type set struct {
	base uint64 // of the hashes; random, so that nobody can make them collide

	// Of the texts: the places of each part, found by its hash.
	places []place
	heads  []int32 // one more than an index into places, by the lowest bits of the hash

	// Of what was written.
	words  [part]map[uint64]struct{} // by length: to be found anywhere
	spaced [part]map[uint64]struct{} // likewise, with separators: to be found as words
	digits [10_000/64 + 1]uint64
}

// shown is a text that may be shown.
type shown struct {
	text   string
	views  views
	hidden []bool // for each byte
}

// place is where a part of a text stands.
type place struct {
	hash     uint64
	in       *shown
	from, to int32
	next     int32 // like a head
}

func newSet() *set { return &set{base: rand.Uint64() | 1} }

// show adds texts.
func (s *set) show(texts []*shown) {
	n := 0
	for _, t := range texts {
		t.hidden = make([]bool, len(t.text))
		t.views.read([]byte(t.text))
		t.views.each(func(chars []char, _ bool) { n += len(chars) })
	}
	s.places = make([]place, 0, n)
	s.heads = make([]int32, 1<<bits.Len(uint(n)))
	for _, t := range texts {
		t.views.each(func(chars []char, _ bool) {
			s.parts(chars, part, func(i int, hash uint64) {
				head := s.head(hash)
				s.places = append(s.places, place{hash, t, chars[i].from, chars[i+part-1].to, *head})
				*head = int32(len(s.places))
			})
		})
	}
}

func (s *set) head(hash uint64) *int32 { return &s.heads[hash>>32&uint64(len(s.heads)-1)] }

// each calls f for each form of the views: loose tells which kind it is.
func (v *views) each(f func(chars []char, loose bool)) {
	f(v.plain.exact, false)
	f(v.plain.loose, true)
	f(v.raw.exact, false)
	f(v.raw.loose, true)
}

// parts calls f for each part of n characters.
func (s *set) parts(chars []char, n int, f func(i int, hash uint64)) {
	top := uint64(1)
	for range n {
		top *= s.base
	}
	var hash uint64
	for i := range chars {
		hash = hash*s.base + uint64(chars[i].r)
		if i >= n {
			hash -= top * uint64(chars[i-n].r)
		}
		if i >= n-1 {
			f(i-n+1, hash)
		}
	}
}

// found hides each place of a part. It forgets them, so that none is looked at
// twice.
func (s *set) found(hash uint64) {
	for at := s.head(hash); *at != 0; {
		p := &s.places[*at-1]
		if p.hash != hash {
			at = &p.next
			continue
		}
		p.in.hide(p.from, p.to)
		*at = p.next
	}
}

// hide marks bytes.
func (t *shown) hide(from, to int32) {
	for i := from; i < to; i++ {
		t.hidden[i] = true
	}
}

// hideAll marks the bytes behind characters.
func (t *shown) hideAll(run []char) { t.hide(run[0].from, run[len(run)-1].to) }

// long compares the parts of something written.
func (s *set) long(v *views) {
	v.each(func(chars []char, _ bool) {
		s.parts(chars, part, func(_ int, hash uint64) { s.found(hash) })
	})
}

// short keeps something written that is short itself, or without its separators or
// the white space around it.
func (s *set) short(v *views) {
	v.each(func(chars []char, loose bool) {
		s.keep(chars, loose)
		s.keep(trimmed(chars), loose)
	})
}

func (s *set) keep(chars []char, loose bool) {
	n := len(chars)
	if n < shortest || n >= part {
		return
	}
	kept := s.kept(loose)
	if kept[n] == nil {
		kept[n] = map[uint64]struct{}{}
	}
	s.parts(chars, n, func(_ int, hash uint64) { kept[n][hash] = struct{}{} })
}

// trimmed leaves out the white space around a text, as servers do.
func trimmed(chars []char) []char {
	for len(chars) > 0 && chars[0].r == ' ' {
		chars = chars[1:]
	}
	for len(chars) > 0 && chars[len(chars)-1].r == ' ' {
		chars = chars[:len(chars)-1]
	}
	return chars
}

// kept are the short texts by their length.
func (s *set) kept(loose bool) *[part]map[uint64]struct{} {
	if loose {
		return &s.spaced
	}
	return &s.words
}

// number keeps the parts of numbers.
func (s *set) number(v *views) {
	v.eachNumber(func(_ []char, value int) { s.digits[value/64] |= 1 << (value % 64) })
}

// eachNumber calls f for each part of a number.
func (v *views) eachNumber(f func(digits []char, value int)) {
	// maxGap is how many separators may stand between two digits of a number, as
	// in "415 - 555 - 2671".
	const maxGap = 3
	v.each(func(chars []char, loose bool) {
		if !loose {
			return
		}
		value, n := 0, 0
		for i, c := range chars {
			switch {
			case !isDigit(c.r):
				n = 0
				continue
			case n > 0 && c.at-chars[i-1].at > maxGap+1:
				n = 0
			}
			n++
			value = value%1000*10 + int(c.r-'0')
			if n >= digitPart {
				f(chars[i-digitPart+1:i+1], value)
			}
		}
	})
}

// finish hides in a text what of short texts and of numbers is in it.
func (s *set) finish(t *shown) {
	t.views.eachNumber(func(digits []char, value int) {
		if s.digits[value/64]&(1<<(value%64)) != 0 {
			t.hideAll(digits)
		}
	})
	t.views.each(func(chars []char, loose bool) {
		for n, kept := range s.kept(loose) {
			if kept == nil {
				continue
			}
			s.parts(chars, n, func(i int, hash uint64) {
				if _, ok := kept[hash]; ok && (!loose || begins(chars, i) && begins(chars, i+n)) {
					t.hideAll(chars[i : i+n])
				}
			})
		}
	})
}

// begins reports whether a word begins, or the one before it ends, at a place of
// a loose form.
func begins(chars []char, i int) bool {
	return i == 0 || i == len(chars) || chars[i].at-chars[i-1].at > 1
}
