package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// encodedState is where a read leaves its state, encoded as in the plugin
// protocol. [server] puts one into the context of a read and takes the state
// from it, so that the state does not pass through the framework.
type encodedState struct {
	limit   int // bytes that may be sent
	msgpack []byte
}

type encodedStateKey struct{}

// setState sets the state of a data source: what was computed, and the
// arguments as configured. Without a [server], it sets the framework's.
func setState(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse, s *shape.Shape, computed any) error {
	var values map[string]tftypes.Value
	if err := req.Config.Raw.As(&values); err != nil {
		return err
	}
	if encoded, ok := ctx.Value(encodedStateKey{}).(*encodedState); ok {
		msgpack, err := s.MsgPack(computed, values, encoded.limit)
		encoded.msgpack = msgpack
		// What the framework would walk through is not what is sent.
		resp.State.Raw = tftypes.NewValue(resp.State.Raw.Type(), nil)
		return err
	}
	resp.State.Raw = overlaid(req.Config.Raw.Type(), values, s.Values(computed))
	return nil
}

// overlaid returns a configuration with what was computed over it.
func overlaid(object tftypes.Type, config, computed map[string]tftypes.Value) tftypes.Value {
	values := maps.Clone(config) // The map is the configuration's own.
	maps.Copy(values, computed)
	return tftypes.NewValue(object, values)
}
