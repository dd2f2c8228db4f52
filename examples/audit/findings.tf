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
      accepted = try(var.exceptions[job.id], [])
      reasons = {
        for kind, reason in {
          # A job without a status cannot be called healthy.
          failing = can(regex("(?i)failed$|^abnormal$|^unknown$", job.status)) ? (
            job.error != "" ? job.error : "DTS returns no ${job.status == "Unknown" ? "status" : "error message"}"
          ) : null

          retrying = lower(job.status) == "retrying" || try(job.retry.retrying == true, false) ? join(": ", compact([
            join(", ", compact([
              try(join(" ", [
                "Retried ${job.retry.retry_count} times in ${local.durations[job.retry.retry_time]}",
                "to reach ${job.retry.retry_target}",
              ]), "Retrying"),
              try("fails in ${local.durations[job.retry.max_retry_time - job.retry.retry_time]}", ""),
            ])),
            job.retry_message,
          ])) : null

          lagging = try(job.delay_seconds > var.delay_limit, false) ? (
            "${local.durations[job.delay_seconds]} behind, the limit is ${local.durations[var.delay_limit]}"
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
          oversized = try(
            contains(["migrating", "synchronizing", "normal"], lower(job.status)) && max(job.uses...) < var.low_use, false
            ) ? (
            "Uses at most ${max(job.uses...)} % of its resources${job.size == "" ? "" : ": ${job.size}"}"
          ) : null

          untagged = length(job.tags) == 0 && job.reverse_of == "" ? "Has no tag" : null

          two_way = job.reverse_job != null ? (
            "Job ${try(coalesce(job.reverse_job.dts_job_id), "without an ID")} is the reverse job"
          ) : null
        } : kind => reason if reason != null
      }
    })
  ]

  # The findings of each job, worst first, without its exceptions. A finding is
  # new if the last run did not have it; since is null if its time is unknown.
  judged = [
    for job in local.assessed : merge(job, {
      exceptions = [for kind in keys(job.reasons) : kind if contains(job.accepted, kind)]
      findings = [
        for kind in [
          for kind in local.kinds : merge(kind, { key = "${job.region} ${job.id} ${kind.kind}" })
          ] : merge(kind, {
            reason = job.reasons[kind.kind]
            since  = try(job.began[kind.kind], var.since[kind.key], null)
            new    = var.since != null && !can(var.since[kind.key])
        }) if contains(keys(job.reasons), kind.kind) && !contains(job.accepted, kind.kind)
      ]
    })
  ]

  # The jobs in the order of their worst findings; those without any come last.
  jobs = flatten([
    for rank, worst in concat(local.kinds[*].kind, [""]) : [
      for job in local.judged : merge(job, { rank = rank }) if try(job.findings[0].kind, "") == worst
    ]
  ])

  findings = {
    for kind in local.kinds[*].kind : kind => flatten([
      for job in local.jobs : [
        for finding in job.findings : {
          dts_job_id    = job.id
          dts_job_name  = job.name
          region        = job.region
          job_type      = job.type
          status        = job.status
          delay_seconds = job.delay_seconds
          reason        = finding.reason
          since         = finding.since
          new           = finding.new
          help_url      = job.help_url
        } if finding.kind == kind
      ]
    ])
  }
}
