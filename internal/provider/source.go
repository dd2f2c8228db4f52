package provider

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// defaultTimeout limits a read that sets no timeout.
const defaultTimeout = 20 * time.Minute

// sourceArguments are the arguments of every data source.
type sourceArguments struct {
	Region   credentials.Region `param:"Region,RegionId" tf:"region" doc:"Region of the DTS instances. Defaults to the region of the provider."`
	Timeouts *readTimeouts      `doc:"Timeouts of the data source."`
}

type readTimeouts struct {
	Read duration `doc:"Time limit for the complete read, as a duration such as '5m' or '90s'. Defaults to '20m'."`
}

func (a sourceArguments) common() (region, argument string, timeout duration) {
	if a.Timeouts != nil {
		timeout = a.Timeouts.Read
	}
	return string(a.Region), "timeouts.read", timeout
}

// arguments is the configuration of a data source or a gate.
type arguments interface {
	// common returns the region, if one is set, and the argument that limits the
	// time, with its value.
	common() (region, argument string, timeout duration)
}

// reading is a read of a data source, or the opening of a gate, of a
// configuration C.
type reading[C arguments] struct {
	*providerData

	config C
	region string
	diags  *diag.Diagnostics
}

// decode reads a configuration into a struct, and returns the arguments that
// are known only after apply.
func decode(raw tftypes.Value, into any, diags *diag.Diagnostics) (unknown []string) {
	unknown, err := shape.Decode(raw, into)
	if err != nil {
		addUnexpected(err, diags)
	}
	return unknown
}

// addUnexpected reports a configuration that the schema should have excluded.
func addUnexpected(err error, diags *diag.Diagnostics) {
	diags.AddError("Unexpected Configuration", err.Error()+". Please report this issue to the provider developers.")
}

// validation checks arguments against each other. Nil checks nothing.
type validation[C arguments] func(config C, unknown []string, diags *diag.Diagnostics)

func (v validation[C]) run(raw tftypes.Value, diags *diag.Diagnostics) {
	if v == nil {
		return
	}
	var config C
	unknown := decode(raw, &config, diags)
	v(config, unknown, diags)
}

// attributePath returns the path of an argument, or of one in a block.
func attributePath(names []string) path.Path {
	p := path.Empty()
	for _, name := range names {
		p = p.AtName(name)
	}
	return p
}

// begin decodes a configuration and starts its time limit. It adds an error if
// the read lacks an argument of the provider.
func begin[C arguments](ctx context.Context, p *providerData, raw tftypes.Value, diags *diag.Diagnostics) (context.Context, context.CancelFunc, *reading[C]) {
	r := &reading[C]{providerData: p, diags: diags}
	decode(raw, &r.config, diags)
	region, argument, timeout := r.config.common()
	r.region = p.regionFor(region, diags)
	ctx, cancel := context.WithTimeoutCause(ctx, timeout.or(defaultTimeout), &timeoutError{argument})
	return ctx, cancel, r
}

// timeoutError is the cause of a context that the named argument ended.
type timeoutError struct{ argument string }

func (e *timeoutError) Error() string { return e.argument + " has passed" }

// source is a data source: everything about it that is not the same for all.
type source[C arguments] struct {
	name, description string
	computed          *shape.Shape // the attributes that a read computes
	validate          validation[C]
	// read returns the state, and the shape that selects its attributes.
	read func(ctx context.Context, r *reading[C]) (state any, selected *shape.Shape, err error)
	// failed is the summary of a read that failed.
	failed string
	// tooLarge is the summary for a state that exceeds the limit, and fewer the
	// next step.
	tooLarge, fewer string
}

// dataSource implements a data source of the framework.
type dataSource[C arguments] struct {
	source[C]

	provider *providerData
}

func (s source[C]) new() datasource.DataSource { return &dataSource[C]{source: s} }

func (s *dataSource[C]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + s.name
}

func (s *dataSource[C]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := s.computed.Attributes()
	maps.Copy(attributes, shape.Arguments[C]())
	resp.Schema = schema.Schema{MarkdownDescription: s.description, Attributes: attributes, Blocks: shape.Blocks[C]()}
}

func (s *dataSource[C]) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	s.provider = asProviderData(req.ProviderData, &resp.Diagnostics)
}

func (s *dataSource[C]) ValidateConfig(_ context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	s.validate.run(req.Config.Raw, &resp.Diagnostics)
}

// Read leaves the state where [server] finds it.
func (s *dataSource[C]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel, r := begin[C](ctx, s.provider, req.Config.Raw, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	state, selected, err := s.read(ctx, r)
	if err != nil {
		resp.Diagnostics.Append(readDiagnostic[C](ctx, s.provider, s.failed, err))
		return
	}
	if err := setState(ctx, req.Config.Raw, state, selected); err != nil {
		resp.Diagnostics.AddError(s.tooLarge, fmt.Sprintf("The read succeeded, but %s. %s", err, s.fewer))
	}
	// The framework has nothing to walk through, because it does not send this.
	resp.State.Raw = tftypes.NewValue(resp.State.Raw.Type(), nil)
}

// addInvalid adds an error about the value of an argument, whose name the detail
// repeats because JSON output does not show the line.
func addInvalid(diags *diag.Diagnostics, argument path.Path, detail string, values ...any) {
	diags.AddAttributeError(argument, "Invalid Attribute Value", fmt.Sprintf("Attribute %s ", argument)+fmt.Sprintf(detail, values...))
}
