package wire_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// wide is a result with as many fields as a message.
type wide struct {
	ID         string       `json:"id"`
	Channel    string       `json:"channel"`
	Status     string       `json:"status"`
	Direction  string       `json:"direction"`
	To         string       `json:"to"`
	From       string       `json:"from"`
	Body       string       `json:"body"`
	Segments   int          `json:"segments"`
	Metadata   api.Metadata `json:"metadata"`
	ProviderID string       `json:"provider_id"`
	CreatedAt  time.Time    `json:"created_at"`
	UpdatedAt  time.Time    `json:"updated_at"`
}

const wideItem = `{"id":"msg_01HV","channel":"sms","status":"queued","direction":"outbound","to":"+14155552671","from":"+15005550006","body":"Hello","segments":1,"created_at":"2026-03-08T12:00:00.123Z"}`

// BenchmarkRead compares the reader with a plain decode of the same response, in
// pairs, and what the look for names in the other casing costs of it.
func BenchmarkRead(b *testing.B) {
	const tail = `,"meta":{"request_id":"req_01HV","pagination":{"cursor":"c","has_more":true}}}`
	one := []byte(`{"data":` + wideItem + tail)
	page := []byte(`{"data":[` + strings.Repeat(wideItem+",", 49) + wideItem + `]` + tail)
	r := new(wire.Reader)
	for name, c := range map[string]struct {
		read, plain func()
		look        func()
	}{
		"one": {
			func() { var w *wide; _, _ = r.One(one, &w) },
			func() { var w *wide; plain(one, &w) },
			func() { r.Misses(one, new(*wide)) },
		},
		"page": {
			func() { w := make([]wide, 0, 50); _, _ = r.Many(page, &w) },
			func() { w := make([]wide, 0, 50); plain(page, &w) },
			func() { r.Misses(page, new([]wide)) },
		},
	} {
		b.Run(name, func(b *testing.B) {
			var ratios, shares []float64
			for b.Loop() {
				ours, theirs, look := took(c.read), took(c.plain), took(c.look)
				ratios, shares = append(ratios, ours/theirs), append(shares, 100*look/theirs)
			}
			slices.Sort(ratios)
			slices.Sort(shares)
			b.ReportMetric(ratios[len(ratios)/2], "ratio")
			b.ReportMetric(shares[len(shares)/2], "%look")
			b.ReportMetric(testing.AllocsPerRun(100, c.read)-testing.AllocsPerRun(100, c.plain), "more-allocs")
			b.ReportMetric(testing.AllocsPerRun(100, c.look), "look-allocs")
		})
	}
}

func plain(body []byte, data any) {
	e := struct {
		Data  any             `json:"data"`
		Meta  wire.Meta       `json:"meta"`
		Error json.RawMessage `json:"error"`
	}{Data: data}
	_ = json.Unmarshal(body, &e)
}

func took(f func()) float64 {
	started := time.Now()
	for range 20 {
		f()
	}
	return float64(time.Since(started))
}
