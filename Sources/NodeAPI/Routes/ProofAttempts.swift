internal import Hummingbird
internal import Ledger
internal import Node
internal import Primitives

/// Makes a proof of the newest executed block and waits until that block is final; makes another one if another block
/// became final in its place.
enum ProofAttempts {
  static let limit = 4

  /// - Parameters:
  ///   - ask: makes a proof of a state that need not be final yet.
  ///   - wait: waits until its height is final. False if it takes too long.
  ///   - certify: adds the certificate; nil if another block is final, or if there is no certificate.
  static func file(
    ask: () async throws -> TipProof, wait: (TipProof) async -> Bool, certify: (TipProof) async throws -> [UInt8]?
  ) async throws -> [UInt8] {
    var height = Height.genesis
    for _ in 0..<limit {
      let tip = try await ask()
      height = tip.point.height
      guard height > .genesis else { throw RequestError.nothingToProve }
      guard await wait(tip) else { break }
      if let file = try await certify(tip) { return file }
    }
    throw RequestError.notProvable(height)
  }
}

extension RequestError {
  /// Only genesis itself proves its state.
  fileprivate static let nothingToProve = RequestError(
    .serviceUnavailable, code: "proof.not-provable", "no block is final here yet, so nothing is signed",
    nextStep: "ask again once a transaction is final; genesis alone says what the state is until then")

  fileprivate static func notProvable(_ height: Height) -> RequestError {
    RequestError(
      .serviceUnavailable, code: "proof.not-provable",
      "the state after block \(height) cannot be proved here yet: the block is not final, or its certificate is missing",
      nextStep: "ask again in a moment, or ask another node", retryAfter: 1)
  }
}
