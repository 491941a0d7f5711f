/// What every refused request is answered with: `{"error": {…}}`.
public struct ErrorBody: Codable, Hashable, Sendable {
  public var error: ErrorDetail

  public init(_ error: ErrorDetail) { self.error = error }
}
