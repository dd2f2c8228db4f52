package fault

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// plainFault is Fault without its methods.
type plainFault Fault

// faultJSON is a fault in JSON, in which a delay is readable.
type faultJSON struct {
	plainFault
	Delay string `json:"delay,omitempty"`
}

// MarshalJSON writes a fault the way that UnmarshalJSON reads it.
func (f Fault) MarshalJSON() ([]byte, error) {
	written := faultJSON{plainFault: plainFault(f)}
	if f.Delay != 0 {
		written.Delay = f.Delay.String()
	}
	return json.Marshal(written)
}

// UnmarshalJSON reads a fault. A member that no fault has causes an error.
func (f *Fault) UnmarshalJSON(data []byte) error {
	var written faultJSON
	if err := decodeStrictly(data, &written); err != nil {
		return err
	}
	*f = Fault(written.plainFault)
	if written.Delay == "" {
		return nil
	}
	var err error
	f.Delay, err = time.ParseDuration(written.Delay)
	return err
}

// Parse reads a JSON list of faults, or one fault. Check tells whether they make
// sense.
func Parse(data []byte) ([]Fault, error) {
	if err := wire.Unmarshal(data, new(any)); err != nil {
		return nil, err
	}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		one := make([]Fault, 1)
		return one, decodeStrictly(data, &one[0])
	}
	var faults []Fault
	if err := decodeStrictly(data, &faults); err != nil {
		return nil, err
	}
	if faults == nil {
		return nil, errors.New("null is not a list; no faults are []")
	}
	return faults, nil
}

func decodeStrictly(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
