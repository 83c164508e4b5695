// Command guesses is what readers wrote before they had looked anything up: the
// guesses that became names. It needs to compile, nothing more.
package main

import (
	"context"
	"net/http"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
	"github.com/devotel/orbit-go/flows"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/verify"
	"github.com/devotel/orbit-go/voice"
	"github.com/devotel/orbit-go/webhooks"
)

func main() {
	_ = orbit.WithObserver(orbit.Observer{CallDone: func(_ context.Context, e orbit.CallEvent) {
		_ = e.Code == orbit.CodeRateLimited
	}})
}

func send(ctx context.Context, client *orbit.Client, language string) (bool, error) {
	for range client.Messages.All(ctx, messages.ListParams{CreatedAfter: time.Now().Add(-time.Hour), CreatedBefore: time.Now()}) {
	}
	m, err := client.Messages.SendWhatsApp(ctx, messages.SendWhatsAppParams{To: "+14155550171", Template: messages.WhatsAppTemplate{
		Name: "order", Language: "en_US", Components: []messages.WhatsAppComponent{{
			Type:       messages.WhatsAppComponentTypeBody,
			Parameters: []messages.WhatsAppParameter{{Type: messages.WhatsAppParameterTypeText, Text: language}},
		}},
	}})
	return m.ErrorCode == orbit.CodeMMSNANPOnly, err
}

func login(ctx context.Context, client *orbit.Client, r *http.Request) (bool, error) {
	code, err := client.Verify.Send(ctx, verify.SendParams{To: "+14155550171", Channel: verify.ChannelSMS, ExpiresInSeconds: 5 * 60})
	if err != nil {
		return false, err
	}
	if code, err = client.Verify.Resend(ctx, code.ID, verify.ResendParams{Channel: verify.ChannelVoice}); err != nil {
		return false, err
	}
	res, err := client.Verify.Check(ctx, verify.CheckParams{VerificationID: code.ID, Code: orbit.Secret(r.FormValue("code"))})
	return res.Approved(), err
}

func ring(ctx context.Context, client *orbit.Client) (time.Duration, error) {
	call, err := client.Voice.Calls.Create(ctx, voice.CreateCallParams{To: "+14155550171", MaxDurationSeconds: int((10 * time.Minute).Seconds())})
	if err != nil {
		return 0, err
	}
	call, err = client.Voice.Calls.Wait(ctx, call.ID, voice.WaitParams{Interval: time.Second})
	return call.Duration(), err
}

func ask(ctx context.Context, client *orbit.Client, id, base, document string) (string, error) {
	if _, err := client.Agents.KnowledgeBases.Documents.Wait(ctx, base, document, agents.WaitParams{}); err != nil {
		return "", err
	}
	reply, err := client.Agents.Chat(ctx, id, agents.ChatParams{Message: "When do you open?"})
	return reply.Message, err
}

func buy(ctx context.Context, client *orbit.Client, available numbers.AvailableNumber) error {
	number, err := client.Numbers.Purchase(ctx, numbers.PurchaseParams{PhoneNumber: available.PhoneNumber, Country: available.Country})
	if err != nil {
		return err
	}
	_, err = client.Numbers.Update(ctx, number.ID, numbers.UpdateParams{SMSWebhookURL: orbit.Set("https://shop.example/sms")})
	return err
}

func listen(ctx context.Context, client *orbit.Client) (http.Handler, error) {
	hook, err := client.Webhooks.Create(ctx, webhooks.CreateParams{
		URL: "https://shop.example/orbit", Events: webhooks.Types(webhooks.MessageDelivered, webhooks.CallCompleted),
	})
	if err != nil {
		return nil, err
	}
	verifier, err := webhooks.NewVerifier(hook.SigningSecret)
	if err != nil {
		return nil, err
	}
	known := messages.StatusSent
	return webhooks.Handler(verifier,
		webhooks.On(webhooks.MessageDelivered, func(_ context.Context, _ *webhooks.Event, d *webhooks.MessageData) error {
			if d.Status.Before(known) || d.ErrorCode == orbit.CodeMMSNANPOnly {
				return nil
			}
			known = d.Status
			return nil
		}),
		webhooks.On(webhooks.CallCompleted, func(_ context.Context, _ *webhooks.Event, d *webhooks.CallData) error {
			_ = d.Status == voice.CallStatusCompleted && d.Direction == voice.DirectionInbound && d.Duration() > time.Minute
			return nil
		}),
		webhooks.On(webhooks.VerifyApproved, func(_ context.Context, _ *webhooks.Event, vd *webhooks.VerificationData) error {
			_ = vd.Status == verify.StatusApproved && vd.Channel == verify.ChannelSMS
			return nil
		}),
		webhooks.On(webhooks.ExecutionFailed, func(_ context.Context, _ *webhooks.Event, d *webhooks.ExecutionData) error {
			_ = d.Status == flows.ExecutionStatusFailed && d.Error.Code == orbit.CodeInvalidPhoneNumber
			return nil
		}),
	), nil
}

func fake(server *orbittest.Server) bool {
	m := server.Messages()[0]
	server.SetMessageStatus(m.ID, messages.StatusRead)
	server.SetCallStatus(server.Calls()[0].ID, voice.CallStatusBusy)
	server.SetNumberStatus(server.Numbers()[0].ID, numbers.StatusActive)
	server.SetDocumentStatus("doc_1", agents.DocumentStatusReady)
	server.AddEvent(webhooks.ContactOptedOut.Type(), map[string]any{"contact_id": "con_1"})
	server.FailNext("POST /messages/sms", orbittest.Fault{Status: 422, Code: orbit.CodeInvalidPhoneNumber})
	return m.Status == messages.StatusDelivered && m.Channel == messages.ChannelSMS
}
