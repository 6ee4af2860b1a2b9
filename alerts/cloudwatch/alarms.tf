# CloudWatch alarms for Vitrine, one set for each pipeline, and the dashboard. Only built-in functions and the AWS provider.
#
#   module "vitrine" {
#     source    = "./alerts/cloudwatch"
#     pipelines = ["shop-catalog"]
#     topics    = [aws_sns_topic.on_call.arn]
#   }
#
# They look at the figures that Vitrine sends with `telemetry: {cloudwatch: {enabled: true}}`. Set `hours` to your schedule.
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

variable "hours" {
  description = "The longest time between two runs that is well: two pauses and a margin. 3 for runs each hour, 26 for runs each day."
  type        = number
  default     = 3
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

  # A missing point is bad for what must come. For what a run says it is no news: a run has a point in each figure, also a zero, so an alarm
  # stays until the next run says otherwise, whenever that is. Where points are missing CloudWatch looks back some periods further than it is asked to.
  alarms = {
    VitrineNoCompletion = {
      text     = "No run has come to its end for ${var.hours} hours."
      metric   = "RunDuration", stat = "SampleCount", period = local.hour, periods = var.hours, of = var.hours
      operator = "LessThanThreshold", threshold = 1, missing = "breaching"
    }
    VitrineNoSuccess = {
      text     = "No run has been wholly clean for more than a day."
      metric   = "RunsSucceeded", stat = "Sum", period = local.hour, periods = 26, of = 26
      operator = "LessThanThreshold", threshold = 1, missing = "breaching"
    }
    VitrineUnaccountedRows = {
      text     = "The books of a run do not balance."
      metric   = "UnaccountedRows", stat = "Maximum", period = 300, periods = 1, of = 1
      operator = "GreaterThanThreshold", threshold = 0, missing = "ignore"
    }
    VitrineRunHeld = {
      text     = "A run was held, or too much of its input rejected: its valid rows wait for a person. OK again when a later run has held none."
      metric   = "RowsHeld", stat = "Sum", period = 300, periods = 1, of = 1
      operator = "GreaterThanThreshold", threshold = 0, missing = "ignore"
    }
    VitrineUnresolvedItems = {
      # Those that get their verdict later count as negative.
      text     = "In a day more items ended without a verdict than got one later."
      metric   = "ItemsUnknown", stat = "Sum", period = 24 * local.hour, periods = 1, of = 1
      operator = "GreaterThanThreshold", threshold = 0, missing = "ignore"
    }
    VitrineLandingFileOld = {
      # One point a run, of what it has left there; each look of serve is one too.
      text     = "A file has waited in the landing zone for ${var.hours} hours."
      metric   = "OldestFileAge", stat = "Maximum", period = local.hour, periods = 1, of = 1
      operator = "GreaterThanThreshold", threshold = var.hours * local.hour, missing = "ignore"
    }
    VitrineRunOverrun = {
      text     = "The last run took longer than an hour. One that hangs says nothing: see VitrineNoCompletion."
      metric   = "RunDuration", stat = "Maximum", period = 300, periods = 1, of = 1
      operator = "GreaterThanThreshold", threshold = local.hour, missing = "ignore"
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

# A share with a floor: more than 5 % of at least 20 items in six hours, until six hours with runs have less.
resource "aws_cloudwatch_metric_alarm" "items_refused" {
  for_each = var.pipelines

  alarm_name          = "${each.key}-VitrineItemsRefused"
  alarm_description   = "Meta refuses many products. ${var.runbooks}VitrineItemsRefused.md"
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0.05
  treat_missing_data  = "ignore"
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
        period      = 6 * local.hour
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
