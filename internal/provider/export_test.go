package provider

import "github.com/hashicorp/terraform-plugin-go/tfprotov6"

// NewLimitedServer is a server with another limit of state.
func NewLimitedServer(limit int) tfprotov6.ProviderServer { return newServer(New("test")(), limit) }

// NewServerWith is a server in another environment.
func NewServerWith(getenv func(string) string) tfprotov6.ProviderServer {
	return newServer(&dtsProvider{version: "test", getenv: getenv}, stateLimit)
}
