locals {
  # All findings by region, job and kind, each with the time of the run that saw
  # it first. ci.sh passes the output since of one run to the next.
  since = {
    for key in toset(flatten([
      for job in local.jobs : [for kind in keys(job.reasons) : "${job.region} ${job.id} ${kind}"]
    ])) : key => try(var.since[key], local.now)
  }

  # The changes since the last run, if that is known.
  new  = [for finding in flatten(local.jobs[*].findings) : finding.key if finding.new]
  gone = var.since == null ? [] : [for key in keys(var.since) : key if !can(local.since[key])]
}
