package api

// DocumentStatus reports how far a document of a knowledge base has been
// processed. The set is open.
type DocumentStatus string

// The documented statuses of documents.
const (
	// DocumentStatusProcessing means that the document is being read. The event
	// kb.document.ready reports the end of it.
	DocumentStatusProcessing DocumentStatus = "processing"
	// DocumentStatusReady means that agents can use the document.
	DocumentStatusReady DocumentStatus = "ready"
	// DocumentStatusFailed means that the document could not be read.
	DocumentStatusFailed DocumentStatus = "failed"
)

// Known reports whether this version of the SDK has a constant for the status.
func (s DocumentStatus) Known() bool { return s == DocumentStatusProcessing || s.IsTerminal() }

// IsTerminal reports whether the status is final. A failed document is processed
// again only when it is retried.
func (s DocumentStatus) IsTerminal() bool {
	return s == DocumentStatusReady || s == DocumentStatusFailed
}

// Succeeded reports whether the status is final and good.
func (s DocumentStatus) Succeeded() bool { return s == DocumentStatusReady }
