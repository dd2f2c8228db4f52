# The arguments of alicloud's resources, from the attributes of a job.

locals {
  # The arguments that alicloud reads when it imports a job. Another argument
  # would differ after the import, and most differences replace the job.
  arguments = {
    MIGRATION = concat(local.stages, local.endpoints)
    SYNC      = concat(local.stages, local.endpoints, ["synchronization_direction"])
    SUBSCRIBE = concat(
      [for name in local.endpoints : name if !startswith(name, "destination_")],
      ["payment_type", "subscription_instance_network_type", "subscription_instance_vpc_id", "subscription_instance_vswitch_id", "tags"],
    )
  }
  stages = ["data_initialization", "data_synchronization", "structure_initialization"]
  endpoints = concat(["dts_instance_id", "dts_job_name", "db_list"], [
    for pair in setproduct(["source", "destination"], keys(local.endpoint)) : "${pair[0]}_endpoint_${pair[1]}"
  ])

  # What alicloud reads and dts_jobs does not have, and what moves: without
  # ignore_changes, it would be removed, or the job would be replaced.
  ignored = {
    MIGRATION = ["checkpoint", "source_endpoint_owner_id", "source_endpoint_role"]
    SYNC      = ["checkpoint", "job_parameters", "source_endpoint_owner_id", "source_endpoint_role"]
    SUBSCRIBE = ["checkpoint", "source_endpoint_owner_id", "source_endpoint_role"]
  }

  # Arguments of an endpoint, and the attributes they have in dts_jobs.
  endpoint = {
    instance_type = "instance_type"
    engine_name   = "engine_name"
    instance_id   = "instance_id"
    region        = "region"
    ip            = "ip"
    port          = "port"
    oracle_sid    = "oracle_sid"
    database_name = "database_name"
    user_name     = "user_name"
  }

  payment_types = {
    POSTPAID = "PayAsYouGo"
    POSTPAY  = "PayAsYouGo"
    PREPAID  = "Subscription"
    PREPAY   = "Subscription"
  }

  resources = flatten([
    for type, jobs in local.unmanaged : [
      for job in jobs : {
        type    = local.resource_types[type]
        id      = job.dts_job_id
        label   = "job_${replace(job.dts_job_id, "/[^A-Za-z0-9_-]/", "_")}"
        ignored = local.ignored[type]
        arguments = {
          for name, value in local.values[job.dts_job_id] : name => value
          if contains(local.arguments[type], name) && value != null && value != "" && value != {}
        }
      }
    ]
  ])

  values = {
    for job in flatten(values(local.unmanaged)) : job.dts_job_id => merge(
      {
        dts_instance_id                    = job.dts_instance_id
        dts_job_name                       = job.dts_job_name
        db_list                            = job.db_object
        synchronization_direction          = job.dts_job_direction
        data_initialization                = try(job.migration_mode.data_initialization, null)
        data_synchronization               = try(job.migration_mode.data_synchronization, null)
        structure_initialization           = try(job.migration_mode.structure_initialization, null)
        payment_type                       = lookup(local.payment_types, upper(coalesce(job.pay_type, "none")), null)
        subscription_instance_network_type = try(lower(jsondecode(job.reserved).netType), null)
        subscription_instance_vpc_id       = try(jsondecode(job.reserved).vpcId, null)
        subscription_instance_vswitch_id   = try(jsondecode(job.reserved).vswitchId, null)
        # alicloud leaves out tags that Alibaba Cloud reserves.
        tags = { for key, value in job.tags : key => value if !can(regex("^(aliyun|acs:|https?://)", key)) }
      },
      { for name, attribute in local.endpoint : "source_endpoint_${name}" => try(job.source_endpoint[attribute], null) },
      { for name, attribute in local.endpoint : "destination_endpoint_${name}" => try(job.destination_endpoint[attribute], null) },
    )
  }
}
