# Jobs that are not found are in missing_ids. An empty set returns no jobs.
data "dts_jobs" "known" {
  dts_job_ids = ["k2fm11x9d8t12ab", "h5r90tv2n4j6c8x"]
}

output "known" {
  value = {
    for job in data.dts_jobs.known.jobs : job.dts_job_id => job.status
  }
}

output "missing" {
  value = data.dts_jobs.known.missing_ids
}
