package numbers_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
)

// join puts values into one text, to be compared.
func join(values ...any) string { return strings.TrimSpace(fmt.Sprintln(values...)) }

// TestNumberFlow takes a number from the search to its release.
func TestNumberFlow(t *testing.T) {
	t.Parallel()
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, s *numbers.Service) {
		ctx := t.Context()
		offers, err := s.Search(ctx, numbers.SearchParams{
			Country: "US", Type: numbers.TypeLocal, AreaCode: "415", Limit: 2, Contains: "550100",
			Capabilities: []numbers.Capability{numbers.CapabilitySMS, numbers.CapabilityMMS},
		})
		require.NoError(t, err)
		require.Len(t, offers.Items, 1)
		offer := offers.Items[0]
		assert.Equal(t, "+14155550100 1.15", join(offer.PhoneNumber, offer.MonthlyCost), "what both generations print")

		bought, err := s.Purchase(ctx, numbers.PurchaseParams{PhoneNumber: offer.PhoneNumber, Country: "US", FriendlyName: "Desk"})
		require.NoError(t, err)
		assert.Equal(t, offer.PhoneNumber, bought.PhoneNumber)
		assert.Equal(t, "Desk", bought.FriendlyName)
		assert.Equal(t, offer.MonthlyCost, bought.MonthlyCost)
		assert.Equal(t, orbit.Ptr(true), bought.AutoRenew)
		_, err = s.Purchase(ctx, numbers.PurchaseParams{PhoneNumber: offer.PhoneNumber, Country: "US"})
		require.ErrorIs(t, err, orbit.ErrConflict)

		_, err = s.Update(ctx, bought.ID, numbers.UpdateParams{AgentID: orbit.Set("agt_1"), SMSWebhookURL: orbit.Set("https://example.com/s")})
		require.NoError(t, err)
		_, err = s.SetAutoRenew(ctx, bought.ID, numbers.SetAutoRenewParams{AutoRenew: false})
		require.NoError(t, err)
		_, err = s.Reassign(ctx, bought.ID, numbers.ReassignParams{TargetOrgID: "org_2"})
		require.ErrorIs(t, err, orbit.ErrConflict, "it is in use")
		got, err := s.Get(ctx, bought.ID)
		require.NoError(t, err)
		assert.Equal(t, "Desk active agt_1 https://example.com/s US local false", join(
			got.FriendlyName, got.Status, got.AgentID, got.SMSWebhookURL, got.Country, got.Type, *got.AutoRenew))

		_, err = s.Update(ctx, bought.ID, numbers.UpdateParams{AgentID: orbit.Null[string](), SMSWebhookURL: orbit.Set("")})
		require.NoError(t, err)
		got, err = s.Get(ctx, bought.ID)
		require.NoError(t, err)
		assert.Equal(t, "Desk purchased", join(got.FriendlyName, got.Status, got.AgentID, got.SMSWebhookURL))

		require.NoError(t, s.Release(ctx, bought.ID))
		require.ErrorIs(t, s.Release(ctx, bought.ID), orbit.ErrConflict)
		assert.Equal(t, api.NumberStatusReleased, server.Numbers()[0].Status)

		again := buy(t, s)
		_, err = s.Reassign(ctx, again.ID, numbers.ReassignParams{TargetOrgID: "org_2"})
		require.NoError(t, err)
		_, err = s.Get(ctx, again.ID)
		require.ErrorIs(t, err, orbit.ErrNotFound)
	})
}

// TestPurchaseIsMadeOnce buys one number, whatever breaks on the way.
func TestPurchaseIsMadeOnce(t *testing.T) { // RET-1, RET-9
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, fault := range []orbittest.Fault{
			orbittest.ResetAfter(), orbittest.Truncated(), orbittest.ResetBefore(), orbittest.Unavailable(), {Status: http.StatusBadGateway, After: true},
		} {
			server := orbittest.New(t)
			server.FailNext("POST /numbers/purchase", fault)
			bought := buy(t, server.Client().Numbers)
			require.Len(t, server.Numbers(), 1)
			assert.Equal(t, server.Numbers()[0].ID, bought.ID)
			requests := server.Requests()
			require.Len(t, requests, 2)
			assert.Equal(t, requests[0].IdempotencyKey, requests[1].IdempotencyKey)
			assert.Equal(t, requests[0].Body, requests[1].Body)
		}
		server := orbittest.New(t)
		server.FailNext("POST /numbers/purchase", orbittest.ResetAfter())
		_, err := server.Client().Numbers.Purchase(t.Context(), numbers.PurchaseParams{PhoneNumber: aNumber}, orbit.WithRetry(orbit.RetrySafe))
		require.Error(t, err, "who does not trust in keys is not served twice")
		assert.True(t, orbit.MaybeSent(err))
		assert.Len(t, server.Requests(), 1)
	})
}

// TestNumberLists reads lists whole, filtered, and page by page.
func TestNumberLists(t *testing.T) { // PAG-1, PAG-4, PAG-6
	t.Parallel()
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, s *numbers.Service) {
		ctx := t.Context()
		var ids []string
		for i := range 60 {
			n := server.AddNumber(orbittest.Number{PhoneNumber: fmt.Sprintf("+1415555%04d", i), FriendlyName: fmt.Sprintf("Desk %d", i)})
			ids = append([]string{n.ID}, ids...)
		}
		var all, paged []string
		for n, err := range s.All(ctx, numbers.ListParams{Limit: 25, Country: "US"}) {
			require.NoError(t, err)
			all = append(all, n.ID)
		}
		assert.Equal(t, ids, all)
		for page, err := range s.Pages(ctx, numbers.ListParams{Limit: 40}) {
			require.NoError(t, err)
			for _, n := range page.Items {
				paged = append(paged, n.ID)
			}
		}
		assert.Equal(t, ids, paged)
		found, err := s.List(ctx, numbers.ListParams{Search: "desk 42", Status: numbers.StatusPurchased})
		require.NoError(t, err)
		require.Len(t, found.Items, 1)
		assert.Equal(t, "Desk 42", found.Items[0].FriendlyName)
	})
}

// TestScheduledReleaseFlow has a number given back by the clock.
func TestScheduledReleaseFlow(t *testing.T) {
	t.Parallel()
	for _, generation := range []orbittest.Generation{orbittest.Newer, orbittest.Older} {
		synctest.Test(t, func(t *testing.T) {
			ctx := t.Context()
			server := orbittest.New(t, orbittest.WithGeneration(generation))
			s := server.Client().Numbers
			id := buy(t, s).ID
			none, err := s.GetScheduledRelease(ctx, id)
			require.NoError(t, err)
			assert.True(t, none.ReleaseAt.IsZero())

			at := time.Now().Add(time.Hour)
			for range 2 {
				_, err = s.ScheduleRelease(ctx, id, numbers.ScheduleReleaseParams{ReleaseAt: at})
				require.NoError(t, err)
			}
			scheduled, err := s.GetScheduledRelease(ctx, id)
			require.NoError(t, err)
			assert.True(t, at.Equal(scheduled.ReleaseAt), scheduled.ReleaseAt)
			got, err := s.Get(ctx, id)
			require.NoError(t, err)
			assert.Equal(t, numbers.ReleaseStatusPending, got.ReleaseStatus)

			require.NoError(t, s.CancelScheduledRelease(ctx, id))
			time.Sleep(2 * time.Hour)
			got, err = s.Get(ctx, id)
			require.NoError(t, err)
			assert.Equal(t, numbers.StatusPurchased, got.Status)

			_, err = s.ScheduleRelease(ctx, id, numbers.ScheduleReleaseParams{ReleaseAt: at})
			require.ErrorIs(t, err, orbit.ErrInvalid, "that is past")
			_, err = s.ScheduleRelease(ctx, id, numbers.ScheduleReleaseParams{ReleaseAt: time.Now().Add(time.Hour)})
			require.NoError(t, err)
			time.Sleep(time.Hour)
			got, err = s.Get(ctx, id)
			require.NoError(t, err)
			assert.Equal(t, numbers.StatusReleased, got.Status)
		})
	}
}

func TestRoutingFlow(t *testing.T) {
	t.Parallel()
	server := orbittest.New(t)
	s := server.Client().Numbers
	id := buy(t, s).ID
	routing, err := s.SetRouting(t.Context(), id, numbers.SetRoutingParams{
		Type:   numbers.RoutingTypeSIPForward,
		Config: numbers.RoutingConfig{SIPURI: "sip:desk@pbx.example.com", SIPUsername: "desk", SIPPassword: "canary"},
	})
	require.NoError(t, err)
	assert.Equal(t, "sip_forward inline sip:desk@pbx.example.com desk",
		join(routing.Type, routing.Config.Mode, routing.Config.SIPURI, routing.Config.SIPUsername))
	assert.NotEqual(t, orbit.Secret("canary"), routing.Config.SIPPassword)
	assert.Equal(t, api.NumberStatusActive, server.Numbers()[0].Status)
}

func TestEmergencyAddressFlow(t *testing.T) {
	t.Parallel()
	inBothGenerations(t, func(t *testing.T, _ *orbittest.Server, s *numbers.Service) {
		ctx, id := t.Context(), buy(t, s).ID
		got, err := s.EmergencyAddresses.Get(ctx, id)
		require.NoError(t, err)
		assert.Equal(t, id, got.ID)
		assert.Nil(t, got.Address)
		_, err = s.EmergencyAddresses.Verify(ctx, id)
		require.ErrorIs(t, err, orbit.ErrNotFound)

		place := numbers.SetEmergencyAddressParams{Line1: "1 Main St", City: "San Francisco", Region: "CA", PostalCode: "9410", Country: "US"}
		_, err = s.EmergencyAddresses.Set(ctx, id, place)
		require.NoError(t, err)
		verified, err := s.EmergencyAddresses.Verify(ctx, id)
		require.NoError(t, err)
		assert.Equal(t, "invalid", verified.ValidationStatus)
		assert.Equal(t, []numbers.ValidationIssue{"postal_code is not a ZIP code"}, verified.ValidationIssues)

		got, err = s.EmergencyAddresses.Get(ctx, id)
		require.NoError(t, err)
		again := numbers.SetEmergencyAddressParams(*got.Address) // ERG-3
		assert.Equal(t, place, again)
		again.PostalCode = "94105"
		_, err = s.EmergencyAddresses.Set(ctx, id, again)
		require.NoError(t, err)
		verified, err = s.EmergencyAddresses.Verify(ctx, id)
		require.NoError(t, err)
		assert.Equal(t, "valid", verified.ValidationStatus)
		assert.Empty(t, verified.ValidationIssues)
	})
}

// TestEmergencyAddressForms reads an address of its own and one that stands in the
// answer itself, and issues that are more than a text.
func TestEmergencyAddressForms(t *testing.T) { // FWD-1
	t.Parallel()
	const place = `"line1":"1 Main St","city":"San Francisco","region":"CA","postal_code":94105,"country":"US"`
	want := &numbers.Address{Line1: "1 Main St", City: "San Francisco", Region: "CA", PostalCode: "94105", Country: "US"}
	for _, body := range []string{`{"data":{"id":"num_1","address":{` + place + `}}}`, `{"data":{"id":"num_1",` + place + `}}`} {
		got, err := answering(t, http.StatusOK, body).EmergencyAddresses.Get(t.Context(), "num_1")
		require.NoError(t, err)
		assert.Equal(t, want, got.Address)
	}
	verified, err := answering(t, http.StatusOK, `{"data":{"validation_status":"invalid","validation_issues":["a",{"field": "city"},7]}}`).
		EmergencyAddresses.Verify(t.Context(), "num_1")
	require.NoError(t, err)
	assert.Equal(t, []numbers.ValidationIssue{"a", `{"field": "city"}`, "7"}, verified.ValidationIssues)
}

func TestCNAMFlow(t *testing.T) {
	t.Parallel()
	for _, generation := range []orbittest.Generation{orbittest.Newer, orbittest.Older} {
		synctest.Test(t, func(t *testing.T) {
			ctx := t.Context()
			s := orbittest.New(t, orbittest.WithGeneration(generation)).Client().Numbers
			id := buy(t, s).ID
			_, err := s.CNAMs.Dispatch(ctx, id)
			require.ErrorIs(t, err, orbit.ErrNotFound)
			_, err = s.CNAMs.Set(ctx, id, numbers.SetCNAMParams{DisplayName: "ACME"})
			require.NoError(t, err)
			name, err := s.CNAMs.Get(ctx, id)
			require.NoError(t, err)
			assert.Equal(t, "ACME pending true", join(name.DisplayName, name.Status, name.SubmittedAt.IsZero()))

			submitted := time.Now()
			_, err = s.CNAMs.Dispatch(ctx, id)
			require.NoError(t, err)
			_, err = s.CNAMs.Dispatch(ctx, id)
			require.ErrorIs(t, err, orbit.ErrConflict)
			dip, err := s.CNAMs.Dip(ctx, id)
			require.NoError(t, err)
			assert.Equal(t, "coming_soon", join(dip.Status, dip.CarrierRegisteredName))
			time.Sleep(time.Minute)
			name, err = s.CNAMs.Get(ctx, id)
			require.NoError(t, err)
			assert.True(t, submitted.Equal(name.SubmittedAt))

			require.NoError(t, s.CNAMs.Delete(ctx, id))
			_, err = s.CNAMs.Get(ctx, id)
			require.ErrorIs(t, err, orbit.ErrNotFound)
		})
	}
}

func TestStandingFlow(t *testing.T) {
	t.Parallel()
	inBothGenerations(t, func(t *testing.T, server *orbittest.Server, s *numbers.Service) {
		ctx := t.Context()
		id := buy(t, s).ID
		mobile := server.AddNumber(orbittest.Number{PhoneNumber: "+447700900001", Country: "GB", Type: "mobile"}).ID

		warming, err := s.GetWarming(ctx, id)
		require.NoError(t, err)
		assert.Equal(t, "initial 200 0 0.25", join(warming.Phase, warming.DailyCap, warming.CurrentDayCount, warming.TrustScore))
		assert.False(t, warming.StartedAt.IsZero())
		progression, err := s.GetWarmingProgression(ctx, id)
		require.NoError(t, err)
		assert.Equal(t, "initial 200", join(progression.Phase, progression.MaxDailySMS))
		assert.False(t, progression.StartedAt.IsZero())
		assert.Contains(t, string(progression.Forecast), `"day"`)

		for _, get := range []func() (any, error){
			func() (any, error) { w, err := s.GetWarming(ctx, mobile); w.Info = nil; return *w, err },
			func() (any, error) { w, err := s.GetWarmingProgression(ctx, mobile); w.Info = nil; return *w, err },
		} {
			none, err := get()
			require.NoError(t, err)
			assert.Zero(t, none, "there is no warming")
		}

		health, err := s.GetHealth(ctx, id)
		require.NoError(t, err)
		assert.Contains(t, string(health.Raw), "healthy")
		reputation, err := s.GetReputation(ctx, id)
		require.NoError(t, err)
		assert.Equal(t, "false unknown", join(reputation.Monitored, reputation.Status), "it was not probed yet")
	})
}

func TestMarketFlow(t *testing.T) {
	t.Parallel()
	inBothGenerations(t, func(t *testing.T, _ *orbittest.Server, s *numbers.Service) {
		countries, err := s.ListCountries(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "US", countries.Items[0].Country)
		assert.Contains(t, fmt.Sprint(countries.Items[0].Fields["local"]), "300")
		counts, err := s.GetCountryCapabilities(t.Context(), numbers.GetCountryCapabilitiesParams{Country: "GB"})
		require.NoError(t, err)
		assert.Contains(t, string(counts.Raw), "GB")
		assert.NotContains(t, string(counts.Raw), "US")
	})
}
