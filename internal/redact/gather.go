package redact

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Written is what somebody wrote into a request. It holds on to what it is given
// and looks at it when a text is to be shown.
type Written struct {
	texts    []string
	contents [][]byte
	bodies   [][]byte
	words    vocabulary
}

// Add takes a text: an ID, the value of a header, the name of a file.
func (w *Written) Add(text string) { w.texts = append(w.texts, text) }

// AddKey takes an API key. What all keys have in common is no secret.
func (w *Written) AddKey(key string) {
	if _, own, ok := strings.Cut(key, "_sk_"); ok && len(own) >= shortest {
		key = own
	}
	w.Add(key)
}

// AddForm takes the values of a query, or of a form, and the items of those that
// are lists.
func (w *Written) AddForm(form string) {
	for pair := range strings.SplitSeq(form, "&") {
		_, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		w.Add(value)
		if strings.Contains(value, ",") {
			for item := range strings.SplitSeq(value, ",") {
				w.Add(item)
			}
		}
	}
}

// AddContent takes a text that may be large, or no text at all.
func (w *Written) AddContent(content []byte) { w.contents = append(w.contents, content) }

// AddJSON takes a body: its texts, its numbers, and the names in its objects that
// are not the API's.
func (w *Written) AddJSON(body []byte) { w.bodies = append(w.bodies, body) }

// kind is what a part of a request is.
type kind uint8

const (
	aText   kind = iota // a whole text
	aPiece              // of a text that is looked at piece by piece
	aNumber             // a number of a JSON body
)

const (
	// pieceSize bounds the memory that a long text needs.
	pieceSize = 4 << 10
	// overlap is how much of a piece comes again in the next one, so that nothing
	// is lost between them.
	overlap = 256
)

// each calls f for everything that was written, but for what may be shown.
func (w *Written) each(f func(*views, kind)) {
	var v views
	read := func(text []byte, kind kind) {
		for len(text) > pieceSize {
			v.read(text[:pieceSize])
			f(&v, aPiece)
			text, kind = text[pieceSize-overlap:], aPiece
		}
		v.read(text)
		f(&v, kind)
	}
	for _, text := range w.texts {
		if !w.words.values[text] {
			read([]byte(text), aText)
		}
	}
	for _, content := range w.contents {
		read(content, aText)
	}
	for _, body := range w.bodies {
		w.eachInJSON(body, read)
	}
}

// eachInJSON finds the texts and numbers of a body without decoding it.
func (w *Written) eachInJSON(body []byte, f func([]byte, kind)) {
	depth := 0
	for at := 0; at < len(body); {
		switch c := body[at]; {
		case c == '"':
			end := endOfText(body, at)
			text := unquote(body[at:end])
			isName := nextIs(body[end:], ':')
			if isName && depth > 1 && !w.words.names[string(text)] || !isName && !w.words.values[string(text)] {
				f(text, aText)
			}
			at = end
			continue
		case isDigit(rune(c)):
			end := at + 1
			for end < len(body) && bytes.IndexByte([]byte("0123456789.eE+-"), body[end]) >= 0 {
				end++
			}
			f(body[at:end], aNumber)
			at = end
			continue
		case c == '{', c == '[':
			depth++
		case c == '}', c == ']':
			depth--
		}
		at++
	}
}

// endOfText is where the text that begins at a quote ends.
func endOfText(body []byte, at int) int {
	for at++; at < len(body); at++ {
		switch body[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		}
	}
	return len(body)
}

// unquote returns the text in quotes; as it is if it cannot be read.
func unquote(quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return bytes.Trim(quoted, `"`)
	}
	var text string
	if json.Unmarshal(quoted, &text) != nil {
		return quoted
	}
	return []byte(text)
}

// nextIs reports whether c follows after white space.
func nextIs(body []byte, c byte) bool {
	at := slices.IndexFunc(body, func(b byte) bool { return b > ' ' })
	return at >= 0 && body[at] == c
}
