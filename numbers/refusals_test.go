package numbers_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/numbers"
)

// TestRefusals sends nothing for params that can never be valid.
func TestRefusals(t *testing.T) { // NUM-1, NUM-4
	t.Parallel()
	lookup := func(number string) operation {
		return func(ctx context.Context, s *svc, opts ...orbit.CallOption) error {
			_, err := s.Lookup(ctx, number, numbers.LookupParams{}, opts...)
			return err
		}
	}
	place := func(line1, city, postalCode, country string) operation {
		return with(emergency, (*numbers.EmergencyAddresses).Set,
			numbers.SetEmergencyAddressParams{Line1: line1, City: city, PostalCode: postalCode, Country: country})
	}
	const empty, negative, e164 = "must not be empty", "must not be negative", "must be a phone number in E.164 form"
	const several = "must hold at least one number, and no empty one"
	inline := numbers.SetRoutingParams{Type: "another", Config: numbers.RoutingConfig{Mode: "inline"}}
	for _, c := range []struct {
		op                string
		call              operation
		field, rule, hint string
	}{
		{"Search", whole((*svc).Search, numbers.SearchParams{}), "country", empty, ""},
		{"Search", whole((*svc).Search, numbers.SearchParams{Country: "US", Limit: -1}), "limit", negative, ""},
		{"Purchase", whole((*svc).Purchase, numbers.PurchaseParams{}), "number", empty, ""},
		{"List", whole((*svc).List, numbers.ListParams{Limit: -1}), "limit", negative, ""},
		{"SetRouting", with(top, (*svc).SetRouting, numbers.SetRoutingParams{}), "type", empty, ""},
		{"SetRouting", with(top, (*svc).SetRouting, numbers.SetRoutingParams{Type: numbers.RoutingTypeSIPForward}), "config.sipUri", empty, ""},
		{"SetRouting", with(top, (*svc).SetRouting, inline), "config.sipUri", empty, ""},
		{"ScheduleRelease", with(top, (*svc).ScheduleRelease, numbers.ScheduleReleaseParams{}), "release_at", "must be given", ""},
		{"Reassign", with(top, (*svc).Reassign, numbers.ReassignParams{}), "target_org_id", empty, ""},
		{"LookupBasic", whole((*svc).LookupBasic, numbers.LookupBasicParams{}), "phone", empty, ""},
		{"Lookup", lookup("415 555 2671"), "e164", e164, ""},
		{"Lookup", lookup("0014155552671"), "e164", e164, "+14*******71"},
		{"LookupBulk", whole((*svc).LookupBulk, numbers.LookupBulkParams{}), "numbers", several, ""},
		{"LookupBulk", whole((*svc).LookupBulk, numbers.LookupBulkParams{PhoneNumbers: []string{"+14155552671", ""}}), "numbers", several, ""},
		{"EmergencyAddresses.Set", place("", "b", "c", "d"), "line1", empty, ""},
		{"EmergencyAddresses.Set", place("a", "", "c", "d"), "city", empty, ""},
		{"EmergencyAddresses.Set", place("a", "b", "", "d"), "postal_code", empty, ""},
		{"EmergencyAddresses.Set", place("a", "b", "c", ""), "country", empty, ""},
		{"CNAMs.Set", with(cnam, (*numbers.CNAMs).Set, numbers.SetCNAMParams{}), "display_name", empty, ""},
	} {
		t.Run(c.op+" "+c.field, func(t *testing.T) {
			t.Parallel()
			mock := newMock(t)
			err := c.call(t.Context(), newService(t, mock))
			var refused *orbit.ParamError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, "Numbers."+c.op, refused.Op)
			assert.Equal(t, c.field, refused.Field)
			assert.Contains(t, refused.Rule, c.rule)
			assert.Equal(t, c.hint, refused.Suggestion)
			assert.NotRegexp(t, "[0-9]{7}", err.Error()) // SEC-4
			require.ErrorIs(t, err, orbit.ErrNotSent)
			assert.Zero(t, mock.GetTotalCallCount(), "nothing was sent")

			mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusOK, accepted))
			require.NoError(t, c.call(t.Context(), newService(t, mock, orbit.WithoutChecks())), "without checks the server decides")
		})
	}
}

// TestExportNeedsAWriter refuses a nil one before anything is asked for.
func TestExportNeedsAWriter(t *testing.T) {
	t.Parallel()
	_, err := newService(t, newMock(t)).Export(t.Context(), numbers.ExportParams{}, nil)
	var refused *orbit.ParamError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, "w", refused.Field)
}

// TestIDs proves that no ID turns a call into another one, with the checks off
// too, and that a strange one stays in its place.
func TestIDs(t *testing.T) { // HTTP-5
	t.Parallel()
	get := func(id string, transport http.RoundTripper) error {
		_, err := newService(t, transport, orbit.WithoutChecks()).Get(t.Context(), id)
		return err
	}
	for _, id := range []string{"", ".", ".."} {
		var refused *orbit.ParamError
		require.ErrorAs(t, get(id, newMock(t)), &refused, "%q", id)
		assert.Equal(t, "id", refused.Field)
	}
	mock := newMock(t)
	var got request
	mock.RegisterNoResponder(record(&got, http.StatusOK, accepted))
	require.NoError(t, get("a/../b?c#d e+f%2F", mock))
	assert.Equal(t, "/api/v1/numbers/a%2F..%2Fb%3Fc%23d%20e%2Bf%252F", got.path)
	assert.Empty(t, got.query)
}
