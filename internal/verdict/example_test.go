package verdict_test

import (
	"fmt"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

func ExampleJudge() {
	precheck := api.Precheck{State: new("Finished"), JobProgress: []api.ProgressItem{
		{Item: new("CHECK_CONN_SRC"), State: new("Success")},
		{Item: new("CHECK_BINLOG_ON"), State: new("Failed"), ErrDetail: new("log_bin is OFF"), RepairMethod: new("Set log_bin to ON.")},
	}}
	v := verdict.Judge(precheck, verdict.NoDoubt, verdict.Criteria{JobID: "k2fm11x9d8t12ab", JobCode: api.JobCodePrecheck})
	fmt.Println(v.Result, v.Passed)
	fmt.Println(v.FailureSummary)
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
