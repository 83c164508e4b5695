package numbers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
)

// The file goes to a buffer here, to os.Create's file elsewhere: it is never held
// in memory. A file that an error was returned for is not whole.
func ExampleService_Export() {
	server := orbittest.NewServer()
	client := server.Client()
	server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"})
	var file bytes.Buffer
	result, err := client.Numbers.Export(context.Background(), numbers.ExportParams{Status: numbers.StatusPurchased}, &file)
	if err != nil {
		log.Fatal(err)
	}
	if result.Truncated {
		log.Print("there are more numbers than the API exports")
	}
	fmt.Println(result.RowCount, "row,", result.Bytes == int64(file.Len()))
	// Output: 1 row, true
}

func ExampleService_ExportRows() {
	server := orbittest.NewServer()
	client := server.Client()
	server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"})
	for number, err := range client.Numbers.ExportRows(context.Background(), numbers.ExportRowsParams{Country: "US"}) {
		if errors.Is(err, numbers.ErrTruncated) {
			log.Print("there are more numbers than the API exports")
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(number.PhoneNumber, number.FriendlyName)
	}
	// Output: +14155550100 Front desk
}
