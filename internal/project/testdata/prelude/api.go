package snippet

import "github.com/devotel/orbit-go/messages"

// What a program knows of a message, and what it is told.
var known, report *messages.Message
