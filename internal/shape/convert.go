package shape

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	ephemeral "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	provider "github.com/hashicorp/terraform-plugin-framework/provider/schema"
)

// The framework has a schema package for data sources, one for ephemeral
// resources and one for providers, with types of the same form. Schemas are
// built for data sources; the functions below convert them.

// ToEphemeral returns the schema of an ephemeral resource. Its blocks are those
// of [Blocks].
func ToEphemeral(s schema.Schema) ephemeral.Schema {
	return ephemeral.Schema{
		MarkdownDescription: s.MarkdownDescription,
		Attributes:          convert(s.Attributes, ephemeralAttribute),
		Blocks: convert(s.Blocks, func(block schema.Block) ephemeral.Block {
			return ephemeral.SingleNestedBlock{
				MarkdownDescription: block.GetMarkdownDescription(),
				Attributes:          convert(nestedAttributes(block), ephemeralAttribute),
			}
		}),
	}
}

// ToProvider returns the schema of a provider, which has no computed
// attributes. Its blocks are those of [Blocks].
func ToProvider(s schema.Schema) provider.Schema {
	return provider.Schema{
		MarkdownDescription: s.MarkdownDescription,
		Attributes:          convert(s.Attributes, providerAttribute),
		Blocks: convert(s.Blocks, func(block schema.Block) provider.Block {
			return provider.SingleNestedBlock{
				MarkdownDescription: block.GetMarkdownDescription(),
				Attributes:          convert(nestedAttributes(block), providerAttribute),
			}
		}),
	}
}

func convert[A, B any](all map[string]A, one func(A) B) map[string]B {
	converted := make(map[string]B, len(all))
	for name, a := range all {
		converted[name] = one(a)
	}
	return converted
}

func nestedAttributes(block schema.Block) map[string]schema.Attribute {
	return block.(schema.SingleNestedBlock).Attributes //nolint:forcetypeassert // Blocks makes no other.
}

func ephemeralAttribute(attribute schema.Attribute) ephemeral.Attribute {
	switch a := attribute.(type) {
	case schema.StringAttribute:
		return ephemeral.StringAttribute(a)
	case schema.BoolAttribute:
		return ephemeral.BoolAttribute(a)
	case schema.Int64Attribute:
		return ephemeral.Int64Attribute(a)
	case schema.NumberAttribute:
		return ephemeral.NumberAttribute(a)
	case schema.SetAttribute:
		return ephemeral.SetAttribute(a)
	}
	panic(fmt.Sprintf("shape: no attribute of an ephemeral resource for %T", attribute))
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
