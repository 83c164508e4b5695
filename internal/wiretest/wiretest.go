// Package wiretest proves for a wire type that responses are read alike however their
// scalars and names are written. No program links it.
package wiretest

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// Wire is the form of a result on the wire.
type Wire[T, W any] interface {
	*W
	Public(info *api.ResponseInfo) *T
}

// Each reads one JSON object into W in every envelope: as it is; with each scalar in
// another JSON type (DEC-2), each name in the other casing (DEC-3), each member null,
// and a member that nobody knows (FWD-1); one at a time and all at once. The result
// must be the same. The object has all of W's fields, as encoding/json names them; a
// type that reads JSON of another form gives an example of it instead.
func Each[T, W any, PW Wire[T, W]](t *testing.T, example ...string) {
	t.Helper()
	plain := object(t, new(W), example)
	want, err := read[T, W, PW](plain, plain)
	if err != nil {
		t.Fatalf("%T: %v: %s", want, err, plain)
	}
	for _, v := range variants(t, plain) {
		for name, envelope := range envelopes() {
			response := bytes.ReplaceAll([]byte(envelope), []byte("X"), v.json)
			got, err := read[T, W, PW](response, v.json)
			same := err == nil && reflect.DeepEqual(want, got)
			if v.absent != nil { // a result may tell null from absent where nobody sees it
				without, errWithout := read[T, W, PW](bytes.ReplaceAll([]byte(envelope), []byte("X"), v.absent), v.absent)
				same = (err == nil) == (errWithout == nil) && encoded(t, got) == encoded(t, without)
			}
			if !same {
				t.Errorf("%T: %s, %s: %v\n%s\n%+v\n%+v", want, v.name, name, err, response, want, got)
				return // one is enough
			}
		}
	}
}

// envelopes are the forms of responses around X.
func envelopes() map[string]string {
	return map[string]string{
		"in an envelope":      `{"data":X,"meta":{"request_id":"r","timestamp":"2026-03-08T12:00:00Z"}}`,
		"without meta":        `{"meta":null,"data": X}`,
		"list in an envelope": `{"data":[X],"meta":{"pagination":{"cursor":"c","has_more":true,"total":1}}}`,
		"list below a name":   `{"data":{"rows":[X]}}`,
		"list alone":          `[X]`,
	}
}

// read reads a response with one result, or with a list of it alone.
func read[T, W any, PW Wire[T, W]](response, data []byte) (result T, err error) {
	var w *W
	if isList(response) {
		var items []W
		if items, _, err = wire.Many[W](response, nil); err == nil {
			w = &items[0]
		}
	} else {
		w, _, err = wire.One[W](response)
	}
	if err != nil {
		return result, err
	}
	return public[T, W, PW](w, data), nil
}

// isList reports whether a response is one of the envelopes around a list.
func isList(response []byte) bool {
	for name, envelope := range envelopes() {
		before, _, _ := strings.Cut(envelope, "X")
		if strings.HasPrefix(name, "list") && bytes.HasPrefix(response, []byte(before)) {
			return true
		}
	}
	return false
}

func encoded(t *testing.T, result any) string {
	t.Helper()
	out, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// public is the result without what depends on how it was written.
func public[T, W any, PW Wire[T, W]](w *W, data json.RawMessage) T {
	result := *PW(w).Public(api.NewResponseInfo(api.ResponseInfo{}, data))
	forget(&result)
	return result
}
