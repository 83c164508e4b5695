package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/devotel/orbit-go/webhooks"
)

// The events of the demonstration.
const (
	sent      = `{"id":"evt_1","type":"message.sent","data":{"message_id":"msg_1","to":"+14155550101","status":"sent"}}`
	delivered = `{"id":"evt_2","type":"message.delivered","data":{"message_id":"msg_1","to":"+14155550101","status":"delivered"}}`
	failed    = `{"id":"evt_3","type":"message.failed","data":{"message_id":"msg_2","to":"+1415555****","error_code":"UNREACHABLE"}}`
	other     = `{"id":"evt_4","type":"contact.opted_out","data":{"contact_id":"con_1"}}`
	forged    = `{"id":"evt_5","type":"message.read","data":{"message_id":"msg_2","status":"read"}}`
)

// demo serves on a free port and delivers events to itself, as Orbit would.
func demo(ctx context.Context, out io.Writer) (err error) {
	secret := "whsec_" + rand.Text()
	verifier, err := webhooks.NewVerifier(secret)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listener, newMux(verifier, out)) }()
	defer func() {
		stop()
		err = errors.Join(err, <-ended)
	}()

	sender := sender{url: "http://" + listener.Addr().String() + "/orbit", out: out}
	fmt.Fprintln(out, "ORBIT_WEBHOOK_SECRET is not set: this is a demonstration")
	for _, step := range []struct{ what, body, secret string }{
		{"The report of the arrival comes first:", delivered, secret},
		{"The report of the sending comes late:", sent, secret},
		{"The report of the arrival comes again, and is not handled again:", delivered, secret},
		{"Another message failed:", failed, secret},
		{"An event that there is no function for:", other, secret},
		{"A forged event:", forged, "whsec_guessed"},
	} {
		if err := sender.deliver(ctx, step.what, []byte(step.body), step.secret); err != nil {
			return err
		}
	}
	return nil
}

// sender delivers events, in Orbit's place.
type sender struct {
	url string
	out io.Writer
}

func (s sender) deliver(ctx context.Context, what string, body []byte, secret string) error {
	fmt.Fprintln(s.out, "\n"+what)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set(webhooks.SignatureHeader, webhooks.Sign(secret, body, time.Now()))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	fmt.Fprintln(s.out, "answered with", resp.Status)
	return err
}
