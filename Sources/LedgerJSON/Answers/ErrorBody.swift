/// The answer to every refused request: `{"error": {…}}`.
public struct ErrorBody: Codable, Hashable, Sendable {
  public var error: ErrorDetail

  public init(_ error: ErrorDetail) { self.error = error }
}
