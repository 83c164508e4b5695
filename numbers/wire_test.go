package numbers

import (
	"testing"

	"github.com/devotel/orbit-go/internal/wiretest"
)

// Every form of a result on the wire is read alike, however scalars and names are
// written.
func TestWireTypes(t *testing.T) { // DEC-2, DEC-3, FWD-1
	t.Parallel()
	wiretest.Each[AvailableNumber, availableWire](t)
	wiretest.Each[BasicLookup, basicLookupWire](t)
	wiretest.Each[CNAM, cnamWire](t)
	wiretest.Each[CountryCapabilities, countryCapabilitiesWire](t, `{"freeForm":"free"}`)
	wiretest.Each[AvailableCountry, countryWire](t, `{"freeForm":"free"}`)
	wiretest.Each[CNAMDip, dipWire](t)
	wiretest.Each[EmergencyAddress, emergencyWire](t)
	wiretest.Each[Health, healthWire](t, `{"freeForm":"free"}`)
	wiretest.Each[Lookup, lookupWire](t)
	wiretest.Each[Number, numberWire](t)
	wiretest.Each[WarmingProgression, progressionWire](t)
	wiretest.Each[Reputation, reputationWire](t)
	wiretest.Each[Routing, routingWire](t)
	wiretest.Each[ScheduledRelease, scheduledReleaseWire](t)
	wiretest.Each[EmergencyVerification, verificationWire](t)
	wiretest.Each[Warming, warmingWire](t)
}
