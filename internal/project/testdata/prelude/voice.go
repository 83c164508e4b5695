package snippet

import "github.com/devotel/orbit-go/voice"

// What a program knows of a call, and what it is told.
var known, event *voice.Call
