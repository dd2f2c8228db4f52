package provider

// What the tests of this package need from inside.
var (
	NewJobsDataSource           = newJobsDataSource
	NewPrecheckStatusDataSource = newPrecheckStatusDataSource

	// NewLimitedServer is [NewServer] with another limit of state.
	NewLimitedServer = newServer
)

type (
	JobsState     = jobsState
	PrecheckState = precheckState
)
