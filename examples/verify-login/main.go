// Command verify-login lets people in who can read what is sent to their phone: it
// sends a one-time code and checks what they type:
//
//	go run ./examples/verify-login [number]
//
// Without a key it talks to an Orbit in memory and sends nothing to anybody: it
// shows somebody who mistypes the code once, and somebody who is too late. With
// ORBIT_API_KEY set it talks to the real API, and the code is typed at the
// terminal. ORBIT_BASE_URL names another address of the API.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/verify"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program: it returns its exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	number := "+15005550002" // a sandbox number
	if len(args) > 0 {
		number = args[0]
	}
	var err error
	if os.Getenv(orbit.EnvAPIKey) == "" {
		fmt.Fprintln(stdout, "No "+orbit.EnvAPIKey+" is set: this is an Orbit in memory, and nobody gets a code.")
		err = demonstrate(ctx, number, stdout)
	} else {
		err = atTerminal(ctx, number, stdin, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, explain(err))
		return 1
	}
	return 0
}

// A refusal is a reason not to let somebody in.
type refusal string

func (r refusal) Error() string { return string(r) }

const (
	tooLate   refusal = "the code is not good any more: ask for a new one"
	tooOften  refusal = "too many wrong codes: ask for a new one"
	used      refusal = "the code was used already"
	notProved refusal = "the number is not verified"
)

// A person is asked for the code that was sent to them.
type person func(verificationID string) (orbit.Secret, error)

// another is what somebody types who got no code.
const another orbit.Secret = "new"

// login sends a code and asks for it until it is right or of no use any more. It
// lets somebody in by returning nil, which it does in one place only.
func login(ctx context.Context, client *orbit.Client, params verify.SendParams, ask person, out io.Writer) error {
	sent, err := client.Verify.Send(ctx, params)
	if err != nil {
		return err
	}
	for {
		code, err := ask(sent.ID)
		if err != nil {
			return err
		}
		if code == another {
			if sent, err = client.Verify.Resend(ctx, sent.ID, verify.ResendParams{To: params.To}); err != nil {
				return err
			}
			if sent.Approved() { // from elsewhere, in the meantime
				return notProved
			}
			continue
		}
		checked, err := client.Verify.Check(ctx, verify.CheckParams{VerificationID: sent.ID, Code: code})
		switch {
		case errors.Is(err, orbit.ErrConflict):
			return used
		case err != nil:
			return err
		case checked.Approved():
			fmt.Fprintln(out, "Welcome.")
			return nil
		case checked.Status == verify.StatusExpired:
			return tooLate
		case checked.Status == verify.StatusExhausted:
			return tooOften
		case !checked.Status.Wrong(): // cancelled, or a word that is not known yet
			return notProved
		case checked.AttemptsRemaining != nil && *checked.AttemptsRemaining == 0:
			return tooOften
		}
		fmt.Fprintln(out, "That is not the code. Try again.")
	}
}

// atTerminal asks whoever sits there.
func atTerminal(ctx context.Context, number string, stdin io.Reader, out io.Writer) error {
	client, err := orbit.NewClientFromEnv()
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	lines := bufio.NewScanner(stdin)
	ask := func(string) (orbit.Secret, error) {
		fmt.Fprint(out, "Code, or new for another one: ")
		if !lines.Scan() {
			return "", errors.Join(lines.Err(), notProved)
		}
		return orbit.Secret(lines.Text()), nil
	}
	return login(ctx, client, verify.SendParams{To: number, Channel: verify.ChannelSMS}, ask, out)
}

// demonstrate lets two people play their parts, on an Orbit in memory, which tells
// the codes that it sent.
func demonstrate(ctx context.Context, number string, out io.Writer) error {
	server := orbittest.NewServer()
	client := server.Client()
	params := verify.SendParams{To: number, Channel: verify.ChannelSMS, ExpiresInSeconds: 1}

	fmt.Fprintln(out, "Somebody mistypes the code once:")
	typed := 0
	mistyped := func(id string) (orbit.Secret, error) {
		if typed++; typed == 1 {
			return "mistyped", nil
		}
		return orbit.Secret(server.Code(id)), nil
	}
	if err := login(ctx, client, params, mistyped, out); err != nil {
		return err
	}

	fmt.Fprintln(out, "Somebody is too late:")
	late := func(id string) (orbit.Secret, error) {
		time.Sleep(time.Second)
		return orbit.Secret(server.Code(id)), nil
	}
	err := login(ctx, client, params, late, out)
	if !errors.Is(err, tooLate) {
		return errors.Join(errors.New("the late code was not refused"), err)
	}
	fmt.Fprintln(out, "Refused: "+err.Error()+".")
	return nil
}

// explain says what to do about an error.
func explain(err error) string {
	var param *orbit.ParamError
	switch {
	case errors.As(err, &param) && param.Field == "to":
		return err.Error() + ": write the country code too, as in +15005550002"
	case errors.Is(err, orbit.ErrUnauthorized):
		return err.Error() + ": correct " + orbit.EnvAPIKey
	default:
		return err.Error()
	}
}
