package api

import (
	stdjson "encoding/json"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Fields is the response of any operation.
type Fields struct {
	Envelope

	// Values are the fields but those of the envelope. A number is a json.Number.
	Values map[string]any
}

// envelopeFields are the fields of the envelope. They differ between responses
// with the same data.
var envelopeFields = []string{
	"RequestId", "Success", "HttpStatusCode", "ErrCode", "ErrMessage", "DynamicMessage", "DynamicCode",
}

// maxDepth is how many lists and objects a value may be nested in. Terraform takes
// time in proportion to the square of the depth to read the type of a value.
const maxDepth = 64

// UnmarshalJSONFrom reads the response twice: the envelope, and all fields.
func (f *Fields) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	response, err := d.ReadValue()
	if err != nil {
		return err
	}
	if _, err := decode(response, &f.Envelope); err != nil {
		return err
	}
	values := 0
	err = json.Unmarshal(response, &f.Values, tolerant, json.WithUnmarshalers(json.UnmarshalFromFunc(func(d *jsontext.Decoder, v *any) error {
		if values++; values > maxElements {
			return ErrTooManyRows
		}
		if d.StackDepth() > maxDepth {
			return fmt.Errorf("lists or objects deeper than %d levels", maxDepth)
		}
		if d.PeekKind() != '0' {
			return errors.ErrUnsupported // It is decoded as usual.
		}
		var number *stdjson.Number
		err := json.UnmarshalDecode(d, &number, json.WithUnmarshalers(scalars))
		*v = Value(number)
		return err
	})))
	if err != nil {
		return err
	}
	for _, name := range envelopeFields {
		delete(f.Values, name)
	}
	return nil
}
