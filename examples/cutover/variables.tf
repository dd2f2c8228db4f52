variable "dts_job_id" {
  description = "ID of the migration whose destination takes over."
  type        = string
}

variable "region" {
  description = "Region of the migration's DTS instance."
  type        = string
  default     = "cn-hangzhou"
}

variable "max_delay_seconds" {
  description = "Largest delay with which the cutover is let through, in seconds."
  type        = number
  default     = 5
}

variable "wait" {
  description = "How long to wait for the delay while planning, such as 10m. Null reads the job once."
  type        = string
  default     = null
}

variable "as_of" {
  description = "Time to compare the checkpoint with, in RFC 3339 format. Null for the time of the plan."
  type        = string
  default     = null
}

variable "emulator" {
  description = "Address of an emulator of the DTS API, host:port; null for the service itself."
  type        = string
  default     = null
}
