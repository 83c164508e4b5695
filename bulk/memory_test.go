package bulk_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/bulk/ledgertest"
)

// BULK-5.
func TestMemoryLedger(t *testing.T) {
	t.Parallel()
	ledgertest.Run(t, ledgertest.Setup{
		New:    func(*testing.T) bulk.Ledger { return bulk.NewMemoryLedger() },
		Wait:   time.Sleep,
		Around: synctest.Test,
	})
}
