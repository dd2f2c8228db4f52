package verdict

import (
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/printable"
)

// The lists that contain items, by attribute.
const (
	sourceItems         = "job_progress"
	sourceAssessment    = "analysis_job_progress"
	sourceSubjobs       = "sub_distributed_job_status"
	sourceNetworkChecks = "full_net_check_job_status"
)

// sourceNames are the names of the lists for users. An item of the subtask
// itself needs none.
var sourceNames = map[string]string{
	sourceAssessment:    "migration assessment",
	sourceSubjobs:       "sub-job",
	sourceNetworkChecks: "network check",
}

// Finding is an item, or a sub-job, that a user should know about. Its fields
// have the text of the response unchanged; its methods have it printable.
type Finding struct {
	Source       string  `tf:"source" doc:"List that contains the item: 'job_progress', 'analysis_job_progress', 'sub_distributed_job_status' or 'full_net_check_job_status'."`
	JobID        *string `tf:"job_id" doc:"ID of the subtask or sub-job."`
	Item         *string `tf:"item" doc:"Short name of the item, or the sub-job name if the sub-job failed without a failed item."`
	Names        *string `tf:"names" doc:"Name of the item, often a key."`
	Title        *string `tf:"title" doc:"Title of the item in plain English. Null if the provider does not know the item."`
	Explanation  *string `tf:"explanation" doc:"Purpose of the item, usual causes of a failure and how to fix them. Null if the provider does not know the item."`
	HelpURL      *string `tf:"help_url" doc:"Help page of Alibaba Cloud about the item. Null if the provider does not know one."`
	State        *string `tf:"state" doc:"State of the item, as returned by the API."`
	ErrMsg       *string `tf:"err_msg" doc:"Error message, often a key."`
	ErrDetail    *string `tf:"err_detail" doc:"Error details."`
	RepairMethod *string `tf:"repair_method" doc:"How to fix the failure, often a key."`
	CanSkip      *bool   `tf:"can_skip" doc:"Whether the item can be skipped if it fails. Does not affect 'result'."`
	TargetNames  *string `tf:"target_names" doc:"Names of the migrated or synchronized objects that the item covers."`

	explanation *Explanation // nil if the item is not known
}

func itemFinding(source string, item api.ProgressItem) Finding {
	return Finding{
		Source:       source,
		JobID:        item.JobID,
		Item:         item.Item,
		Names:        item.Names,
		State:        item.State,
		ErrMsg:       item.ErrMsg,
		ErrDetail:    item.ErrDetail,
		RepairMethod: item.RepairMethod,
		CanSkip:      item.CanSkip,
		TargetNames:  item.TargetNames,
	}.explained()
}

// subjobFinding is a sub-job or network check itself.
func subjobFinding(source string, job api.Subjob) Finding {
	return Finding{Source: source, JobID: job.JobID, Item: job.JobName, State: job.State}.explained()
}

// explained adds the provider's explanation of the item.
func (f Finding) explained() Finding {
	if e := explanationOf(f.Item, f.Names); e != nil {
		f.explanation = e
		f.Title, f.Explanation, f.HelpURL = new(e.Title), new(e.meaning()+" "+e.Fix), new(e.HelpURL)
	}
	return f
}

// name returns the first name that the finding has.
func (f Finding) name() string {
	for _, name := range []*string{f.Item, f.Names, f.TargetNames, f.JobID} {
		if text := line(name); text != "" {
			return text
		}
	}
	return "(unnamed)"
}

// maxText is the length of the longest text of a response that a summary shows,
// in bytes.
const maxText = 1000

// line returns a text of a response in one printable line.
func line[S ~string](text *S) string { return printable.Line(string(api.Value(text)), maxText) }
