# Run terraform test or tofu test while dts-emulator runs.

variables {
  emulator = "127.0.0.1:8899"
}

run "lists_all_jobs" {
  assert {
    condition     = output.count > 50 && strcontains(output.table, "orders-mysql-to-polardb")
    error_message = "The table lacks jobs."
  }
}
