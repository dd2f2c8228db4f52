# Run terraform test or tofu test. No emulator is needed.

variables {
  dts_job_id = "k2fm11x9d8t12ab"
}

run "passes_with_all_pages" {
  assert {
    condition     = terraform_data.deployment.output == "precheck PASSED"
    error_message = "The deployment was stopped."
  }
}

run "stops_if_a_page_is_missing" {
  command = plan
  variables {
    responses = "tests/incomplete"
  }
  expect_failures = [terraform_data.deployment]
}

run "stops_at_the_responses_of_another_job" {
  command = plan
  variables {
    dts_job_id = "qga3hvsw0tszz8i"
  }
  expect_failures = [terraform_data.deployment]
}
