/// The answers to many submitted transactions, in their order.
public struct SubmitResults: Codable, Hashable, Sendable {
  public var results: [SubmitResult]

  public init(_ results: [SubmitResult]) { self.results = results }
}
