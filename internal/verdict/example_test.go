package verdict_test

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"fmt"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

func ExampleJudge() {
	finished, success, failed := api.SubtaskState("Finished"), api.ItemState("Success"), api.ItemState("Failed")
	precheck := api.Precheck{State: &finished, JobProgress: []api.ProgressItem{
		{Item: new("CHECK_CONN_SRC"), State: &success},
		{Item: new("CHECK_BINLOG_ON"), State: &failed, ErrDetail: new("log_bin is OFF"), RepairMethod: new("Set log_bin to ON.")},
	}}
	judgment := verdict.Judge(precheck, verdict.Criteria{JobID: "k2fm11x9d8t12ab"})
	fmt.Println(judgment.Result, judgment.Passed)
	fmt.Println(judgment.FailureSummary)
	// Output:
	// FAILED false
	// Precheck of DTS job k2fm11x9d8t12ab is FAILED: state Finished, 2 of 2 items done, 1 failed.
	//
	// Failed items:
	// - CHECK_BINLOG_ON: Source binary logging
	//     log_bin is OFF
	//     Repair: Set log_bin to ON.
	//     Help: https://www.alibabacloud.com/help/en/dts/user-guide/create-an-account-for-a-self-managed-mysql-database-and-configure-binary-logging
	//
	// Fix the failed items and run the precheck again.
}
