// Command buy-number searches for a phone number, buys the first one, passes its
// calls on to a SIP address and has it given back after 30 days:
//
//	go run ./examples/buy-number [country [area code]]
//
// Without a key it talks to an Orbit in memory and buys nothing. With
// ORBIT_API_KEY set it talks to the real API, where a number costs money: it asks
// for -buy then. ORBIT_BASE_URL names another address of the API.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program: it returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if err := buyNumber(ctx, args, stdout); err != nil {
		fmt.Fprintln(stderr, explain(err))
		return 1
	}
	return 0
}

// order is what the command line asks for.
type order struct {
	search numbers.SearchParams
	sipURI string
	pay    bool
}

func buyNumber(ctx context.Context, args []string, out io.Writer) error {
	wanted, err := read(args)
	if err != nil {
		return err
	}
	client, free, err := connect(out)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()

	offers, err := client.Numbers.Search(ctx, wanted.search)
	if err != nil {
		return err
	}
	for _, offer := range offers.Items {
		fmt.Fprintf(out, "offer:    %s for %s %s a month\n", offer.PhoneNumber, offer.MonthlyCost, cmp.Or(offer.Currency, "USD"))
	}
	if !free && !wanted.pay {
		return errors.New("nothing was bought: say -buy to pay for a number")
	}
	bought, err := purchase(ctx, client, wanted.search.Country, offers.Items)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "bought:   %s, %s (request %s)\n", bought.PhoneNumber, bought.Status, bought.RequestID())
	return use(ctx, client, bought.ID, wanted.sipURI, out)
}

// purchase buys the first of the offers that nobody else has bought meanwhile. A
// job that may be run again after a crash would store the number it is about to
// buy, and give the same number and the same orbit.WithIdempotencyKey then. The
// country is the one that was searched: an offer may not name it.
func purchase(ctx context.Context, client *orbit.Client, country string, offers []numbers.AvailableNumber) (*numbers.Number, error) {
	for _, offer := range offers {
		params := numbers.PurchaseParams{PhoneNumber: offer.PhoneNumber, Country: country, FriendlyName: "orbit-go example"}
		bought, err := client.Numbers.Purchase(ctx, params)
		if !errors.Is(err, orbit.ErrConflict) || orbit.MaybeSent(err) {
			return bought, err
		}
	}
	return nil, errors.New("there is no such number: try another area code")
}

// use puts a number to its use, and sees to it that it does not cost money for
// ever.
func use(ctx context.Context, client *orbit.Client, id, sipURI string, out io.Writer) error {
	_, err := client.Numbers.SetRouting(ctx, id, numbers.SetRoutingParams{
		Type:   numbers.RoutingTypeSIPForward,
		Config: numbers.RoutingConfig{SIPURI: sipURI},
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "routed:   to %s\n", sipURI)

	end := time.Now().AddDate(0, 0, 30)
	if _, err := client.Numbers.ScheduleRelease(ctx, id, numbers.ScheduleReleaseParams{ReleaseAt: end}); err != nil {
		return err
	}
	// An API that answers nothing to a write has done it all the same: ask.
	scheduled, err := client.Numbers.GetScheduledRelease(ctx, id)
	if err != nil {
		return err
	}
	number, err := client.Numbers.Get(ctx, id)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "released: on %s; until then it is %s\n", scheduled.ReleaseAt.UTC().Format(time.DateOnly), number.Status)
	return nil
}

// read makes the order of the command line.
func read(args []string) (order, error) {
	flags := flag.NewFlagSet("buy-number", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints the error
	pay := flags.Bool("buy", false, "")
	sip := flags.String("sip", "sip:desk@pbx.example.com", "")
	if err := flags.Parse(args); err != nil || flags.NArg() > 2 {
		return order{}, errors.New("usage: buy-number [-buy] [-sip address] [country [area code]]")
	}
	wanted := order{
		search: numbers.SearchParams{Country: "US", AreaCode: flags.Arg(1), Capabilities: []numbers.Capability{numbers.CapabilityVoice}, Limit: 3},
		sipURI: *sip, pay: *pay,
	}
	if flags.NArg() > 0 {
		wanted.search.Country = flags.Arg(0)
	}
	return wanted, nil
}

// connect returns a client of the real API, or of one in memory without a key, at
// which nothing costs money.
func connect(out io.Writer) (client *orbit.Client, free bool, err error) {
	if os.Getenv(orbit.EnvAPIKey) != "" {
		client, err = orbit.NewClientFromEnv()
		return client, false, err
	}
	fmt.Fprintln(out, "No "+orbit.EnvAPIKey+" is set: this is an Orbit in memory, and nothing is bought.")
	return orbittest.NewServer().Client(), true, nil
}

// explain says what to do about an error. The SDK's own text is one line, without
// the key and without whole phone numbers.
func explain(err error) string {
	switch {
	case orbit.MaybeSent(err):
		return err.Error() + ": look whether it was bought before you run this again"
	case errors.Is(err, orbit.ErrNoBalance):
		return err.Error() + ": top the account up"
	case errors.Is(err, orbit.ErrUnauthorized):
		return err.Error() + ": correct " + orbit.EnvAPIKey
	default:
		return err.Error()
	}
}
