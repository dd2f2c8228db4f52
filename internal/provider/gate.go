package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/printable"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// gateArguments are the arguments of every gate.
type gateArguments struct {
	Region   credentials.Region `param:"Region,RegionId" tf:"region" doc:"Region of the DTS instances. Defaults to the region of the provider."`
	Timeouts *openTimeouts      `doc:"Timeouts of the ephemeral resource."`
}

type openTimeouts struct {
	Open duration `doc:"Time limit for opening the ephemeral resource, as a duration such as '5m' or '90s'. Defaults to '20m'."`
}

func (a gateArguments) common() (region, argument string, timeout duration) {
	if a.Timeouts != nil {
		timeout = a.Timeouts.Open
	}
	return string(a.Region), "timeouts.open", timeout
}

// gate is an ephemeral resource that can be opened if a condition holds:
// everything about it that is not the same for all gates.
type gate[C arguments] struct {
	name, description string
	computed          *shape.Shape
	results           []string // the attributes of computed that an open gate has
	validate          validation[C]
	// subject describes the job of the gate.
	subject func(config C) string
	// closed is the summary for a gate whose condition does not hold, and failed
	// for one whose condition could not be determined.
	closed, failed string
	// open returns the values of computed. The error is a [closedError] if the
	// condition does not hold.
	open func(ctx context.Context, r *reading[C]) (values any, err error)
}

// closedError is the reason why a gate is closed, and the next step.
type closedError struct {
	reason string
	cause  error
}

func (e *closedError) Error() string { return e.reason }

func (e *closedError) Unwrap() error { return e.cause }

// ephemeralGate implements an ephemeral resource of the framework.
type ephemeralGate[C arguments] struct {
	gate[C]

	provider *providerData
}

func (g gate[C]) new() ephemeral.EphemeralResource { return &ephemeralGate[C]{gate: g} }

func (g *ephemeralGate[C]) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + g.name
}

func (g *ephemeralGate[C]) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	attributes := selectKeys(g.computed.Attributes(), g.results)
	maps.Copy(attributes, shape.Arguments[C]())
	resp.Schema = shape.ToEphemeral(schema.Schema{
		MarkdownDescription: g.description + " An ephemeral resource is opened during plan and again during apply, so a resource that depends on this one is not created, " +
			"or updated in place, unless the gate is open at that time. Requires Terraform 1.10 or OpenTofu 1.11.",
		Attributes: attributes,
		Blocks:     shape.Blocks[C](),
	})
}

func (g *ephemeralGate[C]) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	g.provider = asProviderData(req.ProviderData, &resp.Diagnostics)
}

func (g *ephemeralGate[C]) ValidateConfig(_ context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse) {
	g.validate.run(req.Config.Raw, &resp.Diagnostics)
}

func (g *ephemeralGate[C]) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	ctx, cancel, r := begin[C](ctx, g.provider, req.Config.Raw, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	values, err := g.open(ctx, r)
	if err != nil {
		summary := g.failed
		if asError[*closedError](err) != nil {
			summary = g.closed
		}
		summary += ": " + printable.Line(g.subject(r.config), maxValue)
		resp.Diagnostics.Append(readDiagnostic[C](ctx, g.provider, summary, err))
		return
	}
	if err := g.setResult(req.Config.Raw, values, resp); err != nil {
		addUnexpected(err, &resp.Diagnostics)
	}
}

// setResult sets the arguments as configured, because Terraform refuses an
// ephemeral resource that changes them, and the results.
func (g *ephemeralGate[C]) setResult(config tftypes.Value, values any, resp *ephemeral.OpenResponse) error {
	var result map[string]tftypes.Value
	if err := config.As(&result); err != nil {
		return err
	}
	computed, err := g.computed.Values(values)
	if err != nil {
		return err
	}
	result = maps.Clone(result) // The map belongs to the configuration.
	for _, name := range g.results {
		if configured, isArgument := result[name]; !isArgument || configured.IsNull() {
			result[name] = computed[name]
		}
	}
	resp.Result.Raw = tftypes.NewValue(config.Type(), result)
	return nil
}

func selectKeys[V any](all map[string]V, names []string) map[string]V {
	selected := make(map[string]V, len(names))
	for _, name := range names {
		selected[name] = all[name]
	}
	return selected
}
