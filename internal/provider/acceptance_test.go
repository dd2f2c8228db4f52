package provider_test

import (
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// factories serve the provider to a real Terraform or OpenTofu.
var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"dts": providerserver.NewProtocol6WithError(provider.New("test")()),
}

var _ = resource.Test
