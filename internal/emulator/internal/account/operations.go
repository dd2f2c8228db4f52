package account

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// Response is a recorded response of an operation that the emulator does not know,
// for requests whose parameters have the values.
type Response struct {
	Parameters map[string]string
	Response   json.RawMessage
}

// readResponses reads a list of responses, or one.
func readResponses(data []byte) ([]Response, error) {
	var one Response
	if json.Unmarshal(data, &one) == nil {
		data = fmt.Appendf(nil, "[%s]", data)
	}
	var responses []Response
	if err := wire.Unmarshal(data, &responses); err != nil {
		return nil, err
	}
	for i, r := range responses {
		if _, err := wire.ParseObject(r.Response); err != nil {
			return nil, fmt.Errorf("response %d: %w", i+1, err)
		}
	}
	if len(responses) == 0 {
		return nil, errors.New("no responses in it")
	}
	return responses, nil
}

// Operations returns the names of the operations that have fixtures, sorted.
func (a *Account) Operations() []string {
	return slices.Sorted(maps.Keys(a.operations))
}

// Response returns the first response of an operation whose parameters a request
// has; nil if no response matches.
func (a *Account) Response(operation string, sent url.Values) json.RawMessage {
	for _, r := range a.operations[operation] {
		matches := true
		for name, value := range r.Parameters {
			matches = matches && sent.Get(name) == value
		}
		if matches {
			return r.Response
		}
	}
	return nil
}
