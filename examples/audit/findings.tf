locals {
  # What is looked for, worst first.
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

  # What the audit shows of a job. Attributes that can be null are tried: an
  # audit that breaks on one odd job hides all the others.
  facts = [
    for job in local.listed : {
      id             = job.dts_job_id
      name           = try(coalesce(job.dts_job_name), "")
      region         = job.region
      type           = job.type
      status         = try(coalesce(job.status), "Unknown")
      direction      = try(coalesce(job.dts_job_direction), "")
      class          = try(coalesce(job.dts_job_class), "")
      delay_seconds  = job.delay_seconds
      expire_time    = try(coalesce(job.expire_time), "")
      source         = join(" ", distinct(compact([try(job.source_endpoint.engine_name, ""), try(job.source_endpoint.instance_type, "")])))
      destination    = join(" ", distinct(compact([try(job.destination_endpoint.engine_name, ""), try(job.destination_endpoint.instance_type, "")])))
      tags           = try(coalesce(job.tags), {})
      reverse_job_id = try(coalesce(job.reverse_job.dts_job_id), "")
      retry          = job.retry_state
      retry_message  = try(coalesce(job.retry_state.err_message), "")
      no_tls = [
        for side, endpoint in { source = job.source_endpoint, destination = job.destination_endpoint } :
        side if try(endpoint.ssl_solution_enum == "DISABLE", false)
      ]

      # The job's own words, or else those of the stage that stopped.
      error = try(compact(concat(
        [
          job.error_message,
          try(job.data_synchronization_status.error_message, ""),
          try(job.data_initialization_status.error_message, ""),
          try(job.structure_initialization_status.error_message, ""),
          try(job.data_cloud_status.error_message, ""),
        ],
        try([for item in job.precheck_status.detail : item.failed_reason if item.check_result == "Failed"], []),
        [try(job.precheck_status.error_message, "")],
      ))[0], "")
      help_url = try([for detail in job.error_details : detail.help_url if can(regex("^https?://", detail.help_url))][0], "")

      # The furthest stage that has begun.
      progress = try(reverse([
        for stage in [
          { name = "precheck", at = job.precheck_status },
          { name = "schema", at = job.structure_initialization_status },
          { name = "full data", at = job.data_initialization_status },
          { name = "physical", at = try(job.data_cloud_status, null) },
          { name = "increment", at = job.data_synchronization_status },
        ] : { stage = stage.name, percent = max(0, min(100, tonumber(stage.at.percent))) }
        if can(tonumber(stage.at.percent) + 0) && try(stage.at.status != "NotStarted", true)
      ])[0], null)

      # What it has, and every measure of its use that is a percentage. Memory is
      # in MB of an unknown whole, so it says nothing here.
      size = join(", ", compact([job.dts_job_class, try("${job.du_usage} DU", "")]))
      uses = [
        for use in [try(job.cpu_usage, ""), try(job.du_real_usage, "")] :
        tonumber(trimsuffix(use, "%")) if can(tonumber(trimsuffix(use, "%")) + 0)
      ]
    }
  ]

  soon = timeadd(local.now, "${var.expiry_days * 24}h")

  # Why each job is a finding of each kind, in words; only the kinds that it is.
  judged = [
    for job in local.facts : merge(job, {
      reasons = {
        for kind, reason in {
          # Statuses come as the API spells them, and it is not always the same.
          failing = can(regex("(?i)failed$|^abnormal$", job.status)) ? (
            job.error == "" ? "No reason is given" : job.error
          ) : null

          retrying = lower(job.status) == "retrying" || try(job.retry.retrying == true, false) ? join(": ", compact([
            try("${job.retry.retry_count} times in ${job.retry.retry_time} of at most ${job.retry.max_retry_time} s, to reach ${job.retry.retry_target}", "Trying again"),
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

          # Only where the API says so. It leaves the field out for most managed
          # databases, and a finding on each of those would bury the real ones.
          no_tls = length(job.no_tls) > 0 ? (
            "Connects without TLS to the ${join(" and the ", job.no_tls)}"
          ) : null

          # Of jobs that run, and all their known uses must be low: a paused job
          # uses nothing for another reason, and unknown is not low.
          oversized = can(regex("(?i)^(migrating|synchronizing|normal)$", job.status)) && try(max(job.uses...) < var.low_use, false) ? (
            "Uses ${max(job.uses...)} % at most of what it has${job.size == "" ? "" : ": ${job.size}"}"
          ) : null

          untagged = length(job.tags) == 0 ? "Has no tag" : null

          two_way = job.reverse_job_id != "" ? "Job ${job.reverse_job_id} runs the other way" : null
        } : kind => reason if reason != null
      }
    })
  ]

  # The kinds that a job is a finding of, worst first, and the place of the first
  # of them, which is after all kinds for a job without a finding.
  ranked = [
    for job in local.judged : merge(job, {
      kinds = [for kind in local.kinds[*].kind : kind if contains(keys(job.reasons), kind)]
      rank  = try([for at, kind in local.kinds[*].kind : at if contains(keys(job.reasons), kind)][0], length(local.kinds))
    })
  ]

  # The worst first.
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
