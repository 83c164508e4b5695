// Package phone turns phone numbers as people write them into E.164, the form
// that the Orbit API takes, and gives advice on them.
//
// Parse("(415) 555-2671", "US") is the Number "+14155552671", and its String is what
// goes into a request: messages.SendSMSParams{To: n.String()}.
//
// # What Parse does
//
// [Parse] drops what only makes a number readable, turns the digits of any
// script into ASCII, and puts the country code in place of the dialling prefixes
// of the given region. It refuses with an [*Error] what could only become a
// number by guessing: letters, extensions, a second number or its end, a trunk
// prefix after the country code, a national number whose length its region does
// not have.
//
// A number that comes with its country code (+ or 00 in front) keeps its digits
// (San Marino's area code is added where it was left out) and is not measured against anything but the shape of E.164: a plus sign, a
// digit that is not 0, 7 to 14 more.
//
// # Advice
//
// What [Number.IsPossible], [Number.IsValid], [Number.Region] and [Number.Type]
// say comes from tables (those of libphonenumber) that lag behind the numbering
// plans and do not know the sandbox: they call +15550000001, which the sandbox
// takes, invalid. Use them for hints and warnings, and let the API decide
// whether a number can be reached. The rest of this module never asks them.
//
// # Cost
//
// A program that imports this package grows by about 6 MB and starts about 10 ms
// later, since the tables are unpacked when it starts. A program that does not
// import it links nothing of this. Parsing takes 10 to 50 µs, and each method but
// String parses the number again.
//
// All functions and methods may be called from several goroutines at once.
package phone
