package dts

import (
	"fmt"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// precheckPage is one response of DescribePreCheckStatus.
type precheckPage struct {
	api.Envelope
	api.Precheck

	PageNumber *int64 `json:"PageNumber"`
}

// check accepts every response: what it lacks may be on another page.
func (p *precheckPage) check() error { return nil }

func (p *precheckPage) count() *int64 { return p.TotalRecordCount }

func (p *precheckPage) blank() bool { return api.Value(p.State) == "" && !p.HasItems() }

// rows are the items that are paged.
func (p *precheckPage) rows() []row { return itemRows("", p.JobProgress) }

// others are the states of the subtask and of what is not paged.
func (p *precheckPage) others() []row {
	var others []row
	if state := api.Value(p.State); state != "" {
		others = append(others, row{"state", strings.ToLower(state)})
	}
	others = append(others, itemRows("assessment ", p.AnalysisJobProgress)...)
	var alike occurrences
	for _, job := range p.SubDistributedJobStatus {
		others = append(others, subjobRows(&job.Subjob, alike.next("sub-job "+subjobKey(&job.Subjob)))...)
	}
	for _, job := range p.FullNetCheckJobStatus {
		others = append(others, subjobRows(&job.Subjob, alike.next("network check "+netCheckKey(&job)))...)
	}
	return others
}

// rows are the states of a sub-job and of its items.
func subjobRows(s *api.Subjob, key string) []row {
	return append(itemRows(key+" ", s.JobProgress), row{key, strings.ToLower(api.Value(s.State))})
}

// itemRows identifies items. Items on one page that are alike are different
// items.
func itemRows(prefix string, items []api.ProgressItem) []row {
	rows := make([]row, len(items))
	var alike occurrences
	for i := range items {
		rows[i] = row{alike.next(prefix + itemKey(&items[i])), strings.ToLower(api.Value(items[i].State))}
	}
	return rows
}

// key tells items apart.
func itemKey(i *api.ProgressItem) string {
	var number int64
	if i.OrderNum != nil {
		number = *i.OrderNum
	}
	return fmt.Sprintf("%q", []string{
		api.Value(i.JobID), api.Value(i.ID), api.Value(i.Item), api.Value(i.Names), fmt.Sprint(number),
		api.Value(i.TargetNames), api.Value(i.SourceSchema), api.Value(i.DestSchema), api.Value(i.ParentObj),
	})
}

// key tells sub-jobs apart.
func subjobKey(s *api.Subjob) string {
	return fmt.Sprintf("%q", []string{api.Value(s.JobID), api.Value(s.Code)})
}

// key tells network checks apart.
func netCheckKey(j *api.FullNetCheckJob) string {
	return subjobKey(&j.Subjob) + fmt.Sprintf("%q", []string{
		api.Value(j.HostRegion), api.Value(j.SrcRegion), api.Value(j.SrcRegionCidr), api.Value(j.DestRegion), api.Value(j.DestRegionCidr),
		api.Value(j.SourceEndpointType), api.Value(j.DestinationEndpointType),
	})
}
