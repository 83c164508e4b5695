package call

import (
	"context"

	"github.com/devotel/orbit-go/api"
)

// Do makes a call that answers with one result. For a GET, in is encoded as the
// query, for the rest as the JSON body; nil is neither.
func Do[T, W any, PW Wire[T, W]](ctx context.Context, from caller, r *Route, in any, opts []api.CallOption) (*T, error) {
	var t answer[W]
	if err := t.one.get(ctx, from.through(), r, in, opts, &t.form, false); err != nil {
		return nil, err
	}
	return PW(t.form).Public(t.one.info), nil
}

// Create makes a call that creates something. A success that does not name its
// ID is an error: nobody could say what became of the request.
func Create[T, W any, PW Identified[T, W]](ctx context.Context, from caller, r *Route, in any, opts []api.CallOption) (*T, error) {
	var t answer[W]
	if err := t.one.get(ctx, from.through(), r, in, opts, &t.form, true); err != nil {
		return nil, err
	}
	return PW(t.form).Public(t.one.info), nil
}

// answer is room for a result. It embeds nothing, since methods would then be
// compiled for each type.
type answer[W any] struct {
	one  one
	form *W
}

// Act makes a call of whose answer only success matters.
func Act(ctx context.Context, from caller, r *Route, in any, opts []api.CallOption) error {
	return run(ctx, from.through(), r, in, opts, nothing{})
}
