package emulator

import (
	"encoding/json"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/paging"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/scenario"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
	"github.com/dts-community/terraform-provider-dts/internal/rawjson"
)

// describePreCheckStatus serves DescribePreCheckStatus: the state of one subtask
// of a job, with one page of its items.
func describePreCheckStatus(c contents, progress *scenario.Progress, r *request) (wire.Response, error) {
	requested, err := readSubtask(c.account, r)
	if err != nil {
		return wire.Response{}, err
	}
	list, err := r.readList("PageNo")
	if err != nil {
		return wire.Response{}, err
	}
	// ResourceGroupId and ZeroEtlJob are not in the document. They are accepted
	// and change nothing: the job ID alone tells which job is meant.
	if _, err := r.boolean("ZeroEtlJob"); err != nil {
		return wire.Response{}, err
	}
	// The requests for other pages, and those with a filter, are not a read of a
	// scenario.
	isRead := list.Number == 1 && !r.Parameters.Has("Name") && !r.Parameters.Has("StructPhase")
	precheck, err := findPrecheck(c, progress, requested, isRead, r)
	if err != nil {
		return wire.Response{}, err
	}
	list.SetRows(matchingItems(precheck.Items, r), precheck.Total)
	page, err := r.faults.Page(list)
	if err != nil {
		return wire.Response{}, err
	}
	body, err := precheckBody(r, precheck, page, requested.JobCode)
	return wire.OK(body), err
}

// readSubtask reads which subtask is requested.
func readSubtask(a *account.Account, r *request) (account.Subtask, error) {
	if err := r.Require("DtsJobId", "JobCode"); err != nil {
		return account.Subtask{}, err
	}
	if err := r.checkRegion(a.Regions); err != nil {
		return account.Subtask{}, err
	}
	code, err := r.oneOf("JobCode", "", account.JobCodes...)
	if err != nil {
		return account.Subtask{}, err
	}
	// The document requires StructType, official metadata do not. What it is by
	// default is decided here.
	structType, err := r.oneOf("StructType", "before", account.StructTypes...)
	if err != nil {
		return account.Subtask{}, err
	}
	return account.Subtask{Region: r.region, DtsJobID: r.Parameters.Get("DtsJobId"), JobCode: code, StructType: structType}, nil
}

// findPrecheck finds the response for a subtask: that of a scenario, or else the
// recorded one. A subtask of a job of which something else is known has not
// started.
func findPrecheck(c contents, progress *scenario.Progress, requested account.Subtask, isRead bool, r *request) (*account.Precheck, error) {
	if s := c.scenarioOf(requested.DtsJobID); s != nil {
		return progress.Next(s, requested, isRead, r.now), nil
	}
	if recorded, found := c.account.Precheck(requested); found {
		return recorded, nil
	}
	if c.account.Has(requested.Region, requested.DtsJobID) {
		return account.NotStarted(requested.DtsJobID)
	}
	return nil, wire.ErrInstanceNotFound
}

// itemFilters are the parameters that narrow JobProgress. An item must match all
// that are sent. The other lists are complete in every response: only JobProgress
// is paged and counted, and a filter of "tables" does not apply to them.
var itemFilters = []struct {
	parameter string
	matches   func(item account.Object, value string) bool
}{
	// No field of an item tells what type of object it is about, so the fixtures
	// have a hidden member for it. An item without one is not a view, table or
	// function.
	{"StructPhase", func(item account.Object, phase string) bool { return item.Hidden("StructPhase") == phase }},
	{"Name", itemNameContains},
}

// matchingItems returns the items that match all filters of a request.
func matchingItems(items []account.Object, r *request) []json.RawMessage {
	rows := []json.RawMessage{}
	for _, item := range items {
		matches := true
		for _, filter := range itemFilters {
			matches = matches && (!r.Parameters.Has(filter.parameter) || filter.matches(item, r.Parameters.Get(filter.parameter)))
		}
		if matches {
			rows = append(rows, item.Raw)
		}
	}
	return rows
}

// itemNameContains is the document's fuzzy match of tables. Neither the field that
// it looks at nor the meaning of fuzzy is documented; here it is a part of the
// object's name or of either name of the item, whatever its case.
func itemNameContains(item account.Object, part string) bool {
	part = strings.ToLower(part)
	for _, field := range []string{"TargetNames", "Names", "Item"} {
		if strings.Contains(strings.ToLower(item.Text(field)), part) {
			return true
		}
	}
	return false
}

// precheckBody sets in a recorded response what belongs to a request.
// PageRecordCount is as in DescribeDtsJobs.
func precheckBody(r *request, recorded *account.Precheck, page *paging.Page, jobCode string) ([]byte, error) {
	if page.IsBare {
		return bareBody(r), nil
	}
	members := []wire.Member{
		{Name: "PageRecordCount", Value: wire.Number(len(page.Rows))},
		{Name: "PageNumber", Value: wire.Number(page.Number)},
		{Name: "Code", Value: wire.Quote(jobCode)},
		{Name: "RequestId", Value: wire.Quote(r.ID)},
		{Name: "HttpStatusCode", Value: wire.Number(200)},
		{Name: "Success", Value: []byte("true")},
	}
	if page.Total != nil {
		members = append(members, wire.Member{Name: "TotalRecordCount", Value: wire.Number(*page.Total)})
	}
	// The items come last, because every other member is found faster without them.
	members = append(members, wire.Member{Name: "JobProgress", Value: wire.Array(page.Rows)})
	body, err := recorded.Raw, error(nil)
	for _, m := range members {
		if body, err = rawjson.Set(body, m.Name, m.Value); err != nil {
			return nil, err
		}
	}
	return body, nil
}
