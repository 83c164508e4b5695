// Package api holds the words that stand in every signature of the SDK: call
// options, pages, answer metadata, observers and the value types of Orbit's
// JSON. The root package orbit offers each of them under the same name, so most
// programs never import api themselves.
package api
