// Package api holds the shared types in every signature of the SDK: call options,
// pages, response metadata, observers, and the value types of Orbit's JSON, such as
// statuses and codes. The root package orbit and the services offer each of them
// under a name of their own (api.MessageStatus is messages.Status), so most programs
// never import api themselves.
package api
