package dts

import (
	"fmt"
	"strings"
)

// precheckPage is one response of DescribePreCheckStatus.
type precheckPage struct {
	Envelope
	Precheck

	PageNumber *int64 `json:"PageNumber"`
}

// check accepts every response: what it lacks may be on another page.
func (p *precheckPage) check() error { return nil }

func (p *precheckPage) count() *int64 { return p.TotalRecordCount }

func (p *precheckPage) blank() bool { return text(p.State) == "" && !p.hasItems() }

// isBlank reports a response that is not about any subtask.
func (p *Precheck) isBlank() bool {
	return text(p.State) == "" && text(p.JobID) == "" && !p.hasItems()
}

func (p *Precheck) hasItems() bool {
	return len(p.JobProgress)+len(p.AnalysisJobProgress)+len(p.SubDistributedJobStatus)+len(p.FullNetCheckJobStatus) > 0
}

// rows are the items that are paged.
func (p *precheckPage) rows() []row { return itemRows("", p.JobProgress) }

// others are the states of the subtask and of what is not paged.
func (p *precheckPage) others() []row {
	var others []row
	if state := text(p.State); state != "" {
		others = append(others, row{"state", strings.ToLower(state)})
	}
	others = append(others, itemRows("assessment ", p.AnalysisJobProgress)...)
	var alike occurrences
	for _, job := range p.SubDistributedJobStatus {
		others = append(others, job.rows(alike.next("sub-job "+job.key()))...)
	}
	for _, job := range p.FullNetCheckJobStatus {
		others = append(others, job.rows(alike.next("network check "+job.key()))...)
	}
	return others
}

// rows are the states of a sub-job and of its items.
func (s *Subjob) rows(key string) []row {
	return append(itemRows(key+" ", s.JobProgress), row{key, strings.ToLower(text(s.State))})
}

// itemRows identifies items. Items on one page that are alike are different
// items.
func itemRows(prefix string, items []ProgressItem) []row {
	rows := make([]row, len(items))
	var alike occurrences
	for i := range items {
		rows[i] = row{alike.next(prefix + items[i].key()), strings.ToLower(text(items[i].State))}
	}
	return rows
}

// key tells items apart.
func (i *ProgressItem) key() string {
	var number int64
	if i.OrderNum != nil {
		number = *i.OrderNum
	}
	return fmt.Sprintf("%q", []string{
		text(i.JobID), text(i.ID), text(i.Item), text(i.Names), fmt.Sprint(number),
		text(i.TargetNames), text(i.SourceSchema), text(i.DestSchema), text(i.ParentObj),
	})
}

// key tells sub-jobs apart.
func (s *Subjob) key() string {
	return fmt.Sprintf("%q", []string{text(s.JobID), text(s.Code)})
}

// key tells network checks apart.
func (j *FullNetCheckJob) key() string {
	return j.Subjob.key() + fmt.Sprintf("%q", []string{
		text(j.HostRegion), text(j.SrcRegion), text(j.SrcRegionCidr), text(j.DestRegion), text(j.DestRegionCidr),
		text(j.SourceEndpointType), text(j.DestinationEndpointType),
	})
}
