package numbers_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
)

func ExampleService_Search() {
	client := orbittest.NewServer().Client()
	offers, err := client.Numbers.Search(context.Background(), numbers.SearchParams{
		Country:      "US",
		AreaCode:     "415",
		Capabilities: []numbers.Capability{numbers.CapabilitySMS, numbers.CapabilityVoice},
		Limit:        3,
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, offer := range offers.Items {
		fmt.Println(offer.PhoneNumber, offer.MonthlyCost)
	}
	// Output:
	// +14155550100 1.15
	// +14155550101 1.15
	// +14155550102 1.15
}

func ExampleService_ListCountries() {
	client := orbittest.NewServer().Client()
	countries, err := client.Numbers.ListCountries(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range countries.Items[:2] {
		fmt.Println(row.Country, row.Fields["local"])
	}
	// Output:
	// US 300
	// CA 200
}

func ExampleService_GetCountryCapabilities() {
	client := orbittest.NewServer().Client()
	counts, err := client.Numbers.GetCountryCapabilities(context.Background(), numbers.GetCountryCapabilitiesParams{Country: "AU"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(counts.Raw))
	// Output: [{"country":"AU","line_types":{"local":{"sms":200,"voice":200,"whatsapp":200},"mobile":{"sms":100,"voice":100,"whatsapp":100}}}]
}

// A job that is run again after a crash buys nothing twice: it gives its own key.
func ExampleService_Purchase() {
	client := orbittest.NewServer().Client()
	number, err := client.Numbers.Purchase(context.Background(), numbers.PurchaseParams{
		PhoneNumber:  "+44205550100",
		Country:      "GB",
		FriendlyName: "London office",
	}, orbit.WithIdempotencyKey("office-london-number"))
	switch {
	case errors.Is(err, orbit.ErrConflict):
		fmt.Println("somebody was faster: search again")
		return
	case err != nil:
		log.Fatal(err)
	}
	fmt.Println(number.FriendlyName, number.PhoneNumber, number.Status)
	// Output: London office +44205550100 purchased
}
