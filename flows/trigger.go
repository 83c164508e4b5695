package flows

import "github.com/devotel/orbit-go/api"

// Trigger is what started an execution of a flow. Which fields it has depends on
// its type: all of them are in Raw.
type Trigger = api.Trigger

// Failure says why an execution, or one of its nodes, failed. Its zero value is no
// failure.
type Failure = api.Failure
