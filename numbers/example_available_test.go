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

// newExampleClient returns a client whose calls reach an Orbit in memory. A
// program uses orbit.NewClient(apiKey).
func newExampleClient() *orbit.Client { return orbittest.NewServer().Client() }

// newExampleNumber returns the ID of a number that the account has already.
func newExampleNumber(client *orbit.Client) string {
	number, err := client.Numbers.Purchase(context.Background(), numbers.PurchaseParams{PhoneNumber: "+14155550100", FriendlyName: "Front desk"})
	if err != nil {
		log.Fatal(err)
	}
	return number.ID
}

func ExampleService_Search() {
	client := newExampleClient()
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
	client := newExampleClient()
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
	client := newExampleClient()
	counts, err := client.Numbers.GetCountryCapabilities(context.Background(), numbers.GetCountryCapabilitiesParams{Country: "AU"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(counts.Raw))
	// Output: [{"country":"AU","line_types":{"local":{"sms":200,"voice":200,"whatsapp":200},"mobile":{"sms":100,"voice":100,"whatsapp":100}}}]
}

// A job that is run again after a crash buys nothing twice: it gives its own key.
func ExampleService_Purchase() {
	client := newExampleClient()
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
