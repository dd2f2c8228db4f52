package main

import (
	"context"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// reflecting is the provider with dts_jobs as the framework's documentation
// has it: structs with tfsdk tags, and state set from them by reflection.
type reflecting struct{ provider.Provider }

func (p reflecting) DataSources(ctx context.Context) []func() datasource.DataSource {
	jobs := p.Provider.DataSources(ctx)[0]
	return []func() datasource.DataSource{func() datasource.DataSource { return reflectingJobs{jobs()} }}
}

// reflectingJobs has the schema of the provider's own data source.
type reflectingJobs struct{ datasource.DataSource }

func (d reflectingJobs) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	listing, err := client().Jobs(ctx, dts.JobsQuery{Region: "cn-hangzhou", Parameters: map[string]string{"JobType": "MIGRATION"}})
	if err != nil {
		resp.Diagnostics.AddError("DTS jobs could not be listed", err.Error())
		return
	}
	var config types.Object
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	state := config.Attributes()
	jobs, diags := types.ListValueFrom(ctx, state["jobs"].Type(ctx).(types.ListType).ElemType, tagged(listing.Jobs)) //nolint:forcetypeassert // It is a list.
	resp.Diagnostics.Append(diags...)
	state["jobs"] = jobs
	state["id"] = types.StringValue("reflection")
	resp.Diagnostics.Append(resp.State.Set(ctx, types.ObjectValueMust(config.AttributeTypes(ctx), state))...)
}

// client calls the API that the environment names.
func client() *dts.Client {
	return dts.NewClient(dts.Config{
		Credentials:    dts.StaticCredential{AccessKeyID: "bench", AccessKeySecret: "bench"},
		RequestRate:    -1,
		Endpoint:       os.Getenv("DTS_ENDPOINT"),
		Protocol:       "HTTP",
		ConnectTimeout: time.Minute,
		ReadTimeout:    time.Minute,
		RetryTimeout:   time.Minute,
	})
}
