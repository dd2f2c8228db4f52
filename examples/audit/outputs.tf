output "totals" {
  description = "Number of jobs, by status, and of findings, by kind."
  value = {
    jobs     = length(local.jobs)
    statuses = { for status, jobs in local.by_status : status => length(jobs) }
    findings = { for kind, found in local.findings : kind => length(found) }
  }
}

# None of the following is secret. Marked as sensitive they are not printed on
# every plan and apply, where warnings would drown in them; output -json and
# output -raw print them all the same.

output "findings" {
  description = "Jobs of each kind of finding, and why: terraform output -json findings"
  value       = local.findings
  sensitive   = true
}

output "report_csv" {
  description = "All jobs as CSV: terraform output -raw report_csv > report.csv"
  value       = local.csv
  sensitive   = true
}

output "report_html" {
  description = "All jobs as a page: terraform output -raw report_html > report.html"
  value       = local.html
  sensitive   = true
}
