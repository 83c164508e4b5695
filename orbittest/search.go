package orbittest

import (
	"cmp"
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A hit is a passage of a document that shares words with what is looked for.
type hit struct {
	document string // its ID
	score    score
	text     string
}

// A score is the share of the words that were found, in percent.
type score int

// number is the score between 0 and 1.
func (s score) number() json.Number {
	return json.Number(strconv.FormatFloat(float64(s)/100, 'f', -1, 64))
}

// search finds the passages of the ready documents, the best first.
func (b *knowledgeBase) search(query string, now time.Time) []hit {
	wanted := words(query)
	var hits []hit
	for _, r := range b.documents.rows {
		if r.value.status(now) != "ready" {
			continue
		}
		for _, text := range r.value.passages() {
			if s := share(wanted, words(text)); s > 0 {
				hits = append(hits, hit{r.id, s, text})
			}
		}
	}
	slices.SortStableFunc(hits, func(x, y hit) int { return cmp.Compare(y.score, x.score) })
	return hits
}

// share is how many of the words are among others.
func share(wanted, found []string) score {
	n := 0
	for _, w := range wanted {
		if slices.Contains(found, w) {
			n++
		}
	}
	return score(100 * n / max(len(wanted), 1))
}

// words are the distinct words of a text that are long enough to mean something,
// in the singular as far as that is easy.
func words(s string) []string {
	const shortest = 4
	all := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	all = slices.DeleteFunc(all, func(w string) bool { return utf8.RuneCountInString(w) < shortest })
	for i := range all {
		all[i] = strings.TrimSuffix(all[i], "s")
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// passages are the paragraphs of a document. Of a format that is no text, only
// the name is known.
func (d *document) passages() []string {
	if !utf8.Valid(d.content) {
		return []string{d.name}
	}
	content := strings.ReplaceAll(string(d.content), "\r\n", "\n")
	if strings.HasPrefix(strings.ToLower(path.Ext(d.name)), ".htm") {
		content = withoutTags(content)
	}
	var found []string
	for _, p := range strings.Split(content, "\n\n") {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			found = append(found, p)
		}
	}
	return found
}

// withoutTags is the text of a page.
func withoutTags(html string) string {
	var text strings.Builder
	inside := false
	for _, r := range html {
		switch {
		case r == '<':
			inside = true
			text.WriteByte(' ')
		case r == '>':
			inside = false
		case !inside:
			text.WriteRune(r)
		}
	}
	return text.String()
}
