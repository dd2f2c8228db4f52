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
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// objectsBinary is the name of the binary of another provider, whose resources
// a gate can hold. The binary is this test, under that name.
const objectsBinary = "terraform-provider-objects"

// objectsLog is the environment variable that names the file in which the
// provider records what it changes.
const objectsLog = "OBJECTS_LOG"

// serveObjects serves the provider objects if this process was started as it.
func serveObjects() bool {
	if filepath.Base(os.Args[0]) != objectsBinary {
		return false
	}
	_ = providerserver.Serve(context.Background(), func() frameworkprovider.Provider { return objects{} },
		providerserver.ServeOpts{Address: "example.com/test/objects", ProtocolVersion: 6})
	return true
}

// withObjects makes the provider objects available to a CLI. The result reads
// what the provider has changed since the last call.
func withObjects(t *testing.T, c *cli) (changes func() []string) {
	t.Helper()
	test, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	if err := os.Symlink(test, filepath.Join(directory, objectsBinary)); err != nil {
		t.Fatal(err)
	}
	config, log := filepath.Join(directory, "cli.tfrc"), filepath.Join(directory, "log")
	overrides := fmt.Sprintf(`provider_installation {
  dev_overrides {
    "dts-community/dts"        = %q
    "example.com/test/objects" = %q
  }
  direct {}
}`, filepath.Dir(binary(t)), directory)
	if err := os.WriteFile(config, []byte(overrides), 0o600); err != nil {
		t.Fatal(err)
	}
	c.environment = append(c.environment, "TF_CLI_CONFIG_FILE="+config, objectsLog+"="+log)
	return func() []string {
		text, err := os.ReadFile(log)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if err := os.WriteFile(log, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		return slices.Sorted(strings.FieldsFuncSeq(string(text), func(r rune) bool { return r == '\n' }))
	}
}

// objects is a provider with one resource, which can't be configured without a
// token.
type objects struct{}

func (objects) Metadata(_ context.Context, _ frameworkprovider.MetadataRequest, resp *frameworkprovider.MetadataResponse) {
	resp.TypeName = "objects"
}

func (objects) Schema(_ context.Context, _ frameworkprovider.SchemaRequest, resp *frameworkprovider.SchemaResponse) {
	resp.Schema.Attributes = map[string]providerschema.Attribute{"token": providerschema.StringAttribute{Required: true}}
}

func (objects) Configure(context.Context, frameworkprovider.ConfigureRequest, *frameworkprovider.ConfigureResponse) {
}
func (objects) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (objects) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return object{} }}
}

// object has a name, a value that can be updated, and a key whose change
// replaces it.
type object struct{}

func (object) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "objects_object"
}

func (object) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema.Attributes = map[string]schema.Attribute{
		"name":  schema.StringAttribute{Required: true},
		"value": schema.StringAttribute{Optional: true},
		"key": schema.StringAttribute{
			Optional: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
	}
}

type objectModel struct {
	Name  types.String `tfsdk:"name"`
	Value types.String `tfsdk:"value"`
	Key   types.String `tfsdk:"key"`
}

// attributes are a plan or a state.
type attributes interface {
	Get(ctx context.Context, target any) diag.Diagnostics
}

// record appends a change of an object to the log.
func (object) record(ctx context.Context, change string, of attributes) (objectModel, diag.Diagnostics) {
	var model objectModel
	diags := of.Get(ctx, &model)
	log, err := os.OpenFile(os.Getenv(objectsLog), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = fmt.Fprintln(log, change, model.Name.ValueString())
		err = errors.Join(err, log.Close())
	}
	if err != nil {
		diags.AddError("Unable to Record a Change", err.Error())
	}
	return model, diags
}

func (o object) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	model, diags := o.record(ctx, "create", req.Plan)
	resp.Diagnostics.Append(append(diags, resp.State.Set(ctx, model)...)...)
}

func (object) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (o object) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	model, diags := o.record(ctx, "update", req.Plan)
	resp.Diagnostics.Append(append(diags, resp.State.Set(ctx, model)...)...)
}

func (o object) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	_, diags := o.record(ctx, "delete", req.State)
	resp.Diagnostics.Append(diags...)
}
