locals {
  # The API does not always spell a status in the same way. Statuses that differ
  # only in case are one; sort puts the capitalized spelling first.
  spellings = { for status in sort(distinct(compact(local.listed[*].status))) : lower(status) => status... }

  # What the audit knows about each job. Attributes that can be null are wrapped
  # in try, because an error in one unusual job would hide all other jobs.
  facts = [
    for job in local.listed : {
      id             = try(coalesce(job.dts_job_id), "")
      name           = try(coalesce(job.dts_job_name), "")
      region         = job.region
      type           = job.type
      status         = try(local.spellings[lower(job.status)][0], "Unknown")
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
      console_url    = try("${var.console_url}${local.console_lists[job.type]}${job.region}", "${var.console_url}/")
      no_tls = [
        for side, endpoint in { source = job.source_endpoint, destination = job.destination_endpoint } :
        side if try(endpoint.ssl_solution_enum == "DISABLE", false)
      ]

      # The error of the job, or else that of the stage that failed.
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

      # The last stage that has started.
      progress = try(reverse([
        for stage in [
          { name = "precheck", at = job.precheck_status },
          { name = "schema", at = job.structure_initialization_status },
          { name = "full data", at = job.data_initialization_status },
          { name = "physical", at = try(job.data_cloud_status, null) },
          { name = "incremental", at = job.data_synchronization_status },
        ] : { stage = stage.name, percent = max(0, min(100, tonumber(stage.at.percent))) }
        if can(tonumber(stage.at.percent) + 0) && try(lower(stage.at.status) != "notstarted", true)
      ])[0], null)

      # The size, and every measure of usage that is a percentage. Memory usage is
      # in MB of an unknown total, so it is not used.
      size = join(", ", compact([job.dts_job_class, try("${job.du_usage} DU", "")]))
      uses = [
        for use in [try(job.cpu_usage, ""), try(job.du_real_usage, "")] :
        tonumber(trimsuffix(use, "%")) if can(tonumber(trimsuffix(use, "%")) + 0)
      ]
    }
  ]

  # No address of a single job in the console is documented. These lead to the
  # list of the job's region; the list of change tracking jobs has no known
  # address, so such a job gets the console itself.
  console_lists = {
    MIGRATION = "/migrate/"
    SYNC      = "/sync/"
  }
}
