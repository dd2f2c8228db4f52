# Run against the emulator: terraform test -var emulator=127.0.0.1:8899

variables {
  now = "2026-11-20T12:00:00Z" # The account of the emulator stands still.
}

run "finds_what_is_wrong" {
  assert {
    condition     = output.totals.findings.failing > 0 && output.totals.findings.retrying > 0
    error_message = "The audit finds nothing in an account with failed and retrying jobs."
  }
  # Checks that warn are failures to a test.
  expect_failures = [check.failing, check.retrying, check.lagging, check.expiring, check.no_tls, check.oversized, check.untagged]
}
