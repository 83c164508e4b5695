package api

// ExecutionStatus reports how far an execution of a flow has come. The set is
// open: an unknown status decodes, compares and encodes like a known one.
type ExecutionStatus string

// The documented statuses of executions.
const (
	// ExecutionStatusPending means that the execution waits for its turn.
	ExecutionStatusPending ExecutionStatus = "pending"
	// ExecutionStatusRunning means that the execution goes through its nodes.
	ExecutionStatusRunning ExecutionStatus = "running"
	// ExecutionStatusCompleted means that the execution succeeded. It is final.
	ExecutionStatusCompleted ExecutionStatus = "completed"
	// ExecutionStatusFailed means that a node failed. It is final.
	ExecutionStatusFailed ExecutionStatus = "failed"
	// ExecutionStatusCanceled means that the execution was stopped. It is
	// final.
	ExecutionStatusCanceled ExecutionStatus = "cancelled"
	// ExecutionStatusTimedOut means that the execution took too long. It is
	// final.
	ExecutionStatusTimedOut ExecutionStatus = "timed_out"
)

// Known reports whether this version of the SDK has a constant for the status.
func (s ExecutionStatus) Known() bool { return s.rank() != 0 }

// IsTerminal reports whether the status is final. A status that the SDK does not
// know is not.
func (s ExecutionStatus) IsTerminal() bool { return s.rank() == executionFinal }

// Succeeded reports whether the status is final and good.
func (s ExecutionStatus) Succeeded() bool { return s == ExecutionStatusCompleted }

// Before reports whether an execution passes through s before it comes to other.
// Events may come out of order: [MessageStatus.Before] shows how to ignore a
// late one. A status that the SDK does not know is before every known one.
func (s ExecutionStatus) Before(other ExecutionStatus) bool { return s.rank() < other.rank() }

const executionFinal = 3

func (s ExecutionStatus) rank() int {
	switch s {
	case ExecutionStatusPending:
		return 1
	case ExecutionStatusRunning:
		return 2
	case ExecutionStatusCompleted, ExecutionStatusFailed, ExecutionStatusCanceled, ExecutionStatusTimedOut:
		return executionFinal
	}
	return 0
}
