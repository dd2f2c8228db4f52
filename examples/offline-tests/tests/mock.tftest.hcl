# Run with nothing at all: the provider is replaced by a mock.

# Without defaults every computed string of a mock is random, and a verdict
# would be no word that the provider ever says.
mock_provider "dts" {
  mock_data "dts_precheck_status" {
    defaults = {
      result          = "PASSED"
      passed          = true
      failure_summary = ""
      state           = "Finished"
    }
  }
  # Lists need no default: a mock has them empty.
  mock_data "dts_jobs" {}
}

variables {
  dts_job_id = "any"
}

run "deploys_after_a_passed_precheck" {
  assert {
    condition     = terraform_data.deployment.output == "deployed after PASSED"
    error_message = "The deployment did not happen."
  }
}

run "stops_at_a_failed_precheck" {
  command = plan
  override_data {
    target = data.dts_precheck_status.migration
    values = {
      result          = "FAILED"
      passed          = false
      failure_summary = "CHECK_BINLOG_ON failed."
    }
  }
  expect_failures = [terraform_data.deployment]
}
