package trend

import (
	"fmt"
	"slices"
)

// Version names the method that Compute uses.
const Version = "trend/1"

// methods holds every version there ever was. None is removed or changed once
// a statement could have been published with it.
var methods = map[string]func(Params, []Event) (Result, error){
	"trend/1": compute1,
}

// Versions returns the versions that Recompute knows, in order of their names.
func Versions() []string {
	names := make([]string, 0, len(methods))
	for name := range methods {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Compute works out everything for one input by the present method. It returns
// an error, which names the fault, for parameters and events that cannot be
// meant; too little data is no error but a [Reason] in the result.
func Compute(p Params, in Input) (Result, error) {
	events, err := in.sorted()
	if err != nil {
		return Result{}, err
	}
	return methods[Version](p, events)
}

// Recompute repeats a published computation from its version, its parameters
// and the bytes of its input as they were kept.
func Recompute(version string, p Params, encoded []byte) (Result, error) {
	method, ok := methods[version]
	if !ok {
		return Result{}, fmt.Errorf("trend: no version %.40q; there are %v", version, Versions())
	}
	in, err := ParseInput(encoded)
	if err != nil {
		return Result{}, err
	}
	return method(p, in.Events)
}
