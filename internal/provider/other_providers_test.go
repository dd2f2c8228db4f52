package provider_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// otherProvider is a provider beside this one, whose resources exist in state
// only. It runs in a process that is this test under the provider's name.
type otherProvider struct {
	name      string
	arguments []string // of the provider block, strings
	resources map[string]otherResource
}

// otherResource lists the arguments of a resource: strings, except bools, which
// are required, and maps.
type otherResource struct {
	required, optional, bools, maps []string
	replacing                       string // the argument whose change replaces the resource
}

// otherProviders are objects, whose resource a gate can hold, and what the
// examples use of alicloud, with the arguments that its documentation lists.
var otherProviders = map[string]otherProvider{
	"objects": {"objects", []string{"token"}, map[string]otherResource{
		"objects_object": {required: []string{"name"}, optional: []string{"value", "key"}, replacing: "key"},
	}},
	"alicloud": {"alicloud", []string{"region", "configuration_source"}, map[string]otherResource{
		"alicloud_alidns_record": {required: []string{"domain_name", "rr", "type", "value"}, replacing: "domain_name"},
		"alicloud_dts_migration_job": {
			required: slices.Concat([]string{"dts_instance_id", "db_list"}, requiredOf("source"), requiredOf("destination")),
			optional: slices.Concat([]string{"dts_job_name", "checkpoint"}, optionalOf("source"), optionalOf("destination")),
			bools:    alicloudStages,
		},
		"alicloud_dts_synchronization_job": {
			required: slices.Concat([]string{"dts_instance_id", "dts_job_name", "db_list"}, requiredOf("source"), requiredOf("destination")),
			optional: slices.Concat([]string{"synchronization_direction", "checkpoint", "job_parameters"}, optionalOf("source"), optionalOf("destination")),
			bools:    alicloudStages,
		},
		"alicloud_dts_subscription_job": {
			required: append(requiredOf("source"), "payment_type", "source_endpoint_region"),
			optional: slices.Concat([]string{
				"dts_instance_id", "dts_job_name", "db_list", "checkpoint", "subscription_instance_network_type",
				"subscription_instance_vpc_id", "subscription_instance_vswitch_id",
			}, optionalOf("source")),
			maps: []string{"tags"},
		},
	}},
}

var alicloudStages = []string{"data_initialization", "data_synchronization", "structure_initialization"}

// requiredOf and optionalOf are the arguments of one endpoint in the resources
// of alicloud.
func requiredOf(end string) []string {
	return []string{end + "_endpoint_instance_type", end + "_endpoint_engine_name"}
}

func optionalOf(end string) []string {
	var arguments []string
	for _, name := range []string{"instance_id", "region", "ip", "port", "oracle_sid", "database_name", "user_name", "password", "owner_id", "role"} {
		arguments = append(arguments, end+"_endpoint_"+name)
	}
	return arguments
}

// binaryPrefix precedes the name of a provider in the name of its binary.
const binaryPrefix = "terraform-provider-"

// changesFile is the environment variable that names the file in which other
// providers record what they change.
const changesFile = "OTHER_PROVIDERS_CHANGES"

// servesOther serves another provider if this process was started as it.
func servesOther() bool {
	p, ok := otherProviders[strings.TrimPrefix(filepath.Base(os.Args[0]), binaryPrefix)]
	if ok {
		_ = providerserver.Serve(context.Background(), func() frameworkprovider.Provider { return p },
			providerserver.ServeOpts{Address: "example.com/test/" + p.name, ProtocolVersion: 6})
	}
	return ok
}

// withOtherProviders makes the other providers available to a CLI. The result
// returns what they have changed since it was last called.
func withOtherProviders(t *testing.T, c *cli) (changes func() []string) {
	t.Helper()
	test, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	for name := range otherProviders {
		if err := os.Symlink(test, filepath.Join(directory, binaryPrefix+name)); err != nil {
			t.Fatal(err)
		}
	}
	config, recorded := filepath.Join(directory, "cli.tfrc"), filepath.Join(directory, "changes")
	overrides := fmt.Sprintf(`provider_installation {
  dev_overrides {
    "dts-community/dts"        = %q
    "example.com/test/objects" = %[2]q
    "aliyun/alicloud"          = %[2]q
  }
  direct {}
}`, filepath.Dir(binary(t)), directory)
	if err := os.WriteFile(config, []byte(overrides), 0o600); err != nil {
		t.Fatal(err)
	}
	c.environment = append(c.environment, "TF_CLI_CONFIG_FILE="+config, changesFile+"="+recorded)
	return func() []string {
		text, err := os.ReadFile(recorded)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if err := os.WriteFile(recorded, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		return slices.Sorted(strings.FieldsFuncSeq(string(text), func(r rune) bool { return r == '\n' }))
	}
}

func (p otherProvider) Metadata(_ context.Context, _ frameworkprovider.MetadataRequest, resp *frameworkprovider.MetadataResponse) {
	resp.TypeName = p.name
}

func (p otherProvider) Schema(_ context.Context, _ frameworkprovider.SchemaRequest, resp *frameworkprovider.SchemaResponse) {
	resp.Schema.Attributes = map[string]providerschema.Attribute{}
	for _, name := range p.arguments {
		resp.Schema.Attributes[name] = providerschema.StringAttribute{Optional: true}
	}
}

func (otherProvider) Configure(context.Context, frameworkprovider.ConfigureRequest, *frameworkprovider.ConfigureResponse) {
}

func (otherProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p otherProvider) Resources(context.Context) []func() resource.Resource {
	var resources []func() resource.Resource
	for name, r := range p.resources {
		resources = append(resources, func() resource.Resource { return namedResource{name, r} })
	}
	return resources
}

type namedResource struct {
	name string
	otherResource
}

func (r namedResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.name
}

func (r namedResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema.Attributes = map[string]schema.Attribute{"id": schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}}}
	for _, name := range slices.Concat(r.required, r.optional) {
		attribute := schema.StringAttribute{Required: slices.Contains(r.required, name)}
		attribute.Optional = !attribute.Required
		if name == r.replacing {
			attribute.PlanModifiers = []planmodifier.String{stringplanmodifier.RequiresReplace()}
		}
		resp.Schema.Attributes[name] = attribute
	}
	for _, name := range r.bools {
		resp.Schema.Attributes[name] = schema.BoolAttribute{Required: true}
	}
	for _, name := range r.maps {
		resp.Schema.Attributes[name] = schema.MapAttribute{ElementType: types.StringType, Optional: true}
	}
}

// record appends a change to the file of changes: what is done, and the
// argument name, if the resource has it.
func (r namedResource) record(ctx context.Context, change string, of interface {
	GetAttribute(ctx context.Context, at path.Path, target any) diag.Diagnostics
}) diag.Diagnostics {
	var name types.String
	var diags diag.Diagnostics
	if slices.Contains(r.required, "name") {
		diags = of.GetAttribute(ctx, path.Root("name"), &name)
	}
	file, err := os.OpenFile(os.Getenv(changesFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = fmt.Fprintln(file, change, name.ValueString())
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		diags.AddError("Unable to Record a Change", err.Error())
	}
	return diags
}

func (r namedResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.Diagnostics = r.record(ctx, "create", req.Plan)
	raw, err := tftypes.Transform(req.Plan.Raw, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if !v.IsKnown() {
			return tftypes.NewValue(v.Type(), "id"), nil
		}
		return v, nil
	})
	if err != nil {
		resp.Diagnostics.AddError("Unable to Create", err.Error())
	}
	resp.State.Raw = raw
}

func (namedResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (r namedResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.Diagnostics = r.record(ctx, "update", req.Plan)
	resp.State.Raw = req.Plan.Raw
}

func (r namedResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	resp.Diagnostics = r.record(ctx, "delete", req.State)
}

func (namedResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resource.ImportStatePassthroughID(ctx, path.Root("id"), req, resp)
}
