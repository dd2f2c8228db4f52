locals {
  # The kinds of findings, worst first.
  kinds = [
    { kind = "failing", title = "Failing", tone = "bad" },
    { kind = "retrying", title = "Retrying", tone = "bad" },
    { kind = "lagging", title = "Lagging", tone = "warn" },
    { kind = "expiring", title = "Expiring", tone = "warn" },
    { kind = "no_tls", title = "No TLS", tone = "warn" },
    { kind = "oversized", title = "Oversized", tone = "note" },
    { kind = "untagged", title = "Untagged", tone = "note" },
    { kind = "two_way", title = "Two-way", tone = "note" },
  ]

  soon = timeadd(local.now, "${var.expiry_days * 24}h")

  # The reason for each finding of a job. A kind that does not apply is omitted.
  assessed = [
    for job in local.facts : merge(job, {
      reasons = {
        for kind, reason in {
          failing = can(regex("(?i)failed$|^abnormal$", job.status)) ? (
            job.error == "" ? "DTS reports no error message" : job.error
          ) : null

          retrying = lower(job.status) == "retrying" || try(job.retry.retrying == true, false) ? join(": ", compact([
            try("Retried ${job.retry.retry_count} times in ${job.retry.retry_time} of at most ${job.retry.max_retry_time} s to reach ${job.retry.retry_target}", "Retrying"),
            job.retry_message,
          ])) : null

          lagging = try(job.delay_seconds > var.delay_limit, false) ? (
            "${job.delay_seconds} s behind, the limit is ${var.delay_limit} s"
          ) : null

          # A date that cannot be read is a finding too: nobody else watches it.
          expiring = job.expire_time != "" && try(timecmp(job.expire_time, local.soon) <= 0, true) ? try(
            "${timecmp(job.expire_time, local.now) < 0 ? "Expired" : "Expires"} on ${formatdate("YYYY-MM-DD", job.expire_time)}",
            "Unreadable date: ${job.expire_time}",
          ) : null

          # The API omits the field for most managed databases. That is not a
          # finding: it would hide the real ones.
          no_tls = length(job.no_tls) > 0 ? (
            "Connects without TLS to the ${join(" and the ", job.no_tls)}"
          ) : null

          # Only for running jobs, because a paused job uses nothing. All known
          # measures must be low.
          oversized = can(regex("(?i)^(migrating|synchronizing|normal)$", job.status)) && try(max(job.uses...) < var.low_use, false) ? (
            "Uses at most ${max(job.uses...)} % of its resources${job.size == "" ? "" : ": ${job.size}"}"
          ) : null

          untagged = length(job.tags) == 0 ? "Has no tag" : null

          two_way = job.reverse_job_id != "" ? "Job ${job.reverse_job_id} is the reverse job" : null
        } : kind => reason if reason != null
      }
    })
  ]

  # The kinds of findings of each job, worst first, and the position of the first
  # of them. Jobs without findings come last.
  ranked = [
    for job in local.assessed : merge(job, {
      kinds = [for kind in local.kinds[*].kind : kind if contains(keys(job.reasons), kind)]
      rank  = try([for at, kind in local.kinds[*].kind : at if contains(keys(job.reasons), kind)][0], length(local.kinds))
    })
  ]

  jobs = flatten([
    for rank in range(length(local.kinds) + 1) : [for job in local.ranked : job if job.rank == rank]
  ])

  findings = {
    for kind in local.kinds[*].kind : kind => [
      for job in local.jobs : {
        dts_job_id    = job.id
        dts_job_name  = job.name
        region        = job.region
        job_type      = job.type
        status        = job.status
        delay_seconds = job.delay_seconds
        reason        = job.reasons[kind]
        help_url      = job.help_url
      } if contains(job.kinds, kind)
    ]
  }
}
