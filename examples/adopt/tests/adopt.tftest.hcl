# Run terraform test or tofu test while dts-emulator runs.

variables {
  emulator = "127.0.0.1:8899"
}

run "writes_a_block_for_each_job" {
  command = plan
  assert {
    condition     = strcontains(output.configuration, "resource \"alicloud_dts_migration_job\" \"job_k2fm11x9d8t12ab\"")
    error_message = "The migration is missing."
  }
  expect_failures = [check.every_job_is_managed]
}

run "leaves_out_what_is_managed" {
  command = plan
  variables {
    managed = ["k2fm11x9d8t12ab"]
  }
  assert {
    condition     = !contains(output.unmanaged, "k2fm11x9d8t12ab") && !strcontains(output.configuration, "k2fm11x9d8t12ab")
    error_message = "The migration is managed."
  }
  expect_failures = [check.every_job_is_managed]
}
