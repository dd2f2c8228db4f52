package emulator

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// describePreCheckStatus serves DescribePreCheckStatus: the state of one subtask
// of a job, with one page of its items.
func describePreCheckStatus(e *Emulator, r *request) (wire.Response, error) {
	if err := r.Require("DtsJobId", "JobCode"); err != nil {
		return wire.Response{}, err
	}
	r.checkRegion(e.library.contents().account.Regions)
	requested := account.Subtask{
		Region:   r.region,
		DtsJobID: r.Parameters.Get("DtsJobId"),
		JobCode:  r.oneOf("JobCode", "", account.JobCodes...),
		// The document requires StructType, official metadata do not. The default is
		// decided here.
		StructType: r.oneOf("StructType", "before", account.StructTypes...),
	}
	list := r.list("PageNo")
	// ResourceGroupId and ZeroEtlJob are not in the document. They are accepted
	// and change nothing: the job ID alone identifies the job.
	r.boolean("ZeroEtlJob")
	if r.invalidParameter != nil {
		return wire.Response{}, r.invalidParameter
	}
	// The requests for other pages, and those with a filter, are not a read of a
	// scenario.
	counts := list.Number == 1 && !r.Parameters.Has("Name") && !r.Parameters.Has("StructPhase")
	precheck, err := e.library.precheck(r, requested, counts)
	if err == nil && precheck == nil {
		err = wire.ErrInstanceNotFound
	}
	if err != nil {
		return wire.Response{}, err
	}
	rows := []json.RawMessage{}
	for _, item := range precheck.Items {
		if itemMatches(item, r) {
			rows = append(rows, item.Raw)
		}
	}
	total := len(rows)
	if precheck.Total != nil {
		total = *precheck.Total
	}
	page, err := r.faults.Page(list, rows, total)
	if err != nil {
		return wire.Response{}, err
	}
	return r.OK(precheck.Members.With(
		wire.Int("PageRecordCount", len(page)), wire.Int("PageNumber", list.Number), wire.Text("Code", requested.JobCode),
		wire.Int("TotalRecordCount", list.Total), wire.Member{Name: "JobProgress", Value: wire.Array(page)},
	)), nil
}

// itemMatches reports whether an item matches the parameters that narrow
// JobProgress. The other lists are complete in every response: only JobProgress is
// paged and counted, and a filter of "tables" does not apply to them.
func itemMatches(item account.Object, r *request) bool {
	// No field of an item has the type of object it is about, so the fixtures have a
	// hidden member for it. An item without one is not a view, table or function.
	if r.Parameters.Has("StructPhase") && item.Hidden("StructPhase") != r.Parameters.Get("StructPhase") {
		return false
	}
	// Neither the field that the document's fuzzy match of tables looks at nor the
	// meaning of fuzzy is documented; here it is a part of the object's name or of
	// either name of the item, in any case.
	part := strings.ToLower(r.Parameters.Get("Name"))
	return slices.ContainsFunc([]string{"TargetNames", "Names", "Item"}, func(field string) bool {
		return strings.Contains(strings.ToLower(item.Text(field)), part)
	})
}
