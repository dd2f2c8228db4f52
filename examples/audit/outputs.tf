output "totals" {
  description = "Number of jobs, of reverse jobs, of both by status, of findings by kind, and of exceptions."
  value = {
    jobs         = local.job_count
    reverse_jobs = local.reverse_count
    statuses     = { for status, ids in { for job in local.jobs : job.status => job.id... } : status => length(ids) }
    findings     = { for kind, found in local.findings : kind => length(found) }
    exceptions   = length(flatten(local.jobs[*].exceptions))
  }
}

output "changes" {
  description = "Findings that are new and that are gone since the last run."
  value = {
    new  = [for key in local.new : replace(key, local.unprintable, " ")]
    gone = [for key in local.gone : replace(key, local.unprintable, " ")]
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

output "since" {
  description = "All findings, with the time of the run that saw each first."
  value       = local.since
  sensitive   = true
}

output "baseline" {
  description = "All findings as exceptions."
  value = {
    for id, kinds in { for job in local.jobs : job.id => keys(job.reasons)... if length(job.reasons) > 0 } :
    id => distinct(flatten(kinds))
  }
  sensitive = true
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
