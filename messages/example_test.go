package messages_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// newExampleClient returns a client whose calls reach an Orbit in memory. A
// program uses orbit.NewClient(apiKey).
func newExampleClient() *orbit.Client {
	return orbittest.NewServer(orbittest.WithWhatsAppWindow()).Client()
}

func ExampleService_SendSMS() {
	client := newExampleClient()
	msg, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{
		To:   "+15005550002",
		Body: "Your parcel arrives today.",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Channel, msg.Status)
	// Output: sms queued
}

func ExampleService_SendSMS_media() {
	client := newExampleClient()
	msg, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{
		To:        "+15005550002",
		Body:      "Your receipt",
		MediaURLs: []string{"https://shop.example/receipt.png"},
		Metadata:  orbit.Metadata{"order": 1001},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Channel, msg.Segments)
	// Output: mms 1
}

func ExampleService_SendWhatsApp() {
	client := newExampleClient()
	msg, err := client.Messages.SendWhatsApp(context.Background(), messages.SendWhatsAppParams{
		To: "+15005550002",
		Template: messages.WhatsAppTemplate{
			Name:     "order_update",
			Language: "en",
			Components: []messages.WhatsAppComponent{{
				Type:       "body",
				Parameters: []messages.WhatsAppParameter{{Type: "text", Text: "1001"}},
			}},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Channel, msg.Status)
	// Output: whatsapp queued
}

func ExampleService_SendEmail() {
	client := newExampleClient()
	msg, err := client.Messages.SendEmail(context.Background(), messages.SendEmailParams{
		To:      []string{"jo@example.com", "sam@example.com"},
		Subject: "Your invoice",
		Text:    "It is attached.",
		Attachments: []messages.Attachment{
			{Filename: "invoice.pdf", ContentType: "application/pdf", Content: []byte("%PDF-1.7")},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Channel, msg.To)
	// Output: email jo@example.com, sam@example.com
}

func ExampleService_SendRCS() {
	client := newExampleClient()
	msg, err := client.Messages.SendRCS(context.Background(), messages.SendRCSParams{
		To: "+15005550002",
		RichCard: messages.RCSRichCard{
			CardContent: messages.RCSCardContent{Title: "Table for two", Description: "Tonight at eight"},
			Suggestions: []messages.RCSSuggestion{{Reply: messages.RCSReply{Text: "Confirm", PostbackData: "yes"}}},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Channel)
	// Output: rcs
}

func ExampleService_SendViber() {
	client := newExampleClient()
	msg, err := client.Messages.SendViber(context.Background(), messages.SendViberParams{
		To: "+15005550002", From: "Shop", Body: "Your parcel arrives today.",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Channel, msg.From)
	// Output: viber Shop
}

func ExampleService_SendTelegram() {
	client := newExampleClient()
	msg, err := client.Messages.SendTelegram(context.Background(), messages.SendTelegramParams{
		To:   "77001122",
		Text: "Is this your order?",
		ReplyMarkup: messages.ReplyMarkup{InlineKeyboard: [][]messages.InlineButton{
			{{Text: "Yes", CallbackData: "yes"}, {Text: "No", CallbackData: "no"}},
		}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Channel)
	// Output: telegram
}

func ExampleService_SendMessenger() {
	client := newExampleClient()
	msg, err := client.Messages.SendMessenger(context.Background(), messages.SendMessengerParams{
		To: "psid-1", Text: "Thank you for your question.",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Channel)
	// Output: messenger
}

func ExampleService_SendInstagram() {
	client := newExampleClient()
	msg, err := client.Messages.SendInstagram(context.Background(), messages.SendInstagramParams{
		To: "igsid-1", Text: "Thank you for your question.", Tag: messages.InstagramTagHumanAgent,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Channel)
	// Output: instagram
}

func ExampleService_SendLINE() {
	client := newExampleClient()
	msg, err := client.Messages.SendLINE(context.Background(), messages.SendLINEParams{To: "U0001", Body: "Hello"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Channel)
	// Output: line
}

func ExampleService_SendPush() {
	client := newExampleClient()
	msg, err := client.Messages.SendPush(context.Background(), messages.SendPushParams{
		To:    "device-token",
		Title: "Parcel",
		Body:  "It arrives today.",
		IOS:   messages.PushIOS{Badge: orbit.Ptr(0)}, // takes the badge away
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Channel)
	// Output: push
}

func ExampleService_SendFax() {
	client := newExampleClient()
	msg, err := client.Messages.SendFax(context.Background(), messages.SendFaxParams{
		To:       "+15005550002",
		MediaURL: "https://shop.example/contract.pdf",
		Options:  messages.FaxOptions{Quality: messages.FaxQualityHigh},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Channel)
	// Output: fax
}

func ExampleService_SendGroup() {
	client := newExampleClient()
	result, err := client.Messages.SendGroup(context.Background(), messages.SendGroupParams{
		To: []string{"+15005550002", "+14155552671"}, Body: "Practice is at six.",
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, msg := range result.Messages {
		fmt.Println(msg.To, msg.Status)
	}
	// Output:
	// +15005550002 queued
	// +14155552671 queued
}

func ExampleService_Get() {
	client := newExampleClient()
	ctx := context.Background()
	sent, err := client.Messages.SendSMS(ctx, messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
	if err != nil {
		log.Fatal(err)
	}
	msg, err := client.Messages.Get(ctx, sent.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Body)
	// Output: Hello
}

func ExampleService_Wait() {
	client := newExampleClient()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	sent, err := client.Messages.SendSMS(ctx, messages.SendSMSParams{To: "+15005550004", Body: "Hello"})
	if err != nil {
		log.Fatal(err)
	}
	msg, err := client.Messages.Wait(ctx, sent.ID, messages.WaitParams{Interval: 200 * time.Millisecond})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Status, msg.Status.Succeeded()) // a bad end is a result, not an error
	// Output: failed false
}

// clientWithMessages returns a client of an account with three messages.
func clientWithMessages() *orbit.Client {
	client := newExampleClient()
	for _, body := range []string{"one", "two", "three"} {
		if _, err := client.Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+15005550002", Body: body}); err != nil {
			log.Fatal(err)
		}
	}
	return client
}

func ExampleService_List() {
	client := clientWithMessages()
	page, err := client.Messages.List(context.Background(), messages.ListParams{Limit: 2})
	if err != nil {
		log.Fatal(err)
	}
	for _, msg := range page.Items {
		fmt.Println(msg.ID != "", msg.Status) // an item may hold no more: Get returns the whole
	}
	fmt.Println("more:", page.HasMore)
	// Output:
	// true queued
	// true queued
	// more: true
}

func ExampleService_Pages() {
	client := clientWithMessages()
	for page, err := range client.Messages.Pages(context.Background(), messages.ListParams{Limit: 2}) {
		if err != nil {
			log.Fatal(err)
		}
		// Keep page.NextCursor with what was done: it resumes the export here.
		fmt.Println(len(page.Items), page.NextCursor != "" && page.HasMore)
	}
	// Output:
	// 2 true
	// 1 false
}

func ExampleService_All() {
	client := clientWithMessages()
	for msg, err := range client.Messages.All(context.Background(), messages.ListParams{Channel: messages.ChannelSMS}) {
		if err != nil {
			log.Fatal(err)
		}
		whole, err := client.Messages.Get(context.Background(), msg.ID) // an item may hold an ID and a status only
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(whole.Body)
	}
	// Output:
	// three
	// two
	// one
}

// clientWithTelegram returns a client and the ID of a Telegram message.
func clientWithTelegram() (*orbit.Client, string) {
	client := newExampleClient()
	msg, err := client.Messages.SendTelegram(context.Background(), messages.SendTelegramParams{To: "77001122", Text: "Helo"})
	if err != nil {
		log.Fatal(err)
	}
	return client, msg.ID
}

func ExampleService_Edit() {
	client, id := clientWithTelegram()
	msg, err := client.Messages.Edit(context.Background(), id, messages.EditParams{Text: "Hello"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.ID == id)
	// Output: true
}

func ExampleService_Delete() {
	client, id := clientWithTelegram()
	ctx := context.Background()
	if err := client.Messages.Delete(ctx, id); err != nil {
		log.Fatal(err)
	}
	_, err := client.Messages.Get(ctx, id)
	fmt.Println(err != nil)
	// Output: true
}

func ExampleService_Retry() {
	server := orbittest.NewServer()
	client := server.Client()
	ctx := context.Background()
	sent, err := client.Messages.SendSMS(ctx, messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
	if err != nil {
		log.Fatal(err)
	}
	server.SetMessageStatus(sent.ID, "failed")
	msg, err := client.Messages.Retry(ctx, sent.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(msg.Status)
	// Output: queued
}

func ExampleService_GetWhatsAppWindow() {
	client := newExampleClient()
	window, err := client.Messages.GetWhatsAppWindow(context.Background(), messages.GetWhatsAppWindowParams{To: "+15005550002"})
	if err != nil {
		log.Fatal(err)
	}
	// Nobody wrote to us yet: only a template is accepted.
	fmt.Println(window.Open != nil && *window.Open)
	// Output: false
}

func ExampleService_RenderEmail() {
	client := newExampleClient()
	email, err := client.Messages.RenderEmail(context.Background(), messages.RenderEmailParams{
		Name:   "welcome",
		Blocks: []messages.EmailBlock{{Type: "text", Content: "Welcome!"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(email.TemplateID != "")
	// Output: true
}

func ExampleStatus_Before() {
	known := messages.StatusDelivered
	for _, report := range []messages.Status{messages.StatusSent, messages.StatusRead} {
		if report.Before(known) {
			fmt.Println(report, "came late")
			continue
		}
		known = report
	}
	fmt.Println("now", known)
	// Output:
	// sent came late
	// now read
}

func ExampleStatus_IsTerminal() {
	fmt.Println(messages.StatusSent.IsTerminal(), messages.StatusFailed.IsTerminal())
	// Output: false true
}

func ExampleStatus_Succeeded() {
	fmt.Println(messages.StatusDelivered.Succeeded(), messages.StatusExpired.Succeeded())
	// Output: true false
}

func ExampleStatus_Known() {
	fmt.Println(messages.StatusQueued.Known(), messages.Status("teleported").Known())
	// Output: true false
}

func ExampleChannel_Known() {
	fmt.Println(messages.ChannelSMS.Known(), messages.Channel("pigeon").Known())
	// Output: true false
}

func ExampleDirection_Known() {
	fmt.Println(messages.DirectionInbound.Known(), messages.Direction("sideways").Known())
	// Output: true false
}

func ExampleFailureReason_Known() {
	fmt.Println(messages.FailureReasonBusy.Known(), messages.FailureReason("NO_PAPER").Known())
	// Output: true false
}

func ExampleRecipients_String() {
	fmt.Println(messages.Recipients{"jo@example.com", "sam@example.com"})
	// Output: jo@example.com, sam@example.com
}
