# CloudWatch alarms for Vitrine, one set for each pipeline, and the dashboard. Only built-in functions and the AWS provider.
#
#   module "vitrine" {
#     source    = "./alerts/cloudwatch"
#     pipelines = ["shop-catalog"]
#     topics    = [aws_sns_topic.on_call.arn]
#   }
#
# They look at the figures that Vitrine sends with `telemetry: {cloudwatch: {enabled: true}}`. Thresholds suit an hourly schedule.
# Vitrine's own alerts say more (which products, which rows): these are for what it cannot say itself, above all that it is silent.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "pipelines" {
  description = "Names of the pipelines in vitrine.yaml."
  type        = set(string)
}

variable "topics" {
  description = "ARNs of what is told when an alarm begins and when it ends."
  type        = list(string)
}

variable "namespace" {
  description = "telemetry.cloudwatch.namespace of vitrine.yaml."
  type        = string
  default     = "Vitrine"
}

variable "runbooks" {
  description = "Where docs/runbook/ can be read, with a slash at the end."
  type        = string
  default     = "docs/runbook/"
}

variable "region" {
  description = "Of the figures, for the dashboard."
  type        = string
  default     = "eu-central-1"
}

locals {
  hour = 3600

  # What is missing is bad for a success and nothing for an error.
  alarms = {
    VitrineNoCompletion = {
      text     = "No run has come to its end for three hours."
      metric   = "RunDuration", stat = "SampleCount", period = local.hour, periods = 3, of = 3
      operator = "LessThanThreshold", threshold = 1, missing = "breaching"
    }
    VitrineNoSuccess = {
      text     = "No run has been wholly clean for a day."
      metric   = "RunsSucceeded", stat = "Sum", period = local.hour, periods = 24, of = 24
      operator = "LessThanThreshold", threshold = 1, missing = "breaching"
    }
    VitrineUnaccountedRows = {
      text     = "The books of a run do not balance."
      metric   = "UnaccountedRows", stat = "Maximum", period = 300, periods = 1, of = 1
      operator = "GreaterThanThreshold", threshold = 0, missing = "notBreaching"
    }
    VitrineRunHeld = {
      text     = "A run was held, or too much of its input rejected: its valid rows wait for a person."
      metric   = "RowsHeld", stat = "Sum", period = 300, periods = 1, of = 1
      operator = "GreaterThanThreshold", threshold = 0, missing = "notBreaching"
    }
    VitrineUnresolvedItems = {
      text     = "Run after run items end without a verdict."
      metric   = "ItemsUnknown", stat = "Sum", period = local.hour, periods = 6, of = 4
      operator = "GreaterThanThreshold", threshold = 0, missing = "notBreaching"
    }
    VitrineLandingFileOld = {
      text     = "A file has waited in the landing zone for two hours."
      metric   = "OldestFileAge", stat = "Maximum", period = 300, periods = 3, of = 3
      operator = "GreaterThanThreshold", threshold = 7200, missing = "notBreaching"
    }
    VitrineRunOverrun = {
      text     = "A run took longer than an hour."
      metric   = "RunDuration", stat = "Maximum", period = 300, periods = 1, of = 1
      operator = "GreaterThanThreshold", threshold = 3600, missing = "notBreaching"
    }
  }

  of_pipelines = { for pair in setproduct(var.pipelines, keys(local.alarms)) : "${pair[0]}-${pair[1]}" => {
    pipeline = pair[0]
    name     = pair[1]
    alarm    = local.alarms[pair[1]]
  } }
}

resource "aws_cloudwatch_metric_alarm" "figure" {
  for_each = local.of_pipelines

  alarm_name          = each.key
  alarm_description   = "${each.value.alarm.text} ${var.runbooks}${each.value.name}.md"
  namespace           = var.namespace
  metric_name         = each.value.alarm.metric
  dimensions          = { Pipeline = each.value.pipeline }
  statistic           = each.value.alarm.stat
  period              = each.value.alarm.period
  evaluation_periods  = each.value.alarm.periods
  datapoints_to_alarm = each.value.alarm.of
  comparison_operator = each.value.alarm.operator
  threshold           = each.value.alarm.threshold
  treat_missing_data  = each.value.alarm.missing
  alarm_actions       = var.topics
  ok_actions          = var.topics
}

# A share with a floor: more than 5 % of at least 20 items in six hours.
resource "aws_cloudwatch_metric_alarm" "items_refused" {
  for_each = var.pipelines

  alarm_name          = "${each.key}-VitrineItemsRefused"
  alarm_description   = "Meta refuses many products. ${var.runbooks}VitrineItemsRefused.md"
  evaluation_periods  = 6
  datapoints_to_alarm = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0.05
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.topics
  ok_actions          = var.topics

  metric_query {
    id          = "share"
    expression  = "IF(refused + accepted >= 20, refused / (refused + accepted), 0)"
    label       = "Share refused"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { refused = "ItemsRefused", accepted = "ItemsAccepted" }
    content {
      id = metric_query.key
      metric {
        namespace   = var.namespace
        metric_name = metric_query.value
        dimensions  = { Pipeline = each.key }
        period      = local.hour
        stat        = "Sum"
      }
    }
  }
}

resource "aws_cloudwatch_dashboard" "vitrine" {
  dashboard_name = "Vitrine"
  dashboard_body = replace(replace(
  file("${path.module}/../../dashboards/cloudwatch/dashboard.json"), "eu-central-1", var.region), "{Vitrine,Pipeline}", "{${var.namespace},Pipeline}")
}
