# All migration and synchronization jobs in the region of the provider.
data "dts_jobs" "all" {
  job_types = ["MIGRATION", "SYNC"]
}

# Running synchronization jobs of the production environment.
data "dts_jobs" "production" {
  job_type = "SYNC"
  status   = "Synchronizing"
  tags     = { env = "prod" }
}

output "lagging" {
  description = "Jobs that are more than a minute behind, or an unknown time, by ID."
  value = {
    for job in data.dts_jobs.all.jobs : job.dts_job_id => job.delay_seconds
    if contains(["Migrating", "Synchronizing"], coalesce(job.status, "unknown")) && coalesce(job.delay_seconds, 61) > 60
  }
}

output "two_way" {
  description = "Synchronization jobs that run in both directions."
  value       = [for job in data.dts_jobs.production.jobs : job.dts_job_id if job.reverse_job != null]
}
