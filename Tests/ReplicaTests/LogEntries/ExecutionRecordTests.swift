import Ledger
import Primitives
import Testing

@testable import Replica

@Testing.Suite("Execution records")
struct ExecutionRecordTests {
  private func execution(_ outcomes: [TransactionOutcome]) -> ExecutionRecord {
    let result = BlockResult(
      height: Height(7), block: Digest(1, 2, 3, 4), stateRoot: Digest(5, 6, 7, 8), outcomeRoot: Digest(9, 8, 7, 6),
      above: EpochReference(epoch: Epoch(3), configuration: Digest(6, 6, 6, 6)))
    return ExecutionRecord(result: result, digest: Digest(4, 4, 4, 4), outcomes: outcomes)
  }

  private let failed = TransactionOutcome(code: .assetInsufficientFunds, operation: 3)

  @Test("every execution record survives encoding and decoding")
  func roundTrips() throws {
    for outcomes in [
      [], [.applied], [failed], [.applied, failed, .applied, failed],
      Array(repeating: TransactionOutcome.applied, count: 5000) + [failed],
    ] {
      let execution = execution(outcomes)
      #expect(try ExecutionRecord(payload: execution.encoded()) == execution)
    }
  }

  @Test("a block of applied transactions takes the same bytes whatever their number")
  func size() {
    #expect(execution(Array(repeating: .applied, count: 10_000)).encoded().count == execution([]).encoded().count)
  }

  @Test("E4: a second encoding is refused: order, repeats, applied failures, indices beyond the count")
  func canonical() throws {
    let bytes = execution([.applied, failed, failed]).encoded()
    let failures = bytes.count - 2 * 10
    var swapped = bytes
    swapped.replaceSubrange(failures..<failures + 10, with: bytes[(failures + 10)...])
    #expect(throws: CodecError.notCanonical(field: "failed outcomes")) { try ExecutionRecord(payload: swapped) }
    var beyond = bytes
    beyond[bytes.count - 10] = 3
    #expect(throws: CodecError.notCanonical(field: "failed outcomes")) { try ExecutionRecord(payload: beyond) }
    var applied = bytes
    applied[failures + 4] = 0
    #expect(throws: CodecError.self) { try ExecutionRecord(payload: applied) }
    var tooMany = bytes
    tooMany[failures - 4] = 4
    #expect(throws: CodecError.self) { try ExecutionRecord(payload: tooMany) }
  }

  @Test("N1: random and changed bytes never trap")
  func fuzz() {
    var generator = SeededGenerator(seed: 3)
    let sound = execution([.applied, failed, failed]).encoded()
    for _ in 0..<3000 {
      var bytes = sound
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      if Bool.random(using: &generator) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator)) }
      _ = try? ExecutionRecord(payload: bytes)
    }
  }
}
