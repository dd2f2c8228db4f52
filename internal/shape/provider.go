package shape

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	provider "github.com/hashicorp/terraform-plugin-framework/provider/schema"
)

// Provider returns arguments for the schema of a provider, which has no
// computed attributes.
func Provider(attributes map[string]schema.Attribute) map[string]provider.Attribute {
	converted := make(map[string]provider.Attribute, len(attributes))
	for name, attribute := range attributes {
		converted[name] = providerAttribute(attribute)
	}
	return converted
}

// ProviderBlocks returns blocks for the schema of a provider.
func ProviderBlocks(blocks map[string]schema.Block) map[string]provider.Block {
	converted := make(map[string]provider.Block, len(blocks))
	for name, block := range blocks {
		converted[name] = provider.SingleNestedBlock{
			MarkdownDescription: block.GetMarkdownDescription(),
			Attributes:          Provider(nestedAttributes(block)),
		}
	}
	return converted
}

func providerAttribute(attribute schema.Attribute) provider.Attribute {
	switch a := attribute.(type) {
	case schema.StringAttribute:
		return provider.StringAttribute{Required: a.Required, Optional: a.Optional, Sensitive: a.Sensitive,
			MarkdownDescription: a.MarkdownDescription, Validators: a.Validators}
	case schema.Int64Attribute:
		return provider.Int64Attribute{Required: a.Required, Optional: a.Optional,
			MarkdownDescription: a.MarkdownDescription, Validators: a.Validators}
	}
	panic(fmt.Sprintf("shape: no argument of a provider for %T", attribute))
}
