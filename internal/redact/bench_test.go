package redact_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/devotel/orbit-go/internal/redact"
)

// BenchmarkHide redacts an error of 1 MiB after requests of 64 KiB, of which the
// error quotes as much as it can.
func BenchmarkHide(b *testing.B) {
	const size = 64 << 10
	sentence := strings.Repeat("The quick brown fox, No. 4829, jumps over the lazy dog (+1 415 555-2671). ", size/76)
	words := make([]string, 0, size/8)
	for i := range size / 8 {
		words = append(words, fmt.Sprintf("%05x", i))
	}
	for name, body := range map[string]any{
		"sentence": map[string]string{"body": sentence},
		"words":    map[string][]string{"to": words},
		"escapes":  map[string]string{"body": strings.Repeat("%4%41&amp;\\u0041", size/16)},
		"same":     map[string]string{"body": strings.Repeat("a", size)},
	} {
		sent, err := json.Marshal(body)
		if err != nil {
			b.Fatal(err)
		}
		message := string(bytes.Repeat(sent, 1<<20/len(sent)))
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var w redact.Written
				w.AddJSON(sent)
				text, id := message, "req_01HV"
				w.Hide(redact.Text{At: &text, Limit: 500}, redact.Text{At: &id, Limit: 128, ID: true})
			}
		})
	}
	b.Run("usual", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var w redact.Written
			w.AddKey("dv_test_sk_0123456789")
			w.AddJSON([]byte(`{"to":"+14155552671","body":"Your code is 482913"}`))
			code, text, id := "INVALID_PHONE_NUMBER", "The number +14155552671 is not E.164", "req_01HV"
			w.Hide(redact.Text{At: &code, Limit: 100}, redact.Text{At: &text, Limit: 500}, redact.Text{At: &id, Limit: 128, ID: true})
		}
	})
	b.Run("id", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var w redact.Written
			w.AddKey("dv_test_sk_0123456789")
			w.AddJSON([]byte(`{"to":"+14155552671","body":"Your code is 482913"}`))
			id := "req_01HV8Zk1vN0rT5yQ"
			w.Hide(redact.Text{At: &id, Limit: 128, ID: true})
		}
	})
}
