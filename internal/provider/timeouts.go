package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// defaultReadTimeout bounds a read whose block timeouts does not.
const defaultReadTimeout = 20 * time.Minute

func timeoutsBlock(ctx context.Context) schema.Block {
	return timeouts.BlockWithOpts(ctx, timeouts.Opts{
		ReadDescription: "Longest time for the whole read, such as 5m or 90s; " + defaultReadTimeout.String() + " by default.",
	})
}

// withReadTimeout returns a context that ends when timeouts.read passes.
func withReadTimeout(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	var block timeouts.Value
	diags.Append(config.GetAttribute(ctx, path.Root("timeouts"), &block)...)
	timeout, more := block.Read(ctx, defaultReadTimeout)
	diags.Append(more...)
	return context.WithTimeoutCause(ctx, timeout, errReadTimeout)
}
