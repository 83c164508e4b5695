package numbers_test

import (
	"context"
	"fmt"
	"log"

	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
)

func ExampleService_LookupBasic() {
	client := orbittest.NewServer().Client()
	found, err := client.Numbers.LookupBasic(context.Background(), numbers.LookupBasicParams{PhoneNumber: "+447700900123"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(found.Country, found.LineType)
	// Output: GB mobile
}

// A SIM that was changed lately is a reason not to trust a code sent by SMS.
func ExampleService_Lookup() {
	client := orbittest.NewServer().Client()
	found, err := client.Numbers.Lookup(context.Background(), "+14155552671", numbers.LookupParams{
		Fields: []numbers.LookupField{numbers.LookupFieldSIMSwap, numbers.LookupFieldCallForwarding},
	})
	if err != nil {
		log.Fatal(err)
	}
	switch swapped := found.SIMSwap.Swapped; {
	case swapped == nil: // no sign that the SIM is the same: send no code by SMS
		fmt.Println("SIM change: not known")
	case *swapped:
		fmt.Println("SIM changed:", found.SIMSwap.LastSwapDate.Format("2 January 2006"))
	}
	fmt.Println("call forwarding:", found.DataPackages[numbers.LookupFieldCallForwarding].Status)
	// Output:
	// SIM changed: 1 March 2026
	// call forwarding: coming_soon
}

func ExampleService_LookupBulk() {
	client := orbittest.NewServer().Client()
	ask := []string{"+14155552671", "not a number", "+447700900123"}
	rows, err := client.Numbers.LookupBulk(context.Background(), numbers.LookupBulkParams{PhoneNumbers: ask})
	if err != nil {
		log.Fatal(err)
	}
	for i, row := range rows.Items {
		valid := row.Valid != nil && *row.Valid
		fmt.Printf("%s: %t %q\n", ask[i], valid, row.Carrier.Type)
	}
	// Output:
	// +14155552671: true "mobile"
	// not a number: false ""
	// +447700900123: true "mobile"
}
