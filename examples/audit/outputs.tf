output "totals" {
  description = "Number of jobs, of jobs by status, and of findings by kind."
  value = {
    jobs     = length(local.jobs)
    statuses = { for status, jobs in local.by_status : status => length(jobs) }
    findings = { for kind, found in local.findings : kind => length(found) }
  }
}

# None of the following is secret. Sensitive outputs are not printed on every
# plan and apply, where they would hide the warnings. output -json and output
# -raw print them.

output "findings" {
  description = "Jobs of each kind of finding, with the reason: terraform output -json findings"
  value       = local.findings
  sensitive   = true
}

output "report_csv" {
  description = "All jobs as CSV: terraform output -raw report_csv > report.csv"
  value       = local.csv
  sensitive   = true
}

output "report_html" {
  description = "All jobs as an HTML page: terraform output -raw report_html > report.html"
  value       = local.html
  sensitive   = true
}
