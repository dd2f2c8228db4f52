# Run terraform test or tofu test while dts-emulator runs.

variables {
  emulator = "127.0.0.1:8899"
  now      = "2026-11-20T12:00:00Z" # The dates of the emulator's account are fixed.
}

run "finds_failing_and_retrying_jobs" {
  assert {
    condition     = output.totals.findings.failing > 0 && output.totals.findings.retrying > 0
    error_message = "The audit does not find the failed and retrying jobs of the account."
  }
  # A check that warns fails a test, unless it is expected to.
  expect_failures = [check.failing, check.retrying, check.lagging, check.expiring, check.no_tls, check.oversized, check.untagged]
}
