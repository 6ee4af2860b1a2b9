public struct DemoLandingZone {}
