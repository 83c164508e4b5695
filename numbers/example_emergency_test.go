package numbers_test

import (
	"context"
	"fmt"
	"log"

	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
)

func ExampleEmergencyAddresses_Set() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	place, err := client.Numbers.EmergencyAddresses.Set(context.Background(), id, numbers.SetEmergencyAddressParams{
		Line1: "1 Market St", City: "San Francisco", Region: "CA", PostalCode: "94105", Country: "US",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(place.Address.Line1)
	// Output: 1 Market St
}

// What was read can be changed and set again.
func ExampleEmergencyAddresses_Get() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	place, err := client.Numbers.EmergencyAddresses.Get(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	params := numbers.SetEmergencyAddressParams{City: "San Francisco", Region: "CA", PostalCode: "94105", Country: "US"}
	if place.Address != nil {
		params = numbers.SetEmergencyAddressParams(*place.Address)
	}
	params.Line1 = "2 Market St"
	place, err = client.Numbers.EmergencyAddresses.Set(context.Background(), id, params)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(place.Address.Line1, place.Address.City)
	// Output: 2 Market St San Francisco
}

func ExampleEmergencyAddresses_Verify() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	_, err := client.Numbers.EmergencyAddresses.Set(context.Background(), id, numbers.SetEmergencyAddressParams{
		Line1: "1 Market St", City: "San Francisco", Region: "CA", PostalCode: "9410", Country: "US",
	})
	if err != nil {
		log.Fatal(err)
	}
	verified, err := client.Numbers.EmergencyAddresses.Verify(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(verified.ValidationStatus, verified.ValidationIssues)
	// Output: invalid [postal_code is not a ZIP code]
}
