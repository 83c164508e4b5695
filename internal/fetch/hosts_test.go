package fetch_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/internal/fetch"
)

// LEAK-6: what is private by its literal address is not asked, in whatever form it
// is written, on any transport.
func TestPrivateAddresses(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]error{
		"storage.example.test": nil, "8.8.8.8": nil, "[2606:4700::1111]": nil, "100.63.255.255": nil, "100.128.0.0": nil,
		"172.15.0.1": nil, "172.32.0.1": nil, "[64:ff9b::808:808]": nil, "1.example.test": nil, "localhost.example.test": nil, "0x.example.test": nil,

		"localhost": fetch.ErrPrivate, "LOCALHOST": fetch.ErrPrivate, "localhost.": fetch.ErrPrivate, "a.localhost": fetch.ErrPrivate,
		"127.0.0.1": fetch.ErrPrivate, "127.9.9.9": fetch.ErrPrivate, "127.0.0.1.": fetch.ErrPrivate, "[::1]": fetch.ErrPrivate, "[0:0::1]": fetch.ErrPrivate,
		"10.0.0.1": fetch.ErrPrivate, "172.16.0.1": fetch.ErrPrivate, "172.31.255.255": fetch.ErrPrivate, "192.168.1.1": fetch.ErrPrivate,
		"169.254.169.254": fetch.ErrPrivate, "[fe80::1]": fetch.ErrPrivate, "[fe80::1%25eth0]": fetch.ErrPrivate, "[fd00::1]": fetch.ErrPrivate,
		"[fec0::1]": fetch.ErrPrivate, "0.0.0.0": fetch.ErrPrivate, "0.1.2.3": fetch.ErrPrivate, "[::]": fetch.ErrPrivate,
		"100.64.0.1": fetch.ErrPrivate, "100.100.100.200": fetch.ErrPrivate, "224.0.0.1": fetch.ErrPrivate, "255.255.255.255": fetch.ErrPrivate,
		"[::ffff:127.0.0.1]": fetch.ErrPrivate, "[::ffff:10.0.0.1]": fetch.ErrPrivate, "[::ffff:100.64.0.1]": fetch.ErrPrivate, "[::7f00:1]": fetch.ErrPrivate, "[64:ff9b::7f00:1]": fetch.ErrPrivate,
		"[64:ff9b::a00:1]": fetch.ErrPrivate, "[ff02::1]": fetch.ErrPrivate,
		// What only resolvers take for an address.
		"127.1": fetch.ErrPrivate, "2130706433": fetch.ErrPrivate, "0x7f000001": fetch.ErrPrivate, "0x7f.1": fetch.ErrPrivate, "127.0.0.0x1": fetch.ErrPrivate,
		"0177.0.0.1": fetch.ErrPrivate, "10.1": fetch.ErrPrivate, "8.8.8.8.8": fetch.ErrPrivate,
	} {
		for _, redirected := range []bool{false, true} {
			n, at := &network{responses: []any{sends(200, whole)}}, "https://"+host+"/call_1.wav"
			asked := 1
			if redirected {
				n.responses = []any{sends(302, "", "Location", at), sends(200, whole)}
				at, asked = address, 2
			}
			err := open(t.Context(), n, fetch.Hosts{}, source(at)).Connect()
			require.ErrorIs(t, err, want, host)
			if want == nil {
				assert.Len(t, n.hits, asked, host)
				continue
			}
			assert.Len(t, n.hits, asked-1, host)
			assert.Equal(t, "the storage host was not asked", failure(t, err).Reason)
			assert.NotContains(t, err.Error(), host)
		}
	}
}

// LEAK-6: named hosts may be private, whatever case they are in, but for plain http.
func TestNamedHosts(t *testing.T) {
	t.Parallel()
	h := fetch.Hosts{Named: []string{"minio.corp.test", "10.0.0.5", "fd00::5", "localhost"}}
	for at, want := range map[string]error{
		"https://minio.corp.test:9000/a": nil, "https://MinIO.corp.test/a": nil, "https://minio.corp.test./a": nil,
		"https://10.0.0.5/a": nil, "https://[fd00::5]:9000/a": nil, "https://localhost/a": nil,
		"https://10.0.0.6/a": fetch.ErrPrivate, "https://[fd00::6]/a": fetch.ErrPrivate, "https://a.localhost/a": fetch.ErrPrivate,
		"http://minio.corp.test/a": fetch.ErrUnsafe, "http://localhost/a": fetch.ErrUnsafe, "http://10.0.0.5/a": fetch.ErrUnsafe,
	} {
		n := &network{responses: []any{sends(200, whole)}}
		require.ErrorIs(t, open(t.Context(), n, h, source(at)).Connect(), want, at)
	}
}

// SEC-1, LEAK-6: redirects are followed over https only, a bounded number of times,
// and never to this machine from elsewhere.
func TestRedirects(t *testing.T) {
	t.Parallel()
	const local = "http://127.0.0.1:8080/rec"
	to := func(status int, location string) any { return sends(status, "moved", "Location", location) }
	ok := func() any { return sends(200, whole) }
	for _, c := range []struct {
		name, address string
		loopback      bool
		responses     []any
		last          string // address asked last
		err           error
	}{
		{"none", address, false, []any{ok()}, address, nil},
		{"relative", "https://a.test/x/y?z", false, []any{to(301, "../b"), ok()}, "https://a.test/b", nil},
		{"each kind", "https://a.test/", false, []any{to(301, "/1"), to(302, "/2"), to(303, "/3"), to(307, "/4"), to(308, "/5"), ok()}, "https://a.test/5", nil},
		{"too many", "https://a.test/", false, []any{to(302, "/")}, "https://a.test/", fetch.ErrLost},
		{"to http", "https://a.test/", true, []any{to(302, "http://a.test/b")}, "https://a.test/", fetch.ErrUnsafe},
		{"to this machine", "https://a.test/", false, []any{to(302, "https://127.0.0.1/rec")}, "https://a.test/", fetch.ErrPrivate},
		{"to this machine, where the API is", "https://a.test/", true, []any{to(302, "https://127.0.0.1/rec")}, "https://a.test/", fetch.ErrPrivate},
		{"to this machine over http", "https://a.test/", true, []any{to(302, local)}, "https://a.test/", fetch.ErrUnsafe},
		{"to a file", "https://a.test/", true, []any{to(302, "file:///etc/hosts")}, "https://a.test/", fetch.ErrUnsafe},
		{"to nonsense", "https://a.test/", true, []any{to(302, "https://%zz")}, "https://a.test/", fetch.ErrUnsafe},
		{"loopback", local, true, []any{to(302, "http://localhost:9/b"), to(302, "http://[::1]/c"), ok()}, "http://[::1]/c", nil},
		{"loopback, and the API elsewhere", local, false, nil, "", fetch.ErrUnsafe},
		{"loopback to http", local, true, []any{to(302, "http://a.test/")}, local, fetch.ErrUnsafe},
		{"loopback to a private network", local, true, []any{to(302, "https://10.0.0.1/")}, local, fetch.ErrPrivate},
		{"http", "http://a.test/", true, nil, "", fetch.ErrUnsafe},
		{"other scheme", "ftp://a.test/", true, nil, "", fetch.ErrUnsafe},
		{"other scheme of this machine", "file://localhost/etc/passwd", true, nil, "", fetch.ErrUnsafe},
		{"no host", "https:///a", true, nil, "", fetch.ErrUnsafe},
		{"relative address", "/rec/call_1", true, nil, "", fetch.ErrUnsafe},
		{"no address", "", true, nil, "", fetch.ErrUnsafe},
		{"malformed", "https://a.test/%zz", true, nil, "", fetch.ErrUnsafe},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := &network{responses: c.responses}
			require.ErrorIs(t, open(t.Context(), n, fetch.Hosts{Loopback: c.loopback}, source(c.address)).Connect(), c.err)
			if c.last == "" {
				assert.Empty(t, n.hits)
				return
			}
			assert.Equal(t, c.last, n.hits[len(n.hits)-1].URL.String())
		})
	}
}
