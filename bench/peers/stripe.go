package peers

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/stripe/stripe-go/v82"
	"github.com/stripe/stripe-go/v82/webhook"
)

func stripeSDK() *Peer {
	const id = "cus_000000"
	create := func(retries int64) Maker {
		return func(base string, rt http.RoundTripper) Call {
			c := newStripe(base, rt, retries)
			return func() error {
				customer, err := c.V1Customers.Create(context.Background(), &stripe.CustomerCreateParams{
					Name: stripe.String("Jane Doe"), Email: stripe.String("jane@example.com"),
					Phone: stripe.String("+14155552671"), Description: stripe.String("Hello"),
				})
				if err != nil {
					return err
				}
				return expect(customer.ID, id, nil)
			}
		}
	}
	answer := stripeItem(0)
	return &Peer{
		Name: "stripe-go", Module: "github.com/stripe/stripe-go/v82", Program: "stripe", What: "V1Customers.Create",
		Note:    "Telemetry and the log are off.",
		Answer:  answer,
		Problem: `{"error":{"type":"invalid_request_error","code":"parameter_invalid","message":"` + Long + `"}}`,
		Limited: `{"error":{"type":"invalid_request_error","code":"rate_limit","message":"Request rate limit exceeded."}}`,
		Create:  create(stripe.DefaultMaxNetworkRetries),
		Hand: hand[stripeCustomer]{
			encode: asForm("name", "Jane Doe", "email", "jane@example.com", "phone", "+14155552671", "description", "Hello"),
			id:     func(c *stripeCustomer) string { return c.ID }, want: id,
		}.beside(create(0), answer),
		Bulk: create(10), Settings: "MaxNetworkRetries 10; a 429 is never retried",
		List: &List{
			What: "V1Customers.List", Lazy: true,
			Page: func(n int) []byte {
				return page(`{"object":"list","url":"/v1/customers","data":[`, n, stripeItem, fmt.Sprintf(`],"has_more":%t}`, n+1 < Pages))
			},
			Asked: func(r *http.Request) int { return behind(r.URL.Query().Get("starting_after"), "cus_") },
			All: func(rt http.RoundTripper) (int, error) {
				n := 0
				params := &stripe.CustomerListParams{}
				params.Limit = stripe.Int64(PerPage)
				var failed error
				newStripe("", rt, stripe.DefaultMaxNetworkRetries).V1Customers.List(context.Background(), params)(func(c *stripe.Customer, err error) bool {
					if failed = err; err == nil {
						n++
					}
					return err == nil
				})
				return n, failed
			},
			Into: func() any {
				return new(struct {
					Data    []stripeCustomer `json:"data"`
					HasMore bool             `json:"has_more"`
				})
			},
		},
		Verify: &Verify{
			Event: func(n int) []byte {
				return padded(n, `{"id":"evt_01HV5Y8QZJ","object":"event","type":"customer.created","api_version":"`+stripe.APIVersion+`","created":1772971200,"livemode":false,"pending_webhooks":1,"data":{"object":{"id":"cus_000000","object":"customer","description":"`, `"}}}`)
			},
			Signed: func(body []byte) string {
				t := strconv.FormatInt(time.Now().Unix(), 10)
				return "t=" + t + ",v1=" + Sign(Secret, t, body)
			},
			Check: func(header string, body []byte) error { return webhook.ValidatePayload(body, header, Secret) },
			Decode: func(header string, body []byte) error {
				event, err := webhook.ConstructEvent(body, header, Secret)
				if err != nil {
					return err
				}
				return expect(fmt.Sprint(event.Data.Object["id"]), id, nil)
			},
			Hand: func(body []byte) error {
				var event struct {
					ID      string `json:"id"`
					Type    string `json:"type"`
					Created int64  `json:"created"`
					Data    struct {
						Object json.RawMessage `json:"object"`
					} `json:"data"`
				}
				if err := json.Unmarshal(body, &event); err != nil {
					return err
				}
				var customer stripeCustomer
				err := json.Unmarshal(event.Data.Object, &customer)
				return expect(customer.ID, id, err)
			},
		},
	}
}

// stripeCustomer is a customer by hand: the SDK's own type reads its JSON twice.
type stripeCustomer struct {
	ID          string            `json:"id"`
	Balance     int64             `json:"balance"`
	Created     int64             `json:"created"`
	Currency    string            `json:"currency"`
	Description string            `json:"description"`
	Email       string            `json:"email"`
	Livemode    bool              `json:"livemode"`
	Metadata    map[string]string `json:"metadata"`
	Name        string            `json:"name"`
	Phone       string            `json:"phone"`
}

func stripeItem(i int) string {
	return fmt.Sprintf(`{"id":"cus_%06d","object":"customer","balance":0,"created":1772971200,"currency":"usd","delinquent":false,"description":"Hello","email":"jane@example.com","invoice_prefix":"0759376C","livemode":false,"metadata":{"order":"17"},"name":"Jane Doe","phone":"+14155552671","preferred_locales":["en"],"tax_exempt":"none"}`, i)
}

func newStripe(base string, rt http.RoundTripper, retries int64) *stripe.Client {
	config := &stripe.BackendConfig{
		HTTPClient: &http.Client{Transport: rt}, MaxNetworkRetries: stripe.Int64(retries),
		EnableTelemetry: stripe.Bool(false), LeveledLogger: &stripe.LeveledLogger{Level: stripe.LevelNull},
	}
	if base != "" {
		config.URL = stripe.String(base)
	}
	return stripe.NewClient("sk_test_bench", stripe.WithBackends(stripe.NewBackendsWithConfig(config)))
}
