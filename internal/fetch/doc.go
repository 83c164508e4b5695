// Package fetch reads files from hosts that are not the API's, such as the one that
// stores recordings: over several connections where one breaks, each piece within a
// time limit, and never from a private address. It knows neither the API nor the
// errors that users see.
package fetch
