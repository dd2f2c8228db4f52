package shape

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	ephemeral "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
)

// The framework has a schema package for data sources, one for ephemeral
// resources and one for providers, with types of the same form. Attributes are
// built for data sources; the functions below convert them.

// Ephemeral returns attributes for the schema of an ephemeral resource.
func Ephemeral(attributes map[string]schema.Attribute) map[string]ephemeral.Attribute {
	converted := make(map[string]ephemeral.Attribute, len(attributes))
	for name, attribute := range attributes {
		converted[name] = ephemeralAttribute(attribute)
	}
	return converted
}

// EphemeralBlocks returns blocks for the schema of an ephemeral resource.
func EphemeralBlocks(blocks map[string]schema.Block) map[string]ephemeral.Block {
	converted := make(map[string]ephemeral.Block, len(blocks))
	for name, block := range blocks {
		converted[name] = ephemeral.SingleNestedBlock{
			MarkdownDescription: block.GetMarkdownDescription(),
			Attributes:          Ephemeral(nestedAttributes(block)),
		}
	}
	return converted
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

// nestedAttributes returns the attributes of a block made by [Blocks].
func nestedAttributes(block schema.Block) map[string]schema.Attribute {
	return block.(schema.SingleNestedBlock).Attributes //nolint:forcetypeassert // Blocks makes no other.
}
