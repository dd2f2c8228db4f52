# Runs without the provider, which a mock replaces.

# Without defaults, a mock returns random strings for computed attributes, so
# result would be meaningless.
mock_provider "dts" {
  mock_data "dts_precheck_status" {
    defaults = {
      result          = "PASSED"
      passed          = true
      failure_summary = ""
      state           = "Finished"
    }
  }
  # A mock returns empty lists for computed lists.
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
