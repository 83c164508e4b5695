package peers_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/devotel/orbit-go/bench/peers"
)

// each runs a test for every SDK.
func each(t *testing.T, test func(t *testing.T, p *peers.Peer)) {
	for _, p := range peers.All() {
		t.Run(p.Name, func(t *testing.T) { test(t, p) })
	}
}

// makers are the ways in which a create is made.
func makers(p *peers.Peer) map[string]peers.Maker {
	all := map[string]peers.Maker{"create": p.Create, "by hand": p.Hand}
	if p.Bulk != nil {
		all["bulk"] = p.Bulk
	}
	return all
}

// The versions that are published are those of go.mod.
func TestModuleIsRequired(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, p *peers.Peer) {
		if !strings.Contains(string(mod), "\t"+p.Module+" v") {
			t.Errorf("%s is not in go.mod", p.Module)
		}
	})
}

// Every way to make a create understands the answer, and fails when there is
// another ID in it.
func TestCreateInMemory(t *testing.T) {
	ids := regexp.MustCompile(`"(id|sid)":("?)\w`)
	each(t, func(t *testing.T, p *peers.Peer) {
		other := ids.ReplaceAllString(p.Answer, `"$1":${2}7`)
		for name, maker := range makers(p) {
			if name == "bulk" {
				continue // not every SDK keeps the transport that is given to it
			}
			if err := maker("", peers.Answering{Status: http.StatusCreated, Body: []byte(p.Answer)})(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := p.Create("", peers.Answering{Status: http.StatusCreated, Body: []byte(other)})(); err == nil {
			t.Error("another ID passes")
		}
		if err := p.Hand("", peers.Answering{Status: http.StatusCreated, Body: []byte(other)})(); err == nil {
			t.Error("by hand: another ID passes")
		}
	})
}

// What is sent by hand is what the SDK sends: the method, the address, the headers
// and the fields.
func TestCreateOverLoopback(t *testing.T) {
	each(t, func(t *testing.T, p *peers.Peer) {
		var asked []received
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, receive(t, r))
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, p.Answer)
		}))
		defer server.Close()
		for name, maker := range makers(p) {
			asked = nil
			call := maker(server.URL, http.DefaultTransport)
			for range 2 {
				if err := call(); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
			if len(asked) != 2 {
				t.Fatalf("%s: %d requests", name, len(asked))
			}
			if key := asked[0].key; key != "" && key == asked[1].key {
				t.Errorf("%s: two calls have one idempotency key", name)
			}
		}
		asked = nil
		for _, maker := range []peers.Maker{p.Create, p.Hand} {
			if err := maker(server.URL, http.DefaultTransport)(); err != nil {
				t.Fatal(err)
			}
		}
		sdk, hand := asked[0], asked[1]
		if (sdk.key == "") != (hand.key == "") {
			t.Errorf("one of them has no idempotency key: %q, %q", sdk.key, hand.key)
		}
		sdk.key, hand.key = "", ""
		if !reflect.DeepEqual(sdk, hand) {
			t.Errorf("the SDK sends\n%v\nby hand\n%v", sdk, hand)
		}
	})
}

// received is a request, for comparison.
type received struct {
	method, path, key string
	header            http.Header
	fields            any
}

func receive(t *testing.T, r *http.Request) received {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	got := received{method: r.Method, path: r.URL.String(), key: r.Header.Get("Idempotency-Key"), header: r.Header.Clone()}
	got.header.Del("Idempotency-Key")
	got.header.Del("Content-Length") // of other white space
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		err = json.Unmarshal(body, &got.fields)
	} else {
		got.fields, err = url.ParseQuery(string(body))
	}
	if err != nil {
		t.Errorf("%v: %s", err, body)
	}
	return got
}

// The errors are valid JSON, and an error for every SDK.
func TestProblem(t *testing.T) {
	each(t, func(t *testing.T, p *peers.Peer) {
		problem := strings.Replace(p.Problem, peers.Long, "Wrong.", 1)
		if problem == p.Problem || !json.Valid([]byte(problem)) || !json.Valid([]byte(p.Limited)) {
			t.Fatal(p.Problem, p.Limited)
		}
		for name, maker := range map[string]peers.Maker{"create": p.Create, "by hand": p.Hand} {
			if err := maker("", peers.Answering{Status: http.StatusBadRequest, Body: []byte(problem)})(); err == nil {
				t.Errorf("%s: no error", name)
			}
		}
	})
}

// Every list has all items, and its pages can be read by hand.
func TestList(t *testing.T) {
	each(t, func(t *testing.T, p *peers.Peer) {
		if p.List == nil {
			t.Skip("it is not measured")
		}
		listing := peers.NewListing(p.List)
		ways := map[string]func(http.RoundTripper) (int, error){"list": p.List.All}
		if p.List.Hand != nil {
			ways["by hand"] = p.List.Hand
		}
		for name, all := range ways {
			if n, err := all(listing); err != nil || n != peers.Items {
				t.Errorf("%s: %d items, %v", name, n, err)
			}
		}
		for _, page := range listing.Pages() {
			into := p.List.Into()
			if err := json.Unmarshal(page, into); err != nil {
				t.Fatal(err)
			}
			if n := longest(reflect.ValueOf(into).Elem()); n != peers.PerPage {
				t.Fatalf("%d items on a page", n)
			}
		}
	})
}

// longest is the length of the slice that a page is or has.
func longest(v reflect.Value) int {
	n := 0
	switch v.Kind() {
	case reflect.Slice:
		n = v.Len()
	case reflect.Struct:
		for i := range v.NumField() {
			n = max(n, longest(v.Field(i)))
		}
	}
	return n
}

// Every verification takes a good body, and refuses one with a flipped byte.
func TestVerify(t *testing.T) {
	each(t, func(t *testing.T, p *peers.Peer) {
		if p.Verify == nil {
			t.Skip("it is not measured")
		}
		body := p.Verify.Event(1024)
		if len(body) != 1024 || !json.Valid(body) {
			t.Fatalf("%d bytes: %s", len(body), body)
		}
		header := p.Verify.Signed(body)
		flipped := bytes.Clone(body)
		flipped[500] ^= 1
		for _, check := range []func(string, []byte) error{p.Verify.Check, p.Verify.Decode} {
			if check == nil {
				continue
			}
			if err := check(header, body); err != nil {
				t.Error(err)
			}
			if check(header, flipped) == nil {
				t.Error("a changed body passes")
			}
		}
		if p.Verify.Decode != nil {
			if err := p.Verify.Hand(body); err != nil {
				t.Error(err)
			}
		}
	})
}

// The raw HMAC does verify.
func TestRawHMAC(t *testing.T) {
	key, body := []byte(peers.Secret), peers.OrbitEvent(1024)
	signature := peers.Sign(peers.Secret, "1772971200", body)
	if !peers.RawHMAC(key, "1772971200", signature, body) {
		t.Error("a good signature is refused")
	}
	for name, ok := range map[string]bool{
		"another time": peers.RawHMAC(key, "1772971201", signature, body),
		"another body": peers.RawHMAC(key, "1772971200", signature, body[1:]),
		"another key":  peers.RawHMAC(key[1:], "1772971200", signature, body),
		"half of it":   peers.RawHMAC(key, "1772971200", signature[:32], body),
	} {
		if ok {
			t.Errorf("%s passes", name)
		}
	}
}
