package provider

import (
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// finding is an item that failed, or is a warning.
type finding struct {
	Source       string  `tf:"source" doc:"List that the finding comes from: job_progress, analysis_job_progress, sub_distributed_job_status or full_net_check_job_status."`
	JobID        *string `tf:"job_id" doc:"ID of the subtask or sub-job that the finding is about."`
	Item         *string `tf:"item" doc:"Short name of the item found, or the name of a sub-job that failed without a failed item."`
	Names        *string `tf:"names" doc:"Name of the item found, often a key."`
	State        *string `tf:"state" doc:"State of the item found, as the API spells it."`
	ErrMsg       *string `tf:"err_msg" doc:"Message of what was found."`
	ErrDetail    *string `tf:"err_detail" doc:"Details of what was found."`
	RepairMethod *string `tf:"repair_method" doc:"How to repair what was found, often a key."`
	CanSkip      *bool   `tf:"can_skip" doc:"Whether DTS lets the item found be skipped."`
	TargetNames  *string `tf:"target_names" doc:"Names of the objects that the finding is about."`
}

func findingOf(source string, item dts.ProgressItem) finding {
	return finding{
		Source:       source,
		JobID:        item.JobID,
		Item:         item.Item,
		Names:        item.Names,
		State:        (*string)(item.State),
		ErrMsg:       item.ErrMsg,
		ErrDetail:    item.ErrDetail,
		RepairMethod: item.RepairMethod,
		CanSkip:      item.CanSkip,
		TargetNames:  item.TargetNames,
	}
}

// title names a finding by the first name it has.
func (f finding) title() string {
	for _, name := range []*string{f.Item, f.Names, f.TargetNames, f.JobID} {
		if text := strings.TrimSpace(orEmpty(name)); text != "" {
			return text
		}
	}
	return "without a name"
}
