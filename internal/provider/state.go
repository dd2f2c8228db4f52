package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// encodedState is where a read leaves its state in the form of the protocol.
// [server] puts one into the context of a read and takes the state from it, so
// that it need not pass through the framework; see there.
type encodedState struct {
	limit   int // the most bytes that may be sent
	msgpack []byte
}

type encodedStateKey struct{}

// setState sets the state of a data source: the arguments as written, with
// what was computed over them. Without a [server] around it, state is set in
// the framework's way.
func setState(ctx context.Context, resp *datasource.ReadResponse, arguments argumentValues, s *shape.Shape, computed any) error {
	if encoded, ok := ctx.Value(encodedStateKey{}).(*encodedState); ok {
		msgpack, err := s.MsgPack(computed, arguments, encoded.limit)
		encoded.msgpack = msgpack
		return err
	}
	values := maps.Clone(arguments)
	maps.Copy(values, s.Values(computed))
	resp.State.Raw = tftypes.NewValue(resp.State.Raw.Type(), map[string]tftypes.Value(values))
	return nil
}
