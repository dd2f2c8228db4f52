package provider

import (
	"context"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// NewLimitedServer is a server with another limit of state.
func NewLimitedServer(limit int) tfprotov6.ProviderServer { return newServer(New("test")(), limit) }

// NewServerWith is a server in another environment.
func NewServerWith(getenv func(string) string) tfprotov6.ProviderServer {
	return newServer(&dtsProvider{version: "test", getenv: getenv}, stateLimit)
}

// NewOfflineServer is a server whose API has no network, for tests on the fake
// clock of synctest.
func NewOfflineServer(api http.Handler) tfprotov6.ProviderServer {
	return newServer(&offlineProvider{data: dataOf(api)}, stateLimit)
}

type offlineProvider struct {
	dtsProvider

	data *providerData
}

func (p *offlineProvider) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.DataSourceData, resp.EphemeralResourceData = p.data, p.data
}
