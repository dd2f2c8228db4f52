# Run terraform test or tofu test in this directory.

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
