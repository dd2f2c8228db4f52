# The consumer groups of a change tracking job, in one page of up to 100.
data "dts_api_response" "channels" {
  operation = "DescribeConsumerChannel"
  parameters = {
    DtsJobId = "s6b10trk3m8c2z4"
    PageSize = "100"
  }

  lifecycle {
    postcondition {
      condition     = try(length(self.response.ConsumerChannels) == self.response.TotalRecordCount, false)
      error_message = "The page does not have all consumer groups."
    }
  }
}

output "consumer_groups" {
  value = {
    for channel in try(data.dts_api_response.channels.response.ConsumerChannels, []) :
    channel.ConsumerGroupId => channel.ConsumerGroupName
  }
}
