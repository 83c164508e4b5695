package peers

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/hetznercloud/hcloud-go/v2/hcloud"
	"github.com/hetznercloud/hcloud-go/v2/hcloud/schema"
)

const hcloudPublicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBench"

func hcloudSDK() *Peer {
	const id = "1"
	create := func(more ...hcloud.ClientOption) Maker {
		return func(base string, rt http.RoundTripper) Call {
			c := newHcloud(base, rt, more...)
			return func() error {
				key, _, err := c.SSHKey.Create(context.Background(), hcloud.SSHKeyCreateOpts{
					Name: "laptop", PublicKey: hcloudPublicKey, Labels: map[string]string{"env": "test"},
				})
				if err != nil {
					return err
				}
				return expect(fmt.Sprint(key.ID), id, nil)
			}
		}
	}
	answer := `{"ssh_key":` + hcloudItem(0) + `}`
	return &Peer{
		Name: "hcloud-go", Module: "github.com/hetznercloud/hcloud-go/v2", Program: "hcloud", What: "SSHKey.Create",
		Answer:  answer,
		Problem: `{"error":{"code":"invalid_input","message":"` + Long + `","details":null}}`,
		Limited: `{"error":{"code":"rate_limit_exceeded","message":"Limit exceeded.","details":null}}`,
		Create:  create(),
		Hand: hand[schema.SSHKeyCreateResponse]{
			encode: asJSON(func() schema.SSHKeyCreateRequest {
				return schema.SSHKeyCreateRequest{Name: "laptop", PublicKey: hcloudPublicKey, Labels: &map[string]string{"env": "test"}}
			}),
			id: func(a *schema.SSHKeyCreateResponse) string { return fmt.Sprint(a.SSHKey.ID) }, want: id,
		}.beside(create(), answer),
		Bulk: create(hcloud.WithRetryOpts(hcloud.RetryOpts{
			MaxRetries:  10,
			BackoffFunc: hcloud.ExponentialBackoffWithOpts(hcloud.ExponentialBackoffOpts{Base: 500 * time.Millisecond, Multiplier: 2, Cap: 4 * time.Second}),
		})),
		Settings: "10 retries, 0.5 to 4 s",
		List: &List{
			What: "SSHKey.AllWithOpts",
			Page: func(n int) []byte {
				next := "null"
				if n+1 < Pages {
					next = fmt.Sprint(n + 2)
				}
				return page(`{"ssh_keys":[`, n, hcloudItem, fmt.Sprintf(
					`],"meta":{"pagination":{"page":%d,"per_page":%d,"previous_page":null,"next_page":%s,"last_page":%d,"total_entries":%d}}}`,
					n+1, PerPage, next, Pages, Items))
			},
			Asked: func(r *http.Request) int { return max(number(r.URL.Query().Get("page"))-1, 0) },
			All: func(rt http.RoundTripper) (int, error) {
				keys, err := newHcloud("", rt).SSHKey.AllWithOpts(context.Background(), hcloud.SSHKeyListOpts{ListOpts: hcloud.ListOpts{PerPage: PerPage}})
				return len(keys), err
			},
			Into: func() any { return new(schema.SSHKeyListResponse) },
		},
	}
}

func hcloudItem(i int) string {
	return fmt.Sprintf(`{"id":%d,"name":"laptop","fingerprint":"b7:2f:30:a0:2f:6c:58:6c:21:04:58:61:ba:06:3b:2f","public_key":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBench","labels":{"env":"test"},"created":"2026-03-08T12:00:00+00:00"}`, i+1)
}

func newHcloud(base string, rt http.RoundTripper, more ...hcloud.ClientOption) *hcloud.Client {
	opts := []hcloud.ClientOption{hcloud.WithToken("bench"), hcloud.WithHTTPClient(&http.Client{Transport: rt})}
	if base != "" {
		opts = append(opts, hcloud.WithEndpoint(base))
	}
	return hcloud.NewClient(append(opts, more...)...)
}
