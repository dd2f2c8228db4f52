# Run terraform test or tofu test while dts-emulator runs.

variables {
  emulator = "127.0.0.1:8899"
  as_of    = "2026-11-20T07:21:30Z" # The account of the emulator stands still.
}

run "lets_a_migration_through_that_is_ready" {
  command = plan
  variables {
    dts_job_id = "k2fm11x9d8t12ab"
  }
}

run "stops_one_that_lags" {
  command = plan
  variables {
    dts_job_id        = "k2fm11x9d8t12ab"
    max_delay_seconds = 1
  }
  expect_failures = [ephemeral.dts_job_gate.cutover]
}

# The job "cutover" of the emulator changes with each read: it is a minute behind,
# then in sync, and at last paused.
run "stops_one_that_is_behind" {
  command = plan
  variables {
    dts_job_id = "cutover"
    as_of      = null
  }
  expect_failures = [ephemeral.dts_job_gate.cutover]
}

run "waits_for_one_that_catches_up" {
  command = plan
  variables {
    dts_job_id = "cutover"
    as_of      = null
    wait       = "1m"
  }
}
