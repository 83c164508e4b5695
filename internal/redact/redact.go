// Package redact decides what errors, logs, observers and dumps may show. The
// rule is one: whatever somebody wrote into a request is secret, in every form in
// which a server may echo it, and so are phone numbers, email addresses and
// Orbit's own secrets wherever they come from. The rest of a text stays readable.
//
// [Written] gathers what was written (gather.go), a set holds it in the forms that
// are compared (view.go, set.go), and texts are replaced word by word
// (replace.go). All of it takes time in proportion to what was written and to what
// is shown, and happens only when there is something to show.
package redact

// Mark stands for what is hidden.
const Mark = "[hidden]"

// The rule in numbers, counted in characters.
const (
	// shortest is the shortest written text that is secret: shorter ones, such as
	// "no" or "US", identify nobody and would tear every sentence apart.
	shortest = 4
	// part is the shortest part of a longer text that is secret.
	part = 8
	// digitPart is the shortest part of a number that is secret.
	digitPart = 4
)

// Text is a text that may be shown, as one line.
type Text struct {
	// At is the text; it is replaced.
	At *string
	// Limit is how many characters of it may be shown.
	Limit int
	// ID tells that it is an ID, of which only what can be no chance is hidden: its
	// digits stay, since support needs them.
	ID bool
}

// String returns one line of at most limit characters of a text of which nothing
// is known to be written: phone numbers, email addresses and secrets of Orbit are
// hidden, and so are the given ones.
func String(text string, limit int, secrets ...string) string {
	var w Written
	for _, s := range secrets {
		w.Add(s)
	}
	w.Hide(Text{At: &text, Limit: limit})
	return text
}
