// Package ledgertest tests implementations of bulk.Ledger: each must pass [Run].
package ledgertest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/devotel/orbit-go/bulk"
)

// Setup says how to test a ledger.
type Setup struct {
	// New returns an empty ledger; for a database that may be an empty table, or a
	// prefix of keys that no other test uses. Required.
	New func(t *testing.T) bulk.Ledger
	// Wait lets the ledger's clock advance. time.Sleep is right where the ledger uses
	// the clock of a testing/synctest bubble; for a real database, a function that
	// moves its stored times back. Required.
	Wait func(d time.Duration)
	// Around runs each test, such as synctest.Test. nil runs it as it is.
	Around func(t *testing.T, test func(t *testing.T))
}

// Run tests a ledger.
func Run(t *testing.T, setup Setup) {
	t.Helper()
	if setup.Around == nil {
		setup.Around = func(t *testing.T, test func(t *testing.T)) { t.Helper(); test(t) }
	}
	for _, test := range []struct {
		name string
		run  func(s *suite)
	}{
		{"FirstClaim", (*suite).firstClaim},
		{"LeaseEnds", (*suite).leaseEnds},
		{"Sent", (*suite).sent},
		{"SentWins", (*suite).sentWins},
		{"Rejected", (*suite).rejected},
		{"Later", (*suite).later},
		{"LaterKeepsAnEarlierIntent", (*suite).laterKeepsAnEarlierIntent},
		{"Unclear", (*suite).unclear},
		{"Renew", (*suite).renew},
		{"RenewAfterTakeover", (*suite).renewAfterTakeover},
		{"Stale", (*suite).stale},
		{"Different", (*suite).different},
		{"Race", (*suite).race},
		{"Catalog", (*suite).catalog},
	} {
		t.Run(test.name, func(t *testing.T) {
			setup.Around(t, func(t *testing.T) {
				test.run(&suite{T: t, ledger: setup.New(t), wait: setup.Wait})
			})
		})
	}
}

const lease = 65 * time.Second

// suite is one test of one ledger.
type suite struct {
	*testing.T

	ledger bulk.Ledger
	wait   func(time.Duration)
}

// claimOf is a claim of a row, in the form that bulk.Once gives it.
func claimOf(row, token string) bulk.Claim {
	return bulk.Claim{Key: keyOf(row), Fingerprint: hash("params of " + row), Token: token, Lease: lease}
}

func keyOf(row string) string { return "test_" + hash(row) }

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

func (s *suite) claim(c bulk.Claim, want bulk.State) bulk.Entry {
	s.Helper()
	entry, err := s.ledger.Claim(s.Context(), c)
	if err != nil {
		s.Fatalf("Claim(%s by %s): %v", c.Key, c.Token, err)
	}
	if entry.State != want {
		s.Fatalf("Claim(%s by %s) = %s, want %s", c.Key, c.Token, entry.State, want)
	}
	return entry
}

func (s *suite) settle(c bulk.Claim, r bulk.Settlement, want error) {
	s.Helper()
	if err := s.ledger.Settle(s.Context(), c, r); !errors.Is(err, want) {
		s.Fatalf("Settle(%s by %s as %s) = %v, want %v", c.Key, c.Token, r.Outcome, err, want)
	}
}

// fresh requires an entry without an earlier intent.
func (s *suite) fresh(e bulk.Entry) {
	s.Helper()
	if e.Earlier || e.Age != 0 {
		s.Fatalf("the entry has an earlier intent: %+v", e)
	}
}

// aged requires an entry with an earlier intent of about that age.
func (s *suite) aged(e bulk.Entry, want time.Duration) {
	s.Helper()
	if !e.Earlier || e.Age < want || e.Age > want+10*time.Second {
		s.Fatalf("Earlier, Age = %v, %v, want an earlier intent %v ago", e.Earlier, e.Age, want)
	}
}

func sentAs(id string) bulk.Settlement {
	return bulk.Settlement{Outcome: bulk.Sent, MessageID: id}
}

func (s *suite) firstClaim() {
	s.fresh(s.claim(claimOf("a", "1"), bulk.Granted))
	other := s.claim(claimOf("a", "2"), bulk.Running)
	if other.Left <= lease-10*time.Second || other.Left > lease {
		s.Fatalf("Left = %v, want about %v", other.Left, lease)
	}
	s.fresh(s.claim(claimOf("b", "2"), bulk.Granted))
}

func (s *suite) leaseEnds() {
	s.claim(claimOf("a", "1"), bulk.Granted)
	s.wait(lease)
	s.aged(s.claim(claimOf("a", "2"), bulk.Granted), lease)
	s.claim(claimOf("a", "3"), bulk.Running)
	s.wait(lease)
	s.aged(s.claim(claimOf("a", "3"), bulk.Granted), 2*lease)
}

func (s *suite) sent() {
	c := claimOf("a", "1")
	s.claim(c, bulk.Granted)
	s.settle(c, sentAs("msg_1"), nil)
	entry := s.claim(claimOf("a", "2"), bulk.Settled)
	if entry.Settlement != sentAs("msg_1") {
		s.Fatalf("Settlement = %+v", entry.Settlement)
	}
	s.settle(c, sentAs("msg_2"), nil)
	if entry := s.claim(claimOf("a", "3"), bulk.Settled); entry.Settlement.MessageID != "msg_1" {
		s.Fatal("a row that is settled as Sent stays so")
	}
}

func (s *suite) sentWins() {
	for i, then := range []func(c bulk.Claim){
		func(bulk.Claim) {},
		func(c bulk.Claim) { s.settle(c, bulk.Settlement{Outcome: bulk.Rejected, StatusCode: 422}, nil) },
		func(c bulk.Claim) { s.settle(c, bulk.Settlement{Outcome: bulk.Unclear}, nil) },
		func(c bulk.Claim) { s.settle(c, bulk.Settlement{Outcome: bulk.Later}, nil) },
	} {
		key := fmt.Sprint("a", i)
		stale := claimOf(key, "1")
		s.claim(stale, bulk.Granted)
		s.wait(lease)
		current := claimOf(key, "2")
		s.claim(current, bulk.Granted)
		then(current)
		s.settle(stale, sentAs("msg_"+key), nil)
		if entry := s.claim(claimOf(key, "3"), bulk.Settled); entry.Settlement != sentAs("msg_"+key) {
			s.Fatalf("Settlement = %+v", entry.Settlement)
		}
	}
}

func (s *suite) rejected() {
	c := claimOf("a", "1")
	s.claim(c, bulk.Granted)
	want := bulk.Settlement{Outcome: bulk.Rejected, StatusCode: 422, Code: "INVALID_PHONE_NUMBER"}
	s.settle(c, want, nil)
	if entry := s.claim(claimOf("a", "2"), bulk.Settled); entry.Settlement != want {
		s.Fatalf("Settlement = %+v, want %+v", entry.Settlement, want)
	}
}

func (s *suite) later() {
	c := claimOf("a", "1")
	s.claim(c, bulk.Granted)
	s.wait(time.Second)
	s.settle(c, bulk.Settlement{Outcome: bulk.Later}, nil)
	s.fresh(s.claim(claimOf("a", "2"), bulk.Granted))
}

func (s *suite) laterKeepsAnEarlierIntent() {
	s.claim(claimOf("a", "1"), bulk.Granted)
	s.wait(lease)
	second := claimOf("a", "2")
	s.claim(second, bulk.Granted)
	s.settle(second, bulk.Settlement{Outcome: bulk.Later}, nil)
	s.aged(s.claim(claimOf("a", "3"), bulk.Granted), lease)
}

func (s *suite) unclear() {
	c := claimOf("a", "1")
	s.claim(c, bulk.Granted)
	s.wait(20 * time.Second)
	s.settle(c, bulk.Settlement{Outcome: bulk.Unclear}, nil)
	s.aged(s.claim(claimOf("a", "2"), bulk.Granted), 20*time.Second)
}

func (s *suite) renew() {
	s.claim(claimOf("a", "1"), bulk.Granted)
	s.wait(lease)
	c := claimOf("a", "2")
	s.aged(s.claim(c, bulk.Granted), lease)
	s.wait(30 * time.Second)
	c.Renew = true
	s.fresh(s.claim(c, bulk.Granted))
	s.wait(40 * time.Second)
	s.claim(claimOf("a", "3"), bulk.Running)
	s.wait(25 * time.Second)
	s.aged(s.claim(claimOf("a", "3"), bulk.Granted), 65*time.Second)
	withdrawn := claimOf("b", "1")
	s.claim(withdrawn, bulk.Granted)
	s.wait(lease)
	withdrawn = claimOf("b", "2")
	s.claim(withdrawn, bulk.Granted)
	withdrawn.Renew = true
	s.claim(withdrawn, bulk.Granted)
	s.settle(withdrawn, bulk.Settlement{Outcome: bulk.Later}, nil)
	s.fresh(s.claim(claimOf("b", "3"), bulk.Granted))
}

func (s *suite) renewAfterTakeover() {
	c := claimOf("a", "1")
	s.claim(c, bulk.Granted)
	s.wait(lease)
	s.claim(claimOf("a", "2"), bulk.Granted)
	c.Renew = true
	s.claim(c, bulk.Running)
	s.wait(lease)
	s.claim(c, bulk.Running) // the row was somebody else's meanwhile
}

func (s *suite) stale() {
	for i, outcome := range []bulk.Outcome{bulk.Found, bulk.Rejected, bulk.Later, bulk.Unclear} {
		key := fmt.Sprint("a", i)
		c := claimOf(key, "1")
		s.claim(c, bulk.Granted)
		s.wait(lease)
		s.claim(claimOf(key, "2"), bulk.Granted)
		s.settle(c, bulk.Settlement{Outcome: outcome, MessageID: "msg_" + key}, bulk.ErrStale)
		s.claim(claimOf(key, "3"), bulk.Running)
	}
	s.settle(claimOf("withdrawn", "1"), bulk.Settlement{Outcome: bulk.Rejected}, bulk.ErrStale)
	s.settle(claimOf("withdrawn", "1"), sentAs("msg_withdrawn"), nil)
	s.claim(claimOf("withdrawn", "2"), bulk.Settled)
}

func (s *suite) different() {
	s.claim(claimOf("a", "1"), bulk.Granted)
	other := claimOf("a", "2")
	other.Fingerprint = hash("other params")
	s.claim(other, bulk.Different)
	s.wait(lease)
	s.claim(other, bulk.Different)
	s.aged(s.claim(claimOf("a", "3"), bulk.Granted), lease)
}

// race claims one row from many goroutines, again and again.
func (s *suite) race() {
	const rows, goroutines = 20, 16
	for row := range rows {
		var granted atomic.Int32
		var all sync.WaitGroup
		for g := range goroutines {
			all.Add(1)
			go func() {
				defer all.Done()
				entry, err := s.ledger.Claim(context.WithoutCancel(s.Context()), claimOf(fmt.Sprint("row", row), fmt.Sprint("g", g)))
				if err != nil {
					s.Errorf("Claim: %v", err)
				}
				if entry.State == bulk.Granted {
					granted.Add(1)
				}
			}()
		}
		all.Wait()
		if n := granted.Load(); n != 1 {
			s.Fatalf("%d claims were granted at once", n)
		}
	}
}

func (s *suite) catalog() {
	catalog, ok := s.ledger.(bulk.Catalog)
	if !ok {
		s.Skip("the ledger is no bulk.Catalog")
	}
	slow := claimOf("slow", "1")
	s.claim(slow, bulk.Granted)
	s.wait(20 * time.Second)
	quick := claimOf("quick", "1")
	s.claim(quick, bulk.Granted)
	s.settle(quick, sentAs("msg_quick"), nil)
	s.wait(10 * time.Second)
	s.settle(slow, sentAs("msg_slow"), nil)
	rejected := claimOf("rejected", "1")
	s.claim(rejected, bulk.Granted)
	s.settle(rejected, bulk.Settlement{Outcome: bulk.Rejected}, nil)
	s.wait(5 * time.Second)

	known, err := catalog.Known(s.Context(), []string{"msg_slow", "msg_quick", "msg_unknown"})
	if err != nil || len(known) != 2 {
		s.Fatalf("Known = %v, %v, want two messages", known, err)
	}
	if known["msg_slow"].Key != slow.Key || known["msg_quick"].Key != quick.Key {
		s.Fatalf("Known = %v", known)
	}
	s.about("slow, intended", known["msg_slow"].Intended, 35*time.Second)
	s.about("slow, settled", known["msg_slow"].Settled, 5*time.Second)
	s.about("quick, intended", known["msg_quick"].Intended, 15*time.Second)
	s.about("quick, settled", known["msg_quick"].Settled, 15*time.Second)
}

func (s *suite) about(what string, got, want time.Duration) {
	s.Helper()
	if got < want || got > want+10*time.Second {
		s.Fatalf("%s = %v, want about %v", what, got, want)
	}
}
