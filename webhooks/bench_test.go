package webhooks_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/webhooks"
)

// benchBody is an event of exactly 1 KB.
func benchBody() []byte {
	const head = `{"id":"evt_01HV","type":"message.delivered","created_at":"2026-03-08T12:00:00.123Z","data":{"message_id":"msg_01HV","channel":"sms",` +
		`"from":"+15005550006","to":"+1415555****","status":"delivered","segments":4,"metadata":{"order":"A-1001","customer":7},"provider_id":"SM01HV",` +
		`"created_at":"2026-03-08T11:59:58.001Z","delivered_at":"2026-03-08T12:00:00.050Z","body":"`
	const tail = `"}}`
	return []byte(head + strings.Repeat("x", 1024-len(head)-len(tail)) + tail)
}

// rawHMAC is the least that can be done with a signature.
func rawHMAC(key []byte, timestamp, signature string, body []byte) bool {
	var got [sha256.Size]byte
	if n, err := hex.Decode(got[:], []byte(signature)); err != nil || n != len(got) {
		return false
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte(timestamp + "."))
	h.Write(body)
	return hmac.Equal(h.Sum(nil), got[:])
}

// rawEvent and rawData are what a program would write by hand for the event.
type rawEvent struct {
	ID        string          `json:"id"`
	Type      string          `json:"type"`
	CreatedAt time.Time       `json:"created_at"`
	Data      json.RawMessage `json:"data"`
}

// contenders do the same work with this package and by hand.
type contenders struct{ verify, rawVerify, decode, rawDecode func() }

func newContenders(b *testing.B) contenders {
	b.Helper()
	body := benchBody()
	require.Len(b, body, 1024)
	v := newVerifier(b)
	header := webhooks.Sign(testSecret, body, signedAt())
	signature, key := sum(b, testSecret, string(body)), []byte(testSecret)
	must := func(ok bool) {
		if !ok {
			b.Fatal("wrong")
		}
	}
	return contenders{
		verify:    func() { _, err := v.Verify(header, body); must(err == nil) },
		rawVerify: func() { must(rawHMAC(key, "1772971200", signature, body)) },
		decode: func() {
			e, err := v.Parse(header, body)
			must(err == nil)
			data, err := webhooks.MessageDelivered.Data(e)
			must(err == nil && data.MessageID == "msg_01HV")
		},
		rawDecode: func() {
			must(rawHMAC(key, "1772971200", signature, body))
			var e rawEvent
			must(json.Unmarshal(body, &e) == nil)
			var data webhooks.MessageData
			must(json.Unmarshal(e.Data, &data) == nil && data.MessageID == "msg_01HV")
		},
	}
}

func BenchmarkVerify(b *testing.B)    { run(b, newContenders(b).verify) }
func BenchmarkRawVerify(b *testing.B) { run(b, newContenders(b).rawVerify) }
func BenchmarkDecode(b *testing.B)    { run(b, newContenders(b).decode) }
func BenchmarkRawDecode(b *testing.B) { run(b, newContenders(b).rawDecode) }

func run(b *testing.B, f func()) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		f()
	}
}

// The ratios alternate batches of both, and take the median of the pairs, so that
// what else the machine does hits both or is left out.
func BenchmarkVerifyRatio(b *testing.B) {
	c := newContenders(b)
	ratio(b, c.verify, c.rawVerify)
}

func BenchmarkDecodeRatio(b *testing.B) {
	c := newContenders(b)
	ratio(b, c.decode, c.rawDecode)
}

func ratio(b *testing.B, ours, theirs func()) {
	b.Helper()
	const batch = 200
	var ratios []float64
	for b.Loop() {
		our := timed(batch, ours)
		ratios = append(ratios, float64(our)/float64(timed(batch, theirs)))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "ratio")
}

func timed(n int, f func()) time.Duration {
	started := time.Now()
	for range n {
		f()
	}
	return time.Since(started)
}
