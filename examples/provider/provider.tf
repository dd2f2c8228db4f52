terraform {
  required_providers {
    dts = {
      source = "dts-community/dts"
    }
  }
}

# The access key comes from ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY.
provider "dts" {
  region = "cn-hangzhou"
}
