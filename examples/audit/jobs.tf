locals {
  # The API does not always spell a status in the same way. Statuses that differ
  # only in case are one; sort puts the capitalized spelling first.
  spellings = { for status in sort(distinct(local.listed[*].status)) : lower(status) => status... }

  # The stages of each job, in order. Only attributes of objects are in a try: it
  # would hide that an attribute of a job was not read.
  stages = [
    for job in local.listed : [
      for stage in [
        { name = "precheck", at = job.precheck_status },
        { name = "schema", at = job.structure_initialization_status },
        { name = "full data", at = job.data_initialization_status },
        { name = "physical", at = job.data_cloud_status },
        { name = "incremental", at = job.data_synchronization_status },
        ] : {
        name    = stage.name
        started = stage.at != null && try(lower(stage.at.status) != "notstarted", true)
        percent = try(max(0, min(100, tonumber(stage.at.percent) + 0)), null)
        error = try(
          [for item in stage.at.detail : coalesce(item.failed_reason) if item.check_result == "Failed"][0],
          stage.at.error_message,
        "")
      }
    ]
  ]

  # Durations for people, by their seconds.
  seconds = toset([
    for seconds in flatten([
      var.delay_limit,
      local.listed[*].delay_seconds,
      [for job in local.listed : try(job.retry_state.retry_time, null)],
      [for job in local.listed : try(job.retry_state.max_retry_time - job.retry_state.retry_time, null)],
    ]) : seconds if seconds != null
  ])
  durations = {
    for seconds in local.seconds : seconds => [
      for unit, length in { d = 86400, h = 3600, min = 60, s = 1 } :
      "${floor(max(0, seconds) / length)} ${unit}" if seconds >= 2 * length || unit == "s"
    ][0]
  }

  # The facts about each job that the audit needs.
  facts = [
    for number, job in local.listed : {
      id            = job.dts_job_id
      name          = job.dts_job_name
      region        = job.region
      type          = coalesce(lookup(local.types, lower(job.job_type), job.job_type), "unknown type")
      status        = job.status == "" ? "Unknown" : local.spellings[lower(job.status)][0]
      direction     = job.dts_job_direction
      class         = job.dts_job_class
      delay_seconds = job.delay_seconds
      expire_time   = job.expire_time
      tags          = job.tags
      reverse_of    = job.reverse_of
      reverse_job   = job.reverse_job
      retry         = job.retry_state
      retry_message = try(coalesce(job.retry_state.err_message), "")
      console_url = join("", [
        var.console_url,
        try("${local.console_lists[local.types[lower(job.job_type)]]}${job.region}", "/"),
      ])

      # The source and the destination.
      ends = [
        for endpoint in [job.source_endpoint, job.destination_endpoint] :
        join(" ", distinct(compact([try(endpoint.engine_name, ""), try(endpoint.instance_type, "")])))
      ]
      no_tls = [
        for side, endpoint in { source = job.source_endpoint, destination = job.destination_endpoint } :
        side if try(endpoint.ssl_solution_enum == "DISABLE", false)
      ]

      # The last stage that has started, the error of the job or else that of its
      # last stage with one, and a help page of Alibaba Cloud.
      progress = try([
        for stage in reverse(local.stages[number]) : stage if stage.started && stage.percent != null
      ][0], null)
      error = concat(compact(concat([job.error_message], reverse(local.stages[number][*].error))), [""])[0]
      help_url = concat([
        for detail in job.error_details : detail.help_url
        if can(regex("^https://[a-z0-9.-]+\\.(aliyun|alibabacloud)\\.com/", detail.help_url))
      ], [""])[0]

      # Since when the job fails, lags or retries, if DTS reports it. A job
      # fails since the last change that its incremental stage has replicated.
      began = {
        for kind, began in {
          failing  = ["1970-01-01T00:00:00Z", "${local.stages[number][4].started ? job.checkpoint : ""}s"]
          lagging  = [local.now, job.delay_seconds == null ? "" : "-${job.delay_seconds}s"]
          retrying = [local.now, try("-${job.retry_state.retry_time}s", "")]
        } : kind => timeadd(began...) if can(timeadd(began...))
      }

      # The size, and every measure of usage that is a percentage. Memory usage is
      # in MB of an unknown total, so it is not used.
      size = join(", ", compact([job.dts_job_class, job.du_usage == null ? "" : "${job.du_usage} DU"]))
      uses = [
        for use in [job.cpu_usage, job.du_real_usage] :
        tonumber(trimsuffix(use, "%")) if can(tonumber(trimsuffix(use, "%")) + 0)
      ]
    }
  ]

  # The types of jobs, by the spellings that jobs have of them.
  types = {
    online          = "migration"
    migration       = "migration"
    sync            = "synchronization"
    synchronization = "synchronization"
    subscribe       = "change tracking"
    subscription    = "change tracking"
  }

  # No address of a single job in the console is documented. These lead to the
  # list of the job's region; the list of change tracking jobs has no known
  # address, so such a job gets the console itself.
  console_lists = {
    migration       = "/migrate/"
    synchronization = "/sync/"
  }
}
