package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// defaultReadTimeout bounds a read whose block timeouts does not.
const defaultReadTimeout = 20 * time.Minute

// timeoutsBlock is the library's block, but an empty string is no error in it,
// and a time that leaves no time to read is.
func timeoutsBlock(ctx context.Context) schema.Block {
	block := timeouts.BlockWithOpts(ctx, timeouts.Opts{
		ReadDescription: "Longest time for the whole read, such as 5m or 90s; 20m by default.",
	})
	nested, isNested := block.(schema.SingleNestedBlock)
	read, isText := nested.Attributes["read"].(schema.StringAttribute)
	if isNested && isText {
		read.Validators = []validator.String{duration{}}
		nested.Attributes["read"] = read
	}
	return block
}

// withReadTimeout returns a context that ends when timeouts.read passes.
func withReadTimeout(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	timeout := defaultReadTimeout
	if arguments(config.Raw).nested("timeouts").text("read") != "" {
		var block timeouts.Value
		var more diag.Diagnostics
		diags.Append(config.GetAttribute(ctx, path.Root("timeouts"), &block)...)
		timeout, more = block.Read(ctx, defaultReadTimeout)
		diags.Append(more...)
	}
	return context.WithTimeoutCause(ctx, timeout, errReadTimeout)
}
