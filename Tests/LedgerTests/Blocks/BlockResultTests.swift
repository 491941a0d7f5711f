import Cryptography
import Ledger
import Primitives
import Testing

@Testing.Suite("Results and outcomes")
struct BlockResultTests {
  @Test("Every field of a result changes its digest")
  func fields() {
    var hash = HashFunction(.p256SHA256)
    let result = BlockResult(
      height: Height(1), block: Digest(1, 0, 0, 0), stateRoot: Digest(2, 0, 0, 0), outcomeRoot: Digest(3, 0, 0, 0),
      above: EpochReference(epoch: Epoch(4), configuration: Digest(5, 0, 0, 0)))
    var others = [BlockResult](repeating: result, count: 7)
    others[0].height = Height(2)
    others[1].block = .zero
    others[2].stateRoot = .zero
    others[3].outcomeRoot = .zero
    others[4].above?.epoch = Epoch(5)
    others[5].above?.configuration = .zero
    others[6].above = nil
    let digests = ([result] + others).map { $0.digest(hash: &hash) }
    #expect(Set(digests).count == 8)
  }

  @Test("A result is decoded from its bytes unchanged")
  func roundTrip() throws {
    let result = BlockResult(
      height: Height(9), block: Digest(1, 0, 0, 0), stateRoot: Digest(2, 0, 0, 0), outcomeRoot: Digest(3, 0, 0, 0),
      above: EpochReference(epoch: Epoch(4), configuration: Digest(5, 0, 0, 0)))
    var writer = Writer()
    result.encode(into: &writer)
    #expect(writer.count == BlockResult.byteCount)
    let read = try Reader.whole(writer.bytes) { (reader) throws(CodecError) in try BlockResult(from: &reader) }
    #expect(read == result)
  }

  @Test("A result of a chain without epochs is decoded from its bytes, which name none")
  func withoutEpoch() throws {
    let result = BlockResult(
      height: Height(9), block: Digest(1, 0, 0, 0), stateRoot: Digest(2, 0, 0, 0), outcomeRoot: Digest(3, 0, 0, 0),
      above: nil)
    var writer = Writer()
    result.encode(into: &writer)
    #expect(writer.count == 104)
    let read = try Reader.whole(writer.bytes) { (reader) throws(CodecError) in
      try BlockResult(from: &reader, hasEpochs: false)
    }
    #expect(read == result)
    #expect(throws: CodecError.self) {
      try Reader.whole(writer.bytes) { (reader) throws(CodecError) in try BlockResult(from: &reader) }
    }
  }

  @Test("Every outcome code has its own text and is read back; unknown codes are refused")
  func codes() throws {
    #expect(Set(OutcomeCode.allCases.map(\.code)).count == OutcomeCode.allCases.count)
    for code in OutcomeCode.allCases {
      let outcome = TransactionOutcome(code: code, operation: code == .applied ? 0 : 3)
      var writer = Writer()
      outcome.encode(into: &writer)
      let read = try Reader.whole(writer.bytes) { (reader) throws(CodecError) in
        try TransactionOutcome(from: &reader)
      }
      #expect(read == outcome)
    }
    for bytes in [[0xFF, 0xFF, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0]] as [[UInt8]] {
      #expect(throws: CodecError.self) {
        try Reader.whole(bytes) { (reader) throws(CodecError) in try TransactionOutcome(from: &reader) }
      }
    }
  }
}
