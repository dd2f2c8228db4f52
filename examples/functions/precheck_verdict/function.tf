# The result of one saved response. Pass one argument per page.
locals {
  verdict = provider::dts::precheck_verdict(<<-JSON
    {
      "State": "Failed",
      "JobId": "k2fm11x9d8t12ab",
      "Code": "01",
      "JobProgress": [
        {"Item": "CHECK_CONN_SRC", "State": "Success"},
        {"Item": "CHECK_BINLOG_ON", "State": "Failed", "ErrDetail": "log_bin is OFF"}
      ]
    }
  JSON
  )
}

output "result" {
  value = local.verdict.result
}

output "summary" {
  value = local.verdict.failure_summary
}
