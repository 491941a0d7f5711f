internal import Hummingbird
internal import LedgerJSON
internal import Node
internal import Primitives

/// What a node answers while it reads its log: that it is starting, and how far it is.
struct StartingRoutes: Sendable {
  let start: StartProgress
  let metrics: MetricsRegistry
  let register: ConnectionRegister

  func add(to router: Router<APIContext>) {
    router.get("/v1/health") { request, _ -> Response in
      _ = try Query(request)
      return try Response.json(HealthView(findings: [start.finding]), .serviceUnavailable)
    }
    router.get("/v1/live") { request, _ -> Response in
      _ = try Query(request)
      return try Response.json(LivenessView())
    }
    router.get("/v1/ready") { request, _ -> Response in
      _ = try Query(request)
      return try Response.json(ReadinessView(role: .validator, level: false, voting: false), .serviceUnavailable)
    }
    router.get("/metrics") { request, _ in
      _ = try Query(request)
      register.refreshGauges()
      return Response.text(metrics.text)
    }
  }
}

extension RequestError {
  /// Seconds after which a starting node may be asked again.
  private static let startingRetry = 1

  static func starting(_ start: StartProgress) -> RequestError {
    let complaint = start.complaint
    return RequestError(
      .serviceUnavailable, code: complaint.code, complaint.message, nextStep: complaint.nextStep,
      retryAfter: startingRetry)
  }
}
