package snippet

import "github.com/devotel/orbit-go/bulk"

// What became of each row, in a database.
var ledger bulk.Ledger
