/// The answers to many submitted transactions, in the order of the transactions.
public struct SubmitResults: Codable, Hashable, Sendable {
  public var results: [SubmitResult]

  public init(_ results: [SubmitResult]) { self.results = results }
}
