/// That the process answers. `GET /v1/live`, always with HTTP status 200.
public struct LivenessView: Codable, Hashable, Sendable {
  public var live = true

  public init() {}
}
