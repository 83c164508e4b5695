package main

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/devotel/orbit-go/bench/peers"
)

// size is the length of a webhook's body, in bytes.
const size = 1024

func verification(o options) (*table, error) {
	t := newTable("A webhook's signature",
		fmt.Sprintf("A body of %d bytes, beside the raw work: an HMAC-SHA256 over time and body, with the signature's hex decoded and both compared in "+
			"constant time. There is no time in go-github's scheme, and so no protection from a repeated delivery.", size),
		"SDK", "time ÷ raw HMAC", "µs", "µs raw", "allocations", "raw")
	raw := rawHMAC(peers.OrbitEvent(size))
	for i, p := range peers.All() {
		if p.Verify == nil {
			continue
		}
		body := p.Verify.Event(size)
		header := p.Verify.Signed(body)
		c, err := t.verified(o, p.Name, func() error { return p.Verify.Check(header, body) }, raw)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			t.aim("a webhook's signature: time ÷ raw HMAC", 1.1, c.median)
		}
	}
	return t, nil
}

func verificationAndDecoding(o options) (*table, error) {
	t := newTable("A webhook's signature and its event",
		"The same, and the event decoded with its data, beside the raw HMAC and `json.Unmarshal` of the event, with its data kept raw, and "+
			"then of the data.",
		"SDK", "time ÷ by hand", "µs", "µs by hand", "allocations", "by hand")
	for i, p := range peers.All() {
		if p.Verify == nil || p.Verify.Decode == nil {
			continue
		}
		body := p.Verify.Event(size)
		header := p.Verify.Signed(body)
		raw := rawHMAC(body)
		hand := func() error {
			if err := raw(); err != nil {
				return err
			}
			return p.Verify.Hand(body)
		}
		c, err := t.verified(o, p.Name, func() error { return p.Verify.Decode(header, body) }, hand)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			t.aim("a webhook's signature and its event: time ÷ by hand", 1.2, c.median)
		}
	}
	return t, nil
}

// verified measures one way to verify beside another.
func (t *table) verified(o options, name string, check, beside peers.Call) (comparison, error) {
	c, err := compare(o.of(60, 12), o.of(3000, 1000), check, beside)
	if err != nil {
		return c, fmt.Errorf("%s: %w", name, err)
	}
	t.row(name, c, micros(c.best), micros(c.bestBeside), allocations(1000, check), allocations(1000, beside))
	return c, nil
}

// rawHMAC is the least that a verification takes.
func rawHMAC(body []byte) peers.Call {
	timestamp := strconv.FormatInt(time.Now().Unix(), 10)
	key, signature := []byte(peers.Secret), peers.Sign(peers.Secret, timestamp, body)
	return func() error {
		if !peers.RawHMAC(key, timestamp, signature, body) {
			return errors.New("a good signature is refused")
		}
		return nil
	}
}
