# The verdict over an answer that was saved when the precheck ran.
locals {
  verdict = provider::dts::precheck_verdict(<<-JSON
    {
      "State": "Failed",
      "JobId": "k2fm11x9d8t12ab",
      "Code": "01",
      "JobProgress": [
        {"Item": "CHECK_CONN_SRC", "State": "Success"},
        {"Item": "CHECK_BINLOG_ON", "State": "Failed", "RepairMethod": "Set log_bin = ON on the source."}
      ]
    }
  JSON
  )
}

output "result" {
  value = local.verdict.result
}

output "why" {
  value = local.verdict.failure_summary
}
