package call_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/devotel/orbit-go/internal/call"
)

// BenchmarkRejected makes a call of 64 KiB that is rejected with an error of 1 MiB,
// which quotes it: reading and decoding the error included.
func BenchmarkRejected(b *testing.B) {
	text := strings.Repeat("The quick brown fox, No. 4829, jumps over the lazy dog. ", 64<<10/56)
	in := struct {
		Text string `json:"text"`
	}{text}
	body, err := json.Marshal(map[string]any{"error": map[string]string{"code": "X", "message": strings.Repeat(text, 16)}})
	if err != nil {
		b.Fatal(err)
	}
	c := play().client(func(c *call.Config) {
		c.HTTP = &http.Client{Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			_ = req.Body.Close()
			return answer(422, string(body))(req)
		})}
	})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := call.Create[thing, thingWire](context.Background(), c, call.Post("Things.Create", "/things"), in, nil); err == nil {
			b.Fatal("accepted")
		}
	}
}
