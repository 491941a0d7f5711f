internal import Cryptography
internal import Ledger
internal import LedgerJSON
internal import Node
internal import Primitives

extension RoadbedNode {
  /// An outcome that names what was refused.
  /// - Parameter operations: those of its transaction.
  func explain(
    _ outcome: TransactionOutcome, of operations: some Sequence<Ledger.Operation>
  ) async throws -> OutcomeView {
    guard !outcome.isApplied else { return OutcomeView(outcome) }
    let known = Array(operations.prefix(Int(outcome.operation) + 1))
    let decimals = try await decimals(of: [known.last?.touched.movedAsset].compactMap(\.self))
    return OutcomeView(outcome, of: RenderedOperation.list(known) { decimals[$0] })
  }

  /// The answer to a submitted transaction, which names what was refused.
  /// - Parameter bytes: those of the transaction.
  func explain(_ answer: SubmitAnswer, of bytes: [UInt8]) async throws -> SubmitResult {
    var result = SubmitResult(answer)
    var hash = HashFunction(chain.suite)
    guard case .finalized(_, _, let outcome) = answer, !outcome.isApplied,
      let transaction = try? SignedTransaction(bytes: bytes, chain: chain, hash: &hash)
    else { return result }
    result.outcome = try await explain(outcome, of: transaction.operations)
    return result
  }
}
