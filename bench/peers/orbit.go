package peers

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/webhooks"
)

func orbitSDK() *Peer {
	const id = "msg_01HV5Y8QZJ"
	params := func() messages.SendSMSParams { return messages.SendSMSParams{To: "+14155552671", Body: "Hello"} }
	create := func(base string, rt http.RoundTripper) Call {
		client := newOrbit(base, rt)
		return func() error {
			msg, err := client.Messages.SendSMS(context.Background(), params())
			if err != nil {
				return err
			}
			return expect(msg.ID, id, nil)
		}
	}
	answer := `{"data":{"id":"` + id + `","channel":"sms","status":"queued","direction":"outbound","to":"+14155552671","from":"+15005550006","body":"Hello","segments":1,"created_at":"2026-03-08T12:00:00.123Z"},"meta":{"request_id":"req_01HV5Y8QZK","timestamp":"2026-03-08T12:00:00.123Z"}}`
	return &Peer{
		Name: "orbit-go", Module: "github.com/devotel/orbit-go", Program: "orbit", What: "Messages.SendSMS",
		Answer:   answer,
		Problem:  `{"error":{"code":"VALIDATION_ERROR","message":"` + Long + `"},"meta":{"request_id":"req_01HV5Y8QZK"}}`,
		Limited:  `{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"Too many requests."},"meta":{"request_id":"req_01HV5Y8QZK"}}`,
		Create:   create,
		Hand:     hand[orbitAnswer]{encode: asJSON(params), id: func(a *orbitAnswer) string { return a.Data.ID }, want: id}.beside(create, answer),
		Settings: "as it comes",
		List:     orbitList(),
		Verify:   orbitVerify(),
	}
}

// orbitAnswer is the envelope of an answer, which the SDK opens for its caller.
type orbitAnswer struct {
	Data messages.Message `json:"data"`
}

// orbitPage is the envelope of a page.
type orbitPage struct {
	Data []messages.Message `json:"data"`
	Meta struct {
		Pagination struct {
			Cursor  string `json:"cursor"`
			HasMore bool   `json:"has_more"`
		} `json:"pagination"`
	} `json:"meta"`
}

const orbitKey = "dv_test_sk_bench"

func newOrbit(base string, rt http.RoundTripper) *orbit.Client {
	opts := []orbit.Option{orbit.WithHTTPClient(&http.Client{Transport: rt})}
	if base != "" {
		opts = append(opts, orbit.WithBaseURL(base))
	}
	client, err := orbit.NewClient(orbitKey, opts...)
	if err != nil {
		panic(err)
	}
	return client
}

// OrbitPage is a page of messages.
func OrbitPage(n int, more bool) []byte {
	return page(`{"data":[`, n, orbitItem, fmt.Sprintf(`],"meta":{"request_id":"req_1","pagination":{"cursor":"%d","has_more":%t}}}`, n+1, more))
}

func orbitItem(i int) string {
	return fmt.Sprintf(`{"id":"msg_%06d","channel":"sms","status":"delivered","direction":"outbound","to":"+14155552671","from":"+15005550006","body":"Hello","segments":1,"created_at":"2026-03-08T12:00:00.123Z"}`, i)
}

func orbitList() *List {
	return &List{
		What: "Messages.All", Lazy: true,
		Page:  func(n int) []byte { return OrbitPage(n, n+1 < Pages) },
		Asked: func(r *http.Request) int { return number(r.URL.Query().Get("cursor")) },
		All: func(rt http.RoundTripper) (int, error) {
			n := 0
			for msg, err := range newOrbit("", rt).Messages.All(context.Background(), messages.ListParams{Limit: PerPage}) {
				if err != nil {
					return n, err
				}
				if msg.ID == "" {
					return n, unexpected("an item without an ID")
				}
				n++
			}
			return n, nil
		},
		Hand: listByHand,
		Into: func() any { return new(orbitPage) },
	}
}

// listByHand follows the cursors with net/http and encoding/json.
func listByHand(rt http.RoundTripper) (int, error) {
	client := &http.Client{Transport: rt}
	n := 0
	for query := fmt.Sprintf("?limit=%d", PerPage); ; {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, orbit.DefaultBaseURL+"/messages"+query, nil)
		if err != nil {
			return n, err
		}
		req.Header.Set("X-API-Key", orbitKey)
		req.Header.Set("Accept", "application/json")
		var page orbitPage
		if err := exchange(client, req, &page); err != nil {
			return n, err
		}
		for _, msg := range page.Data {
			if msg.ID == "" {
				return n, unexpected("an item without an ID")
			}
			n++
		}
		if !page.Meta.Pagination.HasMore {
			return n, nil
		}
		query = fmt.Sprintf("?limit=%d&cursor=%s", PerPage, page.Meta.Pagination.Cursor)
	}
}

func orbitVerify() *Verify {
	verifier, err := webhooks.NewVerifier(Secret)
	if err != nil {
		panic(err)
	}
	return &Verify{
		Event:  OrbitEvent,
		Signed: func(body []byte) string { return webhooks.Sign(Secret, body, time.Now()) },
		Check: func(header string, body []byte) error {
			_, err := verifier.Verify(header, body)
			return err
		},
		Decode: func(header string, body []byte) error {
			event, err := verifier.Parse(header, body)
			if err != nil {
				return err
			}
			data, err := webhooks.MessageDelivered.Data(event)
			if err != nil {
				return err
			}
			return expect(data.MessageID, "msg_01HV5Y8QZJ", nil)
		},
		Hand: func(body []byte) error {
			var event struct {
				ID        string          `json:"id"`
				Type      string          `json:"type"`
				CreatedAt time.Time       `json:"created_at"`
				Data      json.RawMessage `json:"data"`
			}
			if err := json.Unmarshal(body, &event); err != nil {
				return err
			}
			var data webhooks.MessageData
			err := json.Unmarshal(event.Data, &data)
			return expect(data.MessageID, "msg_01HV5Y8QZJ", err)
		},
	}
}

// OrbitEvent is the body of a delivery, of n bytes.
func OrbitEvent(n int) []byte {
	return padded(n, `{"id":"evt_01HV5Y8QZJ","type":"message.delivered","created_at":"2026-03-08T12:00:00.123Z","data":{"message_id":"msg_01HV5Y8QZJ","channel":"sms","from":"+15005550006","to":"+14155552671","status":"delivered","segments":1,"delivered_at":"2026-03-08T12:00:00.100Z","body":"`, `"}}`)
}
