package provider

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/printable"
)

// providerData is what the provider gives its data sources and ephemeral
// resources.
type providerData struct {
	client      *dts.Client
	credentials *credentials.Source
	region      string   // of reads that set none; may be empty
	unknown     []string // arguments of the provider that are known only after apply

	requestRate int          // requests per second and region
	waits       atomic.Int64 // in progress
}

func newProviderData(c credentials.Config, unknown []string, userAgent string) *providerData {
	data := &providerData{
		credentials: credentials.NewSource(c),
		region:      string(c.Region),
		unknown:     unknown,
		requestRate: cmp.Or(c.Client.RequestRate, rpc.DefaultRequestRate),
	}
	client := c.Client
	client.Credentials, client.UserAgent, client.Log = data.credentials, userAgent, data.log
	data.client = dts.NewClient(client)
	return data
}

// maxSearched is the length from which a text is not searched for secrets, in
// bytes. It is longer than what is shown of any text.
const maxSearched = 4 * maxDetail

// redact returns the beginning of a text without secrets that a response may
// repeat. The search takes many times the memory of the text, so the rest of it,
// which is not shown, is cut first.
func (d *providerData) redact(text string) string {
	return d.credentials.Redact(text[:min(len(text), maxSearched)])
}

// maxLogged is the length of the longest value in a log, in bytes.
const maxLogged = 2000

// log writes to Terraform's log, without secrets that a response may repeat.
func (d *providerData) log(ctx context.Context, message string, fields map[string]any) {
	for name, value := range fields {
		if text, ok := value.(string); ok {
			fields[name] = printable.Line(d.redact(text), maxLogged)
		}
	}
	tflog.Info(ctx, message, fields)
}

// userAgent names the provider, the CLI and what the user wants to append.
func userAgent(version, terraformVersion, source string) string {
	parts := []string{"terraform-provider-dts/" + version}
	if terraformVersion != "" {
		parts = append(parts, "Terraform/"+terraformVersion)
	}
	if source != "" {
		parts = append(parts, source)
	}
	return strings.Join(parts, " ")
}

// asProviderData returns the data of the provider for a data source or an
// ephemeral resource. It is nil during validation, which does not configure the
// provider.
func asProviderData(from any, diags *diag.Diagnostics) *providerData {
	if from == nil {
		return nil
	}
	data, ok := from.(*providerData)
	if !ok {
		diags.AddError("Unexpected Configure Type",
			fmt.Sprintf("Expected %T, got: %T. Please report this issue to the provider developers.", data, from))
	}
	return data
}

// regionFor returns the region of a read, given the region of its block, and adds
// an error if an argument of the provider that the read needs is missing.
func (d *providerData) regionFor(own string, diags *diag.Diagnostics) string {
	unknown := slices.DeleteFunc(slices.Clone(d.unknown), func(name string) bool { return name == "region" && own != "" })
	for _, name := range unknown {
		diags.AddError("Unknown Provider Argument", fmt.Sprintf(
			"The provider argument %s depends on a value that is known only after apply, but it is needed now. "+
				"Use a value that is known during planning, such as a variable, or first apply what it depends on with -target.", name))
	}
	region := cmp.Or(own, d.region)
	if region != "" || len(unknown) > 0 {
		return region
	}
	region, err := d.credentials.Region()
	switch {
	case err != nil:
		diags.Append(readDiagnostic[sourceArguments](context.Background(), d, "Unable to Read Credentials", err))
	case region == "":
		diags.AddAttributeError(path.Root("region"), "Missing Region",
			"No region is configured. Set region in this block or in the provider block, or ALICLOUD_REGION in the environment. There is no default region.")
	}
	return region
}
