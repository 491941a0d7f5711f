import Hummingbird
import Ledger
import Primitives
import Testing

@testable import Node
@testable import NodeAPI

@Testing.Suite("Proofs of a block that is about to be final")
struct ProofAttemptsTests {
  private func tip(_ height: UInt64) -> TipProof {
    TipProof(
      point: ChainPoint(
        height: Height(height), block: .zero, result: .zero, timestamp: Timestamp(0), stateRoot: .zero,
        above: EpochReference(epoch: .first, configuration: .zero)),
      proof: StateProof(key: .parameters, entry: nil, path: MapProof(leaf: nil, steps: [])))
  }

  @Test("If another block becomes final in place of the proved one, the proof is made again")
  func again() async throws {
    var asked: UInt64 = 0
    let file = try await ProofAttempts.file(
      ask: {
        asked += 1
        return tip(asked)
      }, wait: { _ in true }, certify: { $0.point.height < Height(3) ? nil : [7] })
    #expect(file == [7])
    #expect(asked == 3)
  }

  @Test("A proof that finds no certificate, or whose block does not become final, is given up with a time to ask again")
  func givenUp() async throws {
    for isFinal in [true, false] {
      var asked = 0
      let error = await #expect(throws: RequestError.self) {
        try await ProofAttempts.file(
          ask: {
            asked += 1
            return tip(5)
          }, wait: { _ in isFinal }, certify: { _ in nil })
      }
      #expect(error?.status == .serviceUnavailable)
      #expect(error?.code == "proof.not-provable")
      #expect(error?.retryAfter == 1)
      // Whoever has waited in vain once does not wait again.
      #expect(asked == (isFinal ? ProofAttempts.limit : 1))
    }
  }

  @Test("Before the first block there is nothing to wait for")
  func genesis() async throws {
    let error = await #expect(throws: RequestError.self) {
      try await ProofAttempts.file(
        ask: { tip(0) },
        wait: { _ in
          Issue.record("waited for genesis")
          return true
        }, certify: { _ in nil })
    }
    #expect(error?.status == .serviceUnavailable)
    #expect(error?.retryAfter == nil)
  }
}
