package provider

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// stateLimit is the largest state that a read may send, in bytes. A message of
// the plugin protocol may have 256 MiB; one of them is left to diagnostics.
const stateLimit = 255 << 20

// NewServer returns a constructor of the server that speaks the plugin
// protocol for the provider.
func NewServer(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer { return newServer(New(version)(), stateLimit) }
}

func newServer(p provider.Provider, limit int) tfprotov6.ProviderServer {
	return &server{providerserver.NewProtocol6(p)().(frameworkServer), limit} //nolint:forcetypeassert // A test would notice.
}

// frameworkServer has every method of the framework's server. A method that it
// left out would be hidden from the protocol.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server is the framework's server, except that the state of data sources
// bypasses it: after a read, the framework walks the complete state five times,
// which for a long list takes most of the time and memory of the read.
// Configuration, deferral and diagnostics remain the framework's.
type server struct {
	frameworkServer
	limit int
}

// encodedState is where a read leaves its state, encoded as in the plugin
// protocol. [server] puts one into the context of a read.
type encodedState struct {
	limit   int // bytes that may be sent
	msgpack []byte
}

type encodedStateKey struct{}

// ReadDataSource lets the framework read. For the framework the state is still
// the configuration; a read that succeeded has left its state in the context.
func (s *server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	encoded := &encodedState{limit: s.limit}
	resp, err := s.frameworkServer.ReadDataSource(context.WithValue(ctx, encodedStateKey{}, encoded), req)
	isError := func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError }
	if err != nil || resp.Deferred != nil || encoded.msgpack == nil || slices.ContainsFunc(resp.Diagnostics, isError) {
		return resp, err
	}
	resp.State = &tfprotov6.DynamicValue{MsgPack: encoded.msgpack}
	return resp, nil
}

// setState encodes the state of a data source: the values that were computed, and
// the arguments as configured.
func setState(ctx context.Context, config tftypes.Value, computed any, s *shape.Shape) error {
	var arguments map[string]tftypes.Value
	if err := config.As(&arguments); err != nil {
		return err
	}
	encoded, ok := ctx.Value(encodedStateKey{}).(*encodedState)
	if !ok {
		return errors.New("the server of the provider is not the one that reads")
	}
	msgpack, err := s.MsgPack(computed, arguments, encoded.limit)
	encoded.msgpack = msgpack
	return err
}
