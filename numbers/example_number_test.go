package numbers_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
)

func ExampleService_List() {
	server := orbittest.NewServer()
	client := server.Client()
	server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"})
	page, err := client.Numbers.List(context.Background(), numbers.ListParams{Search: "desk", Limit: 10})
	if err != nil {
		log.Fatal(err)
	}
	for _, number := range page.Items {
		fmt.Println(number.FriendlyName, number.PhoneNumber, number.Status)
	}
	// Output: Front desk +14155550100 purchased
}

func ExampleService_Pages() {
	server := orbittest.NewServer()
	client := server.Client()
	server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"})
	for page, err := range client.Numbers.Pages(context.Background(), numbers.ListParams{Limit: 200}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(page.Items), page.HasMore)
	}
	// Output: 1 false
}

func ExampleService_All() {
	server := orbittest.NewServer()
	client := server.Client()
	server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"})
	for number, err := range client.Numbers.All(context.Background(), numbers.ListParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(number.PhoneNumber, number.MonthlyCost, number.Currency)
	}
	// Output: +14155550100 1.15 USD
}

func ExampleService_Get() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	number, err := client.Numbers.Get(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.PhoneNumber, number.Capabilities)
	// Output: +14155550100 [sms voice]
}

// An agent takes over the number, and its webhook is taken away.
func ExampleService_Update() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	number, err := client.Numbers.Update(context.Background(), id, numbers.UpdateParams{
		AgentID:       orbit.Set("agt_support"),
		SMSWebhookURL: orbit.Null[string](),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.FriendlyName, number.AgentID, number.Status)
	// Output: Front desk agt_support active
}

func ExampleService_SetRouting() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	routing, err := client.Numbers.SetRouting(context.Background(), id, numbers.SetRoutingParams{
		Type: numbers.RoutingTypeSIPForward,
		Config: numbers.RoutingConfig{
			SIPURI:      "sip:desk@pbx.example.com",
			SIPUsername: "desk",
			SIPPassword: orbit.Secret("correct horse"),
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(routing.Type, routing.Config.SIPURI, routing.Config.SIPPassword)
	// Output: sip_forward sip:desk@pbx.example.com [redacted]
}

func ExampleService_SetAutoRenew() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	number, err := client.Numbers.SetAutoRenew(context.Background(), id, numbers.SetAutoRenewParams{AutoRenew: false})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("renews:", *number.AutoRenew)
	// Output: renews: false
}

func ExampleService_Release() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	if err := client.Numbers.Release(context.Background(), id); err != nil {
		log.Fatal(err)
	}
	number, err := client.Numbers.Get(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.Status)
	// Output: released
}

func ExampleService_ScheduleRelease() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	endOfContract := time.Date(2099, 12, 31, 23, 0, 0, 0, time.UTC)
	scheduled, err := client.Numbers.ScheduleRelease(context.Background(), id, numbers.ScheduleReleaseParams{ReleaseAt: endOfContract})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(scheduled.ReleaseAt)
	// Output: 2099-12-31 23:00:00 +0000 UTC
}

func ExampleService_GetScheduledRelease() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	scheduled, err := client.Numbers.GetScheduledRelease(context.Background(), id)
	switch {
	case errors.Is(err, orbit.ErrNotFound), err == nil && scheduled.ReleaseAt.IsZero():
		fmt.Println("it stays")
	case err != nil:
		log.Fatal(err)
	default:
		fmt.Println("it goes", scheduled.ReleaseAt)
	}
	// Output: it stays
}

func ExampleService_CancelScheduledRelease() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	in30Days := numbers.ScheduleReleaseParams{ReleaseAt: time.Now().AddDate(0, 0, 30)}
	if _, err := client.Numbers.ScheduleRelease(context.Background(), id, in30Days); err != nil {
		log.Fatal(err)
	}
	if err := client.Numbers.CancelScheduledRelease(context.Background(), id); err != nil {
		log.Fatal(err)
	}
	number, err := client.Numbers.Get(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s, release: %q\n", number.Status, number.ReleaseStatus)
	// Output: purchased, release: ""
}

func ExampleService_Reassign() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	number, err := client.Numbers.Reassign(context.Background(), id, numbers.ReassignParams{TargetOrgID: "org_berlin"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.PhoneNumber)
	// Output: +14155550100
}
