# Run terraform test or tofu test while dts-emulator runs.

variables {
  emulator = "127.0.0.1:8899"
}

run "lets_a_passed_precheck_through" {
  command = plan
  variables {
    dts_job_id = "passed"
  }
  assert {
    condition     = terraform_data.deployment.input == "switched over to passed"
    error_message = "The deployment is not planned."
  }
}

run "stops_at_a_failed_precheck" {
  command = plan
  variables {
    dts_job_id = "failed"
  }
  expect_failures = [data.dts_precheck_status.migration]
}
