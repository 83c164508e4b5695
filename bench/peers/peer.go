// Package peers lets several SDKs do the same work, each through its own public
// calls, and does the same by hand beside them. There is one file for each SDK.
package peers

import (
	"net/http"
	"runtime/debug"
)

// A Call does one thing. It fails if its result is not what was answered.
type Call func() error

// A Maker makes a Call that goes through rt: to a server's address, or to the
// vendor's own address where base is empty.
type Maker func(base string, rt http.RoundTripper) Call

// A Peer is an SDK.
type Peer struct {
	// Name is what people call it.
	Name string
	// Module is its module path, by which its version is found.
	Module string
	// Program is its program of one call, a directory of onecall.
	Program string
	// Note says how it is set up, where that is not as it comes.
	Note string
	// What names the call that creates something.
	What string
	// Answer is what the vendor's API answers to that call.
	Answer string
	// Problem is an error as the vendor's API writes it. [Long] stands where its
	// message does.
	Problem string
	// Limited is the error with which the vendor's API answers 429.
	Limited string
	// Create makes the call, with the SDK's default settings but for the Note.
	Create Maker
	// Hand makes the same call with net/http and encoding/json.
	Hand Maker
	// Bulk is Create with the settings that lose the fewest calls under a rate
	// limit; nil if the SDK has no such settings.
	Bulk Maker
	// Settings says what the settings of Bulk are.
	Settings string
	// List is how it goes through a list; nil if it is not measured.
	List *List
	// Verify is how it verifies a webhook; nil if it is not measured.
	Verify *Verify
}

// Long stands in a Problem where its message does.
const Long = "*"

// A List is how an SDK goes through a list of Items items in pages of PerPage.
type List struct {
	// What names the call.
	What string
	// Lazy tells that the SDK itself fetches each page when the caller gets there.
	// Otherwise it collects all pages first, or leaves the loop to the caller.
	Lazy bool
	// Page is a page as the vendor's API answers it, counted from 0.
	Page func(n int) []byte
	// Link is the Link header of that page; nil for APIs that do not use it.
	Link func(n int) string
	// Asked is the page that a request asks for.
	Asked func(r *http.Request) int
	// All goes through the whole list and returns how many items it saw.
	All func(rt http.RoundTripper) (int, error)
	// Hand does the same with net/http and encoding/json; nil if it is not measured.
	Hand func(rt http.RoundTripper) (int, error)
	// Into returns what a page is decoded into by hand.
	Into func() any
}

// The list that every SDK goes through.
const (
	Items   = 10_000
	PerPage = 100
	Pages   = Items / PerPage
)

// A Verify is how an SDK verifies a webhook.
type Verify struct {
	// Event is a body of n bytes in the vendor's shape.
	Event func(n int) []byte
	// Signed returns the header that proves a body.
	Signed func(body []byte) string
	// Check checks the signature alone.
	Check func(header string, body []byte) error
	// Decode checks the signature and decodes the event and its data; nil if there
	// is no such call.
	Decode func(header string, body []byte) error
	// Hand decodes the event and its data with encoding/json.
	Hand func(body []byte) error
}

// All returns the SDKs, this one first.
func All() []*Peer {
	return []*Peer{orbitSDK(), twilioSDK(), stripeSDK(), openaiSDK(), resendSDK(), godoSDK(), hcloudSDK(), githubSDK()}
}

// Version is the version that is linked.
func (p *Peer) Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, m := range info.Deps {
		if m.Path == p.Module {
			if m.Replace != nil {
				return "this checkout"
			}
			return m.Version
		}
	}
	return ""
}

// unexpected is a result that is not what was answered.
type unexpected string

func (e unexpected) Error() string { return "the result is not what was answered: " + string(e) }

// expect compares what a call returned with what was answered.
func expect(got, want string, err error) error {
	if err == nil && got != want {
		err = unexpected(got)
	}
	return err
}
