import Cryptography
import Ledger
import Primitives

/// Checks receipts with genesis alone, as whoever has one does years later: in the first epoch, and across closings.
enum ProofBench {
  private static let validators = 4
  private static let perBlock = 1000
  private static let rounds = 200

  static func run(_ report: Report) throws {
    report.note(
      "proof: P-256, \(validators) validators, receipts of a transfer in a block of \(perBlock), decoded and verified with "
        + "genesis alone")
    var first = 0
    for epochs in [0, 1, 10] {
      var chain = try ProofChain.make(validators: validators)
      for _ in 0..<epochs { try chain.endEpoch() }
      let receipt = try chain.receipt(ofBlockOf: perBlock)
      let genesis = chain.genesis
      var hash = HashFunction(genesis.suite)
      var samples: [Cost] = []
      for _ in 0..<rounds {
        samples.append(
          try Cost.measure {
            let proved = try Receipt(bytes: receipt, chain: genesis.chain, hash: &hash).verify(genesis: genesis)
            guard proved.round.epoch == Epoch(UInt64(epochs)) else { throw BenchError("a receipt of another epoch") }
          })
      }
      report.line("receipt across \(epochs) closings", rounds, Cost.typical(samples), "check", clock: .wall)
      if epochs == 0 { first = receipt.count }
      let more = epochs == 0 ? "" : ", \((receipt.count - first) / epochs) for each closing"
      let signatures = Quorum(validators: validators).size * (epochs + 1)
      report.note(
        "receipt across \(epochs) closings: \(receipt.count) bytes\(more); \(signatures) signatures are verified")
    }
  }
}
