package provider

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// accountRate is the documented limit of calls in a second, for an account and
// a region.
const accountRate = 20

// connection is what the provider block gives its data sources.
type connection struct {
	client      *dts.Client
	credentials *credentials.Source
	region      string
	unknown     []string // arguments that are known only after apply
}

func newConnection(v settingValues, userAgent string, diags *diag.Diagnostics) *connection {
	c := &connection{
		credentials: credentials.NewSource(signIn(v, diags)),
		region:      v.text("region"),
		unknown:     v.unknown,
	}
	c.client = dts.NewClient(dts.Config{
		Credential:     c.credentials.Model,
		Renew:          c.credentials.Renew,
		Endpoint:       v.text("endpoints.dts"),
		Protocol:       v.text("protocol"),
		ConnectTimeout: v.duration("client_connect_timeout", time.Millisecond, 10*time.Second, diags),
		ReadTimeout:    v.duration("client_read_timeout", time.Millisecond, time.Minute, diags),
		RetryTimeout:   v.duration("max_retry_timeout", time.Second, 2*time.Minute, diags),
		RequestRate:    int(cmp.Or(v.number("max_requests_per_second", diags), accountRate)),
		UserAgent:      userAgent,
		Log:            c.log,
	})
	return c
}

// log writes what happens to Terraform's log, without secrets that an answer
// may have echoed.
func (c *connection) log(ctx context.Context, message string, fields map[string]any) {
	for name, value := range fields {
		if text, ok := value.(string); ok {
			fields[name] = c.credentials.Redact(text)
		}
	}
	tflog.Info(ctx, message, fields)
}

// userAgent names the provider, the CLI and whatever the user wants to add.
func userAgent(version, cli, source string) string {
	parts := []string{"terraform-provider-dts/" + version}
	if cli != "" {
		parts = append(parts, "Terraform/"+cli)
	}
	if source != "" {
		parts = append(parts, source)
	}
	return strings.Join(parts, " ")
}

// connectionOf is Configure of every data source. Terraform also calls it when
// it only validates, without provider data.
func connectionOf(req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) *connection {
	if req.ProviderData == nil {
		return nil
	}
	c, ok := req.ProviderData.(*connection)
	if !ok {
		resp.Diagnostics.AddError("Unexpected provider data",
			fmt.Sprintf("The data source was given %T. This is a bug of the provider; please report it.", req.ProviderData))
	}
	return c
}

// regionFor returns the region of a read, own being the data source's
// argument, and adds an error when the read can't be made yet.
func (c *connection) regionFor(own string, diags *diag.Diagnostics) string {
	for _, name := range c.unknown {
		if name == "region" && own != "" {
			continue
		}
		diags.AddError("Provider argument not known yet", fmt.Sprintf(
			"The provider argument %s depends on something that is known only after apply, and this read needs it now. "+
				"Give it a value that is known while planning, such as a variable, or apply what it depends on first with -target.", name))
	}
	if own != "" {
		return own
	}
	region := c.region
	if region == "" && !slices.Contains(c.unknown, "region") {
		region = c.credentials.Region()
	}
	if region == "" && !slices.Contains(c.unknown, "region") {
		diags.AddAttributeError(path.Root("region"), "No region",
			"Neither this data source nor the provider has a region. Set region here or in the provider block, "+
				"or ALICLOUD_REGION in the environment. The provider does not guess one.")
	}
	return region
}

// warnOfPlainHTTP warns when signed requests would leave this machine in the
// clear.
func warnOfPlainHTTP(v settingValues, diags *diag.Diagnostics) {
	if v.text("protocol") != "HTTP" || isLoopback(v.text("endpoints.dts")) {
		return
	}
	diags.AddAttributeWarning(path.Root("protocol"), "Requests are not encrypted",
		"With protocol HTTP, answers and security tokens can be read on the way to any host but this machine's own. Use HTTPS.")
}

func isLoopback(endpoint string) bool {
	host := endpoint
	if h, _, err := net.SplitHostPort(endpoint); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
