// Package call is the pipeline that every method of the SDK goes through:
//
//	build → key → gate → send → retry → decode
//
// Each step is a file. A service describes its request with a [Route] and calls
// [Do], [Create], [List], [Stream] or a sibling of theirs; what goes wrong comes
// back as a [Failure], which the root package turns into the error users see.
package call
