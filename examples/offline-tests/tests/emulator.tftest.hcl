# Run terraform test or tofu test while dts-emulator runs. The module has no
# provider block: this one has the address of the emulator.

provider "dts" {
  region     = "cn-hangzhou"
  protocol   = "HTTP"
  access_key = "emulator"
  secret_key = "emulator-secret"
  endpoints {
    dts = "127.0.0.1:8899"
  }
}

run "deploys_after_a_passed_precheck" {
  variables {
    dts_job_id = "passed"
  }
  assert {
    condition     = terraform_data.deployment.output == "deployed after PASSED"
    error_message = "The deployment did not happen."
  }
}

run "stops_at_a_failed_precheck" {
  command = plan
  variables {
    dts_job_id = "failed"
  }
  expect_failures = [terraform_data.deployment]
}
