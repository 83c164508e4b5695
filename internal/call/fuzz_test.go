package call_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/devotel/orbit-go/internal/call"
)

// FuzzPath: whatever the ID, it is refused or stays one element of the path.
func FuzzPath(f *testing.F) {
	for _, id := range []string{"msg_1", "..", "../admin?x=1", "a/b#c", "%2e%2e", "+1415", "\x00\xff", "ü"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		s := play(answer(200, good))
		_, err := call.Do[thing, thingWire](t.Context(), s.client(), call.Get("Things.Get", "/things/{id}", id), nil, nil)
		if err != nil {
			if len(s.hits) != 0 {
				t.Fatal("sent, and failed", err)
			}
			return
		}
		escaped := s.hits[0].url.EscapedPath()
		element, ok := strings.CutPrefix(escaped, "/api/v1/things/")
		if !ok || strings.ContainsAny(element, "/?#") || element == "" || element == "." || element == ".." {
			t.Fatalf("%q became %q", id, escaped)
		}
		if back, err := url.PathUnescape(element); err != nil || back != id {
			t.Fatalf("%q became %q", id, back)
		}
		if s.hits[0].url.RawQuery != "" {
			t.Fatal("a query")
		}
	})
}
