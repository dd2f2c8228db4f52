// Command ways is the provider with dts_jobs read in other ways than its own,
// to compare them. BENCH_WAY says which.
package main

import (
	"context"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

func main() {
	ways := map[string]func() tfprotov6.ProviderServer{
		// The state is there already, and costs next to nothing.
		"free": func() tfprotov6.ProviderServer { return recorded{provider.NewServer("bench")()} },
		// State as tftypes, through the framework.
		"tftypes": providerserver.NewProtocol6(provider.New("bench")()),
		// State as structs, through the framework's reflection.
		"reflection": providerserver.NewProtocol6(reflecting{provider.New("bench")()}),
	}
	if err := tf6server.Serve("registry.terraform.io/dts-community/dts", ways[os.Getenv("BENCH_WAY")]); err != nil {
		log.Fatal(err)
	}
}

// recorded answers with the state in the file BENCH_STATE, which the first
// read records.
type recorded struct{ tfprotov6.ProviderServer }

func (r recorded) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	file := os.Getenv("BENCH_STATE")
	if state, err := os.ReadFile(file); err == nil {
		return &tfprotov6.ReadDataSourceResponse{State: &tfprotov6.DynamicValue{MsgPack: state}}, nil
	}
	resp, err := r.ProviderServer.ReadDataSource(ctx, req)
	if err != nil {
		return nil, err
	}
	return resp, os.WriteFile(file, resp.State.MsgPack, 0o600)
}
