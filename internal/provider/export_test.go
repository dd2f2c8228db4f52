package provider

// What the tests of this package look at from outside.
var (
	NewJobsDataSource     = newJobsDataSource
	NewPrecheckDataSource = newPrecheckDataSource
)

type (
	JobsState     = jobsState
	PrecheckState = precheckState
)
